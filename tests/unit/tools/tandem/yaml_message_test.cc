#include "tools/tandem/yaml_message.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tandem/pairing/v1/agenda.pb.h"

namespace tandem::cli {
namespace {

using pairing::v1::Agenda;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(YamlMessageTest, ReadsYamlWithTimesDurationsAndEnums) {
  YamlMessage yaml;
  Agenda agenda;
  ASSERT_TRUE(yaml.Read(R"(# when we meet
sessions:
  - id: day1
    start_time: 2026-11-14T09:00:00+08:00
    endTime: "2026-11-14 12:00+08:00"
    slot_minutes: 25
    closed_slots: [2026-11-14T09:30+08:00]
places:
  - {id: online, kind: virtual-room, capacity: 50}
  - id: b1
    kind: PLACE_KIND_BOOTH
    hall:
request_expiry: 72h
project_quotas: {}
)",
                        &agenda)
                  .ok());
  for (const FieldViolation& problem : yaml.problems()) ADD_FAILURE() << problem.field << " " << problem.description;
  EXPECT_EQ(agenda.sessions(0).start_time().seconds(), 1794618000);
  EXPECT_EQ(agenda.sessions(0).end_time().seconds(), 1794618000 + 3 * 3600);
  EXPECT_EQ(agenda.sessions(0).closed_slots(0).seconds(), 1794618000 + 1800);
  EXPECT_EQ(agenda.places(0).kind(), pairing::v1::PLACE_KIND_VIRTUAL_ROOM);
  EXPECT_EQ(agenda.places(0).capacity(), 50);
  EXPECT_EQ(agenda.places(1).kind(), pairing::v1::PLACE_KIND_BOOTH);
  EXPECT_EQ(agenda.request_expiry().seconds(), 259200);
  EXPECT_TRUE(agenda.has_project_quotas());
  EXPECT_EQ(yaml.LineOf("sessions[0].end_time"), 5);
  EXPECT_EQ(yaml.LineOf("places[1].hall"), 12);
  EXPECT_EQ(yaml.LineOf("places[1].owner"), 10) << "what is not written is looked for around it";
  EXPECT_EQ(yaml.LineOf("sessions[0].closed_slots[0]"), 7);
  EXPECT_EQ(yaml.LineOf(""), 1);
}

TEST(YamlMessageTest, ReadsJson) {
  YamlMessage yaml;
  Agenda agenda;
  ASSERT_TRUE(yaml.Read(R"({"places": [{"id": "t1", "hall": "east"}], "mostAttempts": 3})", &agenda).ok());
  EXPECT_THAT(yaml.problems(), IsEmpty());
  EXPECT_EQ(agenda.places(0).hall(), "east");
  EXPECT_EQ(agenda.most_attempts(), 3);
}

TEST(YamlMessageTest, EveryMistakeIsListedWithItsLine) {
  YamlMessage yaml;
  Agenda agenda;
  ASSERT_TRUE(yaml.Read(R"(sessions:
  - id: day1
    start: 2026-11-14T09:00:00+08:00
    end_time: 2026-11-14T09:00:00
    slot_minutes: many
places: none
request_expiry: long
travel_times:
  - - 1
interpreters:
  - id: i
    id: j
    languages: {zh: en}
)",
                        &agenda)
                  .ok());
  std::vector<std::string> found;
  for (const FieldViolation& problem : yaml.problems())
    found.push_back(absl::StrCat(yaml.LineOf(problem.field), " ", problem.field));
  EXPECT_THAT(found, ElementsAre("3 sessions[0].start", "4 sessions[0].end_time", "5 sessions[0].slot_minutes",
                                 "6 places", "7 request_expiry", "9 travel_times[0]", "11 interpreters[0].id",
                                 "13 interpreters[0].languages"));
  EXPECT_THAT(yaml.problems()[0].description, HasSubstr("start_time"));
}

TEST(YamlMessageTest, WhatIsNoYamlIsRefusedWithItsLine) {
  YamlMessage yaml;
  Agenda agenda;
  const absl::Status status = yaml.Read("sessions:\n  - id: [day1\n", &agenda);
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("Line "));
  EXPECT_TRUE(yaml.Read("", &agenda).ok());
  EXPECT_TRUE(yaml.Read("- a list", &agenda).ok());
  EXPECT_EQ(yaml.problems().size(), 1u);
  EXPECT_TRUE(yaml.Read("places:\n  - id: " + std::string(100, '[') + std::string(100, ']'), &agenda).ok());
  EXPECT_EQ(yaml.problems().size(), 1u);
}

}  // namespace
}  // namespace tandem::cli
