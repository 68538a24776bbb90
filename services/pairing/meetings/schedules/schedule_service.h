// ScheduleServiceAdapter: ScheduleService over gRPC. Decodes, validates, authorises; Schedules decides.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_SCHEDULE_SERVICE_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_SCHEDULE_SERVICE_H_

#include "common/rpc/worker_service.h"
#include "services/pairing/meetings/schedules/schedules.h"
#include "tandem/pairing/v1/schedule_service.grpc.pb.h"

namespace tandem::pairing {

// Thread-safe.
class ScheduleServiceAdapter final : public rpc::WorkerService<v1::ScheduleService> {
 public:
  // `schedules` must outlive the adapter.
  explicit ScheduleServiceAdapter(meetings::Schedules* schedules);

 private:
  using Context = grpc::ServerContextBase;

  grpc::Status GenerateSchedule(Context* context, const v1::GenerateScheduleRequest* request, type::v1::Run* response);
  grpc::Status GetSchedule(Context* context, const v1::GetScheduleRequest* request, v1::Schedule* response);
  grpc::Status ListSchedules(Context* context, const v1::ListSchedulesRequest* request,
                             v1::ListSchedulesResponse* response);
  grpc::Status ListPlacements(Context* context, const v1::ListPlacementsRequest* request,
                              v1::ListPlacementsResponse* response);
  grpc::Status PublishSchedule(Context* context, const v1::PublishScheduleRequest* request, v1::Schedule* response);
  grpc::Status RollBackSchedule(Context* context, const v1::RollBackScheduleRequest* request,
                                v1::RollBackScheduleResponse* response);
  grpc::Status VerifySchedule(Context* context, const v1::VerifyScheduleRequest* request,
                              v1::VerifyScheduleResponse* response);
  grpc::Status RepairSchedule(Context* context, const v1::RepairScheduleRequest* request, v1::Schedule* response);

  meetings::Schedules* const schedules_;
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_SCHEDULE_SERVICE_H_
