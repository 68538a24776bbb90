#include "services/pairing/meetings/book/meeting_service.h"

#include "common/rpc/serve.h"

namespace tandem::pairing {

using grpc::Status;

MeetingServiceAdapter::MeetingServiceAdapter(meetings::MeetingBook* book, const meetings::MeetingReports* reports)
    : book_(book), reports_(reports) {
  On("ListOpenSlots", &MeetingServiceAdapter::ListOpenSlots, Pool::kWaiting);
  On("BookMeeting", &MeetingServiceAdapter::BookMeeting);
  On("RescheduleMeeting", &MeetingServiceAdapter::RescheduleMeeting);
  On("AnswerReschedule", &MeetingServiceAdapter::AnswerReschedule);
  On("CancelMeeting", &MeetingServiceAdapter::CancelMeeting);
  On("ReportMeeting", &MeetingServiceAdapter::ReportMeeting);
  On("RecordOutcome", &MeetingServiceAdapter::RecordOutcome);
  On("LockMeeting", &MeetingServiceAdapter::LockMeeting);
  On("GetMeeting", &MeetingServiceAdapter::GetMeeting);
  On("ListMeetings", &MeetingServiceAdapter::ListMeetings);
  On("ExportCalendar", &MeetingServiceAdapter::ExportCalendar);
  // Reads all that an edition has.
  On("GetMeetingReport", &MeetingServiceAdapter::GetMeetingReport, Pool::kWaiting);
}

Status MeetingServiceAdapter::ListOpenSlots(Context* context, const v1::ListOpenSlotsRequest* request,
                                            v1::ListOpenSlotsResponse* response) {
  return rpc::Serve(context, *request, response, [this](const Caller& caller, const v1::ListOpenSlotsRequest& valid) {
    return book_->ListOpenSlots(caller, valid);
  });
}

Status MeetingServiceAdapter::BookMeeting(Context* context, const v1::BookMeetingRequest* request,
                                          v1::Meeting* response) {
  return rpc::Serve(context, *request, response, [this](const Caller& caller, const v1::BookMeetingRequest& valid) {
    return book_->Book(caller, valid);
  });
}

Status MeetingServiceAdapter::RescheduleMeeting(Context* context, const v1::RescheduleMeetingRequest* request,
                                                v1::Meeting* response) {
  return rpc::Serve(context, *request, response,
                    [this](const Caller& caller, const v1::RescheduleMeetingRequest& valid) {
                      return book_->Reschedule(caller, valid);
                    });
}

Status MeetingServiceAdapter::AnswerReschedule(Context* context, const v1::AnswerRescheduleRequest* request,
                                               v1::Meeting* response) {
  return rpc::Serve(
      context, *request, response,
      [this](const Caller& caller, const v1::AnswerRescheduleRequest& valid) { return book_->Answer(caller, valid); });
}

Status MeetingServiceAdapter::CancelMeeting(Context* context, const v1::CancelMeetingRequest* request,
                                            v1::Meeting* response) {
  return rpc::Serve(context, *request, response, [this](const Caller& caller, const v1::CancelMeetingRequest& valid) {
    return book_->Cancel(caller, valid);
  });
}

Status MeetingServiceAdapter::ReportMeeting(Context* context, const v1::ReportMeetingRequest* request,
                                            v1::Meeting* response) {
  return rpc::Serve(context, *request, response, [this](const Caller& caller, const v1::ReportMeetingRequest& valid) {
    return book_->Report(caller, valid);
  });
}

Status MeetingServiceAdapter::RecordOutcome(Context* context, const v1::RecordOutcomeRequest* request,
                                            v1::Meeting* response) {
  return rpc::Serve(context, *request, response, [this](const Caller& caller, const v1::RecordOutcomeRequest& valid) {
    return book_->RecordOutcome(caller, valid);
  });
}

Status MeetingServiceAdapter::LockMeeting(Context* context, const v1::LockMeetingRequest* request,
                                          v1::Meeting* response) {
  return rpc::Serve(context, *request, response, [this](const Caller& caller, const v1::LockMeetingRequest& valid) {
    return book_->Lock(caller, valid);
  });
}

Status MeetingServiceAdapter::GetMeeting(Context* context, const v1::GetMeetingRequest* request,
                                         v1::Meeting* response) {
  return rpc::Serve(context, *request, response, [this](const Caller& caller, const v1::GetMeetingRequest& valid) {
    return book_->Get(caller, valid);
  });
}

Status MeetingServiceAdapter::ListMeetings(Context* context, const v1::ListMeetingsRequest* request,
                                           v1::ListMeetingsResponse* response) {
  return rpc::Serve(context, *request, response, [this](const Caller& caller, const v1::ListMeetingsRequest& valid) {
    return book_->List(caller, valid);
  });
}

Status MeetingServiceAdapter::ExportCalendar(Context* context, const v1::ExportCalendarRequest* request,
                                             v1::ExportCalendarResponse* response) {
  return rpc::Serve(context, *request, response, [this](const Caller& caller, const v1::ExportCalendarRequest& valid) {
    return book_->Export(caller, valid);
  });
}

Status MeetingServiceAdapter::GetMeetingReport(Context* context, const v1::GetMeetingReportRequest* request,
                                               v1::MeetingReport* response) {
  return rpc::Serve(
      context, *request, response,
      [this](const Caller& caller, const v1::GetMeetingReportRequest& valid) { return reports_->Make(caller, valid); });
}

}  // namespace tandem::pairing
