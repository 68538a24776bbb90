#include "services/pairing/meetings/schedules/participants.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <tuple>

#include "common/base/status.h"

namespace tandem::pairing::meetings {
namespace {

using scheduling::SlotSet;

// What somebody was given so far, in thousandths of its slots.
int64_t Busy(const Participant& one) {
  const int slots = CountSlots(one.on_site) + CountSlots(one.at_a_distance);
  return one.load * 1000 / std::max(1, slots);
}

bool Meets(const SlotSet& a, const SlotSet& b, const SlotSet* within) {
  for (size_t word = 0; word < std::min(a.words(), b.words()); ++word) {
    if ((a.word(word) & b.word(word) & (within == nullptr ? ~uint64_t{0} : within->word(word))) != 0) return true;
  }
  return false;
}

}  // namespace

int CountSlots(const SlotSet& set) {
  int count = 0;
  for (size_t word = 0; word < set.words(); ++word) count += std::popcount(set.word(word));
  return count;
}

absl::StatusOr<Participants> Participants::Of(const Snapshot& snapshot) {
  Participants participants(snapshot.agenda.get());
  for (const auto& [name, facts] : snapshot.representatives) {
    TANDEM_ASSIGN_OR_RETURN(Calendar calendar, Calendar::Of(facts.representative, *snapshot.agenda));
    const int index = participants.Add(std::move(calendar));
    for (const std::string& party : facts.representative.parties()) participants.by_party_[party].push_back(index);
  }
  return participants;
}

int Participants::Add(Calendar calendar) {
  const int index = size();
  by_name_.emplace(calendar.name(), index);
  Participant one{std::move(calendar), {}, {}, 0};
  for (size_t slot = 0; slot < agenda_->slots().size(); ++slot) {
    if (one.calendar.CanMeet(static_cast<int>(slot), Mode::kOnSite)) one.on_site.Add(slot);
    if (one.calendar.CanMeet(static_cast<int>(slot), Mode::kVirtual)) one.at_a_distance.Add(slot);
  }
  all_.push_back(std::move(one));
  return index;
}

int Participants::Find(const std::string& name) {
  const auto found = by_name_.find(name);
  return found != by_name_.end() ? found->second : Add(Calendar::OfParty(name, *agenda_));
}

const std::vector<int>& Participants::Of(const std::string& party) {
  const auto [found, is_new] = by_party_.try_emplace(party);
  if (found->second.empty()) found->second.push_back(Find(party));
  return found->second;
}

std::pair<int, int> Participants::Choose(const std::string& project, const std::string& investor,
                                         const SlotSet* within) {
  const auto only = [](const std::vector<int>& people) { return people.size() == 1 ? people.front() : kNone; };
  if (const int a = only(Of(project)), b = only(Of(investor)); a != kNone && b != kNone) {
    if (a == b) return {kNone, kNone};
    return {a, b};
  }
  const std::vector<int> of_project = Of(project);
  const std::vector<int>& of_investor = Of(investor);
  using Cost = std::tuple<bool, bool, int64_t, std::string, std::string>;
  std::optional<Cost> best;
  std::pair<int, int> chosen{kNone, kNone};
  for (const int a : of_project) {
    for (const int b : of_investor) {
      if (a == b) continue;
      const Participant& one = at(a);
      const Participant& two = at(b);
      const bool never =
          !Meets(one.on_site, two.on_site, within) && !Meets(one.at_a_distance, two.at_a_distance, within);
      Cost cost{never, NeedsInterpreter(one.calendar, two.calendar), Busy(one) + Busy(two), one.calendar.name(),
                two.calendar.name()};
      if (best.has_value() && *best <= cost) continue;
      best = std::move(cost);
      chosen = {a, b};
    }
  }
  return chosen;
}

}  // namespace tandem::pairing::meetings
