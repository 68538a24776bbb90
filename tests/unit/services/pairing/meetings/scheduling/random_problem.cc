#include "tests/unit/services/pairing/meetings/scheduling/random_problem.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"

namespace tandem::pairing::scheduling {
namespace {

size_t Index(int32_t i) { return static_cast<size_t>(i); }

void AddPlaces(const Shape& shape, Random* random, Problem* problem) {
  problem->halls = shape.travel ? 2 : 1;
  if (shape.travel) problem->travel_minutes = {0, 20, 20, 0};
  for (int32_t i = 0; i < shape.pools; ++i) {
    Pool pool;
    pool.hall = i % 3 == 2 ? kNone : i % problem->halls;
    for (int32_t slot = 0; slot < shape.slots; ++slot) {
      pool.capacity.push_back(static_cast<int32_t>(Draw(Chance(0.1, random) ? 0 : 1, shape.tables, random)));
    }
    problem->pools.push_back(pool);
  }
  if (shape.own_pools) {
    for (int32_t i = 0; i < shape.pools; ++i) problem->pool_sets.push_back({i});
  }
  if (shape.interpreters) {
    problem->interpreters.push_back({std::vector<int32_t>(Index(shape.slots), 1)});
  }
}

void AddPeople(const Shape& shape, Random* random, Problem* problem) {
  for (int32_t i = 0; i < shape.projects + shape.investors; ++i) {
    Person person;
    for (int32_t slot = 0; slot < shape.slots; ++slot) {
      if (Chance(shape.available, random)) person.available.Add(Index(slot));
    }
    person.most_meetings = static_cast<int32_t>(Draw(1, shape.slots, random));
    if (shape.day_limits) person.most_per_day = static_cast<int32_t>(Draw(1, 2, random));
    problem->people.push_back(person);
  }
}

void AddWishes(const Shape& shape, Random* random, Problem* problem) {
  if (shape.own_slots) {
    SlotSet set;
    for (int32_t slot = 0; slot < shape.slots; ++slot) {
      if (Chance(0.6, random)) set.Add(Index(slot));
    }
    problem->slot_sets.push_back(set);
  }
  std::set<std::pair<int32_t, int32_t>> seen;
  const int32_t people = shape.projects + shape.investors;
  for (int32_t i = 0; i < shape.wishes; ++i) {
    Wish wish;
    wish.first = static_cast<int32_t>(Draw(0, (shape.two_sided ? shape.projects : people) - 1, random));
    wish.second = static_cast<int32_t>(Draw(shape.two_sided ? shape.projects : 0, people - 1, random));
    const auto pair = std::minmax(wish.first, wish.second);
    if (pair.first == pair.second || !seen.insert(pair).second) continue;
    wish.value = Draw(1, 20, random);
    if (shape.own_slots && Chance(0.4, random)) wish.slots = 0;
    if (shape.own_pools && Chance(0.5, random)) wish.pools = static_cast<int32_t>(Draw(0, shape.pools - 1, random));
    if (shape.interpreters && Chance(0.5, random)) wish.interpreter = 0;
    problem->wishes.push_back(wish);
  }
  const int32_t count = static_cast<int32_t>(problem->wishes.size());
  for (int32_t i = 1; shape.order && i < count; ++i) {
    if (Chance(0.3, random)) problem->precedences.push_back({static_cast<int32_t>(Draw(0, i - 1, random)), i});
  }
}

// Locks what can be met, one wish at most: more could break rules between them.
void LockOne(Problem* problem) {
  for (Wish& wish : problem->wishes) {
    for (size_t slot = 0; slot < problem->slots.size(); ++slot) {
      Schedule schedule;
      schedule.placements.resize(problem->wishes.size());
      const size_t index = Index(static_cast<int32_t>(&wish - problem->wishes.data()));
      schedule.placements[index] = {static_cast<int32_t>(slot), 0};
      if (!Broken(*problem, schedule).empty()) continue;
      wish.locked_slot = static_cast<int32_t>(slot);
      wish.locked_pool = 0;
      return;
    }
  }
}

bool Shares(const Wish& a, const Wish& b) {
  return a.first == b.first || a.first == b.second || a.second == b.first || a.second == b.second;
}

}  // namespace

int64_t Draw(int64_t least, int64_t most, Random* random) {
  return least + static_cast<int64_t>((*random)() % static_cast<uint64_t>(most - least + 1));
}

bool Chance(double probability, Random* random) {
  return static_cast<double>(Draw(0, 999'999, random)) < probability * 1e6;
}

std::vector<Slot> SlotsOf(int32_t count, int32_t days) {
  std::vector<Slot> slots;
  const int32_t by_day = (count + days - 1) / days;
  for (int32_t i = 0; i < count; ++i) slots.push_back({(i / by_day) * 1440 + 540 + (i % by_day) * 30, 30, i / by_day});
  return slots;
}

Problem RandomProblem(const Shape& shape, Random* random) {
  Problem problem;
  problem.slots = SlotsOf(shape.slots, shape.days);
  for (Slot& slot : problem.slots) {
    if (shape.overlaps && Chance(0.3, random)) slot.duration_minutes = 45;
  }
  AddPlaces(shape, random, &problem);
  AddPeople(shape, random, &problem);
  AddWishes(shape, random, &problem);
  if (shape.locked) LockOne(&problem);
  return problem;
}

std::string Broken(const Problem& problem, const Schedule& schedule) {
  const size_t count = problem.wishes.size();
  if (schedule.placements.size() != count) return "not one placement a wish";
  std::map<std::string, int64_t> used;
  std::map<std::string, int64_t> most;
  const auto use = [&](const std::string& what, int64_t limit) {
    ++used[what];
    most[what] = limit;
  };
  for (size_t i = 0; i < count; ++i) {
    const Wish& wish = problem.wishes[i];
    const auto [slot, pool] = schedule.placements[i];
    if (wish.locked() && (slot != wish.locked_slot || pool != wish.locked_pool))
      return absl::StrCat("locked ", i, " moved");
    if (slot == kNone && pool == kNone) continue;
    if (slot < 0 || slot >= static_cast<int32_t>(problem.slots.size())) return absl::StrCat("slot of ", i);
    if (pool < 0 || pool >= static_cast<int32_t>(problem.pools.size())) return absl::StrCat("pool of ", i);
    if (wish.slots != kNone && !problem.slot_sets[Index(wish.slots)].Has(Index(slot)))
      return absl::StrCat("slot not allowed ", i);
    if (wish.pools != kNone) {
      const auto& set = problem.pool_sets[Index(wish.pools)];
      if (std::count(set.begin(), set.end(), pool) == 0) return absl::StrCat("pool not allowed ", i);
    }
    for (const int32_t person : {wish.first, wish.second}) {
      const Person& who = problem.people[Index(person)];
      if (!who.available.Has(Index(slot))) return absl::StrCat("person ", person, " is not there");
      use(absl::StrCat("person ", person), who.most_meetings);
      use(absl::StrCat("person ", person, " day ", problem.slots[Index(slot)].day), who.most_per_day);
    }
    use(absl::StrCat("pool ", pool, " slot ", slot), problem.pools[Index(pool)].capacity[Index(slot)]);
    if (wish.interpreter != kNone) {
      use(absl::StrCat("interpreter ", wish.interpreter, " slot ", slot),
          problem.interpreters[Index(wish.interpreter)].capacity[Index(slot)]);
    }
    for (size_t k = 0; k < i; ++k) {
      const auto [other_slot, other_pool] = schedule.placements[k];
      if (other_slot == kNone || !Shares(wish, problem.wishes[k])) continue;
      if (other_slot == slot) return absl::StrCat(i, " and ", k, " in one slot");
      const int32_t way = problem.Travel(problem.pools[Index(pool)].hall, problem.pools[Index(other_pool)].hall);
      const bool after = problem.slots[Index(slot)].start_minute >= problem.End(other_slot) + way;
      const bool before = problem.slots[Index(other_slot)].start_minute >= problem.End(slot) + way;
      if (!after && !before) return absl::StrCat(i, " and ", k, " too close");
    }
  }
  for (const auto& [what, times] : used) {
    if (times > most[what]) return absl::StrCat(what, ": ", times, " of ", most[what]);
  }
  for (const Precedence& one : problem.precedences) {
    const int32_t early = schedule.placements[Index(one.earlier)].slot;
    const int32_t late = schedule.placements[Index(one.later)].slot;
    if (early != kNone && late != kNone && problem.End(early) > problem.slots[Index(late)].start_minute) return "order";
  }
  return "";
}

Best Judge(const Problem& problem, const Schedule& schedule) {
  Best best;
  std::set<int32_t> seated;
  for (size_t i = 0; i < problem.wishes.size(); ++i) {
    if (!schedule.placements[i].placed()) continue;
    seated.insert(problem.wishes[i].first);
    seated.insert(problem.wishes[i].second);
    best.value += problem.wishes[i].value;
  }
  best.seated = static_cast<int32_t>(seated.size());
  return best;
}

namespace {

void Try(const Problem& problem, size_t wish, Schedule* schedule, Best* best) {
  if (wish == problem.wishes.size()) {
    const Best here = Judge(problem, *schedule);
    if (std::make_pair(here.seated, here.value) > std::make_pair(best->seated, best->value)) *best = here;
    return;
  }
  if (problem.wishes[wish].locked()) return Try(problem, wish + 1, schedule, best);
  Try(problem, wish + 1, schedule, best);
  for (int32_t slot = 0; slot < static_cast<int32_t>(problem.slots.size()); ++slot) {
    for (int32_t pool = 0; pool < static_cast<int32_t>(problem.pools.size()); ++pool) {
      schedule->placements[wish] = {slot, pool};
      if (Broken(problem, *schedule).empty()) Try(problem, wish + 1, schedule, best);
    }
  }
  schedule->placements[wish] = {};
}

}  // namespace

Best TryEverything(const Problem& problem) {
  Schedule schedule;
  for (const Wish& wish : problem.wishes) schedule.placements.push_back({wish.locked_slot, wish.locked_pool});
  Best best;
  Try(problem, 0, &schedule, &best);
  return best;
}

}  // namespace tandem::pairing::scheduling
