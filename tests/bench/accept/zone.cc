#include "tests/bench/accept/zone.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "services/pairing/ledger/decision.h"

namespace tandem::bench {
namespace {

constexpr absl::Duration kSlot = absl::Minutes(25), kStride = absl::Minutes(30);

}  // namespace

std::string ProjectId(int64_t number) { return absl::StrFormat("project-%010d", number); }
std::string InvestorId(int64_t number) { return absl::StrFormat("investor-%010d", number); }
std::string EditionId(char kind, int64_t pair) {
  return absl::StrFormat("edition-%c-%06d", kind, pair / kPairsOfAnEdition);
}

pairing::v1::Edition NewEdition(const std::string& id, absl::Time now) {
  pairing::v1::Edition edition;
  edition.set_name(absl::StrCat("editions/", id));
  edition.set_time_zone("Asia/Shanghai");
  pairing::v1::Agenda* agenda = edition.mutable_agenda();
  const absl::Time first = absl::FromUnixSeconds(absl::ToUnixSeconds(now + absl::Hours(24 * 30)) / 86400 * 86400);
  pairing::v1::Session* session = agenda->add_sessions();
  session->set_id("all");
  session->set_slot_minutes(25);
  session->set_buffer_minutes(5);
  *session->mutable_start_time() = pairing::ledger::ToStamp(first);
  *session->mutable_end_time() = pairing::ledger::ToStamp(first + (kSlotsOfAnEdition - 1) * kStride + kSlot);
  for (int table = 0; table < kTables; ++table) {
    pairing::v1::MeetingPlace* place = agenda->add_places();
    place->set_id(absl::StrFormat("table-%03d", table));
    place->set_hall(table % 2 == 0 ? "east" : "west");
  }
  for (pairing::v1::Quotas* quotas : {agenda->mutable_project_quotas(), agenda->mutable_investor_quotas()}) {
    quotas->set_outgoing_pending(20);
    quotas->set_outgoing_per_day(50);
    quotas->set_incoming_pending(50);
    quotas->set_pairings(40);
    quotas->set_meetings_per_day(12);
  }
  return edition;
}

absl::Time SlotOf(const pairing::v1::Edition& edition, int64_t pair) {
  return pairing::ledger::FromStamp(edition.agenda().sessions(0).start_time()) +
         static_cast<int>(pair % kSlotsOfAnEdition) * kStride;
}

}  // namespace tandem::bench
