#include "services/pairing/meetings/report/request_standing.h"

#include "services/pairing/ledger/decision.h"

namespace tandem::pairing::meetings {
namespace {

using ledger::FromStamp;
using v1::Pairing;

const v1::Stance& StanceOfSide(const Pairing& pairing, v1::Side side) {
  return side == v1::SIDE_PROJECT ? pairing.project_stance() : pairing.investor_stance();
}

}  // namespace

RequestStanding StandingOf(const Pairing& pairing) {
  const v1::Request& request = pairing.request();
  if (request.sender() == v1::SIDE_UNSPECIFIED) return RequestStanding::kNotAsked;
  if (!request.has_close_time()) return RequestStanding::kPending;
  if (request.decline_reason() != v1::DECLINE_REASON_UNSPECIFIED) return RequestStanding::kDeclined;
  const absl::Time closed = FromStamp(request.close_time());
  if (closed >= FromStamp(request.expire_time())) return RequestStanding::kExpired;

  const bool mutual = pairing.state() == Pairing::STATE_MUTUAL;
  if (mutual && FromStamp(pairing.mutual_time()) == closed) return RequestStanding::kAccepted;
  // It was closed before it was due, and more has happened since: what the sides say, and since when, tells what it
  // was.
  const v1::Stance& sender = StanceOfSide(pairing, request.sender());
  const v1::Stance& receiver = StanceOfSide(pairing, ledger::OtherSide(request.sender()));
  const auto was_interested = [&](const v1::Stance& stance) {
    return ledger::IsInterest(stance.kind()) && FromStamp(stance.time()) <= closed;
  };
  // Interest of the receiver makes a pairing mutual.
  if (was_interested(receiver)) return RequestStanding::kAccepted;
  if (pairing.state() == Pairing::STATE_WITHDRAWN || mutual) {
    // Who takes a request back takes its interest back: a sender that kept its own was left by the receiver.
    return !mutual && was_interested(sender) ? RequestStanding::kAccepted : RequestStanding::kWithdrawn;
  }
  const bool receiver_blocked_later = receiver.kind() == v1::STANCE_KIND_BLOCKED && FromStamp(receiver.time()) > closed;
  const bool left_later = pairing.state() == Pairing::STATE_CLOSED &&
                          pairing.change().cause() == v1::Change::CAUSE_PARTY_LEFT &&
                          FromStamp(pairing.change().time()) > closed;
  if (was_interested(sender) && (receiver_blocked_later || left_later)) return RequestStanding::kAccepted;
  return RequestStanding::kEnded;
}

}  // namespace tandem::pairing::meetings
