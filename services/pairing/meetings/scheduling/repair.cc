#include "services/pairing/meetings/scheduling/repair.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "services/pairing/meetings/scheduling/board.h"
#include "services/pairing/meetings/scheduling/chains.h"
#include "services/pairing/meetings/scheduling/first_fit.h"

namespace tandem::pairing::scheduling {
namespace {

bool Below(int32_t index, size_t count) { return index >= 0 && static_cast<size_t>(index) < count; }

absl::Status CheckRequest(const Problem& problem, const Schedule& published, const RepairRequest& request) {
  if (published.placements.size() != problem.wishes.size()) {
    return InvalidFields(
        {{"placements", absl::StrCat("has ", published.placements.size(), " entries; give one for each of the ",
                                     problem.wishes.size(), " wishes")}});
  }
  for (size_t i = 0; i < published.placements.size(); ++i) {
    const Placement& at = published.placements[i];
    if (at == Placement{} || (Below(at.slot, problem.slots.size()) && Below(at.pool, problem.pools.size()))) continue;
    return InvalidFields({{absl::StrCat("placements[", i, "]"), "names a slot or pool that there is not"}});
  }
  for (const int32_t wish : request.cancelled) {
    if (!Below(wish, problem.wishes.size())) return InvalidFields({{"cancelled", absl::StrCat(wish, " is no wish")}});
  }
  for (const int32_t person : request.arrived) {
    if (!Below(person, problem.people.size()))
      return InvalidFields({{"arrived", absl::StrCat(person, " is no person")}});
  }
  if (request.first_slot < 0 || static_cast<size_t>(request.first_slot) > problem.slots.size()) {
    return InvalidFields({{"first_slot", absl::StrCat(request.first_slot, " is no slot")}});
  }
  if (request.most_moves < 0) return InvalidFields({{"most_moves", "must not be below 0"}});
  return absl::OkStatus();
}

// What has been is locked, and nobody has time in the past.
Problem FromNowOn(const Problem& problem, const Schedule& published, const RepairRequest& request) {
  Problem now = problem;
  for (size_t i = 0; i < now.wishes.size(); ++i) {
    const Placement& at = published.placements[i];
    if (at.slot == kNone || at.slot >= request.first_slot) continue;
    now.wishes[i].locked_slot = at.slot;
    now.wishes[i].locked_pool = at.pool;
  }
  for (const int32_t wish : request.cancelled) {
    now.wishes[static_cast<size_t>(wish)].locked_slot = now.wishes[static_cast<size_t>(wish)].locked_pool = kNone;
  }
  for (Person& person : now.people) {
    for (int32_t slot = 0; slot < request.first_slot; ++slot) person.available.Remove(static_cast<size_t>(slot));
  }
  return now;
}

class Repairer {
 public:
  Repairer(const Problem& now, const Schedule& published, const RepairRequest& request)
      : published_(published),
        request_(request),
        board_(now),
        cancelled_(now.wishes.size()),
        affected_(now.people.size()),
        freed_(now.slots.size()) {
    for (const int32_t wish : request.cancelled) cancelled_[static_cast<size_t>(wish)] = 1;
    for (const int32_t person : request.arrived) affected_[static_cast<size_t>(person)] = 1;
  }

  RepairOutcome Run() {
    KeepWhatHolds();
    FillFor();
    FillPlaces();
    RepairOutcome outcome;
    outcome.schedule = board_.ToSchedule();
    for (size_t i = 0; i < published_.placements.size(); ++i) {
      const Placement& was = published_.placements[i];
      const Placement& is = outcome.schedule.placements[i];
      if (was == is) continue;
      (!is.placed()    ? outcome.dropped
       : !was.placed() ? outcome.added
                       : outcome.moved)
          .push_back(static_cast<int32_t>(i));
    }
    return outcome;
  }

 private:
  // The more valuable first, should two exclude one another.
  void KeepWhatHolds() {
    std::vector<int32_t> lost;
    for (const int32_t wish : OpenWishesByValue(board_)) {
      const Placement& was = published_.placements[static_cast<size_t>(wish)];
      if (!was.placed()) continue;
      const bool holds = cancelled_[static_cast<size_t>(wish)] == 0 && board_.CheckAt(wish, was) == Rule::kFits;
      if (holds) {
        board_.Place(wish, was);
      } else {
        lost.push_back(wish);
      }
    }
    std::vector<int32_t> gone(freed_.size());
    for (const int32_t wish : lost) {
      affected_[static_cast<size_t>(board_.wish(wish).first)] =
          affected_[static_cast<size_t>(board_.wish(wish).second)] = 1;
      ++gone[static_cast<size_t>(published_.placements[static_cast<size_t>(wish)].slot)];
    }
    for (int32_t slot = request_.first_slot; slot < board_.slots(); ++slot) {
      const int32_t left = gone[static_cast<size_t>(slot)];
      freed_[static_cast<size_t>(slot)] = left > 0 && board_.room(slot) <= left ? 1 : 0;
    }
  }

  bool Open(int32_t wish) const { return !board_.placed(wish) && cancelled_[static_cast<size_t>(wish)] == 0; }
  bool Seats(int32_t wish) const {
    return board_.meetings(board_.wish(wish).first) == 0 || board_.meetings(board_.wish(wish).second) == 0;
  }

  // Meetings for those who lost one or arrived: with no move, then with one, and so on.
  void FillFor() {
    std::vector<int32_t> wishes;
    for (const int32_t wish : OpenWishesByValue(board_)) {
      const Wish& one = board_.wish(wish);
      const bool theirs =
          affected_[static_cast<size_t>(one.first)] != 0 || affected_[static_cast<size_t>(one.second)] != 0;
      if (theirs && Open(wish)) wishes.push_back(wish);
    }
    std::stable_partition(wishes.begin(), wishes.end(), [this](int32_t wish) { return Seats(wish); });
    for (int32_t moves = 0; moves <= request_.most_moves; ++moves) {
      Chains chains(&board_, moves);
      for (const int32_t wish : wishes) {
        if (Open(wish)) chains.Insert(wish);
      }
    }
  }

  // Places that were short, for whoever has wished for them.
  void FillPlaces() {
    for (int32_t slot = 0; slot < board_.slots(); ++slot) {
      if (freed_[static_cast<size_t>(slot)] == 0 || board_.room(slot) <= 0) continue;
      for (const int32_t wish : OpenWishesByValue(board_)) {
        if (Open(wish)) board_.TryPlace(wish, slot);
      }
    }
  }

  const Schedule& published_;
  const RepairRequest& request_;
  Board board_;
  std::vector<uint8_t> cancelled_;
  std::vector<uint8_t> affected_;
  std::vector<uint8_t> freed_;  // by slot: places were short there, and now are not
};

}  // namespace

absl::StatusOr<RepairOutcome> RepairSchedule(const Problem& problem, const Schedule& published,
                                             const RepairRequest& request) {
  TANDEM_RETURN_IF_ERROR(Validate(problem));
  TANDEM_RETURN_IF_ERROR(CheckRequest(problem, published, request));
  const Problem now = FromNowOn(problem, published, request);
  TANDEM_RETURN_IF_ERROR(Validate(now));  // what was published may have had one person twice
  return Repairer(now, published, request).Run();
}

}  // namespace tandem::pairing::scheduling
