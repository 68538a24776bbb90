// ProblemTest: an edition as a problem of scheduling, looked at by the names of its pairings and people.
#ifndef TANDEM_TESTS_UNIT_SERVICES_PAIRING_MEETINGS_SCHEDULES_PROBLEM_FIXTURE_H_
#define TANDEM_TESTS_UNIT_SERVICES_PAIRING_MEETINGS_SCHEDULES_PROBLEM_FIXTURE_H_

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

#include "common/base/status.h"
#include "services/pairing/meetings/schedules/problem_maker.h"
#include "tests/unit/services/pairing/meetings/schedules/snapshot_fixture.h"

namespace tandem::pairing::meetings {

// A table in each of two halls, 20 minutes apart (pools 0 and 1), before the first slot begins.
class ProblemTest : public SnapshotTest {
 protected:
  ProblemTest() {
    AddPlace("t1", "east");
    AddPlace("t2", "west");
    AddWay("east", "west", 20);
    choice_.now = At("2026-11-13T00:00:00Z");
  }

  ScheduleProblem Make() const {
    auto made = ScheduleProblem::Make(snapshot_, choice_);
    EXPECT_TRUE(made.ok()) << made.status();
    const absl::Status valid = scheduling::Validate(made->problem());
    EXPECT_TRUE(valid.ok()) << valid;
    return *std::move(made);
  }
  // The fields that are wrong; how the last one is, is in `message_`.
  std::vector<std::string> Refused() {
    const auto made = ScheduleProblem::Make(snapshot_, choice_);
    const ErrorDetail detail = GetErrorDetail(made.status());
    EXPECT_EQ(detail.reason, "FIELD_INVALID") << made.status();
    std::vector<std::string> fields;
    for (const FieldViolation& violation : detail.violations) {
      fields.push_back(violation.field);
      message_ = violation.description;
    }
    return fields;
  }

  static size_t IndexOf(const ScheduleProblem& made, const std::string& pairing) {
    for (size_t i = 0; i < made.wishes().size(); ++i) {
      if (made.wishes()[i].pairing == pairing) return i;
    }
    ADD_FAILURE() << pairing << " is not wished";
    return 0;
  }
  static const scheduling::Wish& WishOf(const ScheduleProblem& made, const std::string& pairing) {
    return made.problem().wishes.at(IndexOf(made, pairing));
  }
  // In which slots, and where, a pairing could meet.
  static std::vector<int> SlotsOf(const ScheduleProblem& made, const std::string& pairing) {
    const scheduling::Problem& problem = made.problem();
    const scheduling::Wish& wish = WishOf(made, pairing);
    std::vector<int> slots;
    for (size_t slot = 0; slot < problem.slots.size(); ++slot) {
      if (problem.people.at(static_cast<size_t>(wish.first)).available.Has(slot) &&
          problem.people.at(static_cast<size_t>(wish.second)).available.Has(slot) &&
          (wish.slots == kNone || problem.slot_sets.at(static_cast<size_t>(wish.slots)).Has(slot)))
        slots.push_back(static_cast<int>(slot));
    }
    return slots;
  }
  static std::set<int> PoolsOf(const ScheduleProblem& made, const std::string& pairing) {
    const scheduling::Problem& problem = made.problem();
    const scheduling::Wish& wish = WishOf(made, pairing);
    std::set<int> pools;
    if (wish.pools != kNone) {
      const std::vector<int32_t>& of_wish = problem.pool_sets.at(static_cast<size_t>(wish.pools));
      return {of_wish.begin(), of_wish.end()};
    }
    for (size_t pool = 0; pool < problem.pools.size(); ++pool) pools.insert(static_cast<int>(pool));
    return pools;
  }

  static std::set<std::string> WishedIn(const ScheduleProblem& made) {
    std::set<std::string> wished;
    for (const WishFacts& wish : made.wishes()) {
      if (wish.booking.has_value()) continue;
      EXPECT_TRUE(wished.insert(wish.pairing).second) << wish.pairing;
    }
    return wished;
  }
  static std::set<std::string> LockedIn(const ScheduleProblem& made) {
    std::set<std::string> locked;
    for (size_t i = 0; i < made.wishes().size(); ++i) {
      if (made.problem().wishes.at(i).locked()) locked.insert(made.wishes()[i].pairing);
    }
    return locked;
  }

  static const scheduling::Person& PersonIn(const ScheduleProblem& made, const std::string& name) {
    for (int i = 0; i < made.participants().size(); ++i) {
      const int person = made.PersonOf(i);
      if (person != kNone && made.participants().at(i).calendar.name() == name)
        return made.problem().people.at(static_cast<size_t>(person));
    }
    static const scheduling::Person nobody;
    ADD_FAILURE() << name << " is nobody of the problem";
    return nobody;
  }
  static int32_t LimitOf(const ScheduleProblem& made, absl::string_view representative) {
    return PersonIn(made, Person(representative)).most_per_day;
  }

  Choice choice_;
  std::string message_;  // of what was refused last
};

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_TESTS_UNIT_SERVICES_PAIRING_MEETINGS_SCHEDULES_PROBLEM_FIXTURE_H_
