#include "services/pairing/ledger/ledger.h"

#include <functional>
#include <openssl/sha.h>
#include <utility>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/base/test_switch.h"
#include "common/catalog/fields.h"
#include "common/catalog/names.h"
#include "common/catalog/store_status.h"
#include "common/tokens/consistency_token.h"
#include "services/pairing/ledger/view.h"

namespace tandem::pairing::ledger {
namespace {

using Step = Command::Step;
using v1::Pairing;

// Another writer may win this often before the caller is told.
constexpr int kAttempts = 16;

// The side that a caller acts for: its own, or the one that the organiser names.
absl::StatusOr<v1::Side> SideOf(const Caller& caller, v1::Side asked, absl::string_view method) {
  const v1::Side own = ViewerOf(caller);
  if (own == v1::SIDE_UNSPECIFIED) {
    if (asked != v1::SIDE_UNSPECIFIED) return asked;
    return InvalidFields({{"side", "must be SIDE_PROJECT or SIDE_INVESTOR: the organiser acts for either"}});
  }
  if (asked == v1::SIDE_UNSPECIFIED || asked == own) return own;
  return MakeError(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                   "a caller of a side acts for that side only: leave out `side`",
                   {{"method", std::string(method)}, {"cause", "side"}});
}

absl::Status NotFound(absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound, "RESOURCE_NOT_FOUND", absl::StrCat("there is no ", name),
                   {{"resource", std::string(name)}});
}

bool IsSame(const std::optional<Record>& was, const std::optional<Record>& is) {
  return was.has_value() == is.has_value() && (!was.has_value() || was->revision == is->revision);
}

}  // namespace

v1::Side ViewerOf(const Caller& caller) {
  switch (caller.side) {
    case CallerSide::kProject:
      return v1::SIDE_PROJECT;
    case CallerSide::kInvestor:
      return v1::SIDE_INVESTOR;
    default:
      return v1::SIDE_UNSPECIFIED;
  }
}

// Holds the turns of both parties of a pair.
class Ledger::Locked {
 public:
  Locked(Ledger* ledger, const PairNames& names) ABSL_NO_THREAD_SAFETY_ANALYSIS : gate_(&ledger->gate_) {
    const size_t a = absl::Hash<absl::string_view>()(names.project) % kStripes;
    const size_t b = absl::Hash<absl::string_view>()(names.investor) % kStripes;
    first_ = &ledger->stripes_[std::min(a, b)];
    second_ = a == b ? nullptr : &ledger->stripes_[std::max(a, b)];
    first_->mutex.Lock();
    if (second_ != nullptr) second_->mutex.Lock();
  }
  ~Locked() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    if (second_ != nullptr) second_->mutex.Unlock();
    first_->mutex.Unlock();
  }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

  // How often something was written in turns of either party.
  uint64_t written() const { return first_->written + (second_ == nullptr ? 0 : second_->written); }
  void Write() {
    ++first_->written;
    if (second_ != nullptr) ++second_->written;
  }

 private:
  const SharedLock gate_;
  Stripe* first_;
  Stripe* second_;
};

absl::StatusOr<std::unique_ptr<Ledger>> Ledger::Open(Options options) {
  const auto head = options.store->GetHead();
  if (!head.ok()) return catalog::FromStore(head.status());
  return std::unique_ptr<Ledger>(new Ledger(std::move(options), head->epoch));
}

Ledger::Ledger(Options options, std::string epoch)
    : options_(std::move(options)), epoch_(std::move(epoch)), requests_(options_.store, options_.clock) {}

absl::Time Ledger::Now() const { return absl::FromUnixMicros(absl::ToUnixMicros(options_.clock->Now())); }

template <typename Request>
absl::StatusOr<Pairing> Ledger::OnPair(const Caller& caller, const Request& request, Command command,
                                       Deadline deadline) {
  const std::string method = catalog::MethodOf(request);
  TANDEM_ASSIGN_OR_RETURN(command.side, SideOf(caller, request.side(), method));
  command.actor = caller.actor;
  static const catalog::NamePattern kProject("editions/{edition}/projects/{project}");
  static const catalog::NamePattern kInvestor("editions/{edition}/investors/{investor}");
  const auto project = kProject.Match(request.project()), investor = kInvestor.Match(request.investor());
  std::vector<FieldViolation> violations;
  if (!project.has_value()) violations.push_back({"project", "must be the name of a project"});
  if (!investor.has_value()) violations.push_back({"investor", "must be the name of an investor"});
  if (violations.empty() && project->front() != investor->front()) {
    violations.push_back({"investor", absl::StrCat("must be of editions/", project->front(),
                                                   " as the project: nothing crosses editions")});
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  if (command.step == Step::kSendRequest && options_.unmet)
    command.rules = options_.unmet(request.project(), request.investor()).value_or(std::vector<std::string>());
  return Carry(
      PairNames(request.project(), request.investor()),
      {&caller, method, request.request_id(), catalog::RequestLog::Hash(request), "", std::move(command), deadline});
}

template <typename Request>
absl::StatusOr<Pairing> Ledger::OnPairing(const Caller& caller, const Request& request, Command command,
                                          Deadline deadline) {
  const std::string method = catalog::MethodOf(request);
  TANDEM_ASSIGN_OR_RETURN(command.side, SideOf(caller, request.side(), method));
  command.actor = caller.actor;
  Revision revision = 0;
  TANDEM_ASSIGN_OR_RETURN(const Pairing pairing, Find(request.name(), ViewerOf(caller), &revision));
  return Carry(PairNames(pairing.project(), pairing.investor()),
               {&caller, method, request.request_id(), catalog::RequestLog::Hash(request), request.etag(),
                std::move(command), deadline});
}

absl::StatusOr<Pairing> Ledger::SetStance(const Caller& caller, const v1::SetStanceRequest& request,
                                          Deadline deadline) {
  Command command;
  command.step = Step::kSetStance;
  command.stance = request.kind();
  return OnPair(caller, request, std::move(command), deadline);
}

absl::StatusOr<Pairing> Ledger::SendRequest(const Caller& caller, const v1::SendRequestRequest& request,
                                            Deadline deadline) {
  Command command;
  command.step = Step::kSendRequest;
  command.message = request.message();
  for (const auto& slot : request.slots()) command.slots.push_back(FromStamp(slot));
  return OnPair(caller, request, std::move(command), deadline);
}

absl::StatusOr<Pairing> Ledger::Accept(const Caller& caller, const v1::AcceptRequestRequest& request,
                                       Deadline deadline) {
  Command command;
  command.step = Step::kAccept;
  for (const auto& slot : request.slots()) command.slots.push_back(FromStamp(slot));
  return OnPairing(caller, request, std::move(command), deadline);
}

absl::StatusOr<Pairing> Ledger::Decline(const Caller& caller, const v1::DeclineRequestRequest& request,
                                        Deadline deadline) {
  Command command;
  command.step = Step::kDecline;
  command.reason = request.reason();
  command.note = request.note();
  return OnPairing(caller, request, std::move(command), deadline);
}

absl::StatusOr<Pairing> Ledger::Withdraw(const Caller& caller, const v1::WithdrawRequestRequest& request,
                                         Deadline deadline) {
  Command command;
  command.step = Step::kWithdraw;
  return OnPairing(caller, request, std::move(command), deadline);
}

absl::StatusOr<Pairing> Ledger::Carry(const PairNames& names, const Work& work) {
  Sight sight;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    {
      Locked turn(this, names);
      TANDEM_ASSIGN_OR_RETURN(std::optional<Pairing> done, Attempt(names, work, &turn, &sight));
      if (done.has_value()) return *std::move(done);
    }
    if (!sight.wanted) continue;
    // Without the turns: a service that hangs holds up this step only.
    TANDEM_ASSIGN_OR_RETURN(sight.states, options_.parties->Look(names.project, names.investor, work.deadline));
    sight.wanted = false;
    sight.seen = true;
  }
  return MakeError(absl::StatusCode::kAborted, "CONTENTION",
                   "others wrote the same parties' pairings at the same moment, again and again: retry",
                   {{"resource", names.name}});
}

absl::StatusOr<std::optional<Pairing>> Ledger::Attempt(const PairNames& names, const Work& work, Locked* turn,
                                                       Sight* sight) {
  const v1::Side viewer = ViewerOf(*work.caller);
  // With the side: whoever acts for both has two memories, since what one side did is not the other's to read.
  const std::string row_key =
      work.request_id.empty()
          ? ""
          : catalog::RequestLog::Key(names.edition, absl::StrCat(work.method, " ", v1::Side_Name(viewer)),
                                     work.caller->actor, work.request_id);
  std::vector<std::string> keys = PairRows::Keys(names);
  if (!row_key.empty()) keys.push_back(row_key);
  const bool unwritten = sight->rows.has_value() && sight->written == turn->written();
  auto read = unwritten ? *std::exchange(sight->rows, std::nullopt) : options_.store->BatchGet(keys);
  if (!read.ok()) return catalog::FromStore(read.status());
  std::optional<Record> row;
  if (!row_key.empty()) {
    row = std::move(read->back());
    TANDEM_ASSIGN_OR_RETURN(const auto remembered, requests_.Read(row, work.hash, work.request_id));
    if (remembered.has_value()) {
      TANDEM_ASSIGN_OR_RETURN(const Pairing pairing, ParsePairing({row_key, remembered->payload, 0, 0}));
      return Show(pairing, viewer, remembered->revision);
    }
  }
  const PairRows rows = PairRows::From(&*read);
  if (!rows.edition.has_value()) return NoEdition(names.edition);
  TANDEM_ASSIGN_OR_RETURN(const std::shared_ptr<const Rules> rules, rules_.Of(*rows.edition));
  TANDEM_ASSIGN_OR_RETURN(const PairState before, rows.Parse(names));
  Circumstances at{rules.get(), PartyState::kOpen, PartyState::kOpen, Now()};
  if (IsDue(before.pairing, at.now, rules->last_slot) && !Deviates("ledger.expire-first")) {
    TANDEM_RETURN_IF_ERROR(WriteExpiry(names, rows, before, at));
    return std::nullopt;
  }
  if (!work.etag.empty()) {
    const std::string current = EtagOf(ViewFor(before.pairing, viewer));
    if (work.etag != current) {
      return MakeError(absl::StatusCode::kAborted, "ETAG_MISMATCH",
                       absl::StrCat(names.name, " has changed since it was read: read it again and decide again"),
                       {{"resource", names.name}, {"sent", work.etag}, {"current", current}});
    }
  }
  // Who leaves writes the row of a party. So a look counts when it came after rows that knew of as many departures as
  // those that are decided on; and who leaves later changes them, so that nothing is written.
  if (!rows.pairing.has_value() || NeedsParties(work.command)) {
    const int64_t left[] = {before.project.departures, before.investor.departures};
    const bool holds = sight->seen && sight->project_departures == left[0] && sight->investor_departures == left[1];
    if (!holds) {
      sight->wanted = true;
      sight->project_departures = left[0];
      sight->investor_departures = left[1];
      sight->rows = {rows.edition, rows.pairing, rows.project, rows.investor};
      if (!row_key.empty()) sight->rows->push_back(row);
      sight->written = turn->written();
      return std::nullopt;
    }
    at.project = sight->states.project;
    at.investor = sight->states.investor;
  }
  PairState after = before;
  const absl::StatusOr<bool> taken = Take(work.command, at, &after);
  if (!taken.ok()) {
    if (row_key.empty()) return taken.status();
    // The same request, sent twice to two replicas: what refuses it now may be its own effect.
    const auto now = options_.store->Get(row_key);
    if (now.ok() && now->has_value() && (!row.has_value() || (*now)->revision != row->revision)) return std::nullopt;
    return taken.status();
  }
  Transaction transaction;
  Revision shown = 0;
  if (*taken) {
    absl::StatusOr<Transaction> planned = PlanStep(names, rows, work.command, before, &after);
    if (!planned.ok()) {
      // What refuses it was read later than the rows: somebody wrote meanwhile, or it is its own effect, sent twice.
      const auto now = options_.store->BatchGet(keys);
      if (!now.ok()) return catalog::FromStore(now.status());
      const bool moved = !IsSame(rows.edition, (*now)[0]) || !IsSame(rows.pairing, (*now)[1]) ||
                         (!row_key.empty() && !IsSame(row, now->back()));
      if (moved) return std::nullopt;
      return planned.status();
    }
    transaction = *std::move(planned);
  } else {
    if (!rows.pairing.has_value() || !IsKnownTo(after.pairing, viewer)) return NotFound(names.name);
    // To a side the revision of this very write: that of the pairing moves with what is private.
    shown = viewer == v1::SIDE_UNSPECIFIED ? rows.pairing->revision : 0;
    if (row_key.empty()) return Show(after.pairing, viewer, shown);
    AddCondition(names.PairingKey(), rows.pairing, &transaction);
  }
  if (!row_key.empty()) {
    requests_.Add(row_key, row, work.hash, catalog::SerializeDeterministically(after.pairing), shown, &transaction);
  }
  std::vector<Transaction> transactions;
  transactions.push_back(std::move(transaction));
  const CommitOutcome outcome = options_.store->Commit(std::move(transactions)).front();
  PassPoint("ledger.before-answer");
  if (outcome.status.code() == absl::StatusCode::kAborted) return std::nullopt;
  turn->Write();
  if (!outcome.status.ok()) return catalog::FromStore(outcome.status);
  if (!row_key.empty()) requests_.Written(1);
  return Show(after.pairing, viewer, shown > 0 ? shown : outcome.revision);
}

absl::StatusOr<Transaction> Ledger::PlanStep(const PairNames& names, const PairRows& rows, const Command& command,
                                             const PairState& before, PairState* after) const {
  Transaction transaction;
  AddCondition(names.EditionKey(), rows.edition, &transaction);
  AddCondition(names.PairingKey(), rows.pairing, &transaction);
  if (!Deviates("ledger.conditions")) {
    AddCondition(names.PartyKey(v1::SIDE_PROJECT), rows.project, &transaction);
    AddCondition(names.PartyKey(v1::SIDE_INVESTOR), rows.investor, &transaction);
  }
  if (options_.extend) TANDEM_RETURN_IF_ERROR(options_.extend(command, before.pairing, &after->pairing, &transaction));
  AddPairingWrites(names, before.pairing, after->pairing, &transaction);
  // A new pairing always writes both rows, so that nobody leaves without it.
  const bool is_new = !rows.pairing.has_value();
  AddCountsWrite(names.PartyKey(v1::SIDE_PROJECT), before.project, after->project, is_new, &transaction);
  AddCountsWrite(names.PartyKey(v1::SIDE_INVESTOR), before.investor, after->investor, is_new, &transaction);
  return transaction;
}

absl::Status Ledger::WriteExpiry(const PairNames& names, const PairRows& rows, const PairState& before,
                                 const Circumstances& circumstances) {
  PairState after = before;
  TANDEM_RETURN_IF_ERROR(Take(Command(), circumstances, &after).status());
  std::vector<Transaction> transactions(1);
  TANDEM_ASSIGN_OR_RETURN(transactions[0], PlanStep(names, rows, Command(), before, &after));
  const CommitOutcome outcome = options_.store->Commit(std::move(transactions)).front();
  // Whoever came first: it is read again.
  if (outcome.status.ok() || outcome.status.code() == absl::StatusCode::kAborted) return absl::OkStatus();
  return catalog::FromStore(outcome.status);
}

Pairing Ledger::Show(const Pairing& pairing, v1::Side viewer, Revision revision) const {
  Pairing view = ViewFor(pairing, viewer);
  view.set_etag(EtagOf(view));
  if (revision > 0) {
    view.set_consistency_token(ConsistencyToken(options_.source, Position{epoch_, revision}).Encode(*options_.keys));
  }
  return view;
}

// Over what is seen, so that what is private does not show in it.
std::string Ledger::EtagOf(const Pairing& view) const {
  const std::string text = absl::StrCat(epoch_, "|", catalog::SerializeDeterministically(view));
  unsigned char hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash);
  return absl::WebSafeBase64Escape(absl::string_view(reinterpret_cast<const char*>(hash), 12));
}

absl::Status Ledger::NoEdition(absl::string_view edition) const {
  const std::string name = absl::StrCat("editions/", edition);
  return MakeError(absl::StatusCode::kNotFound, "EDITION_NOT_FOUND",
                   absl::StrCat("there is no ", name, ": create it first"), {{"edition", name}});
}

absl::StatusOr<Pairing> Ledger::Find(absl::string_view name, v1::Side viewer, Revision* revision) const {
  static const catalog::NamePattern kPattern("editions/{edition}/pairings/{pairing}");
  const auto ids = kPattern.Match(name);
  if (!ids.has_value())
    return InvalidFields({{"name", "must be a name such as editions/{edition}/pairings/{pairing}"}});
  const auto read =
      options_.store->BatchGet({catalog::RecordKey(kPairings, *ids), catalog::RecordKey("editions", {ids->front()})});
  if (!read.ok()) return catalog::FromStore(read.status());
  if (!(*read)[1].has_value()) return NoEdition(ids->front());
  if (!(*read)[0].has_value()) return NotFound(name);
  TANDEM_ASSIGN_OR_RETURN(Pairing pairing, ParsePairing(*(*read)[0]));
  if (!IsKnownTo(pairing, viewer)) return NotFound(name);
  *revision = (*read)[0]->revision;
  return pairing;
}

}  // namespace tandem::pairing::ledger
