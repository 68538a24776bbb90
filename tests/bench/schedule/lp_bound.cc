#include "tests/bench/schedule/lp_bound.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <initializer_list>
#include <utility>
#include <vector>

#include "services/pairing/meetings/scheduling/board.h"
#include "services/pairing/meetings/scheduling/selection_flow.h"
#include <ClpSimplex.hpp>

namespace tandem::schedule_bench {
namespace {

using pairing::scheduling::Board;
using pairing::scheduling::Problem;
using pairing::scheduling::SeatBonus;
using pairing::scheduling::Selection;
using pairing::scheduling::SelectWishes;

// Columns on their way into a program.
class Columns {
 public:
  void Add(std::initializer_list<std::pair<int32_t, double>> entries, double most, double worth) {
    for (const auto& [row, element] : entries) {
      rows_.push_back(row);
      elements_.push_back(element);
    }
    starts_.push_back(static_cast<CoinBigIndex>(rows_.size()));
    most_.push_back(most);
    worth_.push_back(worth);
  }
  void MoveTo(ClpSimplex* model) {
    const std::vector<double> least(most_.size());
    model->addColumns(static_cast<int>(most_.size()), least.data(), most_.data(), worth_.data(), starts_.data(),
                      rows_.data(), elements_.data());
  }

 private:
  std::vector<CoinBigIndex> starts_ = {0};
  std::vector<int> rows_;
  std::vector<double> elements_;
  std::vector<double> most_;
  std::vector<double> worth_;
};

// Rows: person and slot; person's limit; slot's places; person's seat; seats in all; then one for each wish.
// Columns: one for each person's seat, then for each wish and slot.
class TimeIndexed {
 public:
  TimeIndexed(const Problem& problem, int32_t seated, double most_seconds)
      : problem_(problem), board_(problem), seated_(seated), most_seconds_(most_seconds), in_(problem.wishes.size()) {}

  LpBound Solve() {
    LpBound bound;
    bound.value = INFINITY;
    AddRows();
    AddSeats();
    AddWishes(FirstWishes());
    model_.setLogLevel(0);
    model_.setOptimizationDirection(-1);
    for (;;) {
      ++bound.rounds;
      model_.setMaximumSeconds(std::max(1.0, most_seconds_ - Seconds()));
      // With all columns bounded the dual simplex can begin anywhere.
      if (bound.rounds == 1) {
        model_.initialDualSolve();
      } else {
        model_.dual();
      }
      std::vector<std::pair<double, int32_t>> missing;
      bound.value = std::min(bound.value, PriceOut(&missing));
      bound.optimal = model_.status() == 0 && missing.empty();
      if (model_.status() != 0 || missing.empty() || Seconds() > most_seconds_) break;
      std::sort(missing.begin(), missing.end());
      std::vector<int32_t> wishes;
      for (const auto& [gain, wish] : missing) wishes.push_back(wish);
      AddWishes(wishes);
    }
    bound.seconds = Seconds();
    return bound;
  }

 private:
  int32_t people() const { return board_.people(); }
  int32_t slots() const { return board_.slots(); }
  int32_t CellRow(int32_t person, int32_t slot) const { return person * slots() + slot; }
  int32_t LimitRow(int32_t person) const { return people() * slots() + person; }
  int32_t PlacesRow(int32_t slot) const { return people() * (slots() + 1) + slot; }
  int32_t SeatRow(int32_t person) const { return people() * (slots() + 1) + slots() + person; }
  int32_t SeatsRow() const { return people() * (slots() + 2) + slots(); }
  double Seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count(); }

  void AddRows() {
    std::vector<double> least;
    std::vector<double> most;
    const auto add = [&](double from, double to) {
      least.push_back(from);
      most.push_back(to);
    };
    for (int32_t i = 0; i < people() * slots(); ++i) add(-COIN_DBL_MAX, 1);
    for (int32_t i = 0; i < people(); ++i) {
      const auto& who = problem_.people[static_cast<size_t>(i)];
      const int32_t there = std::popcount(who.available.word(0));
      add(-COIN_DBL_MAX, who.most_meetings < there ? who.most_meetings : COIN_DBL_MAX);
    }
    for (int32_t slot = 0; slot < slots(); ++slot) add(-COIN_DBL_MAX, board_.room(slot));
    for (int32_t i = 0; i < people(); ++i) add(seated_ > 0 ? 0 : -COIN_DBL_MAX, COIN_DBL_MAX);
    add(seated_, COIN_DBL_MAX);
    AddEmptyRows(least, most);
  }

  void AddEmptyRows(const std::vector<double>& least, const std::vector<double>& most) {
    const std::vector<CoinBigIndex> starts(least.size() + 1);
    const int no_column = 0;
    const double no_element = 0;
    model_.addRows(static_cast<int>(least.size()), least.data(), most.data(), starts.data(), &no_column, &no_element);
  }

  void AddSeats() {
    Columns columns;
    for (int32_t i = 0; i < people(); ++i) columns.Add({{SeatRow(i), -1}, {SeatsRow(), 1}}, 1, 0);
    columns.MoveTo(&model_);
  }

  // Those that the flow would lose least by.
  std::vector<int32_t> FirstWishes() {
    const Selection selection =
        SelectWishes(board_, pairing::scheduling::FindSides(problem_), seated_ > 0 ? SeatBonus(problem_) : 0);
    std::vector<std::pair<int64_t, int32_t>> by_loss;
    for (size_t i = 0; i < selection.loss.size(); ++i) {
      if (selection.loss[i] != INT64_MAX) by_loss.emplace_back(selection.loss[i], static_cast<int32_t>(i));
    }
    std::sort(by_loss.begin(), by_loss.end());
    by_loss.resize(std::min(by_loss.size(), selection.chosen.size() * 3 / 2));
    std::vector<int32_t> wishes;
    for (const auto& [loss, wish] : by_loss) wishes.push_back(wish);
    return wishes;
  }

  void AddWishes(const std::vector<int32_t>& wishes) {
    int32_t row = model_.numberRows();
    AddEmptyRows(std::vector<double>(wishes.size(), -COIN_DBL_MAX), std::vector<double>(wishes.size(), 1));
    Columns columns;
    for (const int32_t wish : wishes) {
      in_[static_cast<size_t>(wish)] = 1;
      const auto& one = board_.wish(wish);
      for (int32_t slot = 0; slot < slots(); ++slot) {
        if (!board_.Allowed(wish, slot)) continue;
        columns.Add({{CellRow(one.first, slot), 1},
                     {CellRow(one.second, slot), 1},
                     {LimitRow(one.first), 1},
                     {LimitRow(one.second), 1},
                     {PlacesRow(slot), 1},
                     {SeatRow(one.first), 1},
                     {SeatRow(one.second), 1},
                     {row, 1}},
                    1, static_cast<double>(one.value));
      }
      ++row;
    }
    columns.MoveTo(&model_);
  }

  // The bound by the prices of all rows but those of wishes, over all wishes; and the wishes left out that would gain.
  double PriceOut(std::vector<std::pair<double, int32_t>>* missing) const {
    const double* const duals = model_.dualRowSolution();
    const auto price = [&](int32_t row) { return std::max(0.0, duals[row]); };
    const auto reward = [&](int32_t row) { return std::max(0.0, -duals[row]); };
    double bound = 0;
    for (int32_t row = 0; row < SeatRow(0); ++row) {
      if (price(row) > 0) bound += price(row) * model_.rowUpper()[row];
    }
    const double seat = reward(SeatsRow());
    bound -= seat * seated_;
    for (int32_t i = 0; i < people(); ++i) bound += std::max(0.0, seat - reward(SeatRow(i)));
    for (int32_t wish = 0; wish < static_cast<int32_t>(in_.size()); ++wish) {
      const auto& one = board_.wish(wish);
      const double fixed = static_cast<double>(one.value) - price(LimitRow(one.first)) - price(LimitRow(one.second)) +
                           reward(SeatRow(one.first)) + reward(SeatRow(one.second));
      double best = 0;
      for (int32_t slot = 0; slot < slots(); ++slot) {
        if (!board_.Allowed(wish, slot)) continue;
        best = std::max(
            best, fixed - price(CellRow(one.first, slot)) - price(CellRow(one.second, slot)) - price(PlacesRow(slot)));
      }
      bound += best;
      if (in_[static_cast<size_t>(wish)] == 0 && best > 1e-3) missing->emplace_back(-best, wish);
    }
    return bound;
  }

  const Problem& problem_;
  const Board board_;
  const int32_t seated_;
  const double most_seconds_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::vector<uint8_t> in_;
  ClpSimplex model_;
};

}  // namespace

LpBound SolveLpBound(const Problem& problem, int32_t seated, double most_seconds) {
  return TimeIndexed(problem, seated, most_seconds).Solve();
}

}  // namespace tandem::schedule_bench
