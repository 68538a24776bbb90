// All projects of a market, ordered for one question: which are the best for this investor?
//
// Exact: the answers are those of a scan over all rows with LinearScore and extras. Rows stand in cells of one sector
// and one stage, sorted by their ask and language; a query visits the cells that its form accepts, tests the other
// gates 64 rows at a time, and looks closer only at what can still reach the list.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_PROJECT_INDEX_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_PROJECT_INDEX_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

struct ProjectCore;
struct ProjectVersion;

// Bytes.
struct IndexMemory {
  size_t structured = 0;   // rows and postings
  size_t text = 0;         // texts
  size_t bookkeeping = 0;  // directories, what older snapshots still need, free space
};

// The projects at one moment. Immutable: any number of threads, none of which ever waits. Lives as long as it is held,
// also beyond its index; a long life costs only what changed since. REQUIRES: the index's SlotOrder outlives it.
class ProjectIndexSnapshot {
 public:
  ProjectIndexSnapshot(std::shared_ptr<ProjectCore> core, const ProjectVersion& version, uint32_t sealed);
  ProjectIndexSnapshot(const ProjectIndexSnapshot&) = delete;
  ProjectIndexSnapshot& operator=(const ProjectIndexSnapshot&) = delete;
  ~ProjectIndexSnapshot();

  // The k best projects for an investor: by score, then by SlotOrder; what either side refuses is out. All of them when
  // there are fewer. `passed` is exact. `extras` may be null: then no pair has any;
  // they may not ask a snapshot themselves.
  TopList Top(const InvestorForm& form, uint32_t investor, size_t k, const PairExtras* extras) const;

  // The row as it was put; nothing when there is none.
  std::optional<ProjectRow> Row(uint32_t slot) const;
  size_t size() const;

 private:
  const std::shared_ptr<ProjectCore> core_;
  const std::unique_ptr<const ProjectVersion> version_;
  const uint32_t sealed_;
};

// The writer's side. Not thread-safe: one call at a time. Snapshots are for everybody.
class ProjectIndex {
 public:
  // REQUIRES: `order` outlives the index and its snapshots.
  explicit ProjectIndex(const SlotOrder* order);
  ProjectIndex(const ProjectIndex&) = delete;
  ProjectIndex& operator=(const ProjectIndex&) = delete;
  ~ProjectIndex();

  // Replaces what the slot had. REQUIRES: the row keeps the rules of linear_form.h.
  void Put(uint32_t slot, const ProjectRow& row);
  // Nothing happens when the slot is empty.
  void Remove(uint32_t slot);

  // Everything up to now, as a snapshot that later changes leave alone. Takes microseconds at any size, but after so
  // many changes since the last one that it pays to pack the postings: then less than they took.
  std::shared_ptr<const ProjectIndexSnapshot> Publish();

  IndexMemory memory() const;

 private:
  enum class Change { kInsert, kRemove };

  // Adds the postings of a row to their cells, or takes them out.
  void Post(uint32_t slot, const ProjectRow& row, bool has_text, Change change);
  // Lays the postings of each cell in full blocks, one after the other.
  void Pack();
  uint8_t NormNumber(uint16_t norm);

  const std::shared_ptr<ProjectCore> core_;
  const std::unique_ptr<ProjectVersion> version_;
  std::array<uint8_t, 1025> norm_numbers_;  // of each norm in 1024ths
  size_t changed_ = 0;                      // postings, since the last Publish
  size_t postings_ = 0;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_PROJECT_INDEX_H_
