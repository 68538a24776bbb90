#include "services/pairing/meetings/schedules/schedule_words.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace tandem::pairing::meetings {

using scheduling::Rule;

v1::ScheduleRule RuleOf(Rule rule) {
  switch (rule) {
    case Rule::kFits:
      return v1::SCHEDULE_RULE_UNSPECIFIED;
    case Rule::kNoCommonSlot:
      return v1::SCHEDULE_RULE_NO_COMMON_SLOT;
    case Rule::kSlot:
      return v1::SCHEDULE_RULE_SLOT;
    case Rule::kPersonTwice:
      return v1::SCHEDULE_RULE_PERSON_TWICE;
    case Rule::kCalendarFull:
      return v1::SCHEDULE_RULE_CALENDAR_FULL;
    case Rule::kMostMeetings:
      return v1::SCHEDULE_RULE_MOST_MEETINGS;
    case Rule::kMostPerDay:
      return v1::SCHEDULE_RULE_MOST_PER_DAY;
    case Rule::kPool:
      return v1::SCHEDULE_RULE_PLACE;
    case Rule::kNoTable:
      return v1::SCHEDULE_RULE_NO_PLACE;
    case Rule::kNoInterpreter:
      return v1::SCHEDULE_RULE_NO_INTERPRETER;
    case Rule::kTravel:
      return v1::SCHEDULE_RULE_TRAVEL;
    case Rule::kOrder:
      return v1::SCHEDULE_RULE_ORDER;
    case Rule::kLocked:
      return v1::SCHEDULE_RULE_LOCKED;
    case Rule::kLostToMoreValuable:
      return v1::SCHEDULE_RULE_WORTH_LESS;
  }
  return v1::SCHEDULE_RULE_UNSPECIFIED;
}

std::string PhaseOf(scheduling::Phase phase) {
  switch (phase) {
    case scheduling::Phase::kSelect:
      return "choosing meetings";
    case scheduling::Phase::kColour:
      return "giving them slots";
    case scheduling::Phase::kImprove:
      return "making slots anew";
    case scheduling::Phase::kCloseGaps:
      return "closing gaps";
    case scheduling::Phase::kExplain:
      return "explaining what is left out";
  }
  return "";
}

void SetFigures(const scheduling::Outcome& outcome, v1::Schedule* schedule) {
  const auto set = [](const scheduling::Level& from, v1::ScheduleLevel* to) {
    to->set_value(from.value);
    to->set_bound(from.bound);
  };
  set(outcome.people, schedule->mutable_people());
  set(outcome.value, schedule->mutable_value());
  set(outcome.gaps, schedule->mutable_gaps());
  schedule->set_gap_spread(outcome.gap_spread);
  schedule->set_minimum(outcome.counts.minimum);
  schedule->set_median_thousandths(std::llround(outcome.counts.median * 1000));
  schedule->set_maximum(outcome.counts.maximum);
  schedule->set_gini_millionths(static_cast<int32_t>(std::lround(outcome.counts.gini * 1'000'000)));
  schedule->set_steps(outcome.steps);
}

void CountPlacements(const std::vector<v1::SchedulePlacement>& placements, v1::Schedule* schedule) {
  std::map<int, int32_t> unplaced;
  int32_t placed = 0;
  std::map<int, int32_t> changes;
  for (const v1::SchedulePlacement& placement : placements) {
    ++changes[placement.change()];
    if (placement.has_start_time()) {
      ++placed;
    } else {
      ++unplaced[placement.rule()];
    }
  }
  schedule->set_wished(static_cast<int32_t>(placements.size()));
  schedule->set_placed(placed);
  schedule->set_added(changes[v1::SchedulePlacement::CHANGE_ADDED]);
  schedule->set_moved(changes[v1::SchedulePlacement::CHANGE_MOVED]);
  schedule->set_removed(changes[v1::SchedulePlacement::CHANGE_REMOVED]);
  schedule->set_kept(changes[v1::SchedulePlacement::CHANGE_KEPT]);
  std::vector<std::pair<int32_t, int>> counts;
  for (const auto& [rule, count] : unplaced) counts.emplace_back(-count, rule);
  std::sort(counts.begin(), counts.end());
  schedule->clear_unplaced();
  for (const auto& [count, rule] : counts) {
    v1::UnplacedCount* one = schedule->add_unplaced();
    one->set_rule(static_cast<v1::ScheduleRule>(rule));
    one->set_count(-count);
  }
}

}  // namespace tandem::pairing::meetings
