#include "tests/fault/contend/local_door.h"

#include <utility>

#include "common/base/status.h"
#include "services/pairing/ledger/ledger.h"
#include "services/pairing/meetings/book/meeting_book.h"

namespace tandem::contend {
namespace {

using pairing::ledger::Command;
using pairing::ledger::Deadline;
using pairing::ledger::Ledger;
using pairing::ledger::PartyDirectory;
using pairing::ledger::PartyStates;
using pairing::meetings::MeetingBook;

class Everybody final : public PartyDirectory {
 public:
  absl::StatusOr<PartyStates> Look(const std::string&, const std::string&, Deadline) override { return PartyStates(); }
};

class LocalDoor final : public Door {
 public:
  absl::Status Open(RecordStore* store, const KeyRing* keys, const Clock* clock) {
    MeetingBook::Options meetings;
    meetings.store = store;
    meetings.keys = keys;
    meetings.clock = clock;
    TANDEM_ASSIGN_OR_RETURN(book_, MeetingBook::Open(std::move(meetings)));
    Ledger::Options ledger;
    ledger.store = store;
    ledger.keys = keys;
    ledger.clock = clock;
    ledger.parties = &everybody_;
    ledger.extend = [this](const Command& command, const v1::Pairing& before, v1::Pairing* after,
                           Transaction* transaction) { return book_->Join(command, before, after, transaction); };
    TANDEM_ASSIGN_OR_RETURN(ledger_, Ledger::Open(std::move(ledger)));
    return absl::OkStatus();
  }

  absl::StatusOr<v1::Pairing> Call(const Caller& caller, const v1::SetStanceRequest& request) override {
    return ledger_->SetStance(caller, request, Deadline::max());
  }
  absl::StatusOr<v1::Pairing> Call(const Caller& caller, const v1::SendRequestRequest& request) override {
    return ledger_->SendRequest(caller, request, Deadline::max());
  }
  absl::StatusOr<v1::Pairing> Call(const Caller& caller, const v1::AcceptRequestRequest& request) override {
    return ledger_->Accept(caller, request, Deadline::max());
  }
  absl::StatusOr<v1::Pairing> Call(const Caller& caller, const v1::DeclineRequestRequest& request) override {
    return ledger_->Decline(caller, request, Deadline::max());
  }
  absl::StatusOr<v1::Pairing> Call(const Caller& caller, const v1::WithdrawRequestRequest& request) override {
    return ledger_->Withdraw(caller, request, Deadline::max());
  }
  absl::StatusOr<v1::Meeting> Call(const Caller& caller, const v1::BookMeetingRequest& request) override {
    return book_->Book(caller, request);
  }
  absl::StatusOr<v1::Meeting> Call(const Caller& caller, const v1::RescheduleMeetingRequest& request) override {
    return book_->Reschedule(caller, request);
  }
  absl::StatusOr<v1::Meeting> Call(const Caller& caller, const v1::AnswerRescheduleRequest& request) override {
    return book_->Answer(caller, request);
  }
  absl::StatusOr<v1::Meeting> Call(const Caller& caller, const v1::CancelMeetingRequest& request) override {
    return book_->Cancel(caller, request);
  }

  std::optional<v1::Pairing> SeePairing(const std::string& name) override {
    v1::GetPairingRequest request;
    request.set_name(name);
    auto pairing = ledger_->Get(Caller(), request);
    if (!pairing.ok()) return std::nullopt;
    return *std::move(pairing);
  }
  std::optional<v1::Meeting> SeeMeeting(const std::string& name) override {
    v1::GetMeetingRequest request;
    request.set_name(name);
    auto meeting = book_->Get(Caller(), request);
    if (!meeting.ok()) return std::nullopt;
    return *std::move(meeting);
  }

  absl::StatusOr<int> ExpireDue() override {
    TANDEM_ASSIGN_OR_RETURN(const Ledger::Swept swept, ledger_->ExpireDue());
    return swept.expired;
  }

 private:
  Everybody everybody_;
  std::unique_ptr<MeetingBook> book_;
  std::unique_ptr<Ledger> ledger_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Door>> OpenLocalDoor(RecordStore* store, const KeyRing* keys, const Clock* clock) {
  auto door = std::make_unique<LocalDoor>();
  TANDEM_RETURN_IF_ERROR(door->Open(store, keys, clock));
  return std::unique_ptr<Door>(std::move(door));
}

}  // namespace tandem::contend
