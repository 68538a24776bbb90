#include "services/pairing/meetings/scheduling/outcome.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "services/pairing/meetings/scheduling/gaps.h"

namespace tandem::pairing::scheduling {
namespace {

MeetingCounts CountMeetings(const Board& board) {
  std::vector<uint8_t> wished(static_cast<size_t>(board.people()));
  for (const Wish& wish : board.problem().wishes) {
    wished[static_cast<size_t>(wish.first)] = wished[static_cast<size_t>(wish.second)] = 1;
  }
  std::vector<int32_t> meetings;
  for (int32_t person = 0; person < board.people(); ++person) {
    if (wished[static_cast<size_t>(person)] != 0) meetings.push_back(board.meetings(person));
  }
  if (meetings.empty()) return {};
  std::sort(meetings.begin(), meetings.end());
  const size_t count = meetings.size();
  MeetingCounts counts;
  counts.minimum = meetings.front();
  counts.maximum = meetings.back();
  counts.median = (meetings[(count - 1) / 2] + meetings[count / 2]) / 2.0;
  double sum = 0;
  double weighted = 0;
  for (size_t i = 0; i < count; ++i) {
    sum += meetings[i];
    weighted += static_cast<double>(i + 1) * meetings[i];
  }
  const double people = static_cast<double>(count);
  if (sum > 0) counts.gini = 2 * weighted / (people * sum) - (people + 1) / people;
  return counts;
}

}  // namespace

double Level::gap() const {
  if (bound == 0) return static_cast<double>(value);
  return static_cast<double>(std::abs(bound - value)) / static_cast<double>(bound);
}

Outcome AssessBoard(const Board& board) {
  Outcome outcome;
  outcome.schedule = board.ToSchedule();
  outcome.people.value = board.seated();
  outcome.value.value = board.value();
  const GapTotals gaps = CountGaps(board);
  outcome.gaps.value = gaps.gaps;
  outcome.gap_spread = gaps.spread;
  outcome.meetings = board.placed_count();
  outcome.counts = CountMeetings(board);
  return outcome;
}

Outcome Assess(const Problem& problem, const Schedule& schedule) {
  Board board(problem);
  for (size_t i = 0; i < schedule.placements.size(); ++i) {
    const int32_t wish = static_cast<int32_t>(i);
    if (!board.placed(wish) && schedule.placements[i].placed()) board.Place(wish, schedule.placements[i]);
  }
  return AssessBoard(board);
}

}  // namespace tandem::pairing::scheduling
