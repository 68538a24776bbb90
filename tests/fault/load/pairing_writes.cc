// What the two sides of a pairing say, ask and answer, and thereby book and cancel.
#include <type_traits>

#include "absl/strings/str_cat.h"

#include "services/pairing/ledger/decision.h"
#include "services/pairing/ledger/rows.h"
#include "services/pairing/market_feed/market_followers.h"
#include "tests/fault/load/write_kind.h"

namespace tandem::check {
namespace {

using pairing::kEditionsSource;
using pairing::ledger::PairNames;
using pairing::ledger::StanceOf;
using pairing::v1::Change;
using pairing::v1::Pairing;
using Stub = pairing::v1::LedgerService::Stub;

constexpr size_t kAmong = 14;  // projects and investors: many meet in few pairs

class PairingSteps final : public WriteKind {
 public:
  int weight() const override { return 24; }

  void WriteOne(WriteSession* session) override {
    World* const world = session->world();
    const auto project = world->projects.Pick(session->random(), kAmong);
    const auto investor = world->investors.Pick(session->random(), kAmong);
    if (project.record == nullptr || investor.record == nullptr) return;
    const PairNames names(project.record->name(), investor.record->name());
    const PairTurns::Turn turn(&world->pair_turns, names.name);
    if (turn.taken()) StepOn(session, names);
  }

 private:
  void StepOn(WriteSession* session, const PairNames& names) {
    const Known<Pairing> known = session->world()->pairings.Find(names.name);
    const Pairing pairing = known.record == nullptr ? Pairing() : *known.record;
    Random* const random = session->random();
    const pairing::v1::Side side = random->Percent(50) ? pairing::v1::SIDE_PROJECT : pairing::v1::SIDE_INVESTOR;
    switch (pairing.state()) {
      case Pairing::STATE_REQUESTED:
        return OnRequest(session, names, known, pairing);
      case Pairing::STATE_MUTUAL:
        if (random->Percent(60)) return Send(session, names, known, Withdrawal(names, side), &Stub::WithdrawRequest);
        return Say(session, names, known,
                   random->Percent(60) ? pairing::v1::STANCE_KIND_SKIPPED : pairing::v1::STANCE_KIND_BLOCKED, side);
      case Pairing::STATE_BLOCKED: {
        const bool by_project = StanceOf(pairing, pairing::v1::SIDE_PROJECT) == pairing::v1::STANCE_KIND_BLOCKED;
        return Say(session, names, known, pairing::v1::STANCE_KIND_UNSPECIFIED,
                   by_project ? pairing::v1::SIDE_PROJECT : pairing::v1::SIDE_INVESTOR);
      }
      default:
        if (random->Percent(55)) return Ask(session, names, known, side);
        return Say(session, names, known, OtherThan(random, StanceOf(pairing, side)), side);
    }
  }

  void OnRequest(WriteSession* session, const PairNames& names, const Known<Pairing>& known, const Pairing& pairing) {
    Random* const random = session->random();
    const pairing::v1::Side sender = pairing.request().sender(), other = pairing::ledger::OtherSide(sender);
    const size_t what = random->Below(100);
    if (what < 55) {
      pairing::v1::AcceptRequestRequest request;
      request.set_name(names.name);
      request.set_side(other);
      *request.mutable_slots() = pairing.request().slots();
      return Send(session, names, known, std::move(request), &Stub::AcceptRequest);
    }
    if (what < 75) {
      pairing::v1::DeclineRequestRequest request;
      request.set_name(names.name);
      request.set_side(other);
      request.set_reason(pairing::v1::DECLINE_REASON_TIMING);
      request.set_note(absl::StrCat("no ", session->NextStamp()));
      return Send(session, names, known, std::move(request), &Stub::DeclineRequest);
    }
    if (what < 90) return Send(session, names, known, Withdrawal(names, sender), &Stub::WithdrawRequest);
    Say(session, names, known, pairing::v1::STANCE_KIND_BLOCKED, other);
  }

  static pairing::v1::WithdrawRequestRequest Withdrawal(const PairNames& names, pairing::v1::Side side) {
    pairing::v1::WithdrawRequestRequest request;
    request.set_name(names.name);
    request.set_side(side);
    return request;
  }

  static pairing::v1::StanceKind OtherThan(Random* random, pairing::v1::StanceKind said) {
    static constexpr pairing::v1::StanceKind kKinds[] = {
        pairing::v1::STANCE_KIND_INTERESTED, pairing::v1::STANCE_KIND_MUST_MEET, pairing::v1::STANCE_KIND_SKIPPED,
        pairing::v1::STANCE_KIND_SKIPPED, pairing::v1::STANCE_KIND_BLOCKED};
    for (;;) {
      const pairing::v1::StanceKind kind = kKinds[random->Below(5)];
      if (kind != said) return kind;
    }
  }

  void Ask(WriteSession* session, const PairNames& names, const Known<Pairing>& known, pairing::v1::Side side) {
    pairing::v1::SendRequestRequest request;
    request.set_project(names.project);
    request.set_investor(names.investor);
    request.set_side(side);
    request.set_message(absl::StrCat("shall we meet ", session->NextStamp()));
    const std::vector<absl::Time>& slots = session->world()->slots;
    const size_t first = session->random()->Below(slots.size());
    for (size_t i = session->random()->Below(3); i > 0; --i)
      *request.add_slots() = pairing::ledger::ToStamp(slots[(first + i) % slots.size()]);
    Send(session, names, known, std::move(request), &Stub::SendRequest);
  }

  void Say(WriteSession* session, const PairNames& names, const Known<Pairing>& known, pairing::v1::StanceKind kind,
           pairing::v1::Side side) {
    pairing::v1::SetStanceRequest request;
    request.set_project(names.project);
    request.set_investor(names.investor);
    request.set_side(side);
    request.set_kind(kind);
    Send(session, names, known, std::move(request), &Stub::SetStance);
  }

  template <typename Request>
  void Send(WriteSession* session, const PairNames& names, const Known<Pairing>& known, Request request,
            grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Pairing*)) {
    const auto effects = [&](const Pairing& made) -> std::vector<Effect> {
      const Change::Cause cause = made.change().cause();
      const bool same = session->RevisionOf(kEditionsSource, made.consistency_token()) <= known.revision ||
                        cause == Change::CAUSE_EXPIRY || cause == Change::CAUSE_PARTY_LEFT ||
                        cause == Change::CAUSE_PARTY_CHANGED;
      if (same) return {};
      std::vector<Effect> done = session->EffectOf(kEditionsSource, made, 0);
      const std::string had = known.record == nullptr ? "" : known.record->meeting();
      if (made.meeting() == had) return done;
      Effect meeting;
      meeting.revision = done.front().revision;
      if (std::is_same_v<Request, pairing::v1::AcceptRequestRequest> && !made.meeting().empty()) {
        meeting.name = made.meeting();
        done.push_back(meeting);
      } else if (!had.empty()) {
        // What ends a pairing ends its meeting, unless one of the two has left since it was known.
        meeting.name = had;
        meeting.maybe = true;
        done.push_back(meeting);
      }
      return done;
    };
    const auto made = session->Send<Stub, Request, Pairing>(kEditionsSource, session->clients().ledger(), method,
                                                            std::move(request), {names.name}, effects);
    if (made.has_value())
      session->world()->pairings.Put(*made, session->RevisionOf(kEditionsSource, made->consistency_token()));
  }
};

}  // namespace

void AddPairingWrites(WriteKinds* kinds) { kinds->push_back(std::make_unique<PairingSteps>()); }

}  // namespace tandem::check
