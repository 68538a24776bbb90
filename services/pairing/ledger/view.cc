#include "services/pairing/ledger/view.h"

#include <algorithm>
#include <vector>

#include "common/base/test_switch.h"
#include "services/pairing/ledger/decision.h"

namespace tandem::pairing::ledger {
namespace {

const v1::Stance& SaidBy(const v1::Pairing& pairing, v1::Side side) {
  return side == v1::SIDE_PROJECT ? pairing.project_stance() : pairing.investor_stance();
}

// Sets the times of the record to those of what is left in it.
void RetellTimes(v1::Pairing* pairing) {
  std::vector<absl::Time> times;
  const auto add = [&](bool has, const google::protobuf::Timestamp& stamp) {
    if (has) times.push_back(FromStamp(stamp));
  };
  add(pairing->project_stance().has_time(), pairing->project_stance().time());
  add(pairing->investor_stance().has_time(), pairing->investor_stance().time());
  add(pairing->has_request(), pairing->request().create_time());
  add(pairing->request().has_close_time(), pairing->request().close_time());
  add(pairing->has_mutual_time(), pairing->mutual_time());
  if (times.empty()) return;
  *pairing->mutable_create_time() = ToStamp(*std::min_element(times.begin(), times.end()));
  *pairing->mutable_update_time() = ToStamp(*std::max_element(times.begin(), times.end()));
}

}  // namespace

bool IsKnownTo(const v1::Pairing& pairing, v1::Side side) {
  return side == v1::SIDE_UNSPECIFIED || SaidBy(pairing, side).has_time() || pairing.has_request() ||
         IsInterest(StanceOf(pairing, OtherSide(side)));
}

v1::Pairing ViewFor(v1::Pairing pairing, v1::Side side) {
  if (side == v1::SIDE_UNSPECIFIED || Deviates("ledger.private")) return pairing;
  pairing.set_state(VisibleState(pairing, side));
  if (!IsInterest(StanceOf(pairing, OtherSide(side)))) {
    if (side == v1::SIDE_PROJECT) {
      pairing.clear_investor_stance();
    } else {
      pairing.clear_project_stance();
    }
  }
  pairing.clear_change();
  RetellTimes(&pairing);
  return pairing;
}

v1::Pairing::State VisibleState(const v1::Pairing& pairing, v1::Side side) {
  const bool hidden = pairing.state() == v1::Pairing::STATE_BLOCKED && side != v1::SIDE_UNSPECIFIED &&
                      StanceOf(pairing, side) != v1::STANCE_KIND_BLOCKED;
  return hidden ? v1::Pairing::STATE_CLOSED : pairing.state();
}

}  // namespace tandem::pairing::ledger
