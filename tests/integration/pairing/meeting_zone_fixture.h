// MeetingZoneTest: an edition in which people ask and meet.
#ifndef TANDEM_TESTS_INTEGRATION_PAIRING_MEETING_ZONE_FIXTURE_H_
#define TANDEM_TESTS_INTEGRATION_PAIRING_MEETING_ZONE_FIXTURE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "services/pairing/ledger/decision.h"
#include "tandem/pairing/v1/ledger_service.grpc.pb.h"
#include "tandem/pairing/v1/meeting_service.grpc.pb.h"
#include "tests/integration/pairing/all_in_one_fixture.h"

namespace tandem {

class MeetingZoneTest : public AllInOneTest {
 protected:
  using Watch = grpc::ClientReader<pairing::v1::WatchPairingsResponse>;

  // Starts with an edition of so many records, and without an agenda.
  void StartZone(int projects, int investors) {
    StartWith(OptionsOf(folder_), projects, investors);
    if (HasFatalFailure()) return;
    ledger_ = pairing::v1::LedgerService::NewStub(NewChannel());
    meetings_ = pairing::v1::MeetingService::NewStub(NewChannel());
  }
  // Starts with four slots, tomorrow, at these tables. The agenda's own service has its own tests.
  void StartWithTables(int projects, int investors, const std::vector<std::string>& tables) {
    StartZone(projects, investors);
    if (HasFatalFailure()) return;
    day_ = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()) / 3600 * 3600) + absl::Hours(24);
    ChangeEdition([&](pairing::v1::Edition* edition) {
      pairing::v1::Session* session = edition->mutable_agenda()->add_sessions();
      session->set_id("day");
      *session->mutable_start_time() = pairing::ledger::ToStamp(day_);
      *session->mutable_end_time() = pairing::ledger::ToStamp(day_ + absl::Hours(2));
      session->set_slot_minutes(30);
      for (const std::string& table : tables) {
        pairing::v1::MeetingPlace* place = edition->mutable_agenda()->add_places();
        place->set_id(table);
        place->set_hall("east");
      }
    });
  }

  absl::Time SlotAt(int slot) const { return day_ + absl::Minutes(30 * slot); }

  absl::StatusOr<pairing::v1::Pairing> Ask(const Caller& caller, size_t project, size_t investor) {
    pairing::v1::SendRequestRequest request;
    request.set_project(edition_.projects[project]);
    request.set_investor(edition_.investors[investor]);
    request.set_message("shall we meet");
    return Call(caller, ledger_.get(), &pairing::v1::LedgerService::Stub::SendRequest, request);
  }
  // Into these slots, or without any.
  absl::StatusOr<pairing::v1::Pairing> Accept(const Caller& caller, const std::string& name,
                                              const std::vector<int>& slots = {}) {
    pairing::v1::AcceptRequestRequest request;
    request.set_name(name);
    for (const int slot : slots) *request.add_slots() = pairing::ledger::ToStamp(SlotAt(slot));
    return Call(caller, ledger_.get(), &pairing::v1::LedgerService::Stub::AcceptRequest, request);
  }
  absl::StatusOr<pairing::v1::Meeting> GetMeeting(const Caller& caller, const std::string& name) {
    pairing::v1::GetMeetingRequest request;
    request.set_name(name);
    return Call(caller, meetings_.get(), &pairing::v1::MeetingService::Stub::GetMeeting, request);
  }

  // A watch of the edition by its organiser, which has shown all that was there before. Cancel `context` at the end.
  std::unique_ptr<Watch> WatchFromNow(grpc::ClientContext* context) {
    rpc::SetCaller(context, kOrganiser);
    rpc::SetDeadline(context, absl::Seconds(30));
    pairing::v1::WatchPairingsRequest request;
    request.set_parent(edition_.name);
    std::unique_ptr<Watch> watch = ledger_->WatchPairings(context, request);
    pairing::v1::WatchPairingsResponse stretch;
    while (watch->Read(&stretch) && stretch.phase() != type::v1::WATCH_PHASE_PROGRESS) {
    }
    return watch;
  }

  absl::Time day_;
  std::unique_ptr<pairing::v1::LedgerService::Stub> ledger_;
  std::unique_ptr<pairing::v1::MeetingService::Stub> meetings_;
};

}  // namespace tandem

#endif  // TANDEM_TESTS_INTEGRATION_PAIRING_MEETING_ZONE_FIXTURE_H_
