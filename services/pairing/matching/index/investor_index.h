// The best investors for one project: exactly those of a scan of LinearScore over all investors.
//
// Investors live in immutable chunks of kChunk slots. In a chunk every sector has the list of the investors that name
// it, each with its points and a filter in 16 bytes; those that require no sector are in one more list. A query reads
// only the lists of the project's sectors, and the forms of what passes the filters. A change rebuilds its chunk once
// per Publish (0.2 to 0.3 ms, measured with 60 listed sectors each); snapshots share the chunks that did not change.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_INVESTOR_INDEX_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_INVESTOR_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "services/pairing/matching/index/flat_form.h"
#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

struct InvestorChunk;

// Immutable: any number of threads. Keeps its state for as long as it lives.
class InvestorIndexSnapshot {
 public:
  // The k best investors for a project; TopList::passed counts all that no gate refuses. `extras` may be null: then no
  // pair has extras. They are asked as PairExtras says. Time: O(postings of the project's sectors + investors that
  // require none).
  TopList Top(const ProjectRow& row, uint32_t project, size_t k, const PairExtras* extras) const;
  // Null: no such investor.
  std::shared_ptr<const InvestorForm> Form(uint32_t slot) const;
  size_t size() const { return size_; }

 private:
  friend class InvestorIndex;
  InvestorIndexSnapshot(const SlotOrder* order, std::vector<std::shared_ptr<const InvestorChunk>> chunks, size_t size)
      : order_(order), chunks_(std::move(chunks)), size_(size) {}

  const SlotOrder* order_;
  std::vector<std::shared_ptr<const InvestorChunk>> chunks_;
  size_t size_;
};

// One writer at a time; readers use snapshots and never wait for it.
class InvestorIndex {
 public:
  static constexpr size_t kChunk = 256;

  // `order` must outlive the index and its snapshots.
  explicit InvestorIndex(const SlotOrder* order);
  ~InvestorIndex();

  void Put(uint32_t slot, std::shared_ptr<const InvestorForm> form);  // replaces; the form must not change any more
  void Remove(uint32_t slot);                                         // nothing when it is not there
  // Everything since the last Publish is in the new snapshot; old ones stay as they were.
  std::shared_ptr<const InvestorIndexSnapshot> Publish();

  // Bytes of the index itself: forms that the caller shares are not counted.
  size_t memory() const;

 private:
  const SlotOrder* order_;
  std::vector<std::shared_ptr<const FlatForm>> forms_;  // by slot; null: none
  std::vector<std::shared_ptr<const InvestorChunk>> chunks_;
  std::vector<bool> stale_;  // by chunk
  size_t size_ = 0;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_INVESTOR_INDEX_H_
