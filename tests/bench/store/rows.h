// What is written in every run of the bench: the record of a resource, spread over the key space as random ids are.
#ifndef TANDEM_TESTS_BENCH_STORE_ROWS_H_
#define TANDEM_TESTS_BENCH_STORE_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"

namespace tandem::bench {

inline constexpr size_t kValueBytes = 700;

inline std::string KeyOf(int64_t id) {
  return absl::StrCat("p/editions/e1/", absl::Hex(static_cast<uint64_t>(id) * 0x9e3779b97f4a7c15u, absl::kZeroPad16));
}

}  // namespace tandem::bench

#endif  // TANDEM_TESTS_BENCH_STORE_ROWS_H_
