// Limits of people and parties, beside what is booked.
#include <algorithm>
#include <array>
#include <tuple>

#include "services/pairing/meetings/schedules/problem_maker.h"

namespace tandem::pairing::meetings {

int ScheduleProblem::PartyFor(const std::string& party) {
  return parties_.try_emplace(party, static_cast<int>(parties_.size())).first->second;
}

void ScheduleProblem::CountBooked() {
  absl::Duration way;
  for (const v1::TravelTime& one : snapshot_->agenda->contract().travel_times())
    way = std::max(way, absl::Minutes(one.minutes()));
  absl::flat_hash_map<absl::string_view, int> dates;
  absl::flat_hash_map<std::tuple<int, int, int>, int> of_both;  // by party, person and date
  counted_.reserve(snapshot_->bookings.size());
  for (const auto& [name, facts] : snapshot_->bookings) {
    const Booking& booking = facts.booking;
    CountedBooking& counted = counted_.emplace_back();
    counted.date = dates.try_emplace(booking.date, static_cast<int>(dates.size())).first->second;
    for (size_t side = 0; side < 2; ++side) {
      const int person = counted.people[side] = participants_.Find(booking.people[side]);
      const int party = counted.parties[side] = PartyFor(booking.parties[side]);
      ++of_person_[person];
      ++of_person_day_[{person, counted.date}];
      ++of_party_day_[{party, counted.date}];
      int& most = most_of_both_[{party, person}];
      most = std::max(most, ++of_both[{party, person, counted.date}]);
      // Whoever meets for the party now may have to be there, and has a way there and back.
      if (booking.people[side] == booking.parties[side])
        inherited_[booking.parties[side]].emplace_back(booking.start - way, booking.end + way);
    }
  }
}

// Whether a limit was lowered below what one of its people or parties has: that cancels nothing.
bool ScheduleProblem::IsOverfull(const CountedBooking& booking) const {
  const std::array<int, 2> quotas{snapshot_->agenda->project_quotas().meetings_per_day(),
                                  snapshot_->agenda->investor_quotas().meetings_per_day()};
  const auto beyond = [](int count, int most) { return most > 0 && count > most; };
  for (size_t side = 0; side < 2; ++side) {
    const int person = booking.people[side];
    const Calendar& who = participants_.at(person).calendar;
    if (beyond(of_person_.at(person), who.most_meetings()) ||
        beyond(of_person_day_.at({person, booking.date}), who.most_meetings_per_day()) ||
        beyond(of_party_day_.at({booking.parties[side], booking.date}), quotas[side]))
      return true;
  }
  return false;
}

// Whether a party met by itself and has representatives now, who then all have to be free for it.
bool ScheduleProblem::HasSuccessor(const std::string& person, const std::string& party) {
  return person == party && participants_.at(participants_.Of(party).front()).calendar.name() != party;
}

// A party's meetings of a day are shared out among its people; of who meets for several parties the shares add up.
void ScheduleProblem::LimitPeople() {
  std::array<std::vector<std::vector<int32_t>>, 2> people;  // by party
  for (const WishFacts& wish : wishes_) {
    for (size_t side = 0; side < people.size(); ++side) {
      const auto party = static_cast<size_t>(PartyFor(side == 0 ? wish.project : wish.investor));
      if (people[side].size() <= party) people[side].resize(party + 1);
      std::vector<int32_t>& of_party = people[side][party];
      const int32_t person = person_of_[static_cast<size_t>(wish.people[side])];
      if (std::find(of_party.begin(), of_party.end(), person) == of_party.end()) of_party.push_back(person);
    }
  }
  const std::array<int, 2> quotas{snapshot_->agenda->project_quotas().meetings_per_day(),
                                  snapshot_->agenda->investor_quotas().meetings_per_day()};
  std::vector<int64_t> shares(problem_.people.size());
  std::vector<bool> unlimited(problem_.people.size());
  for (size_t side = 0; side < people.size(); ++side) {
    for (size_t party = 0; party < people[side].size(); ++party) {
      std::vector<int32_t>& of_party = people[side][party];
      std::sort(of_party.begin(), of_party.end());
      const int count = static_cast<int>(of_party.size());
      int place = 0;
      for (const int32_t person : of_party) {
        const auto index = static_cast<size_t>(person);
        if (quotas[side] == 0) {
          unlimited[index] = true;
          continue;
        }
        const int share = quotas[side] / count + (place++ < quotas[side] % count ? 1 : 0);
        const auto booked = most_of_both_.find({static_cast<int>(party), participant_of_[index]});
        shares[index] += std::max({1, share, booked == most_of_both_.end() ? 0 : booked->second});
      }
    }
  }
  for (size_t person = 0; person < shares.size(); ++person) {
    int32_t& most = problem_.people[person].most_per_day;
    // Everybody of the problem has a wish, and so a share, unless there is no limit.
    if (!unlimited[person]) most = static_cast<int32_t>(std::min<int64_t>(most, shares[person]));
  }
}

}  // namespace tandem::pairing::meetings
