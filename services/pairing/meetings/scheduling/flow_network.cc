#include "services/pairing/meetings/scheduling/flow_network.h"

#include <algorithm>
#include <lemon/network_simplex.h>
#include <lemon/static_graph.h>

namespace tandem::pairing::scheduling {

void FlowNetwork::Solve() {
  using Graph = lemon::StaticDigraph;
  potential_.assign(static_cast<size_t>(nodes_), 0);
  if (arcs_.empty()) return;
  // The graph wants arcs in the order of their source; arc k of the graph is arcs_[order[k]].
  std::vector<int32_t> first(static_cast<size_t>(nodes_) + 1);
  for (const Arc& arc : arcs_) ++first[static_cast<size_t>(arc.from) + 1];
  for (size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
  std::vector<size_t> order(arcs_.size());
  for (size_t i = 0; i < arcs_.size(); ++i) order[static_cast<size_t>(first[static_cast<size_t>(arcs_[i].from)]++)] = i;
  std::vector<std::pair<int, int>> ends(arcs_.size());
  std::transform(order.begin(), order.end(), ends.begin(),
                 [this](size_t i) { return std::make_pair(arcs_[i].from, arcs_[i].to); });
  Graph graph;
  graph.build(nodes_, ends.begin(), ends.end());
  Graph::ArcMap<int32_t> most(graph);
  Graph::ArcMap<int64_t> cost(graph);
  for (size_t k = 0; k < order.size(); ++k) {
    const Graph::Arc arc = graph.arc(static_cast<int>(k));
    most[arc] = arcs_[order[k]].most;
    cost[arc] = arcs_[order[k]].cost;
  }
  lemon::NetworkSimplex<Graph, int32_t, int64_t> simplex(graph, true);
  simplex.upperMap(most).costMap(cost).run();
  for (size_t k = 0; k < order.size(); ++k) arcs_[order[k]].flow = simplex.flow(graph.arc(static_cast<int>(k)));
  for (int32_t i = 0; i < nodes_; ++i) potential_[static_cast<size_t>(i)] = simplex.potential(graph.node(i));
}

}  // namespace tandem::pairing::scheduling
