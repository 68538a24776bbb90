#include "services/pairing/meetings/scheduling/schedule.h"

namespace tandem::pairing::scheduling {

const char* Name(Rule rule) {
  switch (rule) {
    case Rule::kFits:
      return "fits";
    case Rule::kNoCommonSlot:
      return "no common slot";
    case Rule::kSlot:
      return "slot not allowed";
    case Rule::kPersonTwice:
      return "person twice at a time";
    case Rule::kCalendarFull:
      return "calendar full";
    case Rule::kMostMeetings:
      return "most meetings reached";
    case Rule::kMostPerDay:
      return "most meetings of a day reached";
    case Rule::kPool:
      return "place not allowed";
    case Rule::kNoTable:
      return "no table left";
    case Rule::kNoInterpreter:
      return "no interpreter left";
    case Rule::kTravel:
      return "travel between halls";
    case Rule::kOrder:
      return "order of meetings";
    case Rule::kLocked:
      return "locked meeting moved";
    case Rule::kLostToMoreValuable:
      return "lost to more valuable meetings";
  }
  return "unknown";
}

}  // namespace tandem::pairing::scheduling
