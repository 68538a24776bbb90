#include "common/base/status.h"
#include "services/pairing/meetings/schedules/schedules.h"
namespace tandem::pairing::meetings {
absl::StatusOr<v1::Schedule> Schedules::Repair(const Caller& caller, const v1::RepairScheduleRequest&) {
  TANDEM_RETURN_IF_ERROR(CheckOrganiser(caller, "RepairSchedule"));
  return absl::UnimplementedError("repairs are not served yet");
}
absl::StatusOr<v1::RollBackScheduleResponse> Schedules::RollBack(const Caller& caller,
                                                                 const v1::RollBackScheduleRequest&) {
  TANDEM_RETURN_IF_ERROR(CheckOrganiser(caller, "RollBackSchedule"));
  return absl::UnimplementedError("rolling back is not served yet");
}
}  // namespace tandem::pairing::meetings
