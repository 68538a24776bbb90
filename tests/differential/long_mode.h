// How many comparisons a differential test makes.
#ifndef TANDEM_TESTS_DIFFERENTIAL_LONG_MODE_H_
#define TANDEM_TESTS_DIFFERENTIAL_LONG_MODE_H_

#include <cstdint>

namespace tandem {

// TANDEM_DIFFERENTIAL_QUERIES when it is set, else `otherwise`.
uint64_t DifferentialQueries(uint64_t otherwise);

// TANDEM_DIFFERENTIAL_SEED when it is set, else a fixed one: with it a printed failure is repeated.
uint64_t DifferentialSeed();

}  // namespace tandem

#endif  // TANDEM_TESTS_DIFFERENTIAL_LONG_MODE_H_
