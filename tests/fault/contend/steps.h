// One caller: looks at a pair, does something to it that makes sense by then (or, now and then, does not), and says
// what came of it.
#ifndef TANDEM_TESTS_FAULT_CONTEND_STEPS_H_
#define TANDEM_TESTS_FAULT_CONTEND_STEPS_H_

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/storage/record_store.h"
#include "common/tokens/key_ring.h"
#include "tests/fault/contend/door.h"
#include "tests/fault/contend/promises.h"
#include "tests/fault/contend/tally.h"
#include "tests/fault/contend/zone.h"

namespace tandem::contend {

// A quota that a caller was told to have been used up at some revision from `from` to `to`.
struct QuotaRefusal {
  std::string party, quota;
  Revision from = 0, to = 0;
};

// What callers of one run share. Unowned pointers must outlive them.
struct Scene {
  std::vector<Door*> doors;  // replicas
  const KeyRing* keys = nullptr;
  Promises* promises = nullptr;
  // A revision that is committed by now, and one before which everything is that is committed by now.
  std::function<Revision()> at_least, at_most;
  // Told of every acknowledged revision.
  std::function<void(Revision)> acknowledged;
  // Lets time pass until then, where the clock can be moved; else null.
  std::function<void(absl::Time)> pass_to;
  // Every write has a request id, and is repeated until its outcome is known.
  bool insist = false;
  std::function<void()> pause = [] {};  // before a call is repeated
  std::function<bool()> gives_up = [] { return false; };
};

// Used by one thread.
class Steps {
 public:
  Steps(const Scene* scene, uint64_t seed) : scene_(*scene), random_(seed) {}

  // One operation, of this number, in `zone`.
  void Take(const Zone& zone, int64_t operation);

  const Tally& tally() const { return tally_; }
  const std::vector<QuotaRefusal>& refusals() const { return refusals_; }
  // What of an answer contradicts another one.
  const std::vector<std::string>& contradictions() const { return contradictions_; }

 private:
  // The pair that is stepped on.
  struct Pair {
    std::string project, investor, name;
  };

  int Pick(int below) { return static_cast<int>(random_() % static_cast<uint64_t>(below)); }
  // The place that a roll of 0 to 99 falls into.
  size_t Roll(const std::vector<int>& shares);
  Door& AnyDoor() { return *scene_.doors[static_cast<size_t>(Pick(static_cast<int>(scene_.doors.size())))]; }
  Caller CallerOf(v1::Side side) const;
  std::string NewRequestId();

  void OnQuiet(const Zone& zone, const Pair& pair);
  void OnRequested(const Zone& zone, const Pair& pair, const v1::Pairing& pairing);
  void OnMutual(const Zone& zone, const Pair& pair, const v1::Pairing& pairing);
  void OnBlocked(const Zone& zone, const Pair& pair, const v1::Pairing& pairing);
  void Blindly(const Zone& zone, const Pair& pair, const v1::Pairing& pairing);

  void Say(Kind kind, v1::Side side, const Pair& pair, v1::StanceKind stance);
  void Ask(const Zone& zone, v1::Side side, const Pair& pair);
  void Accept(v1::Side side, const Pair& pair,
              const google::protobuf::RepeatedPtrField<google::protobuf::Timestamp>& slots);
  void Decline(v1::Side side, const Pair& pair);
  void Withdraw(v1::Side side, const Pair& pair);
  void Book(const Zone& zone, v1::Side side, const Pair& pair);
  void Move(const Zone& zone, Kind kind, v1::Side side, const std::string& meeting);
  void Answer(Kind kind, v1::Side side, const std::string& meeting);
  void Cancel(v1::Side side, const std::string& meeting);
  void Expire();

  void AddSlots(const Zone& zone, int most, google::protobuf::RepeatedPtrField<google::protobuf::Timestamp>* to);

  // Sends the request; `side` unset: of the organiser, for none. A side is spoken for by itself or by the organiser.
  template <typename Request>
  void Send(Kind kind, v1::Side side, Request request);
  template <typename Result>
  void Note(Kind kind, const absl::StatusOr<Result>& answer, bool by_side, bool unknown, Revision from);
  void NoteRefusal(Kind kind, const absl::Status& status, bool unknown, Revision from);

  const Scene& scene_;
  std::mt19937_64 random_;
  int64_t operation_ = 0;
  Tally tally_;
  std::vector<QuotaRefusal> refusals_;
  std::vector<std::string> contradictions_;
};

}  // namespace tandem::contend

#endif  // TANDEM_TESTS_FAULT_CONTEND_STEPS_H_
