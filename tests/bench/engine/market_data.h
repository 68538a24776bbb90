// One market as every engine of the benchmark gets it, wherever it comes from.
#ifndef TANDEM_TESTS_BENCH_ENGINE_MARKET_DATA_H_
#define TANDEM_TESTS_BENCH_ENGINE_MARKET_DATA_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "services/pairing/matching/linear_form.h"

namespace tandem::bench {

// Slots are positions. The first `live_projects` rows are in the market; the rest wait for the updates as new projects.
struct MarketData {
  std::string title;   // "gated", "ungated", ...: what reports call it
  std::string source;  // where it comes from, with the seed when generated
  std::vector<pairing::matching::ProjectRow> rows;
  std::vector<std::shared_ptr<const pairing::matching::InvestorForm>> forms;
  size_t live_projects = 0;
  std::vector<std::string> project_names;  // as many as rows
  std::vector<std::string> investor_names;
  // Null: no pair has extras. Engines without a way to call it refuse to build.
  std::shared_ptr<const pairing::matching::PairExtras> extras;
};

// Order by name of a list of names. Thread-safe.
class NameOrder : public pairing::matching::SlotOrder {
 public:
  explicit NameOrder(const std::vector<std::string>& names);
  bool Before(uint32_t a, uint32_t b) const override { return places_[a] < places_[b]; }
  // Position of a slot's name among all names, and back.
  uint32_t place(uint32_t slot) const { return places_[slot]; }
  uint32_t slot(uint32_t place) const { return slots_[place]; }

 private:
  std::vector<uint32_t> places_, slots_;
};

}  // namespace tandem::bench

#endif  // TANDEM_TESTS_BENCH_ENGINE_MARKET_DATA_H_
