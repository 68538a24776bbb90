#include "common/tokens/consistency_token.h"

#include <cstdint>
#include <limits>
#include <random>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "common/base/status.h"
#include "common/tokens/page_token.h"

namespace tandem {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

constexpr int64_t kLargest = std::numeric_limits<int64_t>::max();

void ExpectRefused(const absl::StatusOr<ConsistencyToken>& token, const std::string& cause) {
  ASSERT_EQ(token.status().code(), absl::StatusCode::kInvalidArgument);
  const ErrorDetail detail = GetErrorDetail(token.status());
  EXPECT_EQ(detail.reason, "CONSISTENCY_TOKEN_INVALID");
  EXPECT_THAT(detail.metadata, ElementsAre(Pair("cause", cause)));
}

TEST(ConsistencyToken, SurvivesTheRoundTrip) {
  const KeyRing keys = KeyRing::ForTests();
  ConsistencyToken token("projects", {"0f8fad5b-d9cb-469f-a165-70867728950e", 127});
  token.Raise("investors", {"", 0});
  token.Raise("pairing", {"e", kLargest});
  const auto decoded = ConsistencyToken::Decode(keys, token.Encode(keys));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(decoded->positions(), token.positions());
}

TEST(ConsistencyToken, EmptyTextIsAnEmptyToken) {
  const KeyRing keys = KeyRing::ForTests();
  EXPECT_EQ(ConsistencyToken().Encode(keys), "");
  const auto decoded = ConsistencyToken::Decode(keys, "");
  ASSERT_TRUE(decoded.ok());
  EXPECT_TRUE(decoded->empty());
}

TEST(ConsistencyToken, TheLargestAllowedTokenIsAccepted) {
  const KeyRing keys = KeyRing::ForTests();
  ConsistencyToken token;
  for (int i = 0; i < ConsistencyToken::kMostSources; ++i) {
    token.Raise(absl::StrCat(std::string(ConsistencyToken::kLongestName - 2, 's'), 10 + i),
                {std::string(ConsistencyToken::kLongestName, 'e'), kLargest});
  }
  const auto decoded = ConsistencyToken::Decode(keys, token.Encode(keys));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(decoded->positions(), token.positions());

  token.Raise("one more", {"e", 1});
  ExpectRefused(ConsistencyToken::Decode(keys, token.Encode(keys)), "malformed");
}

TEST(ConsistencyToken, RaiseNeverGoesBackWithinAnEpoch) {
  ConsistencyToken token("projects", {"e", 5});
  token.Raise("projects", {"e", 3});
  EXPECT_THAT(token.positions(), ElementsAre(Pair("projects", Position{"e", 5})));
  token.Raise("projects", {"e", 8});
  EXPECT_THAT(token.positions(), ElementsAre(Pair("projects", Position{"e", 8})));
}

TEST(ConsistencyToken, ThePositionOfAnotherEpochReplaces) {
  ConsistencyToken token("projects", {"e", 5});
  token.Raise("projects", {"f", 1});
  EXPECT_THAT(token.positions(), ElementsAre(Pair("projects", Position{"f", 1})));
}

TEST(ConsistencyToken, MergeTakesTheMaximumOfEverySource) {
  ConsistencyToken token("projects", {"e", 5});
  token.Raise("investors", {"i", 9});
  ConsistencyToken other("projects", {"e", 7});
  other.Raise("investors", {"i", 2});
  other.Raise("pairing", {"p", 1});
  token.Merge(other);
  EXPECT_THAT(token.positions(), ElementsAre(Pair("investors", Position{"i", 9}), Pair("pairing", Position{"p", 1}),
                                             Pair("projects", Position{"e", 7})));
}

TEST(ConsistencyToken, EqualTokensHaveEqualTexts) {
  const KeyRing keys = KeyRing::ForTests();
  ConsistencyToken one("a", {"e", 1});
  one.Raise("b", {"e", 2});
  ConsistencyToken two("b", {"e", 2});
  two.Raise("a", {"e", 1});
  EXPECT_EQ(one.Encode(keys), two.Encode(keys));
}

TEST(ConsistencyToken, TextsJoinedByCommasAreMerged) {
  const KeyRing keys = KeyRing::ForTests();
  const std::string a = ConsistencyToken("projects", {"e", 5}).Encode(keys);
  const std::string b = ConsistencyToken("projects", {"e", 7}).Encode(keys);
  const std::string c = ConsistencyToken("investors", {"f", 2}).Encode(keys);
  const auto joined = ConsistencyToken::Decode(keys, a + "," + c + "," + b);
  ASSERT_TRUE(joined.ok()) << joined.status();
  EXPECT_EQ(joined->positions().size(), 2u);
  EXPECT_EQ(joined->positions().at("projects").revision, 7);
  EXPECT_EQ(joined->positions().at("investors").revision, 2);
  const std::string restored = ConsistencyToken("projects", {"g", 1}).Encode(keys);
  ExpectRefused(ConsistencyToken::Decode(keys, a + "," + restored), "epochs");
  for (const std::string& text : {a + ",", "," + a, a + ",," + b, a + ",x", std::string(",")}) {
    ExpectRefused(ConsistencyToken::Decode(keys, text), "unverified");
  }
}

TEST(ConsistencyToken, RefusesWhatWasNotSigned) {
  const KeyRing keys = KeyRing::ForTests();
  ExpectRefused(ConsistencyToken::Decode(keys, "x"), "unverified");
  ExpectRefused(ConsistencyToken::Decode(keys, EncodePageToken(keys, "", "cursor")), "unverified");
  ExpectRefused(ConsistencyToken::Decode(keys, std::string(5000, 'A')), "too_long");
  const std::string token = ConsistencyToken("projects", {"e", 1}).Encode(keys);
  ExpectRefused(ConsistencyToken::Decode(keys, token + "A"), "unverified");
  ExpectRefused(ConsistencyToken::Decode(keys, token.substr(1)), "unverified");
}

TEST(ConsistencyToken, RefusesSignedPayloadsThatAreMalformed) {
  const KeyRing keys = KeyRing::ForTests();
  const auto decode = [&](const std::string& payload) {
    return ConsistencyToken::Decode(keys, keys.Sign("consistency", "", payload));
  };
  ExpectRefused(decode(""), "version");
  ExpectRefused(decode("\x02"), "version");
  for (const std::string& payload : {
           std::string("\1", 1),                                                   // no count
           std::string("\1\0", 2),                                                 // no source
           std::string("\1\1\1a\1e", 6),                                           // no revision
           std::string("\1\1\1a\1e\1x", 8),                                        // a tail
           std::string("\1\1\0\1e\1", 6),                                          // a source without name
           std::string("\1\2\1a\1e\1\1a\1e\2", 12),                                // a source twice
           std::string("\1\1\x7f", 3),                                             // a name past the end
           std::string("\1\1\1a\1e\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 16),  // 2^63
           std::string("\1\1\1a\1e\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 16),  // without end
           std::string("\1\x11\1a\1e\1", 7),                                       // 17 sources
       }) {
    ExpectRefused(decode(payload), "malformed");
  }
}

TEST(ConsistencyToken, RandomSignedPayloadsNeverBreakTheDecoder) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  const KeyRing keys = KeyRing::ForTests();
  for (int round = 0; round < 20000; ++round) {
    std::string payload(1, '\1');
    for (size_t size = random() % 24; size > 0; --size)
      payload.push_back(static_cast<char>(random() % (round % 2 == 0 ? 4 : 256)));
    const auto token = ConsistencyToken::Decode(keys, keys.Sign("consistency", "", payload));
    if (!token.ok()) continue;
    ASSERT_LE(token->positions().size(), 16u);
    for (const auto& [source, position] : token->positions())
      ASSERT_GE(position.revision, 0) << absl::CHexEscape(payload);
    const auto again = ConsistencyToken::Decode(keys, token->Encode(keys));
    ASSERT_TRUE(again.ok()) << absl::CHexEscape(payload);
    ASSERT_EQ(again->positions(), token->positions());
  }
}

}  // namespace
}  // namespace tandem
