#include "services/pairing/meetings/scheduling/problem.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"

namespace tandem::pairing::scheduling {
namespace {

absl::Status Invalid(const std::string& field, const std::string& description) {
  return InvalidFields({{field, description}});
}

std::string At(absl::string_view list, size_t index, absl::string_view field = "") {
  return absl::StrCat(list, "[", index, "]", field.empty() ? "" : ".", field);
}

bool Below(int32_t index, size_t count) { return index >= 0 && static_cast<size_t>(index) < count; }

absl::Status CheckCapacities(const std::vector<int32_t>& capacity, size_t slots, absl::string_view list, size_t index) {
  if (capacity.size() != slots) {
    return Invalid(At(list, index, "capacity"),
                   absl::StrCat("has ", capacity.size(), " slots; give one number for each of the ", slots));
  }
  if (std::any_of(capacity.begin(), capacity.end(), [](int32_t one) { return one < 0; })) {
    return Invalid(At(list, index, "capacity"), "is below 0; give 0 for a slot in which it is closed");
  }
  return absl::OkStatus();
}

absl::Status CheckSlots(const Problem& problem) {
  if (problem.slots.size() > kMostSlots) {
    return Invalid("slots", absl::StrCat(problem.slots.size(), " slots are more than ", kMostSlots,
                                         "; schedule some days at a time"));
  }
  for (size_t i = 0; i < problem.slots.size(); ++i) {
    const Slot& slot = problem.slots[i];
    if (slot.duration_minutes <= 0) return Invalid(At("slots", i, "duration_minutes"), "must be above 0");
    if (slot.day < 0) return Invalid(At("slots", i, "day"), "must not be below 0");
    if (i == 0) continue;
    const Slot& before = problem.slots[i - 1];
    if (slot.start_minute < before.start_minute || slot.day < before.day) {
      return Invalid(At("slots", i),
                     "begins before the one before it, or its day is out of order; sort slots by their beginning");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckPlaces(const Problem& problem) {
  const size_t slots = problem.slots.size();
  if (problem.halls < 0 || problem.halls > 10'000) return Invalid("halls", "must be within 0 .. 10000");
  const size_t halls = static_cast<size_t>(problem.halls);
  if (!problem.travel_minutes.empty() && problem.travel_minutes.size() != halls * halls) {
    return Invalid("travel_minutes",
                   absl::StrCat("has ", problem.travel_minutes.size(), " numbers; give ", halls, " times ", halls));
  }
  for (size_t i = 0; i < problem.travel_minutes.size(); ++i) {
    if (problem.travel_minutes[i] < 0) return Invalid(At("travel_minutes", i), "must not be below 0");
  }
  for (size_t i = 0; i < problem.pools.size(); ++i) {
    const int32_t hall = problem.pools[i].hall;
    if (hall != kNone && !Below(hall, halls)) return Invalid(At("pools", i, "hall"), absl::StrCat(hall, " is no hall"));
    TANDEM_RETURN_IF_ERROR(CheckCapacities(problem.pools[i].capacity, slots, "pools", i));
  }
  for (size_t i = 0; i < problem.interpreters.size(); ++i) {
    TANDEM_RETURN_IF_ERROR(CheckCapacities(problem.interpreters[i].capacity, slots, "interpreters", i));
  }
  for (size_t i = 0; i < problem.pool_sets.size(); ++i) {
    for (const int32_t pool : problem.pool_sets[i]) {
      if (!Below(pool, problem.pools.size())) return Invalid(At("pool_sets", i), absl::StrCat(pool, " is no pool"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckSet(const SlotSet& set, size_t slots, const std::string& field) {
  for (size_t word = slots / 64; word < set.words(); ++word) {
    const uint64_t beyond = word == slots / 64 ? ~uint64_t{0} << (slots % 64) : ~uint64_t{0};
    if ((set.word(word) & beyond) != 0) return Invalid(field, absl::StrCat("names slots beyond the last, ", slots));
  }
  return absl::OkStatus();
}

absl::Status CheckPeople(const Problem& problem) {
  for (size_t i = 0; i < problem.people.size(); ++i) {
    const Person& person = problem.people[i];
    if (person.most_meetings < 0) return Invalid(At("people", i, "most_meetings"), "must not be below 0");
    if (person.most_per_day < 0) return Invalid(At("people", i, "most_per_day"), "must not be below 0");
    TANDEM_RETURN_IF_ERROR(CheckSet(person.available, problem.slots.size(), At("people", i, "available")));
  }
  for (size_t i = 0; i < problem.slot_sets.size(); ++i) {
    TANDEM_RETURN_IF_ERROR(CheckSet(problem.slot_sets[i], problem.slots.size(), At("slot_sets", i)));
  }
  return absl::OkStatus();
}

absl::Status CheckWish(const Problem& problem, size_t i) {
  const Wish& wish = problem.wishes[i];
  for (const int32_t person : {wish.first, wish.second}) {
    if (!Below(person, problem.people.size())) return Invalid(At("wishes", i), absl::StrCat(person, " is no person"));
  }
  if (wish.first == wish.second) {
    return Invalid(At("wishes", i), absl::StrCat("person ", wish.first, " cannot meet itself; name two people"));
  }
  if (wish.value < 1 || wish.value > kMostValue) {
    return Invalid(At("wishes", i, "value"), absl::StrCat(wish.value, " is not within 1 .. ", kMostValue));
  }
  const auto fine = [](int32_t index, size_t count) { return index == kNone || Below(index, count); };
  if (!fine(wish.slots, problem.slot_sets.size()))
    return Invalid(At("wishes", i, "slots"), absl::StrCat(wish.slots, " is no slot set"));
  if (!fine(wish.pools, problem.pool_sets.size()))
    return Invalid(At("wishes", i, "pools"), absl::StrCat(wish.pools, " is no pool set"));
  if (!fine(wish.interpreter, problem.interpreters.size())) {
    return Invalid(At("wishes", i, "interpreter"), absl::StrCat(wish.interpreter, " is no pool of interpreters"));
  }
  if (!fine(wish.locked_slot, problem.slots.size()))
    return Invalid(At("wishes", i, "locked_slot"), absl::StrCat(wish.locked_slot, " is no slot"));
  if (!fine(wish.locked_pool, problem.pools.size()))
    return Invalid(At("wishes", i, "locked_pool"), absl::StrCat(wish.locked_pool, " is no pool"));
  if ((wish.locked_slot == kNone) != (wish.locked_pool == kNone)) {
    return Invalid(At("wishes", i), "a locked meeting has both a slot and a pool");
  }
  return absl::OkStatus();
}

absl::Status CheckLocked(const Problem& problem) {
  std::vector<std::pair<int32_t, int32_t>> taken;  // person, slot
  for (const Wish& wish : problem.wishes) {
    if (!wish.locked()) continue;
    taken.emplace_back(wish.first, wish.locked_slot);
    taken.emplace_back(wish.second, wish.locked_slot);
  }
  std::sort(taken.begin(), taken.end());
  const auto twice = std::adjacent_find(taken.begin(), taken.end());
  if (twice == taken.end()) return absl::OkStatus();
  return Invalid("wishes", absl::StrCat("person ", twice->first, " has two locked meetings in slot ", twice->second,
                                        "; unlock one"));
}

absl::Status CheckOrder(const Problem& problem) {
  for (size_t i = 0; i < problem.precedences.size(); ++i) {
    const Precedence& one = problem.precedences[i];
    if (!Below(one.earlier, problem.wishes.size()) || !Below(one.later, problem.wishes.size())) {
      return Invalid(At("precedences", i), absl::StrCat(one.earlier, " or ", one.later, " is no wish"));
    }
  }
  const int32_t wish = FindInCircle(problem);
  if (wish == kNone) return absl::OkStatus();
  return Invalid("precedences",
                 absl::StrCat("wish ", wish, " would have to come before itself; take one out of the circle"));
}

}  // namespace

// Takes away, again and again, what nothing must come before. What stays is in a circle or comes after one.
int32_t FindInCircle(const Problem& problem) {
  std::vector<std::vector<int32_t>> later(problem.precedences.empty() ? 0 : problem.wishes.size());
  std::vector<int32_t> before(later.size());
  for (const Precedence& one : problem.precedences) {
    later[static_cast<size_t>(one.earlier)].push_back(one.later);
    ++before[static_cast<size_t>(one.later)];
  }
  std::vector<size_t> ready;
  for (size_t i = 0; i < before.size(); ++i) {
    if (before[i] == 0) ready.push_back(i);
  }
  for (size_t k = 0; k < ready.size(); ++k) {
    for (const int32_t next : later[ready[k]]) {
      if (--before[static_cast<size_t>(next)] == 0) ready.push_back(static_cast<size_t>(next));
    }
  }
  if (ready.size() == later.size()) return kNone;
  // Each of them follows another one of them: whoever goes back for long enough goes round.
  std::vector<int32_t> follows(before.size(), kNone);
  for (const Precedence& one : problem.precedences) {
    if (before[static_cast<size_t>(one.earlier)] > 0) follows[static_cast<size_t>(one.later)] = one.earlier;
  }
  const auto stuck = std::find_if(before.begin(), before.end(), [](int32_t left) { return left > 0; });
  int32_t wish = static_cast<int32_t>(stuck - before.begin());
  for (size_t step = 0; step < before.size(); ++step) wish = follows[static_cast<size_t>(wish)];
  return wish;
}

int64_t SeatBonus(const Problem& problem) {
  std::vector<int64_t> best(problem.people.size());
  std::vector<int32_t> degree(problem.people.size());
  for (const Wish& wish : problem.wishes) {
    for (const int32_t person : {wish.first, wish.second}) {
      best[static_cast<size_t>(person)] = std::max(best[static_cast<size_t>(person)], wish.value);
      ++degree[static_cast<size_t>(person)];
    }
  }
  int64_t sum = 0;
  for (size_t i = 0; i < best.size(); ++i) {
    const int32_t most =
        std::min({degree[i], problem.people[i].most_meetings, static_cast<int32_t>(problem.slots.size())});
    sum += best[i] * most;
  }
  return sum / 2 + 1;
}

absl::Status Validate(const Problem& problem) {
  if (problem.wishes.size() >= INT32_MAX || problem.people.size() >= INT32_MAX)
    return Invalid("wishes", "are too many");
  TANDEM_RETURN_IF_ERROR(CheckSlots(problem));
  TANDEM_RETURN_IF_ERROR(CheckPlaces(problem));
  TANDEM_RETURN_IF_ERROR(CheckPeople(problem));
  for (size_t i = 0; i < problem.wishes.size(); ++i) TANDEM_RETURN_IF_ERROR(CheckWish(problem, i));
  TANDEM_RETURN_IF_ERROR(CheckLocked(problem));
  TANDEM_RETURN_IF_ERROR(CheckOrder(problem));
  const int64_t most = (int64_t{1} << 60) / static_cast<int64_t>(problem.people.size() + 1);
  if (SeatBonus(problem) > most) {
    return Invalid("wishes", absl::StrCat("are worth more than ", most, " together; scale their values down"));
  }
  return absl::OkStatus();
}

}  // namespace tandem::pairing::scheduling
