#include "services/pairing/meetings/book/meeting_book.h"

#include <algorithm>
#include <openssl/sha.h>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/base/test_switch.h"
#include "common/catalog/fields.h"
#include "common/catalog/names.h"
#include "common/catalog/store_status.h"
#include "common/tokens/consistency_token.h"
#include "services/pairing/ledger/ledger.h"
#include "services/pairing/ledger/rows.h"
#include "services/pairing/ledger/view.h"

namespace tandem::pairing::meetings {
namespace {

using ledger::FromStamp;
using ledger::ViewerOf;
using v1::Meeting;
using v1::Pairing;

// Another writer may win this often before the caller is told, and this often before it waits for its turn.
constexpr int kAttempts = 16;
constexpr int kFreeAttempts = 3;

std::vector<absl::Time> TimesOf(const google::protobuf::RepeatedPtrField<google::protobuf::Timestamp>& stamps) {
  std::vector<absl::Time> times;
  for (const auto& stamp : stamps) times.push_back(FromStamp(stamp));
  return times;
}

absl::Status NotFound(absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound, "RESOURCE_NOT_FOUND", absl::StrCat("there is no ", name),
                   {{"resource", std::string(name)}});
}

absl::Status Denied(absl::string_view method, absl::string_view why) {
  return MakeError(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED", why,
                   {{"method", std::string(method)}, {"cause", "side"}});
}

// Those that the other side named in the request by which the pairing became mutual.
std::vector<absl::Time> OnlySlots(const Pairing& pairing, v1::Side side) {
  const v1::Request& request = pairing.request();
  const bool made_it = request.has_close_time() && pairing.has_mutual_time() &&
                       FromStamp(request.close_time()) == FromStamp(pairing.mutual_time());
  if (side == v1::SIDE_UNSPECIFIED) return {};
  if (made_it && request.sender() != side) return TimesOf(request.slots());
  if (pairing.has_counter_request() && pairing.counter_request().sender() != side)
    return TimesOf(pairing.counter_request().slots());
  return {};
}

}  // namespace

absl::StatusOr<std::unique_ptr<MeetingBook>> MeetingBook::Open(Options options) {
  const auto head = options.store->GetHead();
  if (!head.ok()) return catalog::FromStore(head.status());
  return std::unique_ptr<MeetingBook>(new MeetingBook(std::move(options), head->epoch));
}

MeetingBook::MeetingBook(Options options, std::string epoch)
    : options_(std::move(options)),
      epoch_(std::move(epoch)),
      people_(options_.store),
      requests_(options_.store, options_.clock) {}

absl::Time MeetingBook::Now() const { return absl::FromUnixMicros(absl::ToUnixMicros(options_.clock->Now())); }

template <typename Request>
absl::StatusOr<MeetingBook::Work> MeetingBook::WorkOf(const Caller& caller, const Request& request,
                                                      bool needs_side) const {
  Work work;
  work.caller = &caller;
  const std::string method = catalog::MethodOf(request);
  work.method = Request::descriptor()->name();
  work.method.remove_suffix(absl::string_view("Request").size());
  work.request_id = request.request_id();
  work.hash = catalog::RequestLog::Hash(request);
  work.etag = catalog::TextOf(request, "etag");
  work.acting.actor = caller.actor;
  work.acting.note = catalog::TextOf(request, "note");
  const v1::Side own = ViewerOf(caller);
  v1::Side asked = v1::SIDE_UNSPECIFIED;
  if constexpr (requires { request.side(); }) asked = request.side();
  if (own == v1::SIDE_UNSPECIFIED) {
    if (asked == v1::SIDE_UNSPECIFIED && needs_side)
      return InvalidFields({{"side", "must be SIDE_PROJECT or SIDE_INVESTOR: the organiser acts for either"}});
    work.acting.side = asked;
  } else {
    if (asked != v1::SIDE_UNSPECIFIED && asked != own)
      return Denied(method, "a caller of a side acts for that side only: leave out `side`");
    work.acting.side = own;
  }
  return work;
}

absl::StatusOr<Meeting> MeetingBook::Book(const Caller& caller, const v1::BookMeetingRequest& request) {
  TANDEM_ASSIGN_OR_RETURN(const Work work, WorkOf(caller, request, false));
  if (!request.forced_reason().empty() && !caller.IsOrganiser())
    return Denied(work.method, "only the organiser books with a reason of its own: leave out `forced_reason`");
  return Carry(request.pairing(), work,
               [&](const Acting& acting, Draft* draft) { return BookStep(work, acting, request, draft); });
}

absl::StatusOr<Meeting> MeetingBook::Reschedule(const Caller& caller, const v1::RescheduleMeetingRequest& request) {
  TANDEM_ASSIGN_OR_RETURN(const Work work, WorkOf(caller, request, false));
  const std::vector<absl::Time> slots = TimesOf(request.slots());
  return Carry(request.name(), work, [&](const Acting& acting, Draft* draft) -> absl::StatusOr<bool> {
    if (acting.side == v1::SIDE_UNSPECIFIED) {
      TANDEM_RETURN_IF_ERROR(MoveStep(acting, slots, {}, draft));
      return true;
    }
    TANDEM_ASSIGN_OR_RETURN(const auto agenda, AgendaOf(draft->edition, EditionOf(request.name())));
    TANDEM_RETURN_IF_ERROR(CheckSlots(*agenda, slots, acting.now));
    return AskReschedule(acting, slots, &draft->meeting);
  });
}

absl::StatusOr<Meeting> MeetingBook::Answer(const Caller& caller, const v1::AnswerRescheduleRequest& request) {
  TANDEM_ASSIGN_OR_RETURN(const Work work, WorkOf(caller, request, true));
  if (request.refuse() && request.has_slot())
    return InvalidFields({{"slot", "must be unset when the wish is refused"}});
  return Carry(request.name(), work, [&](const Acting& acting, Draft* draft) -> absl::StatusOr<bool> {
    if (request.refuse()) return RefuseReschedule(acting, &draft->meeting);
    const std::vector<absl::Time> wished = TimesOf(draft->meeting.proposal().slots());
    std::vector<absl::Time> slots;
    if (request.has_slot()) slots.push_back(FromStamp(request.slot()));
    TANDEM_RETURN_IF_ERROR(MoveStep(acting, slots, wished, draft));
    return true;
  });
}

absl::StatusOr<Meeting> MeetingBook::Cancel(const Caller& caller, const v1::CancelMeetingRequest& request) {
  TANDEM_ASSIGN_OR_RETURN(const Work work, WorkOf(caller, request, false));
  return Carry(request.name(), work, [&](const Acting& acting, Draft* draft) { return CancelStep(acting, draft); });
}

absl::StatusOr<Meeting> MeetingBook::Report(const Caller& caller, const v1::ReportMeetingRequest& request) {
  TANDEM_ASSIGN_OR_RETURN(const Work work, WorkOf(caller, request, true));
  const Said said{request.check_in(), request.other_side(), request.rating(), request.result()};
  return Carry(request.name(), work,
               [&](const Acting& acting, Draft* draft) { return ReportOn(acting, said, &draft->meeting); });
}

absl::StatusOr<Meeting> MeetingBook::RecordOutcome(const Caller& caller, const v1::RecordOutcomeRequest& request) {
  TANDEM_ASSIGN_OR_RETURN(const Work work, WorkOf(caller, request, false));
  return Carry(request.name(), work, [&](const Acting& acting, Draft* draft) {
    return Attest(acting, request.stage(), request.has_amount() ? &request.amount() : nullptr, &draft->meeting);
  });
}

absl::StatusOr<Meeting> MeetingBook::Lock(const Caller& caller, const v1::LockMeetingRequest& request) {
  if (!caller.IsOrganiser()) return Denied("LockMeeting", "locking meetings is the organiser's");
  TANDEM_ASSIGN_OR_RETURN(const Work work, WorkOf(caller, request, false));
  return Carry(request.name(), work, [&](const Acting& acting, Draft* draft) {
    return meetings::Lock(acting, !request.unlock(), &draft->meeting);
  });
}

absl::StatusOr<Meeting> MeetingBook::Carry(absl::string_view name, const Work& work, const Step& step) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    std::optional<MutexLock> turn;
    if (attempt >= kFreeAttempts) turn.emplace(&turns_[absl::Hash<absl::string_view>()(EditionOf(name)) % kStripes]);
    TANDEM_ASSIGN_OR_RETURN(std::optional<Meeting> done, Attempt(name, work, step));
    if (done.has_value()) return *std::move(done);
  }
  return MakeError(absl::StatusCode::kAborted, "CONTENTION",
                   "others wrote the same people's meetings at the same moment, again and again: retry",
                   {{"resource", std::string(name)}});
}

absl::StatusOr<std::optional<Meeting>> MeetingBook::Attempt(absl::string_view name, const Work& work,
                                                            const Step& step) {
  const v1::Side viewer = ViewerOf(*work.caller);
  const std::string edition(EditionOf(name));
  const std::string key = MeetingKey(name);  // of none when the step books
  const std::string row_key =
      work.request_id.empty()
          ? ""
          : catalog::RequestLog::Key(edition, absl::StrCat(work.method, "/", static_cast<int>(viewer)),
                                     work.caller->actor, work.request_id);
  std::vector<std::string> keys = {EditionKey(edition), key};
  if (!row_key.empty()) keys.push_back(row_key);
  auto read = options_.store->BatchGet(keys);
  if (!read.ok()) return catalog::FromStore(read.status());
  std::optional<Record> row;
  if (!row_key.empty()) {
    row = std::move(read->back());
    TANDEM_ASSIGN_OR_RETURN(const auto remembered, requests_.Read(row, work.hash, work.request_id));
    if (remembered.has_value()) {
      TANDEM_ASSIGN_OR_RETURN(Meeting meeting, ParseMeeting({row_key, remembered->payload, 0, 0}));
      return Show(std::move(meeting), viewer, remembered->revision);
    }
  }
  Draft draft;
  draft.edition = std::move((*read)[0]);
  const std::optional<Record> record = std::move((*read)[1]);
  draft.is_new = name == absl::StrCat("editions/", edition, "/pairings/", name.substr(name.rfind('/') + 1));
  if (!draft.edition.has_value()) return AgendaOf(draft.edition, edition).status();
  if (!draft.is_new) {
    if (!record.has_value()) return NotFound(name);
    TANDEM_ASSIGN_OR_RETURN(draft.meeting, ParseMeeting(*record));
    const std::string current = EtagOf(ViewFor(draft.meeting, viewer));
    if (!work.etag.empty() && work.etag != current) {
      return MakeError(absl::StatusCode::kAborted, "ETAG_MISMATCH",
                       absl::StrCat(name, " has changed since it was read: read it again and decide again"),
                       {{"resource", std::string(name)}, {"sent", work.etag}, {"current", current}});
    }
    ledger::AddCondition(key, record, &draft.transaction);
  }
  Acting acting = work.acting;
  acting.now = Now();
  const absl::StatusOr<bool> changed = step(acting, &draft);
  if (!changed.ok()) {
    // What refuses it may have been read while somebody wrote; or it is its own effect, sent twice to two replicas.
    if (!row_key.empty()) ledger::AddCondition(row_key, row, &draft.transaction);
    TANDEM_ASSIGN_OR_RETURN(const bool still, Holds(draft.transaction.conditions));
    if (!still) return std::nullopt;
    return changed.status();
  }
  const Revision shown = *changed ? 0 : record->revision;
  if (!*changed && row_key.empty()) return Show(std::move(draft.meeting), viewer, shown);
  if (*changed && !Deviates("meetings.record")) AddMeetingWrites(draft.meeting, draft.is_new, &draft.transaction);
  if (!row_key.empty()) {
    requests_.Add(row_key, row, work.hash, catalog::SerializeDeterministically(draft.meeting), shown,
                  &draft.transaction);
  }
  std::vector<Transaction> transactions;
  transactions.push_back(std::move(draft.transaction));
  const CommitOutcome outcome = options_.store->Commit(std::move(transactions)).front();
  if (outcome.status.code() == absl::StatusCode::kAborted) return std::nullopt;
  if (!outcome.status.ok()) return catalog::FromStore(outcome.status);
  if (!row_key.empty()) requests_.Written(1);
  return Show(std::move(draft.meeting), viewer, shown > 0 ? shown : outcome.revision);
}

absl::StatusOr<bool> MeetingBook::BookStep(const Work& work, const Acting& acting,
                                           const v1::BookMeetingRequest& request, Draft* draft) {
  std::optional<Record> record;
  const v1::Side viewer = ViewerOf(*work.caller);
  TANDEM_ASSIGN_OR_RETURN(const Pairing before, FindPairing(request.pairing(), viewer, &record));
  const bool away = before.state() == Pairing::STATE_BLOCKED || before.state() == Pairing::STATE_CLOSED;
  if (before.state() != Pairing::STATE_MUTUAL && (request.forced_reason().empty() || away)) {
    const std::string state = ledger::StateText(ledger::VisibleState(before, viewer));
    return MakeError(absl::StatusCode::kFailedPrecondition, "STATE_CONFLICT",
                     absl::StrCat(before.name(), " is ", state, "; a meeting needs one that is MUTUAL",
                                  away ? "" : ", or the organiser's reason"),
                     {{"resource", before.name()}, {"state", state}, {"step", "book"}, {"allowed", "MUTUAL"}});
  }
  ledger::AddCondition(record->key, record, &draft->transaction);
  PlaceWish wish;
  wish.project_attendee = request.project_attendee();
  wish.investor_attendee = request.investor_attendee();
  wish.slots = TimesOf(request.slots());
  wish.only = OnlySlots(before, acting.side);
  TANDEM_ASSIGN_OR_RETURN(const std::optional<Record> numbers, ReadRow(NumbersKey(before.name())));
  TANDEM_ASSIGN_OR_RETURN(draft->meeting, PlanNext(acting, *draft->edition, numbers, before, std::move(wish),
                                                   request.forced_reason(), &draft->transaction));
  Pairing after = before;
  after.set_meeting(draft->meeting.name());
  SetMeetingChange(acting, &after);
  ledger::AddPairingWrites(ledger::PairNames(before.project(), before.investor()), before, after, &draft->transaction);
  return true;
}

absl::Status MeetingBook::MoveStep(const Acting& acting, const std::vector<absl::Time>& slots,
                                   const std::vector<absl::Time>& only, Draft* draft) {
  Meeting& meeting = draft->meeting;
  TANDEM_RETURN_IF_ERROR(CheckMove(acting, meeting));
  TANDEM_ASSIGN_OR_RETURN(const auto agenda, AgendaOf(draft->edition, EditionOf(meeting.name())));
  PlaceWish wish;
  wish.meeting = meeting.name();
  wish.agenda = agenda.get();
  wish.project = meeting.project();
  wish.investor = meeting.investor();
  // Who met by itself has somebody who meets for it now, or still has not.
  if (meeting.project_attendee() != meeting.project()) wish.project_attendee = meeting.project_attendee();
  if (meeting.investor_attendee() != meeting.investor()) wish.investor_attendee = meeting.investor_attendee();
  wish.slots = slots;
  wish.only = only;
  wish.now = acting.now;
  wish.moves = meeting.has_start_time();
  if (wish.moves) wish.from = FromStamp(meeting.start_time());
  TANDEM_ASSIGN_OR_RETURN(FoundPlace found, FindPlace(options_.store, &people_, wish));
  Append(std::move(found.rows), &draft->transaction);
  ledger::AddCondition(draft->edition->key, draft->edition, &draft->transaction);
  for (const auto& [attendee, now] : {std::pair(meeting.project_attendee(), found.project_attendee),
                                      std::pair(meeting.investor_attendee(), found.investor_attendee)}) {
    if (attendee != now) AddToList(meeting.name(), now, &draft->transaction);
  }
  meeting.set_project_attendee(found.project_attendee);
  meeting.set_investor_attendee(found.investor_attendee);
  Move(acting, found.placed, &meeting);
  return absl::OkStatus();
}

absl::StatusOr<bool> MeetingBook::CancelStep(const Acting& acting, Draft* draft) {
  TANDEM_ASSIGN_OR_RETURN(const bool changed, meetings::Cancel(acting, &draft->meeting));
  if (!changed) return false;
  TANDEM_ASSIGN_OR_RETURN(const std::string last, PlanEnd(draft->meeting, &draft->transaction));
  std::optional<Record> record;
  TANDEM_ASSIGN_OR_RETURN(const Pairing before, FindPairing(draft->meeting.pairing(), v1::SIDE_UNSPECIFIED, &record));
  ledger::AddCondition(record->key, record, &draft->transaction);
  Pairing after = before;
  after.set_meeting(last);
  SetMeetingChange(acting, &after);
  ledger::AddPairingWrites(ledger::PairNames(before.project(), before.investor()), before, after, &draft->transaction);
  return true;
}

Meeting MeetingBook::Show(Meeting meeting, v1::Side viewer, Revision revision) const {
  Meeting view = ViewFor(std::move(meeting), viewer);
  view.set_etag(EtagOf(view));
  view.set_consistency_token(ConsistencyToken(options_.source, Position{epoch_, revision}).Encode(*options_.keys));
  return view;
}

// Over what is seen, so that what is private does not show in it.
std::string MeetingBook::EtagOf(const Meeting& view) const {
  const std::string text = absl::StrCat(epoch_, "|", catalog::SerializeDeterministically(view));
  unsigned char hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash);
  return absl::WebSafeBase64Escape(absl::string_view(reinterpret_cast<const char*>(hash), 12));
}

absl::StatusOr<std::shared_ptr<const Agenda>> MeetingBook::AgendaOf(const std::optional<Record>& edition,
                                                                    absl::string_view id) {
  if (edition.has_value()) return agendas_.Of(*edition);
  const std::string name = absl::StrCat("editions/", id);
  return MakeError(absl::StatusCode::kNotFound, "EDITION_NOT_FOUND",
                   absl::StrCat("there is no ", name, ": create it first"), {{"edition", name}});
}

absl::StatusOr<std::optional<Record>> MeetingBook::ReadRow(const std::string& key) const {
  auto row = options_.store->Get(key);
  if (!row.ok()) return catalog::FromStore(row.status());
  return *std::move(row);
}

absl::StatusOr<bool> MeetingBook::Holds(const std::vector<Condition>& conditions) const {
  std::vector<std::string> keys;
  for (const Condition& condition : conditions) keys.push_back(condition.key);
  if (keys.empty()) return true;
  const auto read = options_.store->BatchGet(keys);
  if (!read.ok()) return catalog::FromStore(read.status());
  for (size_t i = 0; i < keys.size(); ++i) {
    const std::optional<Record>& record = (*read)[i];
    const bool absent = conditions[i].kind == Condition::Kind::kAbsent;
    if (record.has_value() == absent) return false;
    if (conditions[i].kind == Condition::Kind::kAtRevision && record->revision != conditions[i].revision) return false;
  }
  return true;
}

absl::StatusOr<Pairing> MeetingBook::FindPairing(absl::string_view name, v1::Side viewer,
                                                 std::optional<Record>* record) const {
  static const catalog::NamePattern kPattern("editions/{edition}/pairings/{pairing}");
  const auto ids = kPattern.Match(name);
  if (!ids.has_value())
    return InvalidFields({{"pairing", "must be a name such as editions/{edition}/pairings/{pairing}"}});
  TANDEM_ASSIGN_OR_RETURN(*record, ReadRow(catalog::RecordKey(ledger::kPairings, *ids)));
  if (!record->has_value()) return NotFound(name);
  TANDEM_ASSIGN_OR_RETURN(Pairing pairing, ledger::ParsePairing(**record));
  if (!ledger::IsKnownTo(pairing, viewer)) return NotFound(name);
  return pairing;
}

}  // namespace tandem::pairing::meetings
