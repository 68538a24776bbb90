#include "services/pairing/meetings/scheduling/colouring.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "services/pairing/meetings/scheduling/chains.h"

namespace tandem::pairing::scheduling {
namespace {

constexpr int32_t kMostTries = 50'000;  // pairs of slots looked at for balance

// How many slots the wish could be in: those with the fewest come first.
int32_t Freedom(const Board& board, int32_t wish) {
  int32_t count = 0;
  for (int32_t word = 0; word < board.words(); ++word) count += std::popcount(board.FreeWord(wish, word));
  return count;
}

// Which of the first `count` wishes to insert first: what is somebody's only one, then what has the fewest slots.
std::vector<int32_t> InsertionOrder(const Board& board, int32_t count) {
  std::vector<int32_t> degree(static_cast<size_t>(board.people()));
  for (int32_t person = 0; person < board.people(); ++person)
    degree[static_cast<size_t>(person)] = board.meetings(person);
  for (int32_t i = 0; i < count; ++i) {
    ++degree[static_cast<size_t>(board.wish(i).first)];
    ++degree[static_cast<size_t>(board.wish(i).second)];
  }
  std::vector<std::pair<int32_t, int32_t>> keys;
  for (int32_t i = 0; i < count; ++i) {
    const int32_t least =
        std::min(degree[static_cast<size_t>(board.wish(i).first)], degree[static_cast<size_t>(board.wish(i).second)]);
    keys.emplace_back(Freedom(board, i) + (least > 1 ? board.slots() : 0), i);
  }
  std::sort(keys.begin(), keys.end());
  std::vector<int32_t> order(keys.size());
  std::transform(keys.begin(), keys.end(), order.begin(), [](const auto& key) { return key.second; });
  return order;
}

// The same calendars and what the board holds, the chosen wishes with the slots open to them, and places for everybody.
Problem WithoutPlaces(const Board& board, const std::vector<int32_t>& wishes) {
  const Problem& problem = board.problem();
  Problem relaxed;
  relaxed.slots = problem.slots;
  relaxed.people = problem.people;
  relaxed.pools.push_back({kNone, std::vector<int32_t>(problem.slots.size(), board.people())});
  const bool confined = !board.plain() || !problem.slot_sets.empty() ||
                        std::any_of(relaxed.slots.begin(), relaxed.slots.end(), [&](const Slot& slot) {
                          return board.room(static_cast<int32_t>(&slot - relaxed.slots.data())) <= 0;
                        });
  for (const int32_t wish : wishes) {
    Wish one = board.wish(wish);
    one.pools = one.interpreter = one.slots = kNone;
    if (board.placed(wish)) {
      one.locked_slot = board.placement(wish).slot;
      one.locked_pool = 0;
    } else if (confined) {
      SlotSet set;
      for (int32_t slot = 0; slot < board.slots(); ++slot) {
        if (board.Allowed(wish, slot)) set.Add(static_cast<size_t>(slot));
      }
      one.slots = static_cast<int32_t>(relaxed.slot_sets.size());
      relaxed.slot_sets.push_back(std::move(set));
    }
    relaxed.wishes.push_back(one);
  }
  return relaxed;
}

// Moves meetings from slots with more than their places to slots with fewer, by chains that have one more in the
// former.
class Balancer {
 public:
  Balancer(Board* board, std::vector<int32_t> surplus) : board_(board), chains_(board), surplus_(std::move(surplus)) {}

  void Run() {
    for (int32_t from = 0; from < board_->slots(); ++from) {
      while (Surplus(from) > 0 && RelieveOne(from)) {
      }
    }
  }

 private:
  int32_t& Surplus(int32_t slot) { return surplus_[static_cast<size_t>(slot)]; }

  // To where there is room, or to a full slot that gives one away first.
  bool RelieveOne(int32_t from) {
    for (int32_t to = 0; to < board_->slots(); ++to) {
      if (Surplus(to) < 0 && Move(from, to)) return true;
    }
    for (int32_t over = 0; over < board_->slots(); ++over) {
      if (Surplus(over) != 0) continue;
      for (int32_t to = 0; to < board_->slots(); ++to) {
        if (Surplus(to) < 0 && Move(over, to)) break;
      }
      if (Surplus(over) < 0 && Move(from, over)) return true;
    }
    return false;
  }

  // One meeting more in `to` and one less in `from`. Goes on where it found the last one: what failed before mostly
  // fails again.
  bool Move(int32_t from, int32_t to) {
    if (++tries_ > kMostTries) return false;
    for (int32_t i = 0; i < board_->people(); ++i) {
      const int32_t person = (next_ + i) % board_->people();
      if (board_->at(person, from) == kNone || !board_->free(person, to)) continue;
      if (!chains_.Find(person, from, to) || chains_.surplus() == 0 || !chains_.Swap()) continue;
      --Surplus(from);
      ++Surplus(to);
      next_ = person;
      board_->Forget();
      return true;
    }
    return false;
  }

  int32_t next_ = 0;
  int32_t tries_ = 0;
  Board* board_;
  Chains chains_;
  std::vector<int32_t> surplus_;
};

}  // namespace

void ColourSelection(const std::vector<int32_t>& chosen, Board* board) {
  std::vector<int32_t> wishes = chosen;
  for (int32_t i = 0; i < static_cast<int32_t>(board->problem().wishes.size()); ++i) {
    if (board->placed(i)) wishes.push_back(i);
  }
  const Problem relaxed = WithoutPlaces(*board, wishes);
  Board colours(relaxed);
  Chains chains(&colours, INT32_MAX);
  const std::vector<int32_t> order = InsertionOrder(colours, static_cast<int32_t>(chosen.size()));
  for (const int32_t wish : order) chains.Insert(wish);
  colours.Forget();

  std::vector<int32_t> surplus(static_cast<size_t>(board->slots()));
  for (int32_t slot = 0; slot < board->slots(); ++slot)
    surplus[static_cast<size_t>(slot)] = -std::max(0, board->room(slot));
  for (int32_t i = 0; i < static_cast<int32_t>(chosen.size()); ++i) {
    if (colours.placed(i)) ++surplus[static_cast<size_t>(colours.placement(i).slot)];
  }
  Balancer(&colours, std::move(surplus)).Run();

  // Where places are short after all, what was inserted first has them.
  for (const int32_t i : order) {
    if (colours.placed(i)) board->TryPlace(chosen[static_cast<size_t>(i)], colours.placement(i).slot);
  }
}

}  // namespace tandem::pairing::scheduling
