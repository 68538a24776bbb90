// MeetingServiceAdapter: MeetingService over gRPC. Decodes, validates, authorises; MeetingBook decides.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_MEETING_SERVICE_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_MEETING_SERVICE_H_

#include "common/rpc/worker_service.h"
#include "services/pairing/meetings/book/meeting_book.h"
#include "services/pairing/meetings/report/meeting_reports.h"
#include "tandem/pairing/v1/meeting_service.grpc.pb.h"

namespace tandem::pairing {

// Thread-safe.
class MeetingServiceAdapter final : public rpc::WorkerService<v1::MeetingService> {
 public:
  // Both must outlive the adapter.
  MeetingServiceAdapter(meetings::MeetingBook* book, const meetings::MeetingReports* reports);

 private:
  using Context = grpc::ServerContextBase;

  grpc::Status ListOpenSlots(Context* context, const v1::ListOpenSlotsRequest* request,
                             v1::ListOpenSlotsResponse* response);
  grpc::Status BookMeeting(Context* context, const v1::BookMeetingRequest* request, v1::Meeting* response);
  grpc::Status RescheduleMeeting(Context* context, const v1::RescheduleMeetingRequest* request, v1::Meeting* response);
  grpc::Status AnswerReschedule(Context* context, const v1::AnswerRescheduleRequest* request, v1::Meeting* response);
  grpc::Status CancelMeeting(Context* context, const v1::CancelMeetingRequest* request, v1::Meeting* response);
  grpc::Status ReportMeeting(Context* context, const v1::ReportMeetingRequest* request, v1::Meeting* response);
  grpc::Status RecordOutcome(Context* context, const v1::RecordOutcomeRequest* request, v1::Meeting* response);
  grpc::Status LockMeeting(Context* context, const v1::LockMeetingRequest* request, v1::Meeting* response);
  grpc::Status GetMeeting(Context* context, const v1::GetMeetingRequest* request, v1::Meeting* response);
  grpc::Status ListMeetings(Context* context, const v1::ListMeetingsRequest* request,
                            v1::ListMeetingsResponse* response);
  grpc::Status ExportCalendar(Context* context, const v1::ExportCalendarRequest* request,
                              v1::ExportCalendarResponse* response);
  grpc::Status GetMeetingReport(Context* context, const v1::GetMeetingReportRequest* request,
                                v1::MeetingReport* response);

  meetings::MeetingBook* const book_;
  const meetings::MeetingReports* const reports_;
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_MEETING_SERVICE_H_
