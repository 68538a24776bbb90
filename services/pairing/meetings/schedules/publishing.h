// What books a preview: one transaction, on the condition of everything that it rests on.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_PUBLISHING_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_PUBLISHING_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "common/storage/record_store.h"
#include "services/pairing/meetings/book/meeting_steps.h"
#include "services/pairing/meetings/schedules/proof.h"
#include "services/pairing/meetings/schedules/snapshot.h"
#include "tandem/pairing/v1/schedule.pb.h"

namespace tandem::pairing::meetings {

// Where a meeting is to be from now on, or that it has no slot any more.
struct PlannedChange {
  enum class Kind {
    kBook,    // a new meeting of the pairing
    kPlace,   // a meeting that has no slot gets one
    kMove,    // to another slot, place or interpreter
    kCancel,  // is cancelled, and has no slot any more
    kUnplace  // loses its slot, and stays to be placed
  };
  Kind kind = Kind::kBook;
  std::string pairing;
  std::string meeting;                // of all but kBook; set by Finish for that
  std::optional<ProvedMeeting> goal;  // of all but kCancel and kUnplace
  int number = 0;                     // of the goal's place; set by Prove
  std::string schedule;               // goes into the meeting
};

// Changes that are planned on a snapshot and written together. For one thread.
//
//   ChangePlan plan(store, acting, cause);
//   plan.Guard(...)               before the snapshot is read: what is decided on it holds at the commit
//   plan.Look(&snapshot)
//   plan.Add(...) ...
//   plan.Check(...)               would everything keep the rules?
//   plan.Finish(...)
class ChangePlan {
 public:
  // Unowned pointers must outlive it.
  ChangePlan(RecordStore* store, Acting acting, v1::MeetingChange::Cause cause)
      : store_(store), acting_(std::move(acting)), cause_(cause) {}

  // Reads the rows that everybody writes who books for the people of those `placements` that change something.
  absl::Status Guard(const std::vector<v1::SchedulePlacement>& placements);

  // REQUIRES: `snapshot` was read after Guard, and outlives the plan.
  void Look(const Snapshot* snapshot) { snapshot_ = snapshot; }
  void Add(PlannedChange change) { changes_.push_back(std::move(change)); }
  const std::vector<PlannedChange>& changes() const { return changes_; }

  // What no longer holds of the pairings by name, and why, when all changes are made: places that are taken and rules
  // that a changed meeting breaks. Empty: all is well.
  absl::StatusOr<std::map<std::string, std::string>> Check(
      const std::vector<std::pair<std::string, std::string>>& orders);

  // Adds everything to `transaction`, and what was booked before to `before`. False: somebody has written since the
  // snapshot was read. REQUIRES: Check found nothing.
  absl::StatusOr<bool> Finish(Transaction* transaction, std::vector<Booking>* before);

 private:
  absl::StatusOr<bool> WriteRecords(Transaction* transaction);
  void CheckInherited(std::map<std::string, std::string>* broken) const;
  // That the meeting which comes before or after one that changes stays where it was seen.
  void GuardOrders(Transaction* transaction) const;
  Booking BookingOf(const PlannedChange& change) const;

  RecordStore* const store_;
  const Acting acting_;
  const v1::MeetingChange::Cause cause_;
  const Snapshot* snapshot_ = nullptr;
  std::vector<PlannedChange> changes_;
  std::vector<std::pair<std::string, std::string>> orders_;  // that Check was given
  Rows guards_;
};

// The changes that publishing `placements` makes, added to `plan`; what no longer holds of them by pairing, and why.
std::map<std::string, std::string> PlanPublishing(const Snapshot& snapshot,
                                                  const std::vector<v1::SchedulePlacement>& placements,
                                                  const std::string& schedule, absl::Time now, ChangePlan* plan);

// ABORTED, SCHEDULE_OUTDATED. REQUIRES: `reasons` (by pairing) is not empty.
absl::Status Outdated(const std::string& schedule, const std::map<std::string, std::string>& reasons);

// BatchGet in pieces.
absl::StatusOr<Rows> ReadRowsOf(RecordStore* store, const std::vector<std::string>& keys);

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_PUBLISHING_H_
