#include "common/storage/postgres/batch_plan.h"

#include "common/storage/log_position.h"
#include "common/storage/transaction_rules.h"

namespace tandem::postgres {

BatchPlan::BatchPlan(absl::Span<PendingTransaction* const> batch) : batch_(batch) {
  for (const PendingTransaction* item : batch) {
    for (const Condition& condition : item->transaction.conditions) Add(condition.key);
    for (const Write& write : item->transaction.writes) Add(write.key);
  }
}

void BatchPlan::Add(absl::string_view key) {
  if (places_.emplace(key, keys_.size()).second) keys_.push_back({.key = key});
}

void BatchPlan::Found(absl::string_view key, Revision revision, Revision create_revision) {
  KeyState& state = StateOf(key);
  state.stored = true;
  state.revision = revision;
  state.create_revision = create_revision;
}

void BatchPlan::Decide(Revision head) {
  revision_ = head;
  for (PendingTransaction* item : batch_) {
    const Transaction& transaction = item->transaction;
    if (const int failed = FirstFailedCondition(transaction); failed >= 0) {
      item->outcome = ConditionFailed(transaction, failed);
      continue;
    }
    const Revision mine = revision_ + 1;
    int64_t position = FirstPosition(mine);
    bool changed = false;
    for (const Write& write : transaction.writes) changed |= Apply(write, mine, position++);
    if (changed) revision_ = mine;
    item->outcome = CommitOutcome();
    item->outcome.revision = revision_;
  }
}

int BatchPlan::FirstFailedCondition(const Transaction& transaction) {
  for (size_t i = 0; i < transaction.conditions.size(); ++i) {
    const Condition& condition = transaction.conditions[i];
    if (!Holds(condition, StateOf(condition.key).revision)) return static_cast<int>(i);
  }
  return -1;
}

bool BatchPlan::Apply(const Write& write, Revision revision, int64_t position) {
  KeyState& state = StateOf(write.key);
  if (write.value.has_value()) {
    if (state.revision == 0) state.create_revision = revision;
    state.revision = revision;
    state.value = &*write.value;
  } else {
    if (state.revision == 0) return false;
    state.revision = 0;
    state.create_revision = 0;
    state.value = nullptr;
  }
  state.written = true;
  if (write.logged) log_.push_back({position, &write});
  return true;
}

}  // namespace tandem::postgres
