// The sectors of an edition: which lies below which, how close two are, and what they are called.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_SECTOR_TREE_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_SECTOR_TREE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

#include "services/pairing/matching/interner.h"
#include "tandem/pairing/v1/edition.pb.h"

namespace tandem::pairing::matching {

// A sector and how close it is to another one, 1 to 1,000,000 (the same).
struct Relative {
  uint32_t sector = 0;
  int32_t closeness = 0;
};

// Immutable once built. A sector that no taxonomy names stands alone: close to itself only.
class SectorTree {
 public:
  SectorTree() = default;

  // Sectors are numbered by `interner` under their SectorFeature.
  void Add(const v1::Taxonomy& taxonomy, Interner* interner);

  // `sector` and the sectors close to it, the closest first, at most kMostRelatives: each step up or down costs a
  // factor, siblings are less close than parents. Among equally close ones the order of the taxonomy decides.
  std::vector<Relative> RelativesOf(uint32_t sector) const;

  static constexpr size_t kMostRelatives = 500;

  // Whether `sector` is `ancestor` or lies below it.
  bool Covers(uint32_t ancestor, uint32_t sector) const;

  // `sector` and everything below it.
  std::vector<uint32_t> CoveredBy(uint32_t sector) const;

  // Whether a taxonomy names it.
  bool Has(uint32_t sector) const { return nodes_.contains(sector); }

  // Its label in `language` (by primary language), else the first label, else an empty text.
  std::string Label(uint32_t sector, absl::string_view language) const;

 private:
  struct Node {
    uint32_t parent = 0;
    std::vector<uint32_t> children;
    std::vector<std::pair<std::string, std::string>> labels;  // primary language, text
  };
  void AddDescendants(uint32_t sector, int32_t closeness, uint32_t without, std::vector<Relative>* out) const;

  absl::flat_hash_map<uint32_t, Node> nodes_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_SECTOR_TREE_H_
