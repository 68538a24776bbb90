// Limits of people and parties, beside what is booked.
#include <algorithm>
#include <array>

#include "services/pairing/meetings/schedules/problem_maker.h"

namespace tandem::pairing::meetings {

void ScheduleProblem::CountBooked() {
  absl::Duration way;
  for (const v1::TravelTime& one : snapshot_->agenda->contract().travel_times())
    way = std::max(way, absl::Minutes(one.minutes()));
  for (const auto& [name, facts] : snapshot_->bookings) {
    const Booking& booking = facts.booking;
    for (size_t side = 0; side < 2; ++side) {
      ++booked_[{booking.people[side]}];
      ++booked_[{booking.people[side], booking.date}];
      ++booked_[{booking.parties[side], booking.date, ""}];
      ++booked_[{booking.parties[side], booking.people[side], booking.date, ""}];
      // Whoever meets for the party now may have to be there, and has a way there and back.
      if (booking.people[side] == booking.parties[side])
        inherited_[booking.parties[side]].emplace_back(booking.start - way, booking.end + way);
    }
  }
}

// Whether a limit was lowered below what one of its people or parties has: that cancels nothing.
bool ScheduleProblem::IsOverfull(const Booking& booking) const {
  const auto beyond = [this](const std::vector<std::string>& key, int most) {
    return most > 0 && booked_.at(key) > most;
  };
  const std::array<int, 2> quotas{snapshot_->agenda->project_quotas().meetings_per_day(),
                                  snapshot_->agenda->investor_quotas().meetings_per_day()};
  for (size_t side = 0; side < 2; ++side) {
    const auto facts = snapshot_->representatives.find(booking.people[side]);
    if (facts != snapshot_->representatives.end()) {
      const v1::Representative& who = facts->second.representative;
      if (beyond({booking.people[side]}, who.most_meetings()) ||
          beyond({booking.people[side], booking.date}, who.most_meetings_per_day()))
        return true;
    }
    if (beyond({booking.parties[side], booking.date, ""}, quotas[side])) return true;
  }
  return false;
}

// Whether a party met by itself and has representatives now, who then all have to be free for it.
bool ScheduleProblem::HasSuccessor(const Booking& booking, size_t side) {
  const std::string& party = booking.parties[side];
  return booking.people[side] == party && participants_.at(participants_.Of(party).front()).calendar.name() != party;
}

int ScheduleProblem::MostBooked(const std::string& party, int32_t person) const {
  const std::string& name = participants_.at(participant_of_[static_cast<size_t>(person)]).calendar.name();
  int most = 0;
  for (auto one = booked_.lower_bound({party, name}); one != booked_.end() && one->first.size() == 4; ++one) {
    if (one->first[0] != party || one->first[1] != name) break;
    most = std::max(most, one->second);
  }
  return most;
}

// A party's meetings of a day are shared out among its people; of who meets for several parties the shares add up.
void ScheduleProblem::LimitPeople() {
  std::array<std::map<std::string, std::set<int32_t>>, 2> people;
  for (const WishFacts& wish : wishes_) {
    people[0][wish.project].insert(person_of_.at(wish.people[0]));
    people[1][wish.investor].insert(person_of_.at(wish.people[1]));
  }
  const std::array<int, 2> quotas{snapshot_->agenda->project_quotas().meetings_per_day(),
                                  snapshot_->agenda->investor_quotas().meetings_per_day()};
  std::map<int32_t, int64_t> shares;
  std::set<int32_t> unlimited;
  for (size_t side = 0; side < people.size(); ++side) {
    for (const auto& [party, of_party] : people[side]) {
      const int count = static_cast<int>(of_party.size());
      int place = 0;
      for (const int32_t person : of_party) {
        if (quotas[side] == 0) {
          unlimited.insert(person);
        } else {
          const int share = quotas[side] / count + (place++ < quotas[side] % count ? 1 : 0);
          shares[person] += std::max({1, share, MostBooked(party, person)});
        }
      }
    }
  }
  for (const auto& [person, share] : shares) {
    int32_t& most = problem_.people[static_cast<size_t>(person)].most_per_day;
    if (!unlimited.contains(person)) most = static_cast<int32_t>(std::min<int64_t>(most, share));
  }
}

}  // namespace tandem::pairing::meetings
