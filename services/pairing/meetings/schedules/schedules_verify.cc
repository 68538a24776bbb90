// The proof of what is booked, or of a schedule.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/catalog/store_status.h"
#include "services/pairing/meetings/book/meeting_rows.h"
#include "services/pairing/meetings/schedules/schedules.h"
#include "services/pairing/meetings/schedules/verifying.h"

namespace tandem::pairing::meetings {
namespace {

constexpr int kMostViolations = 1000;
// Reads until one was not disturbed by others who book.
constexpr int kReads = 8;

void AddViolations(std::vector<v1::ScheduleViolation> violations, v1::VerifyScheduleResponse* response) {
  for (v1::ScheduleViolation& violation : violations) {
    response->set_violation_count(response->violation_count() + 1);
    if (response->violations_size() < kMostViolations) *response->add_violations() = std::move(violation);
  }
}

void AddBreaches(std::vector<Breach> breaches, v1::VerifyScheduleResponse* response) {
  std::vector<v1::ScheduleViolation> violations;
  for (Breach& breach : breaches) violations.push_back(std::move(breach.violation));
  AddViolations(std::move(violations), response);
}

}  // namespace

absl::StatusOr<v1::VerifyScheduleResponse> Schedules::Verify(const Caller& caller,
                                                             const v1::VerifyScheduleRequest& request) const {
  TANDEM_RETURN_IF_ERROR(CheckOrganiser(caller, "VerifySchedule"));
  const std::string edition(EditionOf(request.parent()));
  v1::VerifyScheduleResponse response;
  if (!request.schedule().empty()) {
    if (EditionOf(request.schedule()) != edition) {
      return InvalidFields({{"schedule", absl::StrCat(request.schedule(), " is not in ", request.parent(),
                                                      ": nothing crosses editions")}});
    }
    TANDEM_RETURN_IF_ERROR(ReadSchedule(options_.store, request.schedule()).status());
    TANDEM_ASSIGN_OR_RETURN(const ScheduleParts parts, ReadParts(options_.store, request.schedule()));
    TANDEM_ASSIGN_OR_RETURN(const auto placements, ReadPlacements(options_.store, request.schedule()));
    TANDEM_ASSIGN_OR_RETURN(const Snapshot snapshot, ReadSnapshot(options_.store, edition));
    TANDEM_ASSIGN_OR_RETURN(Participants participants, Participants::Of(snapshot));
    std::vector<ProvedMeeting> meetings;
    for (const v1::SchedulePlacement& placement : placements) {
      if (placement.has_start_time()) meetings.push_back(ProvedOf(placement));
    }
    response.set_meetings(static_cast<int32_t>(meetings.size()));
    response.set_consistency_token(TokenOf(snapshot.head.revision));
    AddBreaches(Prove(&participants, meetings, parts.orders), &response);
    return response;
  }
  for (int read = 1;; ++read) {
    TANDEM_ASSIGN_OR_RETURN(const Snapshot snapshot, ReadSnapshot(options_.store, edition));
    TANDEM_ASSIGN_OR_RETURN(std::vector<v1::ScheduleViolation> different, FindDisagreements(options_.store, snapshot));
    const auto head = options_.store->GetHead();
    if (!head.ok()) return catalog::FromStore(head.status());
    // What differs between reads of different moments is no fault of what is stored.
    if (!different.empty() && head->revision != snapshot.head.revision && read < kReads) continue;
    TANDEM_ASSIGN_OR_RETURN(Participants participants, Participants::Of(snapshot));
    TANDEM_ASSIGN_OR_RETURN(const auto orders, NewestOrders(edition));
    const std::vector<ProvedMeeting> meetings = MeetingsOf(snapshot);
    response.set_meetings(static_cast<int32_t>(meetings.size()));
    response.set_consistency_token(TokenOf(snapshot.head.revision));
    AddViolations(std::move(different), &response);
    AddBreaches(Prove(&participants, meetings, orders), &response);
    return response;
  }
}

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> Schedules::NewestOrders(
    const std::string& edition) const {
  TANDEM_ASSIGN_OR_RETURN(const std::vector<StoredSchedule> all, ReadSchedules(options_.store, edition));
  for (auto one = all.rbegin(); one != all.rend(); ++one) {
    if (one->schedule.state() != v1::Schedule::STATE_PUBLISHED || one->schedule.repair()) continue;
    TANDEM_ASSIGN_OR_RETURN(ScheduleParts parts, ReadParts(options_.store, one->schedule.name()));
    return std::move(parts.orders);
  }
  return std::vector<std::pair<std::string, std::string>>();
}

}  // namespace tandem::pairing::meetings
