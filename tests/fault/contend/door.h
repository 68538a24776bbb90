// Door: one replica of pairing, as callers reach it: its objects in this process, or a server.
#ifndef TANDEM_TESTS_FAULT_CONTEND_DOOR_H_
#define TANDEM_TESTS_FAULT_CONTEND_DOOR_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"

#include "common/base/caller.h"
#include "tandem/pairing/v1/ledger_service.pb.h"
#include "tandem/pairing/v1/meeting_service.pb.h"

namespace tandem::contend {

namespace v1 = tandem::pairing::v1;

// Thread-safe. Errors carry a reason, as the contracts say.
class Door {
 public:
  virtual ~Door() = default;

  virtual absl::StatusOr<v1::Pairing> Call(const Caller& caller, const v1::SetStanceRequest& request) = 0;
  virtual absl::StatusOr<v1::Pairing> Call(const Caller& caller, const v1::SendRequestRequest& request) = 0;
  virtual absl::StatusOr<v1::Pairing> Call(const Caller& caller, const v1::AcceptRequestRequest& request) = 0;
  virtual absl::StatusOr<v1::Pairing> Call(const Caller& caller, const v1::DeclineRequestRequest& request) = 0;
  virtual absl::StatusOr<v1::Pairing> Call(const Caller& caller, const v1::WithdrawRequestRequest& request) = 0;
  virtual absl::StatusOr<v1::Meeting> Call(const Caller& caller, const v1::BookMeetingRequest& request) = 0;
  virtual absl::StatusOr<v1::Meeting> Call(const Caller& caller, const v1::RescheduleMeetingRequest& request) = 0;
  virtual absl::StatusOr<v1::Meeting> Call(const Caller& caller, const v1::AnswerRescheduleRequest& request) = 0;
  virtual absl::StatusOr<v1::Meeting> Call(const Caller& caller, const v1::CancelMeetingRequest& request) = 0;

  // The pairing, or the meeting, of that name as the organiser sees it; nothing when it cannot be seen now.
  virtual std::optional<v1::Pairing> SeePairing(const std::string& name) = 0;
  virtual std::optional<v1::Meeting> SeeMeeting(const std::string& name) = 0;

  // Has what is due expire; how many did.
  virtual absl::StatusOr<int> ExpireDue() = 0;
};

}  // namespace tandem::contend

#endif  // TANDEM_TESTS_FAULT_CONTEND_DOOR_H_
