#include "services/pairing/meetings/book/people.h"

#include <utility>

#include "absl/strings/match.h"

#include "common/base/status.h"
#include "common/catalog/each_record.h"
#include "common/catalog/names.h"
#include "common/catalog/store_status.h"
#include "services/pairing/meetings/book/meeting_rows.h"
#include "services/pairing/meetings/representative_rules.h"

namespace tandem::pairing::meetings {
namespace {

constexpr int kPage = 1000;
// Batches of the log that are smaller were ended by no limit of theirs (some megabytes).
constexpr size_t kWholeBytes = 500'000;

}  // namespace

std::vector<PersonPtr> People::Of(absl::string_view party) const {
  MutexLock lock(&mutex_);
  std::vector<PersonPtr> people;
  const auto found = by_party_.find(party);
  if (found == by_party_.end()) return people;
  for (const auto& [key, person] : found->second) people.push_back(person);
  return people;
}

PersonPtr People::Named(absl::string_view name) const {
  static const catalog::NamePattern kPattern("editions/{edition}/representatives/{representative}");
  const auto ids = kPattern.Match(name);
  if (!ids.has_value()) return nullptr;
  MutexLock lock(&mutex_);
  const auto found = people_.find(catalog::RecordKey(kRepresentatives, *ids));
  return found == people_.end() ? nullptr : found->second;
}

absl::Status People::Refresh() {
  bool known = false;
  Revision after = 0;
  uint64_t mine = 0;
  {
    MutexLock lock(&mutex_);
    const uint64_t wanted = begun_ + 1;  // the first that begins after this call
    while (done_ < wanted && reading_) done_reading_.Wait(&mutex_);
    if (done_ >= wanted) return absl::OkStatus();
    reading_ = true;
    mine = ++begun_;
    known = read_;
    after = through_;
  }
  absl::StatusOr<News> news = Read(known, after);
  MutexLock lock(&mutex_);
  reading_ = false;
  done_reading_.SignalAll();
  TANDEM_RETURN_IF_ERROR(news.status());
  TANDEM_RETURN_IF_ERROR(Take(*std::move(news)));
  done_ = mine;
  return absl::OkStatus();
}

absl::StatusOr<People::News> People::Read(bool known, Revision after) const {
  News news;
  news.all = !known;
  if (news.all) {
    const auto head = store_->GetHead();
    if (!head.ok()) return catalog::FromStore(head.status());
    news.through = head->revision;  // what is read is at least as new
    TANDEM_RETURN_IF_ERROR(ReadAll(&news));
    return news;
  }
  const std::string prefix = catalog::RecordPrefix(kRepresentatives);
  for (bool more = true; more;) {
    auto batch = store_->Changes(after, kPage);
    if (batch.status().code() == absl::StatusCode::kOutOfRange) return Read(false, 0);
    if (!batch.ok()) return catalog::FromStore(batch.status());
    size_t bytes = 0;
    for (const Change& change : batch->changes)
      bytes += change.key.size() + (change.value.has_value() ? change.value->size() : 0);
    // A batch that no limit ended goes up to the head.
    more = batch->changes.size() >= kPage / 2 || bytes >= kWholeBytes;
    for (Change& change : batch->changes) {
      if (absl::StartsWith(change.key, prefix)) news.changes.push_back(std::move(change));
    }
    after = batch->through;
  }
  news.through = after;
  return news;
}

absl::Status People::ReadAll(News* news) const {
  return catalog::ForEachRecord(store_, catalog::RecordPrefix(kRepresentatives), [news](Record& record) {
    news->changes.push_back({record.revision, std::move(record.key), std::move(record.value)});
    return absl::OkStatus();
  });
}

absl::Status People::Take(News news) {
  if (news.all) {
    read_ = false;
    people_.clear();
    by_party_.clear();
  }
  for (const Change& change : news.changes)
    TANDEM_RETURN_IF_ERROR(Apply(change.key, change.value.has_value() ? &*change.value : nullptr, change.revision));
  read_ = true;
  through_ = news.through;
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
