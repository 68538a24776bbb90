#include "common/base/random_id.h"

#include <set>

#include "absl/strings/ascii.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem {
namespace {

TEST(RandomIdTest, BytesHaveTheAskedSizeAndDiffer) {
  EXPECT_EQ(RandomBytes(0), "");
  EXPECT_EQ(RandomBytes(1000).size(), 1000u);
  EXPECT_NE(RandomBytes(16), RandomBytes(16));
}

TEST(RandomIdTest, UuidsAreVersionFourInLowerCase) {
  for (int i = 0; i < 1000; ++i) {
    const std::string uuid = RandomUuid();
    ASSERT_EQ(uuid.size(), 36u);
    for (size_t at = 0; at < uuid.size(); ++at) {
      if (at == 8 || at == 13 || at == 18 || at == 23) {
        ASSERT_EQ(uuid[at], '-') << uuid;
      } else {
        ASSERT_TRUE(absl::ascii_isdigit(static_cast<unsigned char>(uuid[at])) || (uuid[at] >= 'a' && uuid[at] <= 'f'))
            << uuid;
      }
    }
    ASSERT_EQ(uuid[14], '4') << uuid;
    ASSERT_THAT("89ab", ::testing::HasSubstr(uuid.substr(19, 1))) << uuid;
  }
}

TEST(RandomIdTest, ResourceIdsFollowAip122) {
  std::set<char> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = RandomResourceId();
    ASSERT_EQ(id.size(), 26u);
    ASSERT_TRUE(id[0] >= 'a' && id[0] <= 'z') << id;
    for (const char c : id) ASSERT_TRUE((c >= 'a' && c <= 'z') || (c >= '2' && c <= '7')) << id;
    seen.insert(id.begin(), id.end());
  }
  EXPECT_EQ(seen.size(), 32u);
}

TEST(RandomIdTest, NoneComesTwice) {
  std::set<std::string> ids;
  for (int i = 0; i < 10000; ++i) ASSERT_TRUE(ids.insert(RandomResourceId()).second && ids.insert(RandomUuid()).second);
}

}  // namespace
}  // namespace tandem
