// WriteSession: how one writer sends its writes, and tells the ledger what came of them.
#ifndef TANDEM_TESTS_FAULT_LOAD_WRITE_SESSION_H_
#define TANDEM_TESTS_FAULT_LOAD_WRITE_SESSION_H_

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/types/optional.h"

#include "common/base/status.h"
#include "tests/fault/load/random.h"
#include "tests/fault/load/world.h"
#include "tests/fault/truth/overtaken.h"
#include "tests/fault/truth/record_form.h"

namespace tandem::check {

// For one thread.
class WriteSession {
 public:
  WriteSession(World* world, uint64_t stream) : world_(world), random_(world->options->seed, stream) {}

  World* world() { return world_; }
  Random* random() { return &random_; }
  const Clients& clients() const { return *world_->clients; }

  // Another number each time, for a field that makes one write's content differ from every other's.
  int64_t NextStamp() { return world_->stamp.fetch_add(1); }

  // Sends `request` under a request id of its own until its outcome is known. `names`: the records that it may touch.
  // `effects`: what an answer promises. Now and then the same request goes out twice, at once or once more afterwards;
  // both answers must be the same one. Empty unless it was acknowledged.
  template <typename Stub, typename Request, typename Response>
  absl::optional<Response> Send(const std::string& source, Stub* stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                Request request, std::vector<std::string> names,
                                const std::function<std::vector<Effect>(const Response&)>& effects);

  // What the answer to a write of one record promises: the record as it is.
  template <typename Record>
  std::vector<Effect> EffectOf(const std::string& source, const Record& record, Revision based_on) const {
    Effect effect;
    effect.name = record.name();
    effect.revision = RevisionOf(source, record.consistency_token());
    effect.stored = StoredForm(record);
    effect.based_on = based_on;
    return {effect};
  }

  // 0 for what is no token of that source.
  Revision RevisionOf(const std::string& source, const std::string& token) const;

 private:
  enum class Outcome { kRefused, kAgain };
  // Whether it was decided that the write is not to be.
  static bool IsRefusal(const absl::Status& status);
  // Counts an attempt that failed, and says whether it is worth another one.
  Outcome Judge(const std::string& what, const absl::Status& status);
  // The second answer to the same request.
  void Compare(const std::string& what, const google::protobuf::Message& first, const absl::Status& status,
               const google::protobuf::Message* second);
  // The same, of a request that was on its way twice at once.
  void CompareCopies(const std::string& what, TwoCopies copies, const google::protobuf::Message& first,
                     const absl::Status& status, const google::protobuf::Message* second);
  void Acknowledge(const std::string& source, int64_t write, std::vector<Effect> effects, const std::string& token);

  World* const world_;
  Random random_;
};

template <typename Stub, typename Request, typename Response>
absl::optional<Response> WriteSession::Send(const std::string& source, Stub* stub,
                                            grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                                         Response*),
                                            Request request, std::vector<std::string> names,
                                            const std::function<std::vector<Effect>(const Response&)>& effects) {
  const absl::Duration timeout = world_->options->call_timeout;
  const std::string what = Request::descriptor()->name();
  request.set_request_id(random_.Uuid());
  const int64_t write = world_->truth->ledger(source)->Open(std::move(names), what);
  const auto end = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(world_->options->patience);
  for (int attempt = 0;; ++attempt) {
    absl::StatusOr<Response> beside = absl::CancelledError();
    absl::StatusOr<Response> answer = absl::CancelledError();
    const bool twice = attempt == 0 && random_.Percent(2);
    TwoCopies copies;
    if (twice) {
      copies = {PositionsOf(world_->truth->histories()), std::nullopt, world_->edition, source, 0};
      std::thread second([&] { beside = Call(stub, method, request, timeout); });
      answer = Call(stub, method, request, timeout);
      second.join();
      // Refused is only what neither of them can have done.
      if (!answer.ok() && (beside.ok() || !IsRefusal(beside.status()))) std::swap(answer, beside);
    } else {
      answer = Call(stub, method, request, timeout);
    }
    if (answer.ok()) {
      std::vector<Effect> done = effects(*answer);
      if (!done.empty()) copies.own = done.front().revision;
      Acknowledge(source, write, std::move(done), answer->consistency_token());
      if (twice) CompareCopies(what, copies, *answer, beside.status(), beside.ok() ? &*beside : nullptr);
      if (!twice && random_.Percent(2)) {
        const absl::StatusOr<Response> again = Call(stub, method, request, timeout);
        Compare(what, *answer, again.status(), again.ok() ? &*again : nullptr);
      }
      return *std::move(answer);
    }
    const Outcome outcome = Judge(what, answer.status());
    if (outcome == Outcome::kRefused) {
      world_->truth->ledger(source)->Refuse(write);
      return absl::nullopt;
    }
    if (std::chrono::steady_clock::now() >= end || world_->abandoned) {
      world_->truth->ledger(source)->GiveUp(write);
      return absl::nullopt;
    }
    // Also when the load has ended: what came of it must be known.
    std::this_thread::sleep_for(
        std::chrono::milliseconds(20 + random_.Below(20 * static_cast<size_t>(std::min(attempt + 1, 10)))));
  }
}

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_LOAD_WRITE_SESSION_H_
