#include "tests/bench/text/neighbours.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <random>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"

#include "common/text/tokenize.h"
#include "services/pairing/matching/features.h"
#include "services/pairing/matching/frozen_statistics.h"
#include "services/pairing/matching/interner.h"
#include "services/pairing/matching/text_vector.h"

namespace tandem::text_bench {
namespace {

using pairing::matching::FrozenStatistics;
using pairing::matching::Interner;
using pairing::matching::TermFeature;
using pairing::matching::TermWeight;
using pairing::matching::TextVectorBuilder;
using pairing::matching::TextWeights;

constexpr size_t kSamples = 1000;

// Counts as an explicit run of the service does: features that occur once are left out.
pairing::v1::Statistics CountTerms(const std::vector<Document>& documents, const std::string& language) {
  absl::btree_map<std::string, int64_t> counts;
  for (const Document& document : documents) {
    absl::flat_hash_set<std::string> once;
    const auto collect = [&](const std::string& text, const std::string& tag) {
      for (const std::string& term : Terms(text, tag)) once.insert(TermFeature(term));
    };
    collect(document.title, language);
    collect(document.abstract, language);
    for (const std::string& keyword : document.keywords) collect(keyword, "");
    for (const std::string& feature : once) ++counts[feature];
  }
  pairing::v1::Statistics statistics;
  statistics.set_project_count(static_cast<int64_t>(documents.size()));
  for (const auto& [feature, count] : counts) {
    if (count < 2) continue;
    pairing::v1::FeatureCount* out = statistics.add_features();
    out->set_feature(feature);
    out->set_project_count(count);
  }
  return statistics;
}

std::vector<std::vector<uint32_t>> KindsOf(const std::vector<Document>& documents) {
  absl::flat_hash_map<std::string, uint32_t> numbers;
  std::vector<std::vector<uint32_t>> kinds;
  for (const Document& document : documents) {
    std::vector<uint32_t>& kind = kinds.emplace_back();
    for (const std::string& label : document.labels) {
      kind.push_back(numbers.try_emplace(label, static_cast<uint32_t>(numbers.size())).first->second);
    }
    std::sort(kind.begin(), kind.end());
  }
  return kinds;
}

bool Share(const std::vector<uint32_t>& a, const std::vector<uint32_t>& b) {
  return std::find_first_of(a.begin(), a.end(), b.begin(), b.end()) != a.end();
}

}  // namespace

Neighbourhood FindNeighbours(const std::vector<Document>& documents, const std::string& language,
                             const Variant& variant) {
  Neighbourhood out;
  Interner interner;
  const FrozenStatistics statistics =
      variant.rarity ? FrozenStatistics(CountTerms(documents, language), &interner) : FrozenStatistics();
  std::vector<TextWeights> vectors;
  const auto begin = std::chrono::steady_clock::now();
  for (const Document& document : documents) {
    TextVectorBuilder builder(&interner, &statistics,
                              variant.pairs ? TextVectorBuilder::Pairs::kCounted : TextVectorBuilder::Pairs::kLeftOut);
    if (variant.titles) {
      builder.Add(document.title, language, TextVectorBuilder::kTitleTimes);
      for (const std::string& keyword : document.keywords) builder.Add(keyword, "", TextVectorBuilder::kKeywordTimes);
    }
    if (variant.abstracts) builder.Add(document.abstract, language);
    vectors.push_back(UnitWeights(builder.Build()));
    out.terms += static_cast<double>(vectors.back().size()) / static_cast<double>(documents.size());
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  out.texts_second = static_cast<double>(documents.size()) / took.count();

  // Lengths differ a little from 255: the cosine is by those that came out.
  std::vector<double> lengths(documents.size());
  std::vector<std::vector<std::pair<uint32_t, int32_t>>> by_term(interner.size() + 1);
  for (uint32_t i = 0; i < vectors.size(); ++i) {
    for (const TermWeight& entry : vectors[i]) {
      by_term[entry.term].push_back({i, entry.weight});
      lengths[i] += entry.weight * entry.weight;
    }
    lengths[i] = std::sqrt(lengths[i]);
  }
  const std::vector<std::vector<uint32_t>> kinds = KindsOf(documents);
  std::vector<int32_t> products(documents.size());
  std::vector<std::pair<double, uint32_t>> near;
  for (uint32_t i = 0; i < documents.size(); ++i) {
    std::fill(products.begin(), products.end(), 0);
    for (const TermWeight& entry : vectors[i]) {
      for (const auto& [j, weight] : by_term[entry.term]) products[j] += entry.weight * weight;
    }
    near.clear();
    size_t candidates = 0, same = 0;
    for (uint32_t j = 0; j < documents.size(); ++j) {
      if (j == i || (!documents[i].group.empty() && documents[i].group == documents[j].group)) continue;
      ++candidates;
      if (Share(kinds[i], kinds[j])) ++same;
      if (products[j] > 0) near.push_back({-products[j] / lengths[j], j});
    }
    if (same == 0) continue;
    const size_t most = std::min(kNeighbours, near.size());
    std::partial_sort(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(most), near.end());
    size_t found = 0;
    for (size_t n = 0; n < most; ++n) found += Share(kinds[i], kinds[near[n].second]) ? 1 : 0;
    out.shares.push_back(static_cast<double>(found) / static_cast<double>(kNeighbours));
    out.chances.push_back(static_cast<double>(same) / static_cast<double>(candidates));
  }
  return out;
}

Estimate Bootstrap(const std::vector<double>& values) {
  Estimate estimate;
  if (values.empty()) return estimate;
  const auto size = static_cast<double>(values.size());
  for (const double value : values) estimate.mean += value / size;
  std::mt19937_64 random(1);
  double squares = 0;
  for (size_t sample = 0; sample < kSamples; ++sample) {
    double mean = 0;
    for (size_t i = 0; i < values.size(); ++i) mean += values[random() % values.size()] / size;
    squares += (mean - estimate.mean) * (mean - estimate.mean);
  }
  estimate.error = std::sqrt(squares / kSamples);
  return estimate;
}

}  // namespace tandem::text_bench
