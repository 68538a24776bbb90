// What a step does to a pairing: pure, without I/O and without a clock.
//
// Between two steps this holds of every pairing: it is MUTUAL exactly when both sides are interested and neither is
// blocked nor has left; it is REQUESTED exactly when its request is open; it is BLOCKED exactly when a side says so.
#ifndef TANDEM_SERVICES_PAIRING_LEDGER_DECISION_H_
#define TANDEM_SERVICES_PAIRING_LEDGER_DECISION_H_

#include <google/protobuf/timestamp.pb.h>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "services/pairing/ledger/party_counts.h"
#include "services/pairing/ledger/rules.h"
#include "tandem/pairing/v1/pairing.pb.h"

namespace tandem::pairing::ledger {

// One thing that somebody, or time, or what befell a party's record, does to a pairing.
struct Command {
  enum class Step {
    kSetStance,
    kSendRequest,
    kAccept,
    kDecline,
    kWithdraw,
    kExpire,
    kLeave,  // the party of `side` has left the edition
    kJudge,  // the record of `side` was changed: do the must-haves still hold?
  };

  Step step = Step::kExpire;
  v1::Side side = v1::SIDE_UNSPECIFIED;                 // who acts; unset for kExpire only
  std::string actor;                                    // as Change.actor
  v1::StanceKind stance = v1::STANCE_KIND_UNSPECIFIED;  // of kSetStance
  std::string message;                                  // of kSendRequest
  // Of kSendRequest those that would do; of kAccept those in which to meet, which is for others to decide (Extend).
  std::vector<absl::Time> slots;
  // Of kDecline.
  v1::DeclineReason reason = v1::DECLINE_REASON_UNSPECIFIED;
  std::string note;
  // Of kSendRequest and kJudge: the must-haves that the pair does not meet now, as in Request.unmet_rules.
  std::vector<std::string> rules;
  // Of kLeave and kJudge: as Change.detail.
  std::string detail;
};

// Whether a party takes part.
enum class PartyState {
  kAbsent,   // there is no such record
  kNotOpen,  // not published or verified, paused, or gone
  kOpen,
};

// What is known when a step is taken.
struct Circumstances {
  const Rules* rules = nullptr;
  // Of a step that neither asks nor accepts (see NeedsParties) they count only while the pairing does not exist, and
  // then need not be absent only.
  PartyState project = PartyState::kOpen, investor = PartyState::kOpen;
  absl::Time now;  // whole microseconds
};

// A pairing with the counts of its parties. Before anything is said, the pairing has its names and no state.
struct PairState {
  v1::Pairing pairing;
  PartyCounts project, investor;
};

// Whether `command` can make something of the pairing for which both parties must be open.
bool NeedsParties(const Command& command);

// Whether the request of `pairing` is open and can no longer be answered: then kExpire comes before anything else.
// `last_slot` is that of the agenda as it is now (Rules::last_slot), which may have been cut short.
bool IsDue(const v1::Pairing& pairing, absl::Time now, absl::Time last_slot = absl::InfiniteFuture());

// Takes the step; false when it changes nothing. On an error `pair` is as it was, and the error is one that the acting
// side may see: STATE_CONFLICT, PARTY_NOT_OPEN (which does not tell a block from a party that is away), QUOTA_EXCEEDED,
// REQUEST_COOLDOWN, FIELD_INVALID (slots), RESOURCE_NOT_FOUND. kLeave and kJudge never fail.
// REQUIRES: the request is not due, unless the step is kExpire; and then it is. kLeave and kJudge are of pairings that
// exist.
absl::StatusOr<bool> Take(const Command& command, const Circumstances& circumstances, PairState* pair);

// Small words about a pairing, for all who read one.
v1::Side OtherSide(v1::Side side);
bool IsInterest(v1::StanceKind kind);
v1::StanceKind StanceOf(const v1::Pairing& pairing, v1::Side side);
const std::string& PartyOf(const v1::Pairing& pairing, v1::Side side);
// `MUTUAL`.
std::string StateText(v1::Pairing::State state);

// Times in contracts, in whole microseconds.
google::protobuf::Timestamp ToStamp(absl::Time time);
absl::Time FromStamp(const google::protobuf::Timestamp& stamp);

}  // namespace tandem::pairing::ledger

#endif  // TANDEM_SERVICES_PAIRING_LEDGER_DECISION_H_
