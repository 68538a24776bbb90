#include "tests/fault/contend/zone.h"

#include <google/protobuf/text_format.h>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/pairing/ledger/decision.h"

namespace tandem::contend {
namespace {

constexpr absl::Duration kSlot = absl::Minutes(25), kBuffer = absl::Minutes(5);

// Two tables a slot apart from what is at a distance, for up to five pairs: somebody always comes too late. Quotas that
// bind, and a number of attempts that lasts for a round.
constexpr char kAgenda[] = R"pb(
  places { id: "t1" hall: "east" }
  places { id: "t2" hall: "west" }
  places { id: "b1" kind: PLACE_KIND_BOOTH hall: "east" owner: "PROJECT-0" }
  places { id: "v1" kind: PLACE_KIND_VIRTUAL_ROOM capacity: 2 }
  travel_times { hall: "east" other_hall: "west" minutes: 10 }
  interpreters {
    id: "x1"
    languages: [ "zh", "en" ]
  }
  project_quotas {
    outgoing_pending: 2
    outgoing_per_day: 60
    outgoing_total: 150
    incoming_pending: 2
    incoming_per_day: 60
    pairings: 3
    meetings_per_day: 2
  }
  investor_quotas {
    outgoing_pending: 2
    incoming_pending: 2
    incoming_per_day: 70
    incoming_total: 160
    pairings: 3
    meetings_per_day: 3
  }
  most_attempts: 20
)pb";

}  // namespace

Zone::Zone(std::string edition_id, absl::Time now, absl::Duration ahead, absl::Duration request_expiry,
           absl::Duration cooldown)
    : id(std::move(edition_id)) {
  edition.set_name(absl::StrCat("editions/", id));
  edition.set_time_zone("Asia/Shanghai");
  v1::Agenda* agenda = edition.mutable_agenda();
  google::protobuf::TextFormat::ParseFromString(kAgenda, agenda);
  for (v1::MeetingPlace& place : *agenda->mutable_places()) {
    if (place.owner() == "PROJECT-0") place.set_owner(Project(0));
  }
  agenda->mutable_request_expiry()->set_seconds(absl::ToInt64Seconds(request_expiry));
  agenda->mutable_request_cooldown()->set_seconds(absl::ToInt64Seconds(cooldown));
  // Whole hours, so that all slots are of one day wherever that matters little.
  const absl::Time first = absl::FromUnixSeconds(absl::ToUnixSeconds(now + ahead) / 3600 * 3600);
  v1::Session* session = agenda->add_sessions();
  session->set_id("day");
  session->set_slot_minutes(static_cast<int>(absl::ToInt64Minutes(kSlot)));
  session->set_buffer_minutes(static_cast<int>(absl::ToInt64Minutes(kBuffer)));
  for (int slot = 0; slot < kSlots; ++slot) slots.push_back(first + slot * (kSlot + kBuffer));
  *session->mutable_start_time() = pairing::ledger::ToStamp(first);
  *session->mutable_end_time() = pairing::ledger::ToStamp(slots.back() + kSlot);

  const auto add = [&](absl::string_view person, std::vector<std::string> parties, std::vector<std::string> languages,
                       v1::Attendance attendance) {
    v1::Representative& representative = representatives.emplace_back();
    representative.set_name(absl::StrCat(edition.name(), "/representatives/", person));
    for (std::string& party : parties) representative.add_parties(std::move(party));
    for (std::string& language : languages) representative.add_languages(std::move(language));
    representative.set_attendance(attendance);
  };
  add("ann", {Project(0)}, {"zh"}, v1::ATTENDANCE_ON_SITE);
  add("bea", {Project(1)}, {"zh", "en"}, v1::ATTENDANCE_HYBRID);
  add("ivo", {Investor(0), Investor(1)}, {"en", "zh"}, v1::ATTENDANCE_HYBRID);
  add("jan", {Investor(2)}, {"en"}, v1::ATTENDANCE_ON_SITE);
  add("kim", {Investor(2)}, {"zh"}, v1::ATTENDANCE_HYBRID);
}

std::string Zone::Project(int number) const { return absl::StrCat("editions/", id, "/projects/p", number); }

std::string Zone::Investor(int number) const { return absl::StrCat("editions/", id, "/investors/i", number); }

}  // namespace tandem::contend
