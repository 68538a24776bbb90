#include "services/pairing/matching/shares.h"

#include <algorithm>
#include <numeric>

#include "services/pairing/matching/code_book.h"
#include "services/pairing/matching/features.h"

namespace tandem::pairing::matching {
namespace {

// Before anything was counted: an ask of a million of the base currency, give or take a factor of six.
constexpr int64_t kUsualAsk = 18'421;
constexpr int64_t kUsualVariance = 3'200'000;

// exp(-o^2 / (2 * 2.5^2)) in thousandths, by distance in codes.
constexpr std::array<int64_t, 9> kBell = {1000, 923, 726, 487, 278, 135, 56, 20, 6};
constexpr int64_t kBellSum = 6262;

template <size_t N>
void Read(const FrozenStatistics& statistics, const Interner& interner, const char* aspect, size_t from,
          std::array<int64_t, N>* shares, size_t values) {
  for (size_t value = from; value < from + values && value < N; ++value) {
    const uint32_t feature = interner.Find(NumberFeature(aspect, static_cast<int64_t>(value)));
    (*shares)[value] = statistics.Share(feature, statistics.records(), static_cast<int64_t>(values));
  }
}

}  // namespace

std::vector<int64_t> AskDensity(const std::vector<std::pair<uint16_t, int64_t>>& weights) {
  std::vector<int64_t> density(Shares::kMostAskCodes, 0);
  for (const auto& [code, weight] : weights) {
    for (int off = -8; off <= 8; ++off) {
      const int at = code + off;
      if (at < 1 || at >= static_cast<int>(Shares::kMostAskCodes)) continue;
      density[static_cast<size_t>(at)] += weight * kBell[static_cast<size_t>(off < 0 ? -off : off)] / kBellSum;
    }
  }
  return density;
}

Shares::Shares(const FrozenStatistics& statistics, const Interner& interner)
    : ask_mean(kUsualAsk), ask_variance(kUsualVariance) {
  Read(statistics, interner, "stage", 1, &stage, 5);
  Read(statistics, interner, "round", 0, &round, 20);
  Read(statistics, interner, "history", 1, &history, 2);
  Read(statistics, interner, "trl", 1, &trl, 9);
  Read(statistics, interner, "instrument", 1, &instrument, 7);
  Read(statistics, interner, "cooperation", 1, &cooperation, 8);
  const int64_t unstated = statistics.Count(interner.Find(NumberFeature("ask", 0)));
  const int64_t all = statistics.records();
  ask_stated[0] = ((unstated * 2 + 1) * 1'000'000) / (2 * all + 2);
  ask_stated[1] = 1'000'000 - ask_stated[0];

  std::vector<std::pair<uint16_t, int64_t>> asks;
  int64_t count = 0, sum = 0;
  for (uint16_t code = 1; code < kMostAskCodes; ++code) {
    const int64_t having = statistics.Count(interner.Find(NumberFeature("ask", code)));
    if (having == 0) continue;
    asks.emplace_back(code, having * 1'000);
    count += having;
    sum += having * (AskMiddle(code) / 1000);
  }
  if (count >= 20) {
    ask_mean = sum / count;
    int64_t squares = 0;
    for (const auto& [code, weight] : asks) {
      const int64_t off = AskMiddle(code) / 1000 - ask_mean;
      squares += weight / 1000 * off * off;
    }
    ask_variance = std::max<int64_t>(squares / count, 100'000);
  }
  ask_density = AskDensity(asks);
  // A tenth of a record everywhere, so that no share is nothing.
  for (int64_t& share : ask_density) share += 100;
  const int64_t total = std::accumulate(ask_density.begin(), ask_density.end(), int64_t{0});
  for (int64_t& share : ask_density) share = std::max<int64_t>(1, share * 1'000'000 / total);
}

}  // namespace tandem::pairing::matching
