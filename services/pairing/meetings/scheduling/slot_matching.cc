#include "services/pairing/meetings/scheduling/slot_matching.h"

#include <algorithm>
#include <utility>

#include "services/pairing/meetings/scheduling/flow_network.h"
#include "services/pairing/meetings/scheduling/selection_flow.h"

namespace tandem::pairing::scheduling {
namespace {

constexpr int32_t kSource = 0;
constexpr int32_t kSink = 1;
constexpr int32_t kPriceRounds = 3;  // matchings made anew because interpreters were short

// Numbers for the people who take part, in the order in which they come.
class Numbers {
 public:
  explicit Numbers(int32_t people) : number_(static_cast<size_t>(people), kNone) {}
  int32_t Of(int32_t person) {
    int32_t& number = number_[static_cast<size_t>(person)];
    if (number == kNone) {
      number = static_cast<int32_t>(people_.size());
      people_.push_back(person);
    }
    return number;
  }
  const std::vector<int32_t>& people() const { return people_; }

 private:
  std::vector<int32_t> number_;
  std::vector<int32_t> people_;
};

std::vector<int32_t> BestMatching(const Board& board, int32_t slot, const std::vector<int32_t>& wishes,
                                  const std::vector<uint8_t>& sides, int64_t seat_bonus,
                                  const std::vector<int64_t>& prices) {
  Numbers numbers(board.people());
  std::vector<std::pair<int32_t, int32_t>> ends;
  ends.reserve(wishes.size());
  for (const int32_t wish : wishes) {
    const Wish& one = board.wish(wish);
    const bool forward = sides[static_cast<size_t>(one.first)] == 0;
    ends.emplace_back(numbers.Of(forward ? one.first : one.second), numbers.Of(forward ? one.second : one.first));
  }
  FlowNetwork network(2 + static_cast<int32_t>(numbers.people().size()));
  network.Reserve(wishes.size() + numbers.people().size() + 1);
  for (size_t i = 0; i < wishes.size(); ++i) {
    network.Add(2 + ends[i].first, 2 + ends[i].second, 1, -PricedValue(board.wish(wishes[i]), prices));
  }
  network.Add(kSink, kSource, std::max(0, board.room(slot)), 0);
  for (size_t i = 0; i < numbers.people().size(); ++i) {
    const int32_t person = numbers.people()[i];
    const int64_t cost = board.meetings(person) == 0 ? -seat_bonus : 0;
    const int32_t node = 2 + static_cast<int32_t>(i);
    if (sides[static_cast<size_t>(person)] == 0) {
      network.Add(kSource, node, 1, cost);
    } else {
      network.Add(node, kSink, 1, cost);
    }
  }
  network.Solve();
  std::vector<int32_t> best;
  for (size_t i = 0; i < wishes.size(); ++i) {
    if (network.flow(static_cast<int32_t>(i)) > 0) best.push_back(wishes[i]);
  }
  return best;
}

// Raises the prices of interpreters that the matching asks for too often, and lowers those of others. True if any rose.
bool MovePrices(const Board& board, int32_t slot, const std::vector<int32_t>& matching, std::vector<int64_t>* prices) {
  std::vector<int32_t> asked(prices->size());
  std::vector<int64_t> worth(prices->size());
  for (const int32_t wish : matching) {
    const Wish& one = board.wish(wish);
    if (one.interpreter == kNone) continue;
    ++asked[static_cast<size_t>(one.interpreter)];
    worth[static_cast<size_t>(one.interpreter)] += one.value;
  }
  bool rose = false;
  for (size_t pool = 0; pool < prices->size(); ++pool) {
    int64_t& price = (*prices)[pool];
    const int32_t room = std::max(0, board.interpreter_room(static_cast<int32_t>(pool), slot));
    if (asked[pool] > room) {
      // The more are asked for in vain, the farther: at most half of what one is worth.
      price += 1 + worth[pool] / asked[pool] * (asked[pool] - room) / (2 * asked[pool]);
      rose = true;
    } else if (asked[pool] < room) {
      price -= price / 8;
    }
  }
  return rose;
}

}  // namespace

bool RematchSlot(int32_t slot, const std::vector<int32_t>& candidates, const std::vector<uint8_t>& sides,
                 int64_t seat_bonus, std::vector<int64_t>* prices, Board* board) {
  prices->resize(board->problem().interpreters.size());
  const auto crosses = [&](int32_t wish) {
    const Wish& one = board->wish(wish);
    return sides[static_cast<size_t>(one.first)] != sides[static_cast<size_t>(one.second)];
  };
  const auto worth = [&] { return board->seated() * seat_bonus + board->value(); };
  const int64_t before = worth();
  const size_t mark = board->Mark();
  std::vector<int32_t> possible;
  for (int32_t person = 0; person < board->people(); ++person) {
    const int32_t wish = board->at(person, slot);
    if (wish == kNone || !board->movable(wish) || !crosses(wish)) continue;
    board->Remove(wish);
    possible.push_back(wish);
  }
  std::sort(possible.begin(), possible.end());
  const std::vector<int32_t> was = possible;
  int32_t pool = kNone;
  for (const int32_t wish : candidates) {
    if (board->placed(wish) || !crosses(wish) || board->Check(wish, slot, &pool) != Rule::kFits) continue;
    if (!std::binary_search(was.begin(), was.end(), wish)) possible.push_back(wish);
  }
  std::vector<int32_t> best = BestMatching(*board, slot, possible, sides, seat_bonus, *prices);
  for (int32_t i = 0; i < kPriceRounds && MovePrices(*board, slot, best, prices); ++i) {
    best = BestMatching(*board, slot, possible, sides, seat_bonus, *prices);
  }
  std::sort(best.begin(), best.end(), [board](int32_t a, int32_t b) {
    return std::make_pair(-board->wish(a).value, a) < std::make_pair(-board->wish(b).value, b);
  });
  for (const int32_t wish : best) board->TryPlace(wish, slot);
  for (const int32_t wish : was) {
    if (!board->placed(wish)) board->TryPlace(wish, slot);
  }
  if (worth() > before) return true;
  board->RollBack(mark);
  return false;
}

}  // namespace tandem::pairing::scheduling
