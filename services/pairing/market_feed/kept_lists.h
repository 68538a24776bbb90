// KeptLists: the AffectedLists of one edition between the writer, who brings views, the thread that fills them, and
// those who watch.
#ifndef TANDEM_SERVICES_PAIRING_MARKET_FEED_KEPT_LISTS_H_
#define TANDEM_SERVICES_PAIRING_MARKET_FEED_KEPT_LISTS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "absl/base/thread_annotations.h"

#include "common/base/mutex.h"
#include "services/pairing/matching/affected_lists.h"
#include "services/pairing/matching/market_view.h"

namespace tandem::pairing {

// Thread-safe. Everybody goes before who fills, and waits for at most one query of the index.
class KeptLists {
 public:
  using Options = matching::AffectedLists::Options;
  struct Status {
    size_t lists = 0;      // of investors
    size_t watched = 0;    // projects
    bool filled = false;   // every investor has its list
    uint64_t touched = 0;  // lists named so far
    size_t bytes = 0;      // lately
  };

  explicit KeptLists(Options options) : options_(options) {}

  // The writer's. What `view` changed; all lists when none are kept. `*dropped` turns true when they were, and are over
  // with this view.
  matching::Affected Update(std::shared_ptr<const matching::MarketView> view, bool* dropped);
  // The writer's. All lists may change, unseen.
  void Drop();

  // Fills the list of one more investor; true when there is more to do. Begins with the view that `newest` gives when
  // no lists are kept, which must be all that the writer brought before; null: not now. Also frees what was dropped.
  bool Fill(const std::function<std::shared_ptr<const matching::MarketView>()>& newest);

  // See AffectedLists. False also when no lists are kept.
  bool Watch(const matching::MarketView& seen, uint32_t project);
  void Forget(uint32_t project);

  Status GetStatus() const;

 private:
  using Lists = std::unique_ptr<matching::AffectedLists>;

  const Options options_;
  // Takes the lock before who fills.
  class Before;

  mutable std::atomic<int> waiting_{0};
  mutable CondVar nobody_waits_;
  mutable Mutex mutex_;
  Lists lists_ ABSL_GUARDED_BY(mutex_);    // null: none are kept
  Lists dropped_ ABSL_GUARDED_BY(mutex_);  // to be freed by who fills, as it takes a while
  uint64_t touched_ ABSL_GUARDED_BY(mutex_) = 0;
  // As of a while ago: to count them takes longer than others should wait.
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t updates_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_MARKET_FEED_KEPT_LISTS_H_
