#include "services/pairing/meetings/schedules/interpreter_shares.h"

#include <algorithm>

namespace tandem::pairing::meetings {

int InterpreterShares::Ask(const std::vector<int>& who) {
  const auto [found, is_new] = by_who_.emplace(who, static_cast<int>(kinds_.size()));
  if (is_new) kinds_.push_back({who, 0});
  ++kinds_[static_cast<size_t>(found->second)].asked;
  return found->second;
}

void InterpreterShares::Fill(const std::vector<int>& agenda_slots, scheduling::Problem* problem) {
  // Each goes where most are asked for each one that is given already; those with the fewest kinds choose first.
  std::vector<std::vector<int>> kinds_of(agenda_->interpreters().size());
  for (size_t kind = 0; kind < kinds_.size(); ++kind) {
    for (const int one : kinds_[kind].who) kinds_of[static_cast<size_t>(one)].push_back(static_cast<int>(kind));
  }
  std::vector<int> order;
  for (size_t i = 0; i < kinds_of.size(); ++i) order.push_back(static_cast<int>(i));
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return kinds_of[static_cast<size_t>(a)].size() < kinds_of[static_cast<size_t>(b)].size();
  });
  std::vector<int64_t> units(kinds_.size());
  std::vector<scheduling::InterpreterPool> pools(kinds_.size());
  for (scheduling::InterpreterPool& pool : pools) pool.capacity.assign(agenda_slots.size(), 0);
  for (const int one : order) {
    const std::vector<int>& kinds = kinds_of[static_cast<size_t>(one)];
    if (kinds.empty()) continue;
    for (size_t i = 0; i < agenda_slots.size(); ++i) {
      const int slot = agenda_slots[i];
      if (slot == kNone || taken_.contains({one, slot})) continue;
      const Interpreter& who = agenda_->interpreters()[static_cast<size_t>(one)];
      if (!who.sessions.Has(agenda_->slots()[static_cast<size_t>(slot)].session)) continue;
      const int kind = *std::max_element(kinds.begin(), kinds.end(), [&](int a, int b) {
        const auto x = static_cast<size_t>(a), y = static_cast<size_t>(b);
        return kinds_[x].asked * (units[y] + 1) < kinds_[y].asked * (units[x] + 1);
      });
      ++units[static_cast<size_t>(kind)];
      ++pools[static_cast<size_t>(kind)].capacity[i];
      given_[{kind, slot}].push_back(one);
    }
  }
  for (scheduling::InterpreterPool& pool : pools) problem->interpreters.push_back(std::move(pool));
}

std::vector<int> InterpreterShares::Given(int kind, int slot) const {
  const auto found = given_.find({kind, slot});
  return found == given_.end() ? std::vector<int>() : found->second;
}

}  // namespace tandem::pairing::meetings
