#include "services/pairing/effects/effect_log.h"

#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "common/base/status.h"
#include "common/base/test_switch.h"
#include "common/catalog/each_record.h"
#include "common/catalog/store_status.h"

namespace tandem::pairing::effects {
namespace {

constexpr char kDuePrefix[] = "effects/due/";
constexpr size_t kNotedAtOnce = 1000;

absl::Status Unreadable() {
  return MakeError(absl::StatusCode::kInternal, "INTERNAL",
                   "a stored row of effects cannot be read: restore the store from a backup");
}

absl::string_view TextOf(Effect::Kind kind) {
  return kind == Effect::Kind::kLeft ? "left" : kind == Effect::Kind::kMissed ? "missed" : "changed";
}

absl::StatusOr<Effect> Parse(const Record& row) {
  // Key: source, epoch, revision, and the party without its edition's collection. Value: kind and detail.
  const std::vector<std::string> key = absl::StrSplit(absl::StripPrefix(row.key, kDuePrefix), absl::MaxSplits('/', 3));
  const std::pair<std::string, std::string> value = absl::StrSplit(row.value, absl::MaxSplits(' ', 1));
  Effect effect;
  if (key.size() != 4 || !absl::SimpleAtoi(key[2], &effect.at.revision)) return Unreadable();
  effect.source = key[0];
  effect.at.epoch = key[1];
  effect.party = absl::StrCat("editions/", key[3]);
  effect.detail = value.second;
  for (const Effect::Kind kind : {Effect::Kind::kLeft, Effect::Kind::kMissed, Effect::Kind::kChanged}) {
    effect.kind = kind;
    if (value.first == TextOf(kind)) return effect;
  }
  return Unreadable();
}

}  // namespace

std::string NotedKey(absl::string_view source) { return absl::StrCat("effects/at/", source); }

std::string DueKey(const Effect& effect) {
  return absl::StrFormat("%s%s/%s/%020d/%s", kDuePrefix, effect.source, effect.at.epoch, effect.at.revision,
                         absl::StripPrefix(effect.party, "editions/"));
}

Transaction DueEffect::Guard() const {
  Transaction guard;
  if (!Deviates("effects.once")) guard.conditions.push_back(Condition::AtRevision(row.key, row.revision));
  guard.writes.push_back(Write::DeleteUnlogged(row.key));
  return guard;
}

absl::StatusOr<Noted> EffectLog::Read(const std::string& source) const {
  auto row = store_->Get(NotedKey(source));
  if (!row.ok()) return catalog::FromStore(row.status());
  Noted noted;
  if (row->has_value()) {
    const std::vector<std::string> parts = absl::StrSplit((*row)->value, ' ');
    if (parts.size() != 2 || !absl::SimpleAtoi(parts[1], &noted.position.revision)) return Unreadable();
    noted.position.epoch = parts[0];
  }
  noted.row = *std::move(row);
  return noted;
}

absl::Status EffectLog::Note(const std::string& source, const Noted& noted, const Position& to,
                             const std::vector<Effect>& effects) const {
  const std::string key = NotedKey(source);
  size_t begin = 0;
  do {
    const size_t end = std::min(effects.size(), begin + kNotedAtOnce);
    std::vector<Transaction> transactions(1);
    Transaction& transaction = transactions.front();
    transaction.conditions.push_back(noted.row.has_value() ? Condition::AtRevision(key, noted.row->revision)
                                                           : Condition::Absent(key));
    std::set<std::string> keys;
    for (size_t i = begin; i < end; ++i) {
      const Effect& effect = effects[i];
      std::string due = DueKey(effect);
      if (!keys.insert(due).second || Deviates("effects.noted")) continue;
      transaction.writes.push_back(
          Write::PutUnlogged(std::move(due), absl::StrCat(TextOf(effect.kind), " ", effect.detail)));
    }
    if (end == effects.size() || Deviates("effects.position-last"))
      transaction.writes.push_back(Write::PutUnlogged(key, absl::StrCat(to.epoch, " ", to.revision)));
    const CommitOutcome outcome = store_->Commit(std::move(transactions)).front();
    if (outcome.status.code() == absl::StatusCode::kAborted) return outcome.status;
    if (!outcome.status.ok()) return catalog::FromStore(outcome.status);
    begin = end;
  } while (begin < effects.size());
  return absl::OkStatus();
}

absl::StatusOr<std::vector<DueEffect>> EffectLog::Due() const {
  std::vector<DueEffect> due;
  TANDEM_RETURN_IF_ERROR(catalog::ForEachRecord(store_, kDuePrefix, [&due](Record& row) -> absl::Status {
    TANDEM_ASSIGN_OR_RETURN(Effect effect, Parse(row));
    due.push_back({std::move(effect), std::move(row)});
    return absl::OkStatus();
  }));
  return due;
}

}  // namespace tandem::pairing::effects
