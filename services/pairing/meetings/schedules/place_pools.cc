#include "services/pairing/meetings/schedules/place_pools.h"

#include <algorithm>

namespace tandem::pairing::meetings {
namespace {

constexpr int kClosed = -1;  // instead of a kind

int32_t Minutes(absl::Duration duration) {
  return static_cast<int32_t>(absl::ToInt64Minutes(duration + absl::Minutes(1) - absl::Nanoseconds(1)));
}

}  // namespace

PlacePools::PlacePools(const Agenda* agenda) : agenda_(agenda) {
  for (const v1::TravelTime& way : agenda->contract().travel_times()) walks_ = walks_ || way.minutes() > 0;
  for (size_t i = 0; i < agenda->places().size(); ++i) {
    const Place& place = agenda->places()[i];
    const bool booth = place.kind == v1::PLACE_KIND_BOOTH;
    const int hall = place.is_virtual() ? kNone : booth || walks_ ? place.hall : 0;
    const int pool = PoolAt({static_cast<int>(place.kind), hall, booth ? place.owner : ""});
    pools_[static_cast<size_t>(pool)].kind = place.kind;
    pools_[static_cast<size_t>(pool)].places.push_back(static_cast<int>(i));
    of_place_.push_back(pool);
    any_on_site_ = any_on_site_ || (!place.is_virtual() && !booth);
    any_tables_ = any_tables_ || place.kind == v1::PLACE_KIND_TABLE;
    any_rooms_ = any_rooms_ || place.is_virtual();
    std::vector<int32_t>* const booths = booth ? &booths_[place.owner] : nullptr;
    if (booths != nullptr && std::find(booths->begin(), booths->end(), pool) == booths->end()) booths->push_back(pool);
  }
}

int PlacePools::PoolAt(const Key& key) {
  const auto [found, is_new] = by_key_.emplace(key, static_cast<int>(pools_.size()));
  if (is_new) {
    Pool pool;
    pool.hall = std::get<1>(key);
    pool.owner = std::get<2>(key);
    pools_.push_back(std::move(pool));
  }
  return found->second;
}

int PlacePools::PoolOf(const Booking& booking) {
  const int place = agenda_->FindPlace(booking.place);
  if (place != kNone) return of_place_[static_cast<size_t>(place)];
  return PoolAt({kClosed, booking.is_virtual() ? kNone : agenda_->FindHall(booking.hall), ""});
}

std::vector<int32_t> PlacePools::Allowed(const std::string& project, const std::string& investor, bool on_site,
                                         bool at_a_distance) const {
  std::vector<int32_t> allowed;
  if (on_site) {
    for (const std::string* owner : {&project, &investor}) {
      const auto found = booths_.find(*owner);
      if (found != booths_.end()) allowed.insert(allowed.end(), found->second.begin(), found->second.end());
    }
  }
  for (const v1::PlaceKind kind : {v1::PLACE_KIND_TABLE, v1::PLACE_KIND_VIRTUAL_ROOM}) {
    if (kind == v1::PLACE_KIND_TABLE ? !on_site : !at_a_distance) continue;
    for (size_t i = 0; i < pools_.size(); ++i) {
      if (!pools_[i].places.empty() && pools_[i].kind == kind) allowed.push_back(static_cast<int32_t>(i));
    }
  }
  return allowed;
}

bool PlacePools::AllowsAny(const std::string& project, const std::string& investor, bool on_site) const {
  if (!on_site) return any_rooms_;
  return any_tables_ || booths_.contains(project) || booths_.contains(investor);
}

bool PlacePools::IsEverything(const std::vector<int32_t>& allowed) const {
  const auto open = std::count_if(pools_.begin(), pools_.end(), [](const Pool& pool) { return !pool.places.empty(); });
  return static_cast<std::ptrdiff_t>(allowed.size()) == open;
}

void PlacePools::Fill(const std::vector<int>& agenda_slots, scheduling::Problem* problem) const {
  const int halls = static_cast<int>(agenda_->halls().size());
  problem->halls = std::max(1, halls);
  if (walks_) {
    for (int from = 0; from < problem->halls; ++from) {
      for (int to = 0; to < problem->halls; ++to)
        problem->travel_minutes.push_back(from == to ? 0 : Minutes(agenda_->TravelTime(from, to)));
    }
  }
  for (const Pool& pool : pools_) {
    scheduling::Pool one;
    one.hall = pool.hall;
    for (const int slot : agenda_slots) {
      int64_t capacity = 0;
      for (const int place : slot == kNone ? std::vector<int>() : pool.places) {
        const Place& of = agenda_->places()[static_cast<size_t>(place)];
        if (of.sessions.Has(agenda_->slots()[static_cast<size_t>(slot)].session)) capacity += of.capacity;
      }
      one.capacity.push_back(static_cast<int32_t>(std::min<int64_t>(capacity, INT32_MAX / 4)));
    }
    problem->pools.push_back(std::move(one));
  }
}

bool PlacePools::IsOpen(const Booking& booking, int pool, int slot) const {
  const int place = agenda_->FindPlace(booking.place);
  if (place == kNone || of_place_[static_cast<size_t>(place)] != pool) return false;
  const Place& of = agenda_->places()[static_cast<size_t>(place)];
  return of.sessions.Has(agenda_->slots()[static_cast<size_t>(slot)].session) && booking.number < of.capacity;
}

std::vector<PlaceSeat> PlacePools::SeatsOf(int pool, int slot) const {
  std::vector<PlaceSeat> seats;
  const int session = agenda_->slots()[static_cast<size_t>(slot)].session;
  for (const int place : pools_[static_cast<size_t>(pool)].places) {
    const Place& of = agenda_->places()[static_cast<size_t>(place)];
    if (!of.sessions.Has(session)) continue;
    for (int number = 0; number < of.capacity; ++number) {
      seats.push_back({of.id, number, of.hall == kNone ? "" : agenda_->halls()[static_cast<size_t>(of.hall)]});
    }
  }
  return seats;
}

}  // namespace tandem::pairing::meetings
