#include "services/pairing/matching/text_vector.h"

#include <algorithm>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"

#include "common/base/fixed_point.h"
#include "common/text/tokenize.h"
#include "services/pairing/matching/features.h"

namespace tandem::pairing::matching {
namespace {

// Largest r with r * r <= n.
uint64_t SquareRoot(absl::uint128 n) {
  uint64_t root = 0;
  for (uint64_t bit = uint64_t{1} << 62; bit != 0; bit >>= 1) {
    const absl::uint128 candidate = root | bit;
    if (candidate * candidate <= n) root |= bit;
  }
  return root;
}

// FNV-1a.
uint64_t Fingerprint(absl::string_view text) {
  uint64_t hash = 14695981039346656037u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

}  // namespace

TermCounts::Count* TermCounts::Find(absl::string_view term) {
  if (table_.size() < 2 * (counts_.size() + 1)) Grow();
  const uint64_t fingerprint = Fingerprint(term);
  const size_t mask = table_.size() - 1;
  for (size_t at = fingerprint & mask;; at = (at + 1) & mask) {
    if (table_[at] == 0) {
      table_[at] = static_cast<uint32_t>(counts_.size() + 1);
      Count& count = counts_.emplace_back();
      count.begin = static_cast<uint32_t>(features_.size());
      absl::StrAppend(&features_, kTermFeaturePrefix, term);
      count.size = static_cast<uint32_t>(features_.size()) - count.begin;
      count.fingerprint = fingerprint;
      return &count;
    }
    Count& count = counts_[table_[at] - 1];
    if (count.fingerprint == fingerprint && FeatureOf(count).substr(kTermFeaturePrefix.size()) == term) return &count;
  }
}

void TermCounts::Grow() {
  table_.assign(std::max<size_t>(256, 2 * table_.size()), 0);
  const size_t mask = table_.size() - 1;
  for (size_t i = 0; i < counts_.size(); ++i) {
    size_t at = counts_[i].fingerprint & mask;
    while (table_[at] != 0) at = (at + 1) & mask;
    table_[at] = static_cast<uint32_t>(i + 1);
  }
}

void TermCounts::Clear() {
  features_.clear();
  counts_.clear();
  std::fill(table_.begin(), table_.end(), 0);
}

void TermCounts::Add(absl::string_view text, absl::string_view language, uint32_t times) {
  tandem::ForEachTerm(text, language, [&](absl::string_view term, TermKind kind) {
    if (kind == TermKind::kPair && pairs_ == Pairs::kLeftOut) return;
    Find(term)->quarters += uint64_t{times} * (kind == TermKind::kPair ? kPairQuarters : kQuarter);
  });
}

void TermCounts::Number(Interner* interner) {
  for (Count& count : counts_) {
    if (count.number == 0) count.number = interner->Intern(FeatureOf(count));
  }
}

bool TermCounts::Number(const Interner& interner) {
  bool all = true;
  for (Count& count : counts_) {
    if (count.number == 0) count.number = interner.Find(FeatureOf(count));
    all = all && count.number != 0;
  }
  return all;
}

TextVector TermCounts::Build(const FrozenStatistics& statistics) const {
  struct Candidate {
    TextVector::Entry entry;
    uint64_t fingerprint = 0;
  };
  std::vector<Candidate> candidates;
  candidates.reserve(counts_.size());
  for (const Count& count : counts_) {
    // Enough occurrences to be at the end of the curve, and no more than the product below can take.
    const auto quarters = static_cast<int64_t>(std::min<uint64_t>(count.quarters, 1 << 20));
    const int64_t weight = statistics.TermRarity(count.number) / 1000 * quarters * (kQuarter + kHalfway) /
                           (int64_t{kQuarter} * (quarters + kHalfway));
    if (weight > 0) candidates.push_back({{count.number, static_cast<uint32_t>(weight)}, count.fingerprint});
  }
  if (candidates.size() > kMostTerms) {
    const auto middle = candidates.begin() + kMostTerms;
    std::nth_element(candidates.begin(), middle, candidates.end(), [](const Candidate& a, const Candidate& b) {
      return a.entry.weight != b.entry.weight ? a.entry.weight > b.entry.weight : a.fingerprint < b.fingerprint;
    });
    candidates.erase(middle, candidates.end());
  }
  std::sort(candidates.begin(), candidates.end(),
            [](const Candidate& a, const Candidate& b) { return a.entry.term < b.entry.term; });
  TextVector vector;
  vector.entries.reserve(candidates.size());
  for (const Candidate& candidate : candidates) {
    vector.entries.push_back(candidate.entry);
    vector.squared_norm += uint64_t{candidate.entry.weight} * candidate.entry.weight;
  }
  return vector;
}

TextWeights UnitWeights(const TextVector& vector) {
  TextWeights weights;
  if (vector.squared_norm == 0) return weights;
  constexpr uint64_t kLength = 255;
  // Thousandths, so that the length of a short vector is not rounded away.
  const uint64_t norm = std::max<uint64_t>(1, SquareRoot(absl::uint128(vector.squared_norm) * 1'000'000));
  weights.reserve(vector.entries.size());
  for (const TextVector::Entry& entry : vector.entries) {
    const uint64_t weight = (2 * kLength * 1000 * entry.weight + norm) / (2 * norm);
    if (weight > 0) weights.push_back({entry.term, static_cast<int16_t>(std::min(weight, kLength))});
  }
  return weights;
}

int64_t CosineMicro(const TextVector& a, const TextVector& b) {
  if (a.squared_norm == 0 || b.squared_norm == 0) return 0;
  uint64_t product = 0;
  for (auto i = a.entries.begin(), j = b.entries.begin(); i != a.entries.end() && j != b.entries.end();) {
    if (i->term < j->term) {
      ++i;
    } else if (j->term < i->term) {
      ++j;
    } else {
      product += uint64_t{i->weight} * j->weight;
      ++i;
      ++j;
    }
  }
  if (product == 0) return 0;
  const uint64_t norm = SquareRoot(absl::uint128(a.squared_norm) * b.squared_norm);
  return static_cast<int64_t>(
      std::min<uint64_t>(kMicro, static_cast<uint64_t>(absl::uint128(product) * kMicro / std::max<uint64_t>(1, norm))));
}

}  // namespace tandem::pairing::matching
