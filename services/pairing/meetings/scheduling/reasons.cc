#include "services/pairing/meetings/scheduling/reasons.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>

namespace tandem::pairing::scheduling {
namespace {

bool HasFreeSlot(const Board& board, int32_t person) {
  for (int32_t word = 0; word < board.words(); ++word) {
    if (board.PersonFreeWord(person, word) != 0) return true;
  }
  return false;
}

Rule Explain(const Board& board, int32_t wish) {
  const Wish& one = board.wish(wish);
  bool common = false;
  for (int32_t word = 0; word < board.words(); ++word) common = common || board.AllowedWord(wish, word) != 0;
  if (!common) return Rule::kNoCommonSlot;
  for (const int32_t person : {one.first, one.second}) {
    if (board.meetings(person) >= board.problem().people[static_cast<size_t>(person)].most_meetings)
      return Rule::kMostMeetings;
  }
  if (!HasFreeSlot(board, one.first) || !HasFreeSlot(board, one.second)) return Rule::kCalendarFull;
  std::array<int32_t, static_cast<size_t>(Rule::kLostToMoreValuable) + 1> times{};
  for (int32_t word = 0; word < board.words(); ++word) {
    for (uint64_t free = board.FreeWord(wish, word); free != 0; free &= free - 1) {
      int32_t pool = kNone;
      const Rule rule = board.Check(wish, word * 64 + std::countr_zero(free), &pool);
      if (rule != Rule::kFits) ++times[static_cast<size_t>(rule)];
    }
  }
  const auto most = std::max_element(times.begin(), times.end());
  return *most == 0 ? Rule::kLostToMoreValuable : static_cast<Rule>(most - times.begin());
}

}  // namespace

std::vector<Rule> ExplainUnplaced(const Board& board) {
  std::vector<Rule> reasons(board.problem().wishes.size(), Rule::kFits);
  for (size_t i = 0; i < reasons.size(); ++i) {
    if (!board.placed(static_cast<int32_t>(i))) reasons[i] = Explain(board, static_cast<int32_t>(i));
  }
  return reasons;
}

}  // namespace tandem::pairing::scheduling
