#include "tests/bench/schedule/generated_edition.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace tandem::schedule_bench {
namespace {

using pairing::scheduling::InterpreterPool;
using pairing::scheduling::Person;
using pairing::scheduling::Problem;
using pairing::scheduling::Wish;

constexpr int32_t kSlots = 20;
constexpr int32_t kSectors = 30;
constexpr int32_t kHalls = 4;
constexpr int32_t kLanguages = 6;

// SplitMix64: the same numbers on every machine.
class Numbers {
 public:
  explicit Numbers(uint64_t seed) : state_(seed) {}
  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  double Unit() { return static_cast<double>(Next() >> 11) * 0x1p-53; }
  int32_t Below(int32_t count) { return static_cast<int32_t>(Next() % static_cast<uint64_t>(count)); }
  // The first sectors are the popular ones.
  int32_t Sector() { return static_cast<int32_t>(std::pow(Unit(), 1.7) * kSectors); }

 private:
  uint64_t state_;
};

struct Investor {
  uint64_t sectors = 0;
  double breadth = 1;  // how many wishes beside others
};

void AddPlaces(const EditionSpec& spec, Problem* problem) {
  for (int32_t i = 0; i < kSlots; ++i) {
    problem->slots.push_back({(i / 10) * 1440 + 540 + (i % 10) * 30, 25, i / 10});
  }
  const int32_t tables = spec.tables > 0 ? spec.tables : spec.investors;
  problem->halls = spec.travel ? kHalls : 1;
  for (int32_t hall = 0; hall < problem->halls; ++hall) {
    problem->pools.push_back({hall, std::vector<int32_t>(kSlots, tables / problem->halls)});
  }
  if (spec.travel) {
    for (int32_t i = 0; i < kHalls * kHalls; ++i) {
      problem->travel_minutes.push_back(i / kHalls == i % kHalls ? 0 : (i / kHalls + i % kHalls) % 2 == 0 ? 15 : 10);
    }
    for (int32_t hall = 0; hall < kHalls; ++hall) problem->pool_sets.push_back({hall});
  }
  if (spec.interpreters) {
    problem->interpreters.assign(kLanguages,
                                 InterpreterPool{std::vector<int32_t>(kSlots, std::max(1, spec.investors / 40))});
  }
}

void AddPeople(const EditionSpec& spec, Numbers* numbers, Problem* problem) {
  for (int32_t i = 0; i < spec.projects + spec.investors; ++i) {
    Person person;
    for (size_t slot = 0; slot < kSlots; ++slot) {
      if (numbers->Unit() < spec.available) person.available.Add(slot);
    }
    person.most_meetings = i < spec.projects ? 10 : 20;
    problem->people.push_back(person);
  }
}

}  // namespace

Problem GenerateEdition(const EditionSpec& spec, uint64_t seed) {
  Numbers numbers(seed);
  Problem problem;
  AddPlaces(spec, &problem);
  AddPeople(spec, &numbers, &problem);
  std::vector<int32_t> sector(static_cast<size_t>(spec.projects));
  std::vector<double> quality(sector.size());
  for (size_t i = 0; i < sector.size(); ++i) {
    sector[i] = numbers.Sector();
    quality[i] = numbers.Unit();
  }
  std::vector<Investor> investors(static_cast<size_t>(spec.investors));
  for (Investor& one : investors) {
    const int32_t count = 1 + numbers.Below(5);
    for (int32_t i = 0; i < count; ++i) one.sectors |= uint64_t{1} << numbers.Sector();
    one.breadth = 0.4 + 1.2 * numbers.Unit();
  }
  const auto interest = [&](size_t investor, size_t project) {
    const bool fits = (investors[investor].sectors >> sector[project] & 1) != 0;
    return investors[investor].breadth * (fits ? 1 : 0.12) * (0.4 + 1.2 * quality[project]);
  };
  double all = 0;
  for (size_t i = 0; i < investors.size(); ++i) {
    for (size_t k = 0; k < sector.size(); ++k) all += interest(i, k);
  }
  const double scale = static_cast<double>(spec.wishes) / all;
  for (size_t i = 0; i < investors.size(); ++i) {
    for (size_t k = 0; k < sector.size(); ++k) {
      if (numbers.Unit() >= interest(i, k) * scale) continue;
      const bool fits = (investors[i].sectors >> sector[k] & 1) != 0;
      Wish wish;
      wish.first = static_cast<int32_t>(k);
      wish.second = spec.projects + static_cast<int32_t>(i);
      wish.value = static_cast<int64_t>(500 + (fits ? 2000 : 0) + 2000 * quality[k] + 3000 * numbers.Unit());
      if (spec.interpreters && numbers.Unit() < 0.3) wish.interpreter = numbers.Below(kLanguages);
      // An investor receives in its own hall.
      if (spec.travel) wish.pools = static_cast<int32_t>(i % kHalls);
      problem.wishes.push_back(wish);
    }
  }
  return problem;
}

}  // namespace tandem::schedule_bench
