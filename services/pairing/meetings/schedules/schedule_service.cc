#include "services/pairing/meetings/schedules/schedule_service.h"

#include "common/rpc/serve.h"

namespace tandem::pairing {

using grpc::Status;

// What works through a whole edition takes a second or more: it holds up none of the quick calls.
ScheduleServiceAdapter::ScheduleServiceAdapter(meetings::Schedules* schedules) : schedules_(schedules) {
  On("GenerateSchedule", &ScheduleServiceAdapter::GenerateSchedule);
  On("GetSchedule", &ScheduleServiceAdapter::GetSchedule);
  On("ListSchedules", &ScheduleServiceAdapter::ListSchedules);
  On("ListPlacements", &ScheduleServiceAdapter::ListPlacements);
  On("PublishSchedule", &ScheduleServiceAdapter::PublishSchedule, Pool::kWaiting);
  On("RollBackSchedule", &ScheduleServiceAdapter::RollBackSchedule, Pool::kWaiting);
  On("VerifySchedule", &ScheduleServiceAdapter::VerifySchedule, Pool::kWaiting);
  On("RepairSchedule", &ScheduleServiceAdapter::RepairSchedule, Pool::kWaiting);
}

Status ScheduleServiceAdapter::GenerateSchedule(Context* context, const v1::GenerateScheduleRequest* request,
                                                type::v1::Run* response) {
  return rpc::Serve(context, *request, response,
                    [this](const Caller& caller, const v1::GenerateScheduleRequest& valid) {
                      return schedules_->Generate(caller, valid);
                    });
}

Status ScheduleServiceAdapter::GetSchedule(Context* context, const v1::GetScheduleRequest* request,
                                           v1::Schedule* response) {
  return rpc::Serve(context, *request, response, [this](const Caller& caller, const v1::GetScheduleRequest& valid) {
    return schedules_->Get(caller, valid);
  });
}

Status ScheduleServiceAdapter::ListSchedules(Context* context, const v1::ListSchedulesRequest* request,
                                             v1::ListSchedulesResponse* response) {
  return rpc::Serve(context, *request, response, [this](const Caller& caller, const v1::ListSchedulesRequest& valid) {
    return schedules_->List(caller, valid);
  });
}

Status ScheduleServiceAdapter::ListPlacements(Context* context, const v1::ListPlacementsRequest* request,
                                              v1::ListPlacementsResponse* response) {
  return rpc::Serve(context, *request, response, [this](const Caller& caller, const v1::ListPlacementsRequest& valid) {
    return schedules_->ListPlacements(caller, valid);
  });
}

Status ScheduleServiceAdapter::PublishSchedule(Context* context, const v1::PublishScheduleRequest* request,
                                               v1::Schedule* response) {
  return rpc::Serve(context, *request, response, [this](const Caller& caller, const v1::PublishScheduleRequest& valid) {
    return schedules_->Publish(caller, valid);
  });
}

Status ScheduleServiceAdapter::RollBackSchedule(Context* context, const v1::RollBackScheduleRequest* request,
                                                v1::RollBackScheduleResponse* response) {
  return rpc::Serve(context, *request, response,
                    [this](const Caller& caller, const v1::RollBackScheduleRequest& valid) {
                      return schedules_->RollBack(caller, valid);
                    });
}

Status ScheduleServiceAdapter::VerifySchedule(Context* context, const v1::VerifyScheduleRequest* request,
                                              v1::VerifyScheduleResponse* response) {
  return rpc::Serve(context, *request, response, [this](const Caller& caller, const v1::VerifyScheduleRequest& valid) {
    return schedules_->Verify(caller, valid);
  });
}

Status ScheduleServiceAdapter::RepairSchedule(Context* context, const v1::RepairScheduleRequest* request,
                                              v1::Schedule* response) {
  return rpc::Serve(context, *request, response, [this](const Caller& caller, const v1::RepairScheduleRequest& valid) {
    return schedules_->Repair(caller, valid);
  });
}

}  // namespace tandem::pairing
