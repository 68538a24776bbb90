// Schedules as people read them.
#ifndef TANDEM_TOOLS_TANDEM_SCHEDULE_TABLES_H_
#define TANDEM_TOOLS_TANDEM_SCHEDULE_TABLES_H_

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "tandem/pairing/v1/schedule.pb.h"
#include "tandem/pairing/v1/schedule_service.pb.h"
#include "tools/tandem/edition_zone.h"

namespace tandem::cli {

// How far `value` is from `bound`, in percent of the bound with three decimals: "0.054 %". "-" when the bound is 0 and
// not reached.
std::string GapText(const pairing::v1::ScheduleLevel& level);

// A schedule with its levels, what it does to what is booked, and what keeps meetings out. `width` 0 is no limit.
std::string ScheduleText(const pairing::v1::Schedule& schedule, size_t width);

// The title of a project or an investor (a name); empty where there is none.
using TitleOfParty = std::function<std::string(const std::string& party)>;

// What it changes: added, moved and removed, by time.
std::string ChangesText(std::vector<pairing::v1::SchedulePlacement> placements, const EditionZone& zone,
                        const TitleOfParty& title, size_t width);

// What it does not place, and why, the most valuable first.
std::string UnplacedText(std::vector<pairing::v1::SchedulePlacement> placements, const TitleOfParty& title,
                         size_t width);

// What is broken, or that nothing is.
std::string ViolationsText(const pairing::v1::VerifyScheduleResponse& verified, const EditionZone& zone, size_t width);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_SCHEDULE_TABLES_H_
