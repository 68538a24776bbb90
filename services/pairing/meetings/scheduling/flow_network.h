// Circulations of least cost, by LEMON's network simplex.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_FLOW_NETWORK_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_FLOW_NETWORK_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tandem::pairing::scheduling {

// Arcs are added, then Solve finds the circulation that costs least. Deterministic. Not thread-safe.
class FlowNetwork {
 public:
  explicit FlowNetwork(int32_t nodes) : nodes_(nodes) {}

  void Reserve(size_t arcs) { arcs_.reserve(arcs); }
  // Returns the arc's number. REQUIRES: most >= 0; the sum of all costs along a path is below 2^61.
  int32_t Add(int32_t from, int32_t to, int32_t most, int64_t cost) {
    arcs_.push_back({from, to, most, cost, 0});
    return static_cast<int32_t>(arcs_.size()) - 1;
  }

  void Solve();

  int32_t flow(int32_t arc) const { return arcs_[static_cast<size_t>(arc)].flow; }
  // Negative where more of the arc would be welcome, positive where less would.
  int64_t ReducedCost(int32_t arc) const {
    const Arc& one = arcs_[static_cast<size_t>(arc)];
    return one.cost + potential_[static_cast<size_t>(one.from)] - potential_[static_cast<size_t>(one.to)];
  }

 private:
  struct Arc {
    int32_t from;
    int32_t to;
    int32_t most;
    int64_t cost;
    int32_t flow;
  };

  int32_t nodes_;
  std::vector<Arc> arcs_;
  std::vector<int64_t> potential_;
};

}  // namespace tandem::pairing::scheduling

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_FLOW_NETWORK_H_
