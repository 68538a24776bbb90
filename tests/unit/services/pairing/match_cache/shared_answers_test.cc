#include "services/pairing/match_cache/shared_answers.h"

#include <map>
#include <optional>
#include <string>

#include "gtest/gtest.h"

namespace tandem::pairing {
namespace {

class FakeRedis final : public RedisPort {
 public:
  absl::StatusOr<std::optional<std::string>> Get(absl::string_view key, Deadline) override {
    if (down) return absl::UnavailableError("down");
    const auto found = values.find(std::string(key));
    if (found == values.end()) return std::optional<std::string>();
    return std::optional<std::string>(found->second);
  }
  absl::StatusOr<bool> SetIfAbsent(absl::string_view key, absl::string_view value, absl::Duration, Deadline) override {
    if (down) return absl::UnavailableError("down");
    return values.emplace(key, value).second;
  }
  void SetLater(absl::string_view key, absl::string_view value, absl::Duration ttl) override {
    values[std::string(key)] = std::string(value);
    last_ttl = ttl;
  }
  bool open() const override { return down; }
  RedisStats stats() const override { return {}; }

  bool down = false;
  std::map<std::string, std::string> values;
  absl::Duration last_ttl;
};

class SharedAnswersTest : public testing::Test {
 protected:
  static SharedAnswers::Options Options(const std::string& program) {
    SharedAnswers::Options options;
    options.program = program;
    return options;
  }
  static SharedAnswer AnAnswer() {
    SharedAnswer answer;
    answer.date.Raise("projects", {"epoch", 7});
    answer.considered = 12;
    answer.has_more = true;
    answer.body = std::string("body\0with a NUL", 15);
    return answer;
  }
  absl::optional<SharedAnswer> Get(const std::string& key) {
    return shared_.Get(key, std::chrono::steady_clock::now() + std::chrono::seconds(1));
  }

  const KeyRing keys_ = KeyRing::ForTests();
  FakeRedis redis_;
  SharedAnswers shared_{&redis_, &keys_, Options("1")};
};

TEST_F(SharedAnswersTest, GivesBackWhatWasPut) {
  shared_.PutLater("k", AnAnswer());
  EXPECT_GE(redis_.last_ttl, absl::Minutes(8));
  EXPECT_LE(redis_.last_ttl, absl::Minutes(12));
  const auto answer = Get("k");
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->date.positions(), AnAnswer().date.positions());
  EXPECT_EQ(answer->considered, 12);
  EXPECT_TRUE(answer->has_more);
  EXPECT_EQ(answer->body, AnAnswer().body);
}

TEST_F(SharedAnswersTest, BelievesNoValueThatWasAltered) {
  shared_.PutLater("k", AnAnswer());
  const std::string name = redis_.values.begin()->first, value = redis_.values.begin()->second;
  for (size_t i = 0; i < value.size(); ++i) {
    for (const int bit : {0, 3, 7}) {
      std::string altered = value;
      altered[i] = static_cast<char>(altered[i] ^ (1 << bit));
      redis_.values[name] = altered;
      EXPECT_FALSE(Get("k").has_value()) << "byte " << i << " bit " << bit;
    }
    redis_.values[name] = value.substr(0, i);
    EXPECT_FALSE(Get("k").has_value()) << "cut after " << i;
  }
  redis_.values[name] = value + "x";
  EXPECT_FALSE(Get("k").has_value());
  redis_.values[name] = value;
  EXPECT_TRUE(Get("k").has_value());
}

TEST_F(SharedAnswersTest, BelievesNoValueOfAnotherKeyOrProgramOrKeysFile) {
  shared_.PutLater("k", AnAnswer());
  const std::string value = redis_.values.begin()->second;
  shared_.PutLater("l", AnAnswer());
  for (auto& [name, held] : redis_.values) held = value;
  EXPECT_TRUE(Get("k").has_value());
  EXPECT_FALSE(Get("l").has_value()) << "swapped";
  SharedAnswers other(&redis_, &keys_, Options("2"));
  EXPECT_FALSE(other.Get("k", std::chrono::steady_clock::now() + std::chrono::seconds(1)).has_value());
}

TEST_F(SharedAnswersTest, KeysSayNothingOfTheirSubjects) {
  shared_.PutLater("22:editions/e/investors/i,", AnAnswer());
  EXPECT_EQ(redis_.values.begin()->first.find("investors"), std::string::npos);
}

TEST_F(SharedAnswersTest, OneComputesAndWithoutRedisEverybodyMay) {
  const auto soon = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  EXPECT_TRUE(shared_.MayCompute("k", soon));
  EXPECT_FALSE(shared_.MayCompute("k", soon));
  EXPECT_TRUE(shared_.MayCompute("l", soon));
  redis_.down = true;
  EXPECT_TRUE(shared_.MayCompute("k", soon));
  EXPECT_FALSE(Get("k").has_value());
  EXPECT_EQ(shared_.counters().errors, 2u);
}

}  // namespace
}  // namespace tandem::pairing
