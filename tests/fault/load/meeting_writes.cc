// Meetings of mutual pairings: booked, moved, asked to be moved, and cancelled.
#include "absl/strings/str_cat.h"

#include "services/pairing/ledger/decision.h"
#include "services/pairing/market_feed/market_followers.h"
#include "tests/fault/load/record_read.h"
#include "tests/fault/load/write_kind.h"

namespace tandem::check {
namespace {

using google::protobuf::Timestamp;
using pairing::kEditionsSource;
using pairing::ledger::OtherSide;
using pairing::v1::Meeting;
using pairing::v1::Pairing;
using Stub = pairing::v1::MeetingService::Stub;

class MeetingSteps final : public WriteKind {
 public:
  int weight() const override { return 12; }

  void WriteOne(WriteSession* session) override {
    World* const world = session->world();
    const std::string name = PickMutual(session);
    if (name.empty()) return;
    const PairTurns::Turn turn(&world->pair_turns, name);
    if (!turn.taken()) return;
    // As nobody else of the load changes it from here on.
    const Known<Pairing> known = world->pairings.Find(name);
    if (known.record->state() != Pairing::STATE_MUTUAL) return;
    if (known.record->meeting().empty()) {
      if (!Book(session, *known.record)) LookAgain(session, name);
      return;
    }
    const auto meeting = Read(session, known.record->meeting());
    if (!meeting.has_value()) return;
    if (meeting->state() == Meeting::STATE_CANCELLED) return LookAgain(session, name);  // a party has left
    const bool done = StepOn(session, *known.record, *meeting);
    // Also of what is cancelled, which no pairing names any more.
    if (done && session->random()->Percent(30)) Read(session, meeting->name());
  }

 private:
  static std::string PickMutual(WriteSession* session) {
    constexpr int kTries = 12;
    for (int i = 0; i < kTries; ++i) {
      const Known<Pairing> known = session->world()->pairings.Pick(session->random());
      if (known.record != nullptr && known.record->state() == Pairing::STATE_MUTUAL) return known.record->name();
    }
    return "";
  }

  static absl::optional<Meeting> Read(WriteSession* session, const std::string& name) {
    World* const world = session->world();
    auto meeting = ReadRecord(world, kEditionsSource, world->clients->meetings(), &Stub::GetMeeting, name);
    if (meeting.has_value())
      world->meetings.Put(*meeting, session->RevisionOf(kEditionsSource, meeting->consistency_token()));
    return meeting;
  }

  static void LookAgain(WriteSession* session, const std::string& name) {
    using LedgerStub = pairing::v1::LedgerService::Stub;
    World* const world = session->world();
    const auto found = ReadRecord(world, kEditionsSource, world->clients->ledger(), &LedgerStub::GetPairing, name);
    if (!found.has_value()) return;
    world->pairings.Put(*found, session->RevisionOf(kEditionsSource, found->consistency_token()));
  }

  static pairing::v1::Side SomeSide(Random* random) {
    return random->Percent(50) ? pairing::v1::SIDE_PROJECT : pairing::v1::SIDE_INVESTOR;
  }

  // Some slots of the agenda, often none: then any will do.
  static void AddSlots(WriteSession* session, google::protobuf::RepeatedPtrField<Timestamp>* slots) {
    const std::vector<absl::Time>& all = session->world()->slots;
    const size_t first = session->random()->Below(all.size());
    for (size_t i = session->random()->Below(4); i > 0; --i)
      *slots->Add() = pairing::ledger::ToStamp(all[(first + i) % all.size()]);
  }

  bool Book(WriteSession* session, const Pairing& pairing) {
    pairing::v1::BookMeetingRequest request;
    request.set_pairing(pairing.name());
    // A side may only name slots that the other side named.
    if (session->random()->Percent(50)) {
      request.set_side(SomeSide(session->random()));
    } else {
      AddSlots(session, request.mutable_slots());
    }
    return Send(session, pairing, 0, std::move(request), &Stub::BookMeeting);
  }

  bool StepOn(WriteSession* session, const Pairing& pairing, const Meeting& meeting) {
    const size_t what = session->random()->Below(100);
    if (!meeting.has_proposal()) {
      if (what < 40) return Cancel(session, pairing, meeting);
      return Ask(session, pairing, meeting, what < 85 ? SomeSide(session->random()) : pairing::v1::SIDE_UNSPECIFIED);
    }
    if (what < 15) return Cancel(session, pairing, meeting);
    pairing::v1::AnswerRescheduleRequest request;
    const pairing::v1::Side asked = meeting.proposal().side();
    request.set_side(what < 30 ? asked : OtherSide(asked));
    request.set_refuse(what < 50);
    if (!request.refuse() && what < 75) {
      for (const Timestamp& slot : meeting.proposal().slots()) {
        if (slot.seconds() != meeting.start_time().seconds()) *request.mutable_slot() = slot;
      }
    }
    return SendStep(session, pairing, meeting, std::move(request), &Stub::AnswerReschedule);
  }

  bool Cancel(WriteSession* session, const Pairing& pairing, const Meeting& meeting) {
    pairing::v1::CancelMeetingRequest request;
    if (session->random()->Percent(70)) request.set_side(SomeSide(session->random()));
    request.set_note(absl::StrCat("not then ", session->NextStamp()));
    return SendStep(session, pairing, meeting, std::move(request), &Stub::CancelMeeting);
  }

  // The organiser, who is of no side, moves it at once.
  bool Ask(WriteSession* session, const Pairing& pairing, const Meeting& meeting, pairing::v1::Side side) {
    pairing::v1::RescheduleMeetingRequest request;
    request.set_side(side);
    if (side != pairing::v1::SIDE_UNSPECIFIED) AddSlots(session, request.mutable_slots());
    request.set_note(absl::StrCat("rather then ", session->NextStamp()));
    return SendStep(session, pairing, meeting, std::move(request), &Stub::RescheduleMeeting);
  }

  template <typename Request>
  bool SendStep(WriteSession* session, const Pairing& pairing, const Meeting& meeting, Request request,
                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Meeting*)) {
    request.set_name(meeting.name());
    const bool bound = session->random()->Percent(30);
    if (bound) request.set_etag(meeting.etag());
    const Revision read = session->RevisionOf(kEditionsSource, meeting.consistency_token());
    return Send(session, pairing, bound ? read : 0, std::move(request), method);
  }

  // Whether it was acknowledged.
  template <typename Request>
  bool Send(WriteSession* session, const Pairing& pairing, Revision based_on, Request request,
            grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Meeting*)) {
    World* const world = session->world();
    const auto effects = [&](const Meeting& made) {
      std::vector<Effect> done = session->EffectOf(kEditionsSource, made, based_on);
      if (!ChangesPairing(made)) return done;
      // Written in the same commit.
      Effect named;
      named.name = pairing.name();
      named.revision = done.front().revision;
      done.push_back(std::move(named));
      return done;
    };
    const auto made = session->Send<Stub, Request, Meeting>(kEditionsSource, session->clients().meetings(), method,
                                                            std::move(request), {pairing.name()}, effects);
    if (!made.has_value()) return false;
    const Revision revision = session->RevisionOf(kEditionsSource, made->consistency_token());
    world->meetings.Put(*made, revision);
    if (!ChangesPairing(*made)) return true;
    Pairing after = pairing;
    after.set_meeting(made->state() == Meeting::STATE_CANCELLED ? "" : made->name());
    world->pairings.Put(after, revision);
    return true;
  }

  static bool ChangesPairing(const Meeting& made) {
    return made.change().cause() == pairing::v1::MeetingChange::CAUSE_BOOKED ||
           made.change().cause() == pairing::v1::MeetingChange::CAUSE_CANCELLED;
  }
};

}  // namespace

void AddMeetingWrites(WriteKinds* kinds) { kinds->push_back(std::make_unique<MeetingSteps>()); }

}  // namespace tandem::check
