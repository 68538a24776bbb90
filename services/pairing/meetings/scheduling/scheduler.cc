#include "services/pairing/meetings/scheduling/scheduler.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "common/base/status.h"
#include "services/pairing/meetings/scheduling/board.h"
#include "services/pairing/meetings/scheduling/chains.h"
#include "services/pairing/meetings/scheduling/colouring.h"
#include "services/pairing/meetings/scheduling/first_fit.h"
#include "services/pairing/meetings/scheduling/gaps.h"
#include "services/pairing/meetings/scheduling/outcome.h"
#include "services/pairing/meetings/scheduling/reasons.h"
#include "services/pairing/meetings/scheduling/seating.h"
#include "services/pairing/meetings/scheduling/selection_flow.h"
#include "services/pairing/meetings/scheduling/slot_matching.h"

namespace tandem::pairing::scheduling {
namespace {

// Wishes that the best selection would give up most for are not worth a look: so many are kept for each one it has.
constexpr size_t kCandidatesForOne = 4;
constexpr size_t kFewestCandidates = 20'000;
// A round that gains less than this part of what is missing to the bound was in vain.
constexpr int64_t kSmallestGain = 20;
constexpr int32_t kLongestChain = 100;
constexpr int32_t kPriceRounds = 6;  // selections made anew because interpreters were short

uint64_t Mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

class Run {
 public:
  Run(const Problem& problem, const Options& options)
      : problem_(problem),
        options_(options),
        board_(problem),
        sides_(FindSides(problem)),
        seat_bonus_(options.people_first ? SeatBonus(problem) : 0),
        random_(options.seed) {}

  absl::StatusOr<Outcome> Make() {
    TANDEM_RETURN_IF_ERROR(Report(Phase::kSelect));
    Selection selection = SelectWishes(board_, sides_, seat_bonus_);
    TANDEM_RETURN_IF_ERROR(Report(Phase::kColour));
    const Board empty = board_;
    if (problem_.interpreters.empty()) {
      KeepCandidates(selection);
      Start(selection);
    } else {
      const Selection affordable = SelectAffordable(selection);
      KeepCandidates(affordable);
      Start(selection);
      Board other = empty;
      std::swap(board_, other);
      Start(affordable);
      KeepBetter(std::move(other));
    }
    if (!board_.plain()) TryFirstFit(empty);
    TANDEM_RETURN_IF_ERROR(Improve(selection));
    Fill(OpenWishesByValue(board_));
    TANDEM_RETURN_IF_ERROR(CloseGaps());
    TANDEM_RETURN_IF_ERROR(Report(Phase::kExplain));
    Outcome outcome = AssessBoard(board_);
    outcome.schedule.reasons = ExplainUnplaced(board_);
    outcome.steps = steps_;
    // With fewer people seated more value may be had: then only the bound of any schedule at all holds.
    if (seat_bonus_ > 0 && board_.seated() < selection.most_seated) {
      outcome.value.bound = SelectWishes(empty, sides_, 0).most_value;
    } else {
      outcome.value.bound = selection.most_value;
    }
    outcome.people.bound =
        seat_bonus_ > 0 ? selection.most_seated : SelectWishes(empty, sides_, SeatBonus(problem_)).most_seated;
    return outcome;
  }

 private:
  absl::Status Report(Phase phase) {
    if (!options_.progress) return absl::OkStatus();
    if (options_.progress({phase, steps_, board_.seated(), board_.value()})) return absl::OkStatus();
    return absl::CancelledError("the scheduler was asked to stop; nothing is kept");
  }

  int64_t Worth() const { return board_.seated() * seat_bonus_ + board_.value(); }
  uint64_t Next() { return Mix(random_ += 0x9e3779b97f4a7c15); }

  // A selection that asks for about as many interpreters as there are, found by raising their prices.
  Selection SelectAffordable(Selection selection) {
    std::vector<int64_t> least(problem_.interpreters.size(), 0);
    std::vector<int64_t> most(least.size(), 1);
    for (const Wish& wish : problem_.wishes) {
      if (wish.interpreter == kNone) continue;
      int64_t& bound = most[static_cast<size_t>(wish.interpreter)];
      bound = std::max(bound, wish.value);
    }
    prices_.assign(least.size(), 0);
    for (int32_t round = 0; round < kPriceRounds; ++round) {
      std::vector<int64_t> asked(least.size());
      for (const int32_t wish : selection.chosen) {
        if (board_.wish(wish).interpreter != kNone) ++asked[static_cast<size_t>(board_.wish(wish).interpreter)];
      }
      bool moved = false;
      for (size_t pool = 0; pool < least.size(); ++pool) {
        const std::vector<int32_t>& capacity = problem_.interpreters[pool].capacity;
        const bool too_many = asked[pool] > std::accumulate(capacity.begin(), capacity.end(), int64_t{0});
        if (!too_many && prices_[pool] == 0) continue;
        (too_many ? least : most)[pool] = prices_[pool];
        prices_[pool] = least[pool] + (most[pool] - least[pool]) / 2;
        moved = true;
      }
      if (!moved) break;
      selection = SelectWishes(board_, sides_, seat_bonus_, prices_);
    }
    return selection;
  }

  void Start(const Selection& selection) {
    ColourSelection(selection.chosen, &board_);
    Fill(candidates_);
  }

  void KeepBetter(Board other) {
    if (other.seated() * seat_bonus_ + other.value() > Worth()) board_ = std::move(other);
  }

  // Where ways and interpreters leave little of the selection, common practice may do better to begin with.
  void TryFirstFit(const Board& empty) {
    Board other = empty;
    FirstFit(&other);
    other.Forget();
    KeepBetter(std::move(other));
  }

  // By falling value.
  void KeepCandidates(const Selection& selection) {
    std::vector<std::pair<int64_t, int32_t>> by_loss;
    for (size_t i = 0; i < selection.loss.size(); ++i) {
      if (selection.loss[i] != INT64_MAX) by_loss.emplace_back(selection.loss[i], static_cast<int32_t>(i));
    }
    const size_t most = std::max(kFewestCandidates, selection.chosen.size() * kCandidatesForOne);
    if (by_loss.size() > most) {
      std::nth_element(by_loss.begin(), by_loss.begin() + static_cast<std::ptrdiff_t>(most), by_loss.end());
      by_loss.resize(most);
    }
    for (const auto& [loss, wish] : by_loss) candidates_.push_back(wish);
    std::sort(candidates_.begin(), candidates_.end(), [this](int32_t a, int32_t b) {
      return std::make_pair(-board_.wish(a).value, a) < std::make_pair(-board_.wish(b).value, b);
    });
  }

  // Places what chains find a slot for; first what brings somebody a first meeting.
  void Fill(const std::vector<int32_t>& wishes) {
    Chains chains(&board_, kLongestChain);
    const auto first = [this](int32_t wish) {
      return board_.meetings(board_.wish(wish).first) == 0 || board_.meetings(board_.wish(wish).second) == 0;
    };
    for (const bool seats : {true, false}) {
      if (seats && seat_bonus_ == 0) continue;
      int64_t room = 0;
      for (int32_t slot = 0; slot < board_.slots(); ++slot) room += std::max(0, board_.room(slot));
      for (size_t i = 0; i < wishes.size() && room > 0; ++i) {
        if (board_.placed(wishes[i]) || (seats && !first(wishes[i]))) continue;
        if (chains.Insert(wishes[i])) --room;
      }
    }
    board_.Forget();
  }

  // Everybody's side; where there are none, drawn anew for each step.
  std::vector<uint8_t> SidesNow() {
    if (!sides_.empty()) return sides_;
    std::vector<uint8_t> sides(problem_.people.size());
    for (uint8_t& side : sides) side = static_cast<uint8_t>(Next() & 1);
    return sides;
  }

  // Makes slots anew, in a new order each round, until a round is in vain.
  absl::Status Improve(const Selection& selection) {
    std::vector<int32_t> order(static_cast<size_t>(board_.slots()));
    std::iota(order.begin(), order.end(), 0);
    const int64_t most = selection.most_seated * seat_bonus_ + selection.most_value;
    int32_t in_vain = 0;
    const int32_t patience = sides_.empty() ? 4 : 1;
    while (in_vain < patience && !order.empty()) {
      for (size_t i = order.size() - 1; i > 0; --i) std::swap(order[i], order[Next() % (i + 1)]);
      const int64_t before = Worth();
      for (const int32_t slot : order) {
        if (Worth() >= most) return absl::OkStatus();
        if (steps_ >= options_.steps) return absl::OkStatus();
        TANDEM_RETURN_IF_ERROR(Report(Phase::kImprove));
        ++steps_;
        RematchSlot(slot, candidates_, SidesNow(), seat_bonus_, &prices_, &board_);
        board_.Forget();
      }
      if (seat_bonus_ > 0 && board_.seated() < selection.most_seated) Seating(&board_).SeatMore(selection.most_seated);
      board_.Forget();
      if (Worth() > before) Fill(candidates_);
      in_vain = Worth() - before > (most - Worth()) / kSmallestGain ? 0 : in_vain + 1;
    }
    return absl::OkStatus();
  }

  absl::Status CloseGaps() {
    GapCloser closer(&board_);
    const int32_t share = std::max(1, (board_.people() + board_.slots()) / std::max(1, board_.slots()));
    int32_t steps = 0;
    for (const bool fair : {false, true}) {
      bool better = true;
      while (better) {
        better = false;
        for (int32_t begin = 0; begin < board_.people(); begin += share) {
          if (steps >= options_.steps) return absl::OkStatus();
          TANDEM_RETURN_IF_ERROR(Report(Phase::kCloseGaps));
          ++steps;
          ++steps_;
          better = closer.Close(begin, std::min(begin + share, board_.people()), fair) > 0 || better;
          board_.Forget();
        }
      }
    }
    return absl::OkStatus();
  }

  const Problem& problem_;
  const Options& options_;
  Board board_;
  const std::vector<uint8_t> sides_;
  const int64_t seat_bonus_;
  uint64_t random_;
  int32_t steps_ = 0;
  std::vector<int32_t> candidates_;
  std::vector<int64_t> prices_;  // of interpreters
};

}  // namespace

absl::StatusOr<Outcome> MakeSchedule(const Problem& problem, const Options& options) {
  TANDEM_RETURN_IF_ERROR(Validate(problem));
  return Run(problem, options).Make();
}

}  // namespace tandem::pairing::scheduling
