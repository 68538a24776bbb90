// Small words about a pairing.
#include "absl/strings/strip.h"

#include "services/pairing/ledger/party_steps.h"

namespace tandem::pairing::ledger {

absl::string_view NameOf(Command::Step step) {
  switch (step) {
    case Command::Step::kSetStance:
      return "set_stance";
    case Command::Step::kSendRequest:
      return "request";
    case Command::Step::kAccept:
      return "accept";
    case Command::Step::kDecline:
      return "decline";
    case Command::Step::kWithdraw:
      return "withdraw";
    case Command::Step::kExpire:
      return "expire";
    case Command::Step::kLeave:
      return "leave";
    case Command::Step::kJudge:
      return "judge";
  }
  return "";
}

v1::Side OtherSide(v1::Side side) {
  return side == v1::SIDE_PROJECT    ? v1::SIDE_INVESTOR
         : side == v1::SIDE_INVESTOR ? v1::SIDE_PROJECT
                                     : v1::SIDE_UNSPECIFIED;
}

bool IsInterest(v1::StanceKind kind) { return kind == v1::STANCE_KIND_INTERESTED || kind == v1::STANCE_KIND_MUST_MEET; }

v1::StanceKind StanceOf(const v1::Pairing& pairing, v1::Side side) {
  return side == v1::SIDE_PROJECT ? pairing.project_stance().kind() : pairing.investor_stance().kind();
}

const std::string& PartyOf(const v1::Pairing& pairing, v1::Side side) {
  return side == v1::SIDE_PROJECT ? pairing.project() : pairing.investor();
}

std::string StateText(v1::Pairing::State state) {
  return std::string(absl::StripPrefix(v1::Pairing::State_Name(state), "STATE_"));
}

google::protobuf::Timestamp ToStamp(absl::Time time) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  google::protobuf::Timestamp stamp;
  stamp.set_seconds(seconds);
  stamp.set_nanos(static_cast<int32_t>(absl::ToInt64Microseconds(time - absl::FromUnixSeconds(seconds)) * 1000));
  return stamp;
}

absl::Time FromStamp(const google::protobuf::Timestamp& stamp) {
  return absl::FromUnixSeconds(stamp.seconds()) + absl::Nanoseconds(stamp.nanos());
}

}  // namespace tandem::pairing::ledger
