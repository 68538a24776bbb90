#include "services/pairing/editions/agenda_rules.h"

#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/text_format.h>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "common/storage/memory/memory_store.h"
#include "common/validation/field_mask.h"
#include "services/pairing/editions/edition_rules.h"
#include "services/pairing/meetings/agenda.h"

namespace tandem::pairing {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// 2026-11-14T01:00:00Z, 09:00 in Shenzhen.
constexpr int64_t kMorning = 1794618000;

v1::Agenda Parse(const std::string& text) {
  v1::Agenda agenda;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &agenda)) << text;
  return agenda;
}

v1::Session Session(const std::string& id, int64_t start, int64_t minutes) {
  v1::Session session;
  session.set_id(id);
  session.mutable_start_time()->set_seconds(start);
  session.mutable_end_time()->set_seconds(start + minutes * 60);
  session.set_slot_minutes(25);
  session.set_buffer_minutes(5);
  return session;
}

v1::Agenda Good() {
  v1::Agenda agenda = Parse(R"pb(
    places { id: "t1" hall: "east" }
    places { id: "b1" kind: PLACE_KIND_BOOTH hall: "west" owner: "editions/e/investors/i" sessions: "day1" }
    places { id: "v1" kind: PLACE_KIND_VIRTUAL_ROOM }
    travel_times { hall: "east" other_hall: "west" minutes: 5 }
    interpreters {
      id: "i1"
      languages: [ "zh-Hans", "en" ]
      sessions: "day2"
    }
    request_expiry { seconds: 3600 }
    request_cooldown {}
  )pb");
  *agenda.add_sessions() = Session("day2", kMorning + 86400, 120);
  *agenda.add_sessions() = Session("day1", kMorning, 120);
  agenda.mutable_sessions(1)->add_closed_slots()->set_seconds(kMorning + 1800);
  return agenda;
}

std::vector<std::string> Fields(const v1::Agenda& agenda) {
  std::vector<FieldViolation> violations;
  CheckAgenda(agenda, "edition.agenda", &violations);
  std::vector<std::string> fields;
  for (const FieldViolation& violation : violations) {
    EXPECT_FALSE(violation.description.empty());
    fields.push_back(violation.field.substr(std::string("edition.agenda").size()));
  }
  return fields;
}

TEST(AgendaRulesTest, AGoodAgendaPassesAndCanBeCut) {
  EXPECT_THAT(Fields(Good()), IsEmpty());
  EXPECT_THAT(Fields(v1::Agenda()), IsEmpty());
  v1::Edition edition;
  *edition.mutable_agenda() = Good();
  const auto agenda = meetings::Agenda::Make(edition);
  ASSERT_TRUE(agenda.ok()) << agenda.status();
  EXPECT_EQ((*agenda)->slots().size(), 7u);
}

TEST(AgendaRulesTest, SessionsStartBeforeTheyEndOnWholeMinutesAndHaveRoom) {
  v1::Agenda agenda;
  *agenda.add_sessions() = Session("backwards", kMorning, -10);
  *agenda.add_sessions() = Session("short", kMorning + 36000, 24);
  *agenda.add_sessions() = Session("crooked", kMorning + 72000, 60);
  agenda.mutable_sessions(2)->mutable_start_time()->set_nanos(1);
  agenda.mutable_sessions(2)->mutable_end_time()->set_seconds(kMorning + 72000 + 3601);
  EXPECT_THAT(Fields(agenda), ElementsAre(".sessions[0].end_time", ".sessions[1].end_time", ".sessions[2].start_time",
                                          ".sessions[2].end_time"));
}

TEST(AgendaRulesTest, SessionsDoNotOverlap) {
  v1::Agenda agenda;
  *agenda.add_sessions() = Session("third", kMorning + 100 * 60, 60);
  *agenda.add_sessions() = Session("long", kMorning, 120);
  *agenda.add_sessions() = Session("second", kMorning + 30 * 60, 60);
  *agenda.add_sessions() = Session("right-after", kMorning + 160 * 60, 60);
  EXPECT_THAT(Fields(agenda), ElementsAre(".sessions[2].start_time", ".sessions[0].start_time"));
}

TEST(AgendaRulesTest, ClosedSlotsExistAndAreNamedOnce) {
  v1::Agenda agenda = Good();
  v1::Session* session = agenda.mutable_sessions(1);
  for (const int64_t minutes : {-30, 15, 30, 120, 90}) {
    session->add_closed_slots()->set_seconds(kMorning + minutes * 60);
  }
  EXPECT_THAT(Fields(agenda), ElementsAre(".sessions[1].closed_slots[1]", ".sessions[1].closed_slots[2]",
                                          ".sessions[1].closed_slots[3]", ".sessions[1].closed_slots[4]"));
}

TEST(AgendaRulesTest, ThereAreAtMostTwoThousandSlots) {
  v1::Agenda agenda;
  *agenda.add_sessions() = Session("one", kMorning, 30 * 2000 - 5);
  EXPECT_THAT(Fields(agenda), IsEmpty());
  *agenda.add_sessions() = Session("two", kMorning + 30 * 2000 * 60, 30);
  EXPECT_THAT(Fields(agenda), ElementsAre(".sessions"));
  agenda.mutable_sessions(0)->add_closed_slots()->set_seconds(kMorning);
  EXPECT_THAT(Fields(agenda), IsEmpty());
}

TEST(AgendaRulesTest, PlacesStandSomewhereAndOnlyBoothsHaveOwners) {
  const v1::Agenda agenda = Parse(R"pb(
    places { id: "t" }
    places { id: "v" kind: PLACE_KIND_VIRTUAL_ROOM hall: "east" owner: "editions/e/projects/p" }
    places { id: "b1" kind: PLACE_KIND_BOOTH hall: "east" }
    places { id: "b2" kind: PLACE_KIND_BOOTH owner: "editions/e/deals/d" sessions: "nowhere" }
    interpreters {
      id: "i"
      languages: [ "zh-Hans", "zh-Hant" ]
      sessions: "never"
    }
  )pb");
  EXPECT_THAT(Fields(agenda), ElementsAre(".places[0].hall", ".places[1].hall", ".places[1].owner", ".places[2].owner",
                                          ".places[3].hall", ".places[3].owner", ".places[3].sessions[0]",
                                          ".interpreters[0].languages", ".interpreters[0].sessions[0]"));
}

TEST(AgendaRulesTest, TravelTimesAreBetweenTwoHallsThatAreThereOnce) {
  v1::Agenda agenda = Good();
  agenda.MergeFrom(Parse(R"pb(
    travel_times { hall: "west" other_hall: "east" minutes: 7 }
    travel_times { hall: "north" other_hall: "east" minutes: 7 }
    travel_times { hall: "east" other_hall: "east" minutes: 7 }
  )pb"));
  EXPECT_THAT(Fields(agenda), ElementsAre(".travel_times[1]", ".travel_times[2].hall", ".travel_times[3].other_hall"));
}

TEST(AgendaRulesTest, DurationsAreBounded) {
  EXPECT_THAT(Fields(Parse("request_expiry {} request_cooldown { seconds: -1 }")),
              ElementsAre(".request_expiry", ".request_cooldown"));
  EXPECT_THAT(Fields(Parse("request_expiry { seconds: 40000000 } request_cooldown { seconds: 40000000 }")),
              ElementsAre(".request_expiry", ".request_cooldown"));
}

TEST(AgendaRulesTest, AnAgendaThatNobodyCouldReadIsRefused) {
  v1::Agenda agenda;
  for (int i = 0; i < 2000; ++i) {
    v1::MeetingPlace* place = agenda.add_places();
    for (int k = 0; k < 100; ++k) place->add_sessions("a-session-with-a-name");
  }
  EXPECT_THAT(Fields(agenda), ElementsAre(""));
}

TEST(AgendaRulesTest, ManyMistakesAreNotAllListed) {
  v1::Agenda agenda;
  for (int i = 0; i < 2000; ++i) agenda.add_places();
  EXPECT_EQ(Fields(agenda).size(), 100u);
}

TEST(AgendaRulesTest, AnEditionReportsItsAgendaAndOwnersOfOthersWithAllElse) {
  const auto store = NewMemoryStore();
  const EditionRules rules(store.get());
  v1::Edition edition;
  edition.set_name("editions/other");
  edition.set_ranking_profile("trained-1");
  *edition.mutable_agenda() = Good();
  edition.mutable_agenda()->mutable_places(0)->clear_hall();
  std::vector<FieldViolation> violations;
  rules.Check(edition, "edition", &violations);
  std::vector<std::string> fields;
  for (const FieldViolation& violation : violations) fields.push_back(violation.field);
  EXPECT_THAT(fields, UnorderedElementsAre("edition.agenda.places[0].hall", "edition.agenda.travel_times[0].hall",
                                           "edition.agenda.places[1].owner", "edition.ranking_profile"));
}

TEST(AgendaRulesTest, ANewEditionOwnsWhatItsNameWillSay) {
  const auto store = NewMemoryStore();
  const EditionRules rules(store.get());
  v1::Edition edition;
  *edition.mutable_agenda() = Good();
  catalog::Candidate candidate{&edition, "edition", {}, {}, absl::OkStatus()};
  catalog::Candidate* const candidates[] = {&candidate};
  ASSERT_TRUE(rules.Resolve(store.get(), "e", candidates).ok());
  EXPECT_TRUE(candidate.status.ok()) << candidate.status;
  ASSERT_TRUE(rules.Resolve(store.get(), "f", candidates).ok());
  const ErrorDetail detail = GetErrorDetail(candidate.status);
  ASSERT_EQ(detail.violations.size(), 1u);
  EXPECT_EQ(detail.violations[0].field, "edition.agenda.places[1].owner");
  EXPECT_THAT(detail.violations[0].description, HasSubstr("editions/f"));
}

TEST(AgendaRulesTest, AnUpdateOfOnePartOfTheAgendaLeavesTheOthers) {
  v1::Edition stored;
  *stored.mutable_agenda() = Good();
  v1::Edition sent;
  sent.mutable_agenda()->mutable_project_quotas()->set_meetings_per_day(6);
  google::protobuf::FieldMask mask;
  mask.add_paths("agenda.project_quotas");
  v1::Edition changed = stored;
  ASSERT_TRUE(ApplyUpdate(mask, sent, &changed, "edition").ok());
  EXPECT_EQ(changed.agenda().project_quotas().meetings_per_day(), 6);
  EXPECT_EQ(changed.agenda().sessions_size(), 2);

  mask.set_paths(0, "agenda");
  ASSERT_TRUE(ApplyUpdate(mask, sent, &changed, "edition").ok());
  EXPECT_EQ(changed.agenda().sessions_size(), 0) << "named as a whole it is replaced as a whole";

  mask.set_paths(0, "agenda.sessions.slot_minutes");
  EXPECT_FALSE(ApplyUpdate(mask, sent, &changed, "edition").ok()) << "a path cannot go into a list";

  mask.set_paths(0, "agenda");
  ASSERT_TRUE(ApplyUpdate(mask, v1::Edition(), &changed, "edition").ok());
  EXPECT_FALSE(changed.has_agenda());

  v1::Edition empty;
  mask.set_paths(0, "agenda.places");
  ASSERT_TRUE(ApplyUpdate(mask, stored, &empty, "edition").ok());
  EXPECT_EQ(empty.agenda().places_size(), 3);
  EXPECT_EQ(empty.agenda().sessions_size(), 0);
}

}  // namespace
}  // namespace tandem::pairing
