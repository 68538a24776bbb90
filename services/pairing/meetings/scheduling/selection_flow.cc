#include "services/pairing/meetings/scheduling/selection_flow.h"

#include <algorithm>
#include <bit>

#include "services/pairing/meetings/scheduling/flow_network.h"

namespace tandem::pairing::scheduling {
namespace {

constexpr int32_t kSource = 0;
constexpr int32_t kSink = 1;

// How often each person can meet beside what the board holds, and whether that would seat it.
std::vector<int32_t> LimitsOf(const Board& board, const std::vector<int32_t>& open) {
  const size_t words = static_cast<size_t>(board.words());
  std::vector<uint64_t> useful(static_cast<size_t>(board.people()) * words);
  for (const int32_t wish : open) {
    for (int32_t word = 0; word < board.words(); ++word) {
      const uint64_t free = board.FreeWord(wish, word);
      for (const int32_t person : {board.wish(wish).first, board.wish(wish).second}) {
        useful[static_cast<size_t>(person) * words + static_cast<size_t>(word)] |= free;
      }
    }
  }
  std::vector<int32_t> limits(static_cast<size_t>(board.people()));
  for (int32_t person = 0; person < board.people(); ++person) {
    const Person& who = board.problem().people[static_cast<size_t>(person)];
    int32_t sum = 0;
    int32_t of_day = 0;
    for (int32_t slot = 0; slot < board.slots(); ++slot) {
      if (slot == 0 || board.day(slot) != board.day(slot - 1)) of_day = board.meetings_of_day(person, slot);
      if ((useful[static_cast<size_t>(person) * words + static_cast<size_t>(slot / 64)] >> (slot % 64) & 1) == 0)
        continue;
      if (of_day >= who.most_per_day) continue;
      ++of_day;
      ++sum;
    }
    limits[static_cast<size_t>(person)] = std::max(0, std::min(sum, who.most_meetings - board.meetings(person)));
  }
  return limits;
}

// No slot holds more meetings than it has places, nor more than the people of a side, or half of all, who are free.
int32_t PlacesOf(const Board& board, const std::vector<uint8_t>& sides) {
  int64_t places = 0;
  for (int32_t slot = 0; slot < board.slots(); ++slot) {
    int32_t free[2] = {0, 0};
    for (int32_t person = 0; person < board.people(); ++person) {
      if (board.free(person, slot)) ++free[sides.empty() ? 0 : sides[static_cast<size_t>(person)]];
    }
    const int32_t most = sides.empty() ? free[0] / 2 : std::min(free[0], free[1]);
    places += std::max(0, std::min(most, board.room(slot)));
  }
  return static_cast<int32_t>(std::min<int64_t>(places, INT32_MAX / 2));
}

bool HasFreeSlot(const Board& board, int32_t wish) {
  for (int32_t word = 0; word < board.words(); ++word) {
    if (board.FreeWord(wish, word) != 0) return true;
  }
  return false;
}

class SelectionNetwork {
 public:
  SelectionNetwork(const Board& board, const std::vector<uint8_t>& sides, int64_t seat_bonus,
                   const std::vector<int64_t>& prices)
      : board_(board),
        sides_(sides),
        bonus_(seat_bonus),
        prices_(prices),
        network_(2 + board.people() * (sides.empty() ? 2 : 1)) {}

  Selection Solve() {
    std::vector<int32_t> open;
    for (int32_t i = 0; i < static_cast<int32_t>(board_.problem().wishes.size()); ++i) {
      if (!board_.placed(i) && HasFreeSlot(board_, i)) open.push_back(i);
    }
    limits_ = LimitsOf(board_, open);
    open.erase(std::remove_if(open.begin(), open.end(),
                              [this](int32_t wish) {
                                return Limit(board_.wish(wish).first) <= 0 || Limit(board_.wish(wish).second) <= 0;
                              }),
               open.end());
    const bool two_sided = !sides_.empty();
    network_.Reserve(open.size() * 2 + static_cast<size_t>(board_.people()) * 4);
    for (int32_t person = 0; person < board_.people(); ++person) {
      if (Limit(person) <= 0) continue;
      if (!two_sided || Side(person) == 0) AddPerson(person, kSource, Left(person));
      if (!two_sided || Side(person) == 1) AddPerson(person, Right(person), kSink);
    }
    const int32_t first = network_.Add(kSink, kSource, PlacesOf(board_, sides_) * (two_sided ? 1 : 2), 0) + 1;
    for (const int32_t wish : open) {
      const Wish& one = board_.wish(wish);
      const bool forward = !two_sided || Side(one.first) == 0;
      network_.Add(Left(forward ? one.first : one.second), Right(forward ? one.second : one.first), 1,
                   -PricedValue(one, prices_));
      if (!two_sided) network_.Add(Left(one.second), Right(one.first), 1, -PricedValue(one, prices_));
    }
    network_.Solve();
    return Read(open, first);
  }

 private:
  int32_t Limit(int32_t person) const { return limits_[static_cast<size_t>(person)]; }
  int32_t Side(int32_t person) const { return sides_[static_cast<size_t>(person)]; }
  int32_t Left(int32_t person) const { return 2 + person; }
  int32_t Right(int32_t person) const { return 2 + person + (sides_.empty() ? board_.people() : 0); }

  void AddPerson(int32_t person, int32_t from, int32_t to) {
    const bool seats = board_.meetings(person) == 0;
    if (seats) seat_arcs_.push_back(network_.Add(from, to, 1, -bonus_));
    if (Limit(person) > (seats ? 1 : 0)) network_.Add(from, to, Limit(person) - (seats ? 1 : 0), 0);
  }

  Selection Read(const std::vector<int32_t>& open, int32_t first) const {
    Selection selection;
    selection.loss.assign(board_.problem().wishes.size(), INT64_MAX);
    int64_t seats = 0;
    for (const int32_t arc : seat_arcs_) seats += network_.flow(arc);
    const int32_t copies = sides_.empty() ? 2 : 1;
    int64_t value = 0;
    for (size_t i = 0; i < open.size(); ++i) {
      const int32_t arc = first + static_cast<int32_t>(i) * copies;
      int32_t flow = network_.flow(arc);
      int64_t loss = network_.ReducedCost(arc);
      if (copies == 2) {
        flow += network_.flow(arc + 1);
        loss = std::min(loss, network_.ReducedCost(arc + 1));
      }
      value += flow * board_.wish(open[i]).value;
      selection.loss[static_cast<size_t>(open[i])] = loss;
      if (flow == copies) selection.chosen.push_back(open[i]);
    }
    selection.most_seated = board_.seated() + static_cast<int32_t>(seats / copies);
    selection.most_value = board_.value() + value / copies;
    return selection;
  }

  const Board& board_;
  const std::vector<uint8_t>& sides_;
  const int64_t bonus_;
  const std::vector<int64_t>& prices_;
  FlowNetwork network_;
  std::vector<int32_t> limits_;
  std::vector<int32_t> seat_arcs_;
};

}  // namespace

std::vector<uint8_t> FindSides(const Problem& problem) {
  constexpr uint8_t kUnknown = 2;
  const size_t people = problem.people.size();
  std::vector<int32_t> first(people + 1);
  for (const Wish& wish : problem.wishes) {
    ++first[static_cast<size_t>(wish.first)];
    ++first[static_cast<size_t>(wish.second)];
  }
  for (size_t i = 1; i <= people; ++i) first[i] += first[i - 1];
  std::vector<int32_t> partners(problem.wishes.size() * 2);
  for (const Wish& wish : problem.wishes) {
    partners[static_cast<size_t>(--first[static_cast<size_t>(wish.first)])] = wish.second;
    partners[static_cast<size_t>(--first[static_cast<size_t>(wish.second)])] = wish.first;
  }
  std::vector<uint8_t> sides(people, kUnknown);
  std::vector<size_t> queue;
  for (size_t start = 0; start < people; ++start) {
    if (sides[start] != kUnknown) continue;
    sides[start] = 0;
    queue.assign(1, start);
    for (size_t k = 0; k < queue.size(); ++k) {
      const size_t person = queue[k];
      for (int32_t i = first[person]; i < first[person + 1]; ++i) {
        const size_t partner = static_cast<size_t>(partners[static_cast<size_t>(i)]);
        if (sides[partner] == sides[person]) return {};
        if (sides[partner] != kUnknown) continue;
        sides[partner] = static_cast<uint8_t>(1 - sides[person]);
        queue.push_back(partner);
      }
    }
  }
  return sides;
}

int64_t PricedValue(const Wish& wish, const std::vector<int64_t>& prices) {
  const size_t pool = static_cast<size_t>(wish.interpreter);
  return wish.interpreter == kNone || pool >= prices.size() ? wish.value : wish.value - prices[pool];
}

Selection SelectWishes(const Board& board, const std::vector<uint8_t>& sides, int64_t seat_bonus,
                       const std::vector<int64_t>& prices) {
  return SelectionNetwork(board, sides, seat_bonus, prices).Solve();
}

}  // namespace tandem::pairing::scheduling
