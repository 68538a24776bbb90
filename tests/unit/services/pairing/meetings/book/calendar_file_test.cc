#include "services/pairing/meetings/book/calendar_file.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"

#include "services/pairing/ledger/decision.h"

namespace tandem::pairing::meetings {
namespace {

using Properties = std::map<std::string, std::string>;

// Whether `text` is whole characters of UTF-8.
bool IsUtf8(absl::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const size_t length = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 0;
    if (length == 0 || i + length > text.size()) return false;
    for (size_t k = 1; k < length; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return false;
    }
    i += length;
  }
  return true;
}

// A little reader of RFC 5545: the properties of each VEVENT, and of the calendar as the first one.
std::vector<Properties> ReadFile(const std::string& file) {
  std::vector<std::string> lines;
  EXPECT_EQ(file.substr(file.size() - 2), "\r\n");
  for (const absl::string_view line : absl::StrSplit(file.substr(0, file.size() - 2), "\r\n")) {
    EXPECT_LE(line.size(), 75u) << line;
    EXPECT_TRUE(IsUtf8(line)) << line;
    EXPECT_EQ(line.find_first_of("\r\n"), absl::string_view::npos);
    if (!line.empty() && line[0] == ' ') {
      absl::StrAppend(&lines.back(), line.substr(1));
    } else {
      lines.emplace_back(line);
    }
  }
  std::vector<Properties> found(1);
  std::vector<std::string> open;
  for (const std::string& line : lines) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(line, absl::MaxSplits(':', 1));
    if (parts.first == "BEGIN") {
      open.push_back(parts.second);
      if (parts.second == "VEVENT") found.emplace_back();
      continue;
    }
    if (parts.first == "END") {
      EXPECT_EQ(open.back(), parts.second);
      open.pop_back();
      continue;
    }
    std::string value;
    for (size_t i = 0; i < parts.second.size(); ++i) {
      const char c = parts.second[i];
      if (c != '\\') {
        value += c;
        continue;
      }
      const char next = parts.second[++i];
      value += next == 'n' ? '\n' : next;
    }
    Properties& into = open.back() == "VEVENT" ? found.back() : found.front();
    EXPECT_TRUE(into.emplace(parts.first, value).second) << parts.first << " twice";
  }
  EXPECT_TRUE(open.empty());
  return found;
}

v1::Meeting MeetingAt(int64_t seconds) {
  v1::Meeting meeting;
  meeting.set_name("editions/e/meetings/p-1");
  meeting.set_project("editions/e/projects/fusion");
  meeting.set_investor("editions/e/investors/sun");
  meeting.set_state(v1::Meeting::STATE_CONFIRMED);
  meeting.mutable_start_time()->set_seconds(seconds);
  meeting.mutable_end_time()->set_seconds(seconds + 1500);
  meeting.mutable_update_time()->set_seconds(seconds - 86400);
  meeting.mutable_create_time()->set_seconds(seconds - 90000);
  meeting.set_place("t1");
  return meeting;
}

TEST(CalendarFile, SaysWhenAndWhereInUtc) {
  v1::Meeting cancelled = MeetingAt(1'794'700'800);
  cancelled.set_state(v1::Meeting::STATE_CANCELLED);
  v1::Meeting nowhere = MeetingAt(1);
  nowhere.clear_start_time();
  const auto found =
      ReadFile(CalendarFile({{MeetingAt(1'794'618'000), 7}, {cancelled, int64_t{1} << 40}, {nowhere, 1}}));
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].at("VERSION"), "2.0");
  EXPECT_NE(found[0].at("PRODID"), "");
  const Properties& event = found[1];
  EXPECT_EQ(event.at("UID"), "editions/e/meetings/p-1@tandem");
  EXPECT_EQ(event.at("DTSTART"), "20261114T010000Z");
  EXPECT_EQ(event.at("DTEND"), "20261114T012500Z");
  EXPECT_EQ(event.at("DTSTAMP"), "20261113T010000Z");
  EXPECT_EQ(event.at("SEQUENCE"), "7");
  EXPECT_EQ(event.at("STATUS"), "CONFIRMED");
  EXPECT_EQ(event.at("LOCATION"), "t1");
  EXPECT_EQ(found[2].at("STATUS"), "CANCELLED");
  EXPECT_EQ(found[2].at("SEQUENCE"), "2147483647");
}

TEST(CalendarFile, ReadsBackWhateverTextIsInIt) {
  const std::string alphabet[] = {"a", "Z", ",", ";", "\\", "\n", ":", " ", "深", "圳", "é", "𠮷", "\"", "n"};
  uint64_t state = 7;
  for (int round = 0; round < 500; ++round) {
    std::string text = "x";
    for (int i = 0; i < round; ++i) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      text += alphabet[(state >> 33) % 14];
    }
    v1::Meeting meeting = MeetingAt(1'794'618'000);
    meeting.set_place(text);
    meeting.set_forced_reason(text);
    const auto found = ReadFile(CalendarFile({{meeting, 1}}));
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[1].at("LOCATION"), text);
    EXPECT_NE(found[1].at("DESCRIPTION").find(absl::StrCat("Arranged: ", text)), std::string::npos);
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_EQ(EscapeText("a\r\nb\rc\x01"), "a\\nb\\nc");
}

}  // namespace
}  // namespace tandem::pairing::meetings
