#include "tests/support/resp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tandem::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

TEST(RespTest, FindsTheEndOfEachKindOfFrame) {
  for (const std::string frame : {"+OK\r\n", "-ERR no\r\n", ":12\r\n", "$-1\r\n", "$0\r\n\r\n", "$4\r\na\r\nb\r\n",
                                  "*-1\r\n", "*0\r\n", "*2\r\n$1\r\na\r\n*1\r\n:1\r\n"}) {
    EXPECT_THAT(RespFrameSize(frame + "+next"), Optional(frame.size())) << frame;
    for (size_t part = 0; part < frame.size(); ++part) {
      EXPECT_THAT(RespFrameSize(frame.substr(0, part)), Optional(0u)) << frame << " cut at " << part;
    }
  }
}

TEST(RespTest, RefusesWhatIsNotRespOrLies) {
  for (const char* bytes : {"HTTP/1.1 200 OK\r\n", "$x\r\n", "$-2\r\n", "*x\r\n", "*1\r\n?\r\n"}) {
    EXPECT_EQ(RespFrameSize(bytes), std::nullopt) << bytes;
  }
}

TEST(RespTest, ReadsTheWordsOfACommand) {
  const std::string frame = CommandFrame({"GET", std::string("a\r\n\0b", 5), ""});
  EXPECT_THAT(RespWords(frame), ElementsAre("GET", std::string("a\r\n\0b", 5), ""));
  EXPECT_THAT(RespWords("+OK\r\n"), IsEmpty());
  EXPECT_THAT(RespBulk(BulkFrame("value")), Optional(absl::string_view("value")));
  EXPECT_EQ(RespBulk("$-1\r\n"), std::nullopt);
}

}  // namespace
}  // namespace tandem::testing
