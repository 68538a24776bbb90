#include "services/pairing/effects/effect_sink.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "common/base/status.h"
#include "common/catalog/each_record.h"
#include "common/catalog/store_status.h"
#include "services/pairing/ledger/party_counts.h"
#include "services/pairing/ledger/rows.h"
#include "services/pairing/market_feed/record_name.h"
#include "tandem/investors/v1/investor.pb.h"
#include "tandem/projects/v1/project.pb.h"

namespace tandem::pairing::effects {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kFirstBackoff{20};
constexpr std::chrono::milliseconds kLongestBackoff{2000};
constexpr char kPartyPrefix[] = "party/";

template <typename Party>
std::string HowLeft(const Party& party, absl::string_view word) {
  if (party.has_delete_time()) return absl::StrCat(word, " deleted");
  if (party.state() == Party::STATE_WITHDRAWN) return absl::StrCat(word, " withdrawn");
  if (party.state() == Party::STATE_REJECTED) return absl::StrCat(word, " rejected");
  return "";
}

absl::string_view WordOf(absl::string_view party) {
  return KindOf(party) == RecordKind::kProject ? "project" : "investor";
}

}  // namespace

bool IsParty(const feed::Item& item) {
  const RecordKind kind = KindOf(item.name);
  return kind == RecordKind::kProject || kind == RecordKind::kInvestor;
}

std::string HowItLeft(const feed::Item& item) {
  if (const auto* project = dynamic_cast<const projects::v1::Project*>(item.message.get()))
    return HowLeft(*project, "project");
  if (const auto* investor = dynamic_cast<const investors::v1::Investor*>(item.message.get()))
    return HowLeft(*investor, "investor");
  return absl::StrCat(WordOf(item.name), " deleted");
}

EffectSink::EffectSink(Options options)
    : options_(std::move(options)), log_(options_.store), stored_(SteadyClock::now()) {}

void EffectSink::BeginSnapshot() {
  seen_.clear();
  reconciles_ = false;
}

void EffectSink::ApplySnapshot(const std::vector<feed::Item>& items) { See(items); }

void EffectSink::See(const std::vector<feed::Item>& items) {
  for (const feed::Item& item : items) {
    if (!IsParty(item)) continue;
    Seen& seen = seen_[item.name];
    if (item.revision >= seen.revision) seen = {item.revision, HowItLeft(item)};
  }
}

void EffectSink::ApplyChanges(const std::vector<feed::Item>& items, const Position* position) {
  if (reconciles_ || position == nullptr) See(items);
  if (position == nullptr) return;
  if (reconciles_) return Advance(*position);
  Insist([&] { return NoteChanges(items, *position); });
}

void EffectSink::Advance(const Position& position) {
  if (!reconciles_) return Insist([&] { return NoteChanges({}, position); });
  Insist([&] { return Reconcile(position); });
  MutexLock lock(&mutex_);
  if (stopping_) return;
  reconciles_ = false;
  seen_.clear();
}

void EffectSink::Withdraw() {
  // Nothing is held. What comes next is of another history, in which everything is noted anew.
}

void EffectSink::Stop() {
  MutexLock lock(&mutex_);
  stopping_ = true;
  stopped_.SignalAll();
}

void EffectSink::Insist(const std::function<absl::Status()>& attempt) {
  for (auto backoff = kFirstBackoff;; backoff = std::min(backoff * 2, kLongestBackoff)) {
    const absl::Status done = attempt();
    if (done.ok()) return;
    const bool beaten = done.code() == absl::StatusCode::kAborted;  // by another replica: at once, with what it noted
    const auto until = SteadyClock::now() + (beaten ? std::chrono::milliseconds(0) : backoff);
    MutexLock lock(&mutex_);
    while (!stopping_ && SteadyClock::now() < until) stopped_.WaitUntil(&mutex_, until);
    if (stopping_) return;
  }
}

absl::Status EffectSink::NoteChanges(const std::vector<feed::Item>& items, const Position& position) {
  const bool to_store = SteadyClock::now() - stored_ >= options_.store_every;
  if (items.empty() && !to_store) return absl::OkStatus();
  TANDEM_ASSIGN_OR_RETURN(const Noted noted, log_.Read(options_.source));
  if (noted.Covers(position)) {
    stored_ = SteadyClock::now();
    return absl::OkStatus();
  }
  std::vector<Effect> effects, changed;
  for (const feed::Item& item : items) {
    if (!IsParty(item) || noted.Covers({position.epoch, item.revision})) continue;
    Effect effect{options_.source, {position.epoch, item.revision}, Effect::Kind::kLeft, item.name, HowItLeft(item)};
    if (!effect.detail.empty()) {
      effects.push_back(std::move(effect));
      continue;
    }
    effect.kind = Effect::Kind::kChanged;
    effect.detail = absl::StrCat(WordOf(item.name), " changed");
    changed.push_back(std::move(effect));
  }
  TANDEM_ASSIGN_OR_RETURN(changed, WithRequests(std::move(changed)));
  std::move(changed.begin(), changed.end(), std::back_inserter(effects));
  if (effects.empty() && !to_store) return absl::OkStatus();
  return Write(noted, position, effects);
}

absl::Status EffectSink::Reconcile(const Position& position) {
  TANDEM_ASSIGN_OR_RETURN(const Noted noted, log_.Read(options_.source));
  if (noted.Covers(position)) return absl::OkStatus();
  std::vector<Effect> effects, changed;
  TANDEM_RETURN_IF_ERROR(catalog::ForEachRecord(options_.store, kPartyPrefix, [&](const Record& row) {
    const std::string party = absl::StrCat("editions/", absl::StripPrefix(row.key, kPartyPrefix));
    if (!absl::StrContains(party, absl::StrCat("/", options_.source, "/"))) return absl::OkStatus();
    const auto seen = seen_.find(party);
    Effect effect{options_.source, position, Effect::Kind::kMissed, party, absl::StrCat(WordOf(party), " deleted")};
    if (seen != seen_.end()) effect.at.revision = seen->second.revision;
    if (seen != seen_.end() && seen->second.left.empty()) {
      effect.kind = Effect::Kind::kChanged;
      effect.detail = absl::StrCat(WordOf(party), " changed");
      changed.push_back(std::move(effect));
      return absl::OkStatus();
    }
    if (seen != seen_.end()) {
      effect.kind = Effect::Kind::kLeft;
      effect.detail = seen->second.left;
    }
    effects.push_back(std::move(effect));
    return absl::OkStatus();
  }));
  TANDEM_ASSIGN_OR_RETURN(changed, WithRequests(std::move(changed)));
  std::move(changed.begin(), changed.end(), std::back_inserter(effects));
  return Write(noted, position, effects);
}

absl::Status EffectSink::Write(const Noted& noted, const Position& to, const std::vector<Effect>& effects) {
  TANDEM_RETURN_IF_ERROR(log_.Note(options_.source, noted, to, effects));
  stored_ = SteadyClock::now();
  if (!effects.empty()) options_.noted(effects);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Effect>> EffectSink::WithRequests(std::vector<Effect> effects) const {
  std::vector<Effect> with;
  if (effects.empty()) return with;
  std::vector<std::string> keys;
  for (const Effect& effect : effects) keys.push_back(ledger::PartyKey(effect.party));
  const auto rows = options_.store->BatchGet(keys);
  if (!rows.ok()) return catalog::FromStore(rows.status());
  for (size_t i = 0; i < effects.size(); ++i) {
    if (!(*rows)[i].has_value()) continue;
    const auto counts = ledger::DecodePartyCounts((*rows)[i]->value);
    // What cannot be read is found out, and told, by who does the effect.
    if (!counts.ok() || counts->outgoing.pending + counts->incoming.pending > 0) with.push_back(std::move(effects[i]));
  }
  return with;
}

}  // namespace tandem::pairing::effects
