// The only source of chance in demo data: integers alone, so that a seed means the same records on every machine.
#ifndef TANDEM_SERVICES_PAIRING_DEMO_DATA_PRNG_H_
#define TANDEM_SERVICES_PAIRING_DEMO_DATA_PRNG_H_

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace tandem::pairing {

// SplitMix64. A record takes its own generator from (seed, stream, index), so that a change in how one record is made
// up does not change the others. Not for secrets. A value type; one thread at a time.
class Prng {
 public:
  // The streams, so that no two kinds of record share choices.
  enum Stream : uint64_t { kInvestor = 1, kTrack = 2, kDeal = 3, kCompany = 4, kProject = 5, kRound = 6, kChance = 7 };

  Prng(int64_t seed, Stream stream, uint64_t index)
      : state_(Mix(Mix(static_cast<uint64_t>(seed) + kStep) ^ Mix(stream * kStep) ^ Mix(index + stream))) {}

  uint64_t Next() { return Mix(state_ += kStep); }

  // 0 <= result < n. REQUIRES: 0 < n < 2^32.
  uint32_t Below(size_t n) { return static_cast<uint32_t>(((Next() >> 32) * n) >> 32); }

  // low <= result <= high. REQUIRES: low <= high.
  int Between(int low, int high) { return low + static_cast<int>(Below(static_cast<size_t>(high - low) + 1)); }

  // True in `percent` of 100 cases.
  bool Percent(int percent) { return Between(0, 99) < percent; }

  // One element of an array or vector. REQUIRES: it is not empty.
  template <typename List>
  auto& Pick(const List& list) {
    return *(std::begin(list) + Below(std::size(list)));
  }

  // An index, with the probability of its weight. REQUIRES: the weights' sum is positive and below 2^32.
  template <typename Weights>
  size_t PickWeighted(const Weights& weights) {
    size_t sum = 0;
    for (const auto weight : weights) sum += static_cast<size_t>(weight);
    size_t left = Below(sum);
    size_t index = 0;
    for (const auto weight : weights) {
      if (left < static_cast<size_t>(weight)) break;
      left -= static_cast<size_t>(weight);
      ++index;
    }
    return index;
  }

 private:
  static constexpr uint64_t kStep = 0x9e3779b97f4a7c15;

  static constexpr uint64_t Mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  uint64_t state_;
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_DEMO_DATA_PRNG_H_
