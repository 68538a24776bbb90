#include "services/pairing/meetings/book/people.h"

#include <utility>

#include "absl/strings/match.h"

#include "common/base/status.h"
#include "common/catalog/names.h"
#include "common/catalog/store_status.h"
#include "services/pairing/meetings/book/meeting_rows.h"
#include "services/pairing/meetings/representative_rules.h"

namespace tandem::pairing::meetings {
namespace {

constexpr int kPage = 1000;

}  // namespace

absl::StatusOr<std::vector<PersonPtr>> People::Of(absl::string_view party) {
  MutexLock lock(&mutex_);
  TANDEM_RETURN_IF_ERROR(CatchUp());
  std::vector<PersonPtr> people;
  const auto found = by_party_.find(party);
  if (found == by_party_.end()) return people;
  for (const auto& [key, person] : found->second) people.push_back(person);
  return people;
}

absl::StatusOr<PersonPtr> People::Named(absl::string_view name) {
  static const catalog::NamePattern kPattern("editions/{edition}/representatives/{representative}");
  const auto ids = kPattern.Match(name);
  if (!ids.has_value()) return PersonPtr();
  MutexLock lock(&mutex_);
  TANDEM_RETURN_IF_ERROR(CatchUp());
  const auto found = people_.find(catalog::RecordKey(kRepresentatives, *ids));
  return found == people_.end() ? PersonPtr() : found->second;
}

absl::Status People::CatchUp() {
  const auto head = store_->GetHead();
  if (!head.ok()) return catalog::FromStore(head.status());
  if (!read_) {
    through_ = head->revision;  // what is read is at least as new
    TANDEM_RETURN_IF_ERROR(ReadAll());
  }
  const std::string prefix = catalog::RecordPrefix(kRepresentatives);
  while (through_ < head->revision) {
    const auto batch = store_->Changes(through_, kPage);
    if (batch.status().code() == absl::StatusCode::kOutOfRange) {
      read_ = false;
      return CatchUp();
    }
    if (!batch.ok()) return catalog::FromStore(batch.status());
    for (const Change& change : batch->changes) {
      if (!absl::StartsWith(change.key, prefix)) continue;
      TANDEM_RETURN_IF_ERROR(Apply(change.key, change.value.has_value() ? &*change.value : nullptr, change.revision));
    }
    through_ = batch->through;
  }
  return absl::OkStatus();
}

absl::Status People::ReadAll() {
  people_.clear();
  by_party_.clear();
  std::string begin = catalog::RecordPrefix(kRepresentatives);
  const std::string end = catalog::PrefixEnd(begin);
  for (;;) {
    const auto page = store_->Scan(begin, end, kPage);
    if (!page.ok()) return catalog::FromStore(page.status());
    for (const Record& record : *page) TANDEM_RETURN_IF_ERROR(Apply(record.key, &record.value, record.revision));
    if (page->size() < static_cast<size_t>(kPage)) break;
    begin = page->back().key + '\0';
  }
  read_ = true;
  return absl::OkStatus();
}

absl::Status People::Apply(const std::string& key, const std::string* value, Revision revision) {
  const auto known = people_.find(key);
  if (known != people_.end()) {
    if (known->second->revision >= revision) return absl::OkStatus();
    for (const std::string& party : known->second->representative.parties()) {
      const auto of_party = by_party_.find(party);
      if (of_party == by_party_.end()) continue;
      of_party->second.erase(key);
      if (of_party->second.empty()) by_party_.erase(of_party);
    }
    people_.erase(known);
  }
  if (value == nullptr) return absl::OkStatus();
  auto person = std::make_shared<Person>();
  person->key = key;
  person->revision = revision;
  if (!person->representative.ParseFromString(*value)) {
    return MakeError(absl::StatusCode::kInternal, "INTERNAL",
                     "a stored representative cannot be read: restore the store from a backup");
  }
  for (const std::string& party : person->representative.parties()) by_party_[party][key] = person;
  people_[key] = std::move(person);
  return absl::OkStatus();
}

}  // namespace tandem::pairing::meetings
