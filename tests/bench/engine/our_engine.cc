#include "tests/bench/engine/our_engine.h"

namespace tandem::bench {

using pairing::matching::IndexMemory;
using pairing::matching::ProjectIndex;
using pairing::matching::ProjectRow;
using pairing::matching::TopList;

absl::Status OurEngine::Build(const MarketData& market) {
  market_ = &market;
  order_.emplace(market.project_names);
  index_ = std::make_unique<ProjectIndex>(&*order_);
  for (uint32_t slot = 0; slot < market.live_projects; ++slot) index_->Put(slot, market.rows[slot]);
  Publish();
  return absl::OkStatus();
}

absl::StatusOr<TopList> OurEngine::Top(uint32_t investor, size_t k) {
  return snapshot_->Top(*market_->forms[investor], investor, k, market_->extras.get());
}

uint64_t OurEngine::bytes() const {
  const IndexMemory memory = index_->memory();
  return memory.structured + memory.text + memory.bookkeeping;
}

void OurEngine::Change(uint32_t project, const ProjectRow* row) {
  if (row == nullptr) {
    index_->Remove(project);
  } else {
    index_->Put(project, *row);
  }
}

}  // namespace tandem::bench
