// Random markets and the naive scan, for comparing an index with what it must reproduce.
//
// Everything follows from a seed, the same on every machine: a failure is repeated by its printed seed.
#ifndef TANDEM_TESTS_DIFFERENTIAL_RANDOM_MARKET_H_
#define TANDEM_TESTS_DIFFERENTIAL_RANDOM_MARKET_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

// Numbers from a seed (splitmix64).
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next();
  // 0 to `bound` - 1. REQUIRES: bound > 0.
  uint32_t Below(uint32_t bound) { return static_cast<uint32_t>((Next() >> 32) * bound >> 32); }
  // Both ends included.
  int32_t Between(int32_t least, int32_t most) {
    return static_cast<int32_t>(least + static_cast<int64_t>(Below(static_cast<uint32_t>(most - least) + 1)));
  }
  bool Chance(uint32_t percent) { return Below(100) < percent; }
  // 0 to `bound` - 1, small numbers more often.
  uint32_t Skewed(uint32_t bound) { return Below(Below(bound) + 1); }

 private:
  uint64_t state_;
};

// What the values of a market are drawn from. All chances are in percent.
struct MarketShape {
  uint32_t sectors = 60;
  uint32_t most_sectors = 5;  // of a project; at most ProjectRow::kMostSectors
  uint32_t without_sectors = 8;
  std::array<uint32_t, kColumnCount> codes = {8, 9, 3, 40, 60, 120, 300, 350, 10, 20, 12, 14};
  uint32_t terms = 400;
  uint32_t project_terms = 12;   // most
  uint32_t investor_terms = 10;  // most
  uint32_t with_text = 0;        // of projects and of forms
  uint32_t with_extra_points = 0;
  uint32_t with_extra_gates = 0;
  uint32_t form_extra_gates = 0;
  uint32_t empty_forms = 5;    // without any listed code
  uint32_t required = 70;      // forms that require a sector
  uint32_t refusing = 25;      // columns of a form that refuse something
  int32_t most_points = 900;   // 0: every score is the same
  int32_t extra_points = 500;  // absolute value of what extras add
};
// A shape drawn at random, now and then with an extreme in it (one sector, codes past one byte, equal scores, ...).
MarketShape RandomShape(Random& random);

ProjectRow RandomRow(Random& random, const MarketShape& shape);
InvestorForm RandomForm(Random& random, const MarketShape& shape);

// Extras that follow from the pair and a seed; they refuse only where the row or the form says so.
class RandomExtras final : public PairExtras {
 public:
  // `most` as in InvestorForm::extra_points_most.
  RandomExtras(uint64_t seed, int32_t most) : seed_(seed), most_(most) {}

  // Which pairs may be refused at all. Not to be called while others read.
  void SetRow(uint32_t project, const ProjectRow& row);
  void SetForm(uint32_t investor, const InvestorForm& form);
  std::optional<int32_t> Points(uint32_t project, uint32_t investor) const override;

 private:
  uint64_t seed_;
  int32_t most_;
  std::vector<bool> project_gates_, investor_gates_;
};

// Names in an order that has nothing to do with the slots.
class ShuffledOrder final : public SlotOrder {
 public:
  explicit ShuffledOrder(uint64_t seed) : seed_(seed) {}
  bool Before(uint32_t a, uint32_t b) const override;

 private:
  uint64_t seed_;
};

using Rows = std::map<uint32_t, ProjectRow>;
using Forms = std::map<uint32_t, std::shared_ptr<const InvestorForm>>;

// LinearScore plus what the extras say; null extras: none.
std::optional<int32_t> PairScore(const ProjectRow& row, uint32_t project, const InvestorForm& form, uint32_t investor,
                                 const PairExtras* extras);

// The definition of the two indexes.
TopList NaiveProjects(const Rows& rows, const InvestorForm& form, uint32_t investor, size_t k, const PairExtras* extras,
                      const SlotOrder& order);
TopList NaiveInvestors(const Forms& forms, const ProjectRow& row, uint32_t project, size_t k, const PairExtras* extras,
                       const SlotOrder& order);

// Whether both are the same row, texts compared by value.
bool SameRow(const ProjectRow& a, const ProjectRow& b);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_TESTS_DIFFERENTIAL_RANDOM_MARKET_H_
