// Limits of people and parties, beside what is booked.
#include <algorithm>
#include <array>
#include <initializer_list>

#include "absl/strings/str_join.h"

#include "services/pairing/meetings/schedules/problem_maker.h"

namespace tandem::pairing::meetings {
namespace {

// Of a person or a party, of a day of it, and so on: no two lists of words have the same.
std::string KeyOf(std::initializer_list<absl::string_view> words) { return absl::StrJoin(words, "\n"); }

}  // namespace

void ScheduleProblem::CountBooked() {
  absl::Duration way;
  for (const v1::TravelTime& one : snapshot_->agenda->contract().travel_times())
    way = std::max(way, absl::Minutes(one.minutes()));
  for (const auto& [name, facts] : snapshot_->bookings) {
    const Booking& booking = facts.booking;
    for (size_t side = 0; side < 2; ++side) {
      const std::string& person = booking.people[side];
      const std::string& party = booking.parties[side];
      ++booked_[person];
      ++booked_[KeyOf({person, booking.date})];
      ++booked_[KeyOf({party, booking.date, "party"})];
      const int of_day = ++booked_[KeyOf({party, person, booking.date, "both"})];
      int& most = most_booked_[KeyOf({party, person})];
      most = std::max(most, of_day);
      // Whoever meets for the party now may have to be there, and has a way there and back.
      if (person == party) inherited_[party].emplace_back(booking.start - way, booking.end + way);
    }
  }
}

// Whether a limit was lowered below what one of its people or parties has: that cancels nothing.
bool ScheduleProblem::IsOverfull(const Booking& booking) const {
  const auto beyond = [this](std::initializer_list<absl::string_view> key, int most) {
    return most > 0 && booked_.at(KeyOf(key)) > most;
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
    if (beyond({booking.parties[side], booking.date, "party"}, quotas[side])) return true;
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
  const auto most = most_booked_.find(KeyOf({party, name}));
  return most == most_booked_.end() ? 0 : most->second;
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
