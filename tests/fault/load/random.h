// The only source of chance in the load: a seed means the same choices on every machine.
#ifndef TANDEM_TESTS_FAULT_LOAD_RANDOM_H_
#define TANDEM_TESTS_FAULT_LOAD_RANDOM_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_format.h"

namespace tandem::check {

// SplitMix64. For one thread.
class Random {
 public:
  // Each stream of a seed is another sequence.
  Random(uint64_t seed, uint64_t stream) : state_(seed * 0x9e3779b97f4a7c15 ^ (stream + 1) * 0xd1b54a32d192ed03) {}

  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  // 0 <= result < bound. REQUIRES: 0 < bound < 2^32.
  size_t Below(size_t bound) { return static_cast<size_t>(((Next() >> 32) * bound) >> 32); }
  bool Percent(int percent) { return Below(100) < static_cast<size_t>(percent); }
  template <typename List>
  const auto& Pick(const List& list) {
    return list[Below(list.size())];
  }
  // A version 4 UUID.
  std::string Uuid() {
    const uint64_t a = Next();
    const uint64_t b = Next();
    return absl::StrFormat("%08x-%04x-4%03x-%04x-%012x", a >> 32, (a >> 16) & 0xffff, a & 0xfff,
                           0x8000 | ((b >> 48) & 0x3fff), b & 0xffffffffffff);
  }

 private:
  uint64_t state_;
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_LOAD_RANDOM_H_
