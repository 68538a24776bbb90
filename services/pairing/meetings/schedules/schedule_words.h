// Schedules in the words of the contract: figures, rules, sentences. Pure.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_SCHEDULE_WORDS_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_SCHEDULE_WORDS_H_

#include <string>
#include <vector>

#include "services/pairing/meetings/scheduling/schedule.h"
#include "services/pairing/meetings/scheduling/scheduler.h"
#include "tandem/pairing/v1/schedule.pb.h"

namespace tandem::pairing::meetings {

v1::ScheduleRule RuleOf(scheduling::Rule rule);

// `selecting`, ...: what a run shows.
std::string PhaseOf(scheduling::Phase phase);

// Sets the levels and counts of `outcome`.
void SetFigures(const scheduling::Outcome& outcome, v1::Schedule* schedule);

// Sets what is counted of placements: wished, placed, changes, rules that keep others out.
void CountPlacements(const std::vector<v1::SchedulePlacement>& placements, v1::Schedule* schedule);

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_SCHEDULE_WORDS_H_
