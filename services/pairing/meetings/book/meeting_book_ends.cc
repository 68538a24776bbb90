// How meetings end: one that is cancelled, and all of those whose pairings end together.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/base/test_switch.h"
#include "common/catalog/store_status.h"
#include "services/pairing/ledger/rows.h"
#include "services/pairing/meetings/book/meeting_book.h"

namespace tandem::pairing::meetings {

using ledger::FromStamp;
using v1::Meeting;
using v1::MeetingChange;
using v1::Pairing;

absl::StatusOr<std::string> MeetingBook::PlanEnd(const Meeting& meeting, Transaction* transaction) {
  TANDEM_ASSIGN_OR_RETURN(std::vector<std::string> last, PlanEnds({meeting}, transaction));
  return std::move(last.front());
}

// Read together and freed together: two meetings may be of one party on one day, whose count is one row.
absl::StatusOr<std::vector<std::string>> MeetingBook::PlanEnds(const std::vector<Meeting>& meetings,
                                                               Transaction* transaction) {
  std::vector<std::string> last;
  if (meetings.empty()) return last;
  std::vector<std::string> names, keys;
  for (const Meeting& meeting : meetings) {
    names.push_back(meeting.name());
    keys.push_back(NumbersKey(meeting.pairing()));
  }
  TANDEM_ASSIGN_OR_RETURN(Transaction freed,
                          PlanRelease(options_.store, std::string(EditionOf(names.front())), names, nullptr));
  Append(std::move(freed), transaction);
  const auto rows = options_.store->BatchGet(keys);
  if (!rows.ok()) return catalog::FromStore(rows.status());
  for (size_t i = 0; i < meetings.size(); ++i) {
    const std::string& pairing = meetings[i].pairing();
    MeetingNumbers numbers;
    if ((*rows)[i].has_value()) {
      TANDEM_ASSIGN_OR_RETURN(numbers, MeetingNumbers::Decode((*rows)[i]->value));
    }
    ledger::AddCondition(keys[i], (*rows)[i], transaction);
    std::vector<int>& kept = numbers.kept;
    kept.erase(std::remove_if(kept.begin(), kept.end(),
                              [&](int number) { return MeetingName(pairing, number) == meetings[i].name(); }),
               kept.end());
    transaction->writes.push_back(Write::PutUnlogged(keys[i], numbers.Encode()));
    last.push_back(kept.empty() ? std::string() : MeetingName(pairing, kept.back()));
  }
  return last;
}

absl::Status MeetingBook::JoinAll(const ledger::Command& command, std::vector<ledger::Ledger::Turn>* turns,
                                  Transaction* transaction) {
  std::vector<ledger::Ledger::Turn*> ended;
  std::vector<std::string> keys;
  for (ledger::Ledger::Turn& turn : *turns) {
    const Pairing::State is = turn.after.state();
    const bool left = turn.before.state() == Pairing::STATE_MUTUAL && is != Pairing::STATE_MUTUAL;
    const bool over = is == Pairing::STATE_BLOCKED || is == Pairing::STATE_CLOSED;
    if ((!left && !over) || turn.before.meeting().empty()) continue;
    ended.push_back(&turn);
    keys.push_back(MeetingKey(turn.before.meeting()));
  }
  if (ended.empty()) return absl::OkStatus();
  const auto records = options_.store->BatchGet(keys);
  if (!records.ok()) return catalog::FromStore(records.status());
  std::vector<Meeting> cancelled;
  std::vector<ledger::Ledger::Turn*> of;
  for (size_t i = 0; i < ended.size(); ++i) {
    const std::optional<Record>& record = (*records)[i];
    if (!record.has_value()) continue;
    TANDEM_ASSIGN_OR_RETURN(Meeting meeting, ParseMeeting(*record));
    ledger::AddCondition(record->key, record, transaction);
    const bool leaves = command.step == ledger::Command::Step::kLeave;
    const bool blocks = ended[i]->after.state() == Pairing::STATE_BLOCKED;
    const Acting acting{command.side, command.actor, FromStamp(ended[i]->after.change().time()),
                        leaves   ? command.detail
                        : blocks ? kBlockedNote
                                 : ""};
    const auto cause = leaves ? MeetingChange::CAUSE_PARTY_LEFT : MeetingChange::CAUSE_PAIRING_ENDED;
    if (Deviates("meetings.end-with-pairing") || !EndWithPairing(cause, acting, &meeting)) continue;
    AddMeetingWrites(meeting, false, transaction);
    cancelled.push_back(std::move(meeting));
    of.push_back(ended[i]);
  }
  TANDEM_ASSIGN_OR_RETURN(const std::vector<std::string> last, PlanEnds(cancelled, transaction));
  for (size_t i = 0; i < last.size(); ++i) of[i]->after.set_meeting(last[i]);
  return absl::OkStatus();
}

}  // namespace tandem::pairing::meetings
