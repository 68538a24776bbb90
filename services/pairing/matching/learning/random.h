// Random numbers that are the same everywhere for a seed, however the work is divided.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_RANDOM_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_RANDOM_H_

#include <cstddef>
#include <cstdint>

namespace tandem::pairing::matching {

// SplitMix64. One generator per piece of work, made from the seed and the number of the piece. Not for secrets.
class Random {
 public:
  Random(uint64_t seed, uint64_t stream) : state_(Mix(seed ^ Mix(stream + 0x9e3779b97f4a7c15u))) {}

  uint64_t Next() {
    state_ += 0x9e3779b97f4a7c15u;
    return Mix(state_);
  }
  // In [0, 1).
  double Unit() { return static_cast<double>(Next() >> 11) * 0x1p-53; }
  // In [0, n). REQUIRES: n > 0.
  size_t Below(size_t n) { return static_cast<size_t>(Unit() * static_cast<double>(n)); }

 private:
  static uint64_t Mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  uint64_t state_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_RANDOM_H_
