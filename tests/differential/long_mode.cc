#include "tests/differential/long_mode.h"

#include <cstdlib>

namespace tandem {
namespace {

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : std::strtoull(value, nullptr, 10);
}

}  // namespace

uint64_t DifferentialQueries(uint64_t otherwise) { return FromEnvironment("TANDEM_DIFFERENTIAL_QUERIES", otherwise); }

uint64_t DifferentialSeed() { return FromEnvironment("TANDEM_DIFFERENTIAL_SEED", 20260); }

}  // namespace tandem
