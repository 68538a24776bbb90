#include "services/pairing/meetings/scheduling/first_fit.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace tandem::pairing::scheduling {

std::vector<int32_t> OpenWishesByValue(const Board& board) {
  std::vector<std::pair<int64_t, int32_t>> order;
  for (int32_t i = 0; i < static_cast<int32_t>(board.problem().wishes.size()); ++i) {
    if (!board.placed(i)) order.emplace_back(-board.wish(i).value, i);
  }
  std::sort(order.begin(), order.end());
  std::vector<int32_t> wishes(order.size());
  std::transform(order.begin(), order.end(), wishes.begin(), [](const auto& one) { return one.second; });
  return wishes;
}

bool PlaceFirst(int32_t wish, Board* board) {
  for (int32_t word = 0; word < board->words(); ++word) {
    for (uint64_t free = board->FreeWord(wish, word); free != 0; free &= free - 1) {
      if (board->TryPlace(wish, word * 64 + std::countr_zero(free))) return true;
    }
  }
  return false;
}

void FirstFit(Board* board) {
  for (const int32_t wish : OpenWishesByValue(*board)) PlaceFirst(wish, board);
}

}  // namespace tandem::pairing::scheduling
