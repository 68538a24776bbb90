// The engine of this repository behind the benchmark's interface, and its writer's side for the updates.
#ifndef TANDEM_TESTS_BENCH_ENGINE_OUR_ENGINE_H_
#define TANDEM_TESTS_BENCH_ENGINE_OUR_ENGINE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "services/pairing/matching/index/project_index.h"
#include "tests/bench/engine/engine.h"

namespace tandem::bench {

class OurEngine : public Engine {
 public:
  std::string name() const override { return "ours"; }
  absl::Status Build(const MarketData& market) override;
  absl::StatusOr<pairing::matching::TopList> Top(uint32_t investor, size_t k) override;
  uint64_t bytes() const override;

  // What Build and Publish published last; for any number of threads.
  std::shared_ptr<const pairing::matching::ProjectIndexSnapshot> snapshot() const { return snapshot_; }
  const pairing::matching::SlotOrder* order() const { return &*order_; }
  pairing::matching::IndexMemory memory() const { return index_->memory(); }

  // One change after the other. A null row removes.
  void Change(uint32_t project, const pairing::matching::ProjectRow* row);
  void Publish() { snapshot_ = index_->Publish(); }

 private:
  const MarketData* market_ = nullptr;
  std::optional<NameOrder> order_;
  std::unique_ptr<pairing::matching::ProjectIndex> index_;
  std::shared_ptr<const pairing::matching::ProjectIndexSnapshot> snapshot_;
};

}  // namespace tandem::bench

#endif  // TANDEM_TESTS_BENCH_ENGINE_OUR_ENGINE_H_
