#include "services/pairing/matching/sector_tree.h"

#include <algorithm>

#include "common/vocab/language.h"
#include "services/pairing/matching/features.h"

namespace tandem::pairing::matching {
namespace {

// What a step costs, in millionths: to the parent, to a child, and from a parent down to other children.
constexpr int64_t kUp = 700'000;
constexpr int64_t kDown = 700'000;
constexpr int64_t kSideways = 350'000;
constexpr int32_t kLeast = 80'000;  // what is less close does not count

int32_t Times(int32_t closeness, int64_t factor) { return static_cast<int32_t>(closeness * factor / 1'000'000); }

}  // namespace

void SectorTree::Add(const v1::Taxonomy& taxonomy, Interner* interner) {
  for (const v1::Sector& sector : taxonomy.sectors()) {
    const auto id_of = [&](const std::string& code) {
      return interner->Intern(SectorFeature(SectorKey(taxonomy.scheme(), taxonomy.version(), code)));
    };
    const uint32_t id = id_of(sector.code());
    const uint32_t parent = sector.parent_code().empty() ? 0 : id_of(sector.parent_code());
    Node& node = nodes_[id];
    node.parent = parent;
    for (const v1::Label& label : sector.labels()) {
      node.labels.emplace_back(PrimaryLanguage(label.language_code()), label.text());
    }
    if (parent != 0) nodes_[parent].children.push_back(id);
  }
}

void SectorTree::AddDescendants(uint32_t sector, int32_t closeness, uint32_t without,
                                std::vector<Relative>* out) const {
  if (closeness < kLeast) return;
  const auto it = nodes_.find(sector);
  if (it == nodes_.end()) return;
  for (const uint32_t child : it->second.children) {
    if (child == without) continue;
    out->push_back({child, closeness});
    AddDescendants(child, Times(closeness, kDown), 0, out);
  }
}

std::vector<Relative> SectorTree::RelativesOf(uint32_t sector) const {
  std::vector<Relative> out = {{sector, 1'000'000}};
  AddDescendants(sector, static_cast<int32_t>(kDown), 0, &out);
  int32_t closeness = static_cast<int32_t>(kUp);
  uint32_t below = sector;
  for (auto it = nodes_.find(sector); it != nodes_.end() && it->second.parent != 0 && closeness >= kLeast;) {
    const uint32_t parent = it->second.parent;
    out.push_back({parent, closeness});
    AddDescendants(parent, Times(closeness, kSideways), below, &out);
    closeness = Times(closeness, kUp);
    below = parent;
    it = nodes_.find(parent);
  }
  // In a wide taxonomy every sector is a distant cousin of thousands.
  std::stable_sort(out.begin(), out.end(),
                   [](const Relative& a, const Relative& b) { return a.closeness > b.closeness; });
  if (out.size() > kMostRelatives) out.resize(kMostRelatives);
  return out;
}

bool SectorTree::Covers(uint32_t ancestor, uint32_t sector) const {
  while (sector != 0) {
    if (sector == ancestor) return true;
    const auto it = nodes_.find(sector);
    sector = it == nodes_.end() ? 0 : it->second.parent;
  }
  return false;
}

std::vector<uint32_t> SectorTree::CoveredBy(uint32_t sector) const {
  std::vector<uint32_t> covered = {sector};
  for (size_t i = 0; i < covered.size(); ++i) {
    const auto it = nodes_.find(covered[i]);
    if (it == nodes_.end()) continue;
    covered.insert(covered.end(), it->second.children.begin(), it->second.children.end());
  }
  return covered;
}

std::string SectorTree::Label(uint32_t sector, absl::string_view language) const {
  const auto it = nodes_.find(sector);
  if (it == nodes_.end() || it->second.labels.empty()) return "";
  const std::string primary = PrimaryLanguage(language);
  for (const auto& [label_language, text] : it->second.labels) {
    if (label_language == primary) return text;
  }
  return it->second.labels.front().second;
}

}  // namespace tandem::pairing::matching
