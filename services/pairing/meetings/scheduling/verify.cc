#include "services/pairing/meetings/scheduling/verify.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"

namespace tandem::pairing::scheduling {
namespace {

class Verifier {
 public:
  Verifier(const Problem& problem, const Schedule& schedule) : problem_(problem), schedule_(schedule) {}

  std::vector<Violation> Run() {
    by_person_.resize(problem_.people.size());
    for (size_t i = 0; i < problem_.wishes.size(); ++i) CheckWish(static_cast<int32_t>(i));
    for (size_t person = 0; person < by_person_.size(); ++person) CheckPerson(static_cast<int32_t>(person));
    CheckCapacity(pool_use_, Rule::kNoTable);
    CheckCapacity(interpreter_use_, Rule::kNoInterpreter);
    CheckOrder();
    return std::move(found_);
  }

 private:
  using Use = std::map<std::pair<int32_t, int32_t>, int32_t>;  // pool, slot -> meetings

  const Placement& Where(int32_t wish) const { return schedule_.placements[static_cast<size_t>(wish)]; }
  const Slot& SlotOf(int32_t wish) const { return problem_.slots[static_cast<size_t>(Where(wish).slot)]; }
  int64_t End(int32_t wish) const { return SlotOf(wish).start_minute + SlotOf(wish).duration_minutes; }
  bool Sound(int32_t wish) const {
    const Placement& at = Where(wish);
    return at.slot >= 0 && static_cast<size_t>(at.slot) < problem_.slots.size() && at.pool >= 0 &&
           static_cast<size_t>(at.pool) < problem_.pools.size();
  }

  void CheckWish(int32_t index) {
    const Wish& wish = problem_.wishes[static_cast<size_t>(index)];
    const Placement& at = Where(index);
    if (wish.locked() && !(at == Placement{wish.locked_slot, wish.locked_pool})) {
      found_.push_back({Rule::kLocked, index, kNone, kNone, at.slot, at.pool});
    }
    if (at == Placement{}) return;
    if (!Sound(index)) {
      const bool slot_fine = at.slot >= 0 && static_cast<size_t>(at.slot) < problem_.slots.size();
      found_.push_back({slot_fine ? Rule::kPool : Rule::kSlot, index, kNone, kNone, at.slot, at.pool});
      return;
    }
    const size_t slot = static_cast<size_t>(at.slot);
    if (wish.slots != kNone && !problem_.slot_sets[static_cast<size_t>(wish.slots)].Has(slot)) {
      found_.push_back({Rule::kSlot, index, kNone, kNone, at.slot, kNone});
    }
    if (wish.pools != kNone) {
      const auto& set = problem_.pool_sets[static_cast<size_t>(wish.pools)];
      if (std::find(set.begin(), set.end(), at.pool) == set.end()) {
        found_.push_back({Rule::kPool, index, kNone, kNone, at.slot, at.pool});
      }
    }
    for (const int32_t person : {wish.first, wish.second}) {
      if (!problem_.people[static_cast<size_t>(person)].available.Has(slot)) {
        found_.push_back({Rule::kSlot, index, kNone, person, at.slot, kNone});
      }
      by_person_[static_cast<size_t>(person)].push_back(index);
    }
    ++pool_use_[{at.pool, at.slot}];
    if (wish.interpreter != kNone) ++interpreter_use_[{wish.interpreter, at.slot}];
  }

  void CheckPerson(int32_t person) {
    std::vector<int32_t>& mine = by_person_[static_cast<size_t>(person)];
    std::sort(mine.begin(), mine.end(), [this](int32_t a, int32_t b) {
      return std::make_pair(Where(a).slot, a) < std::make_pair(Where(b).slot, b);
    });
    const Person& who = problem_.people[static_cast<size_t>(person)];
    if (static_cast<int64_t>(mine.size()) > who.most_meetings) {
      found_.push_back({Rule::kMostMeetings, mine.back(), kNone, person, kNone, kNone});
    }
    std::map<int32_t, int32_t> of_day;
    for (size_t i = 0; i < mine.size(); ++i) {
      if (++of_day[SlotOf(mine[i]).day] == who.most_per_day + int64_t{1}) {
        found_.push_back({Rule::kMostPerDay, mine[i], kNone, person, Where(mine[i]).slot, kNone});
      }
      for (size_t k = 0; k < i; ++k) CheckTwo(person, mine[k], mine[i]);
    }
  }

  // `one` begins no later than `two`.
  void CheckTwo(int32_t person, int32_t one, int32_t two) {
    const int64_t begin = SlotOf(two).start_minute;
    if (Where(one).slot == Where(two).slot || End(one) > begin) {
      found_.push_back({Rule::kPersonTwice, two, one, person, Where(two).slot, kNone});
      return;
    }
    const int32_t from = problem_.pools[static_cast<size_t>(Where(one).pool)].hall;
    const int32_t to = problem_.pools[static_cast<size_t>(Where(two).pool)].hall;
    if (End(one) + problem_.Travel(from, to) > begin) {
      found_.push_back({Rule::kTravel, two, one, person, Where(two).slot, kNone});
    }
  }

  void CheckCapacity(const Use& use, Rule rule) {
    for (const auto& [where, count] : use) {
      const auto& [pool, slot] = where;
      const std::vector<int32_t>& capacity = rule == Rule::kNoTable
                                                 ? problem_.pools[static_cast<size_t>(pool)].capacity
                                                 : problem_.interpreters[static_cast<size_t>(pool)].capacity;
      if (count > capacity[static_cast<size_t>(slot)]) found_.push_back({rule, kNone, kNone, kNone, slot, pool});
    }
  }

  void CheckOrder() {
    for (const Precedence& one : problem_.precedences) {
      if (!Sound(one.earlier) || !Sound(one.later)) continue;
      if (End(one.earlier) > SlotOf(one.later).start_minute) {
        found_.push_back({Rule::kOrder, one.later, one.earlier, kNone, Where(one.later).slot, kNone});
      }
    }
  }

  const Problem& problem_;
  const Schedule& schedule_;
  std::vector<std::vector<int32_t>> by_person_;
  Use pool_use_;
  Use interpreter_use_;
  std::vector<Violation> found_;
};

}  // namespace

std::string ToString(const Violation& violation) {
  std::string text = Name(violation.rule);
  const auto add = [&](const char* what, int32_t index) {
    if (index != kNone) absl::StrAppend(&text, ", ", what, " ", index);
  };
  add("wish", violation.wish);
  add("and wish", violation.other);
  add("person", violation.person);
  add("slot", violation.slot);
  add("pool", violation.pool);
  return text;
}

std::vector<Violation> Verify(const Problem& problem, const Schedule& schedule) {
  return Verifier(problem, schedule).Run();
}

}  // namespace tandem::pairing::scheduling
