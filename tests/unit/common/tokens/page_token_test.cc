#include "common/tokens/page_token.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "common/base/status.h"
#include "common/tokens/consistency_token.h"

namespace tandem {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

void ExpectRefused(const absl::StatusOr<std::string>& cursor, const std::string& cause) {
  ASSERT_EQ(cursor.status().code(), absl::StatusCode::kInvalidArgument);
  const ErrorDetail detail = GetErrorDetail(cursor.status());
  EXPECT_EQ(detail.reason, "PAGE_TOKEN_INVALID");
  EXPECT_THAT(detail.metadata, ElementsAre(Pair("cause", cause)));
}

TEST(PageToken, GivesTheCursorBack) {
  const KeyRing keys = KeyRing::ForTests();
  for (const std::string& cursor : {std::string(), std::string("editions/e/projects/p"), std::string("\0\xff", 2)}) {
    const auto decoded =
        DecodePageToken(keys, "projects|editions/e", EncodePageToken(keys, "projects|editions/e", cursor));
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_EQ(*decoded, cursor);
  }
}

TEST(PageToken, IsNeverEmpty) { EXPECT_NE(EncodePageToken(KeyRing::ForTests(), "", ""), ""); }

TEST(PageToken, RefusesOtherArguments) {
  const KeyRing keys = KeyRing::ForTests();
  const std::string token = EncodePageToken(keys, "projects|editions/e|deleted=0", "cursor");
  ExpectRefused(DecodePageToken(keys, "projects|editions/e|deleted=1", token), "unverified");
  ExpectRefused(DecodePageToken(keys, "projects|editions/f|deleted=0", token), "unverified");
  ExpectRefused(DecodePageToken(keys, "", token), "unverified");
}

TEST(PageToken, RefusesOtherKindsOfTokens) {
  const KeyRing keys = KeyRing::ForTests();
  ExpectRefused(DecodePageToken(keys, "", ConsistencyToken("projects", {"e", 1}).Encode(keys)), "unverified");
  ExpectRefused(DecodePageToken(keys, "", "2"), "unverified");
}

TEST(PageToken, RefusesAnotherVersion) {
  const KeyRing keys = KeyRing::ForTests();
  ExpectRefused(DecodePageToken(keys, "a", keys.Sign("page", "a", "\x02rest")), "version");
  ExpectRefused(DecodePageToken(keys, "a", keys.Sign("page", "a", "")), "version");
}

}  // namespace
}  // namespace tandem
