#include "tools/tandem/zone_names.h"

#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::cli {
namespace {

using testing::HasSubstr;

// Nothing here calls a service.
class ZoneNamesTest : public testing::Test {
 protected:
  Session In(const std::string& edition) {
    GlobalOptions options;
    options.edition = edition;
    Terminal terminal;
    terminal.out = &out_;
    terminal.err = &out_;
    return Session(options, terminal);
  }

  std::ostringstream out_;
};

TEST_F(ZoneNamesTest, TheEditionOfANameIsItsFirstTwoParts) {
  EXPECT_EQ(EditionOf("editions/e/projects/p"), "editions/e");
  EXPECT_EQ(EditionOf("editions/e"), "editions/e");
  EXPECT_EQ(EditionOf("e"), "e");
}

TEST_F(ZoneNamesTest, AnIdIsOfTheEditionThatIsNamedBeforeTheCommand) {
  Session session = In("e");
  EXPECT_EQ(ResolvePairing(&session, "abc").value(), "editions/e/pairings/abc");
  EXPECT_EQ(ResolveMeeting(&session, "abc-1").value(), "editions/e/meetings/abc-1");
  Session full = In("editions/e");
  EXPECT_EQ(ResolveMeeting(&full, "abc-1").value(), "editions/e/meetings/abc-1");
}

TEST_F(ZoneNamesTest, AFullNameStaysWhatItIs) {
  Session session = In("");
  EXPECT_EQ(ResolvePairing(&session, "editions/x/pairings/abc").value(), "editions/x/pairings/abc");
  EXPECT_EQ(ResolveMeeting(&session, "editions/x/meetings/abc-1").value(), "editions/x/meetings/abc-1");
  EXPECT_EQ(ResolveAttendee(&session, "editions/x/representatives/r").value(), "editions/x/representatives/r");
}

TEST_F(ZoneNamesTest, WithoutAnEditionAnIdMeansNothing) {
  Session session = In("");
  const auto name = ResolvePairing(&session, "abc");
  EXPECT_TRUE(IsUsageError(name.status()));
  EXPECT_THAT(std::string(name.status().message()), HasSubstr("--edition"));
}

TEST_F(ZoneNamesTest, AnAttendeeSaysWhoseItIs) {
  Session session = In("e");
  for (const char* text : {"i-1", "people/i-1", ""}) {
    const auto name = ResolveAttendee(&session, text);
    EXPECT_TRUE(IsUsageError(name.status())) << text;
    EXPECT_THAT(std::string(name.status().message()), HasSubstr("investors/ID"));
  }
}

}  // namespace
}  // namespace tandem::cli
