#include "common/edition/edition_directory.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/tokens/consistency_token.h"

namespace tandem {

EditionDirectory::EditionDirectory(std::string own_source, const KeyRing* keys)
    : own_source_(std::move(own_source)), keys_(keys), positions_({kEditionSource}) {}

bool EditionDirectory::Exists(absl::string_view name) const {
  MutexLock lock(&mutex_);
  return names_.contains(name);
}

absl::Status EditionDirectory::Check(absl::string_view edition, absl::string_view consistency_token,
                                     std::chrono::steady_clock::time_point deadline) {
  const std::string name = absl::StrCat("editions/", edition);
  ConsistencyToken wanted;
  if (!consistency_token.empty()) {
    TANDEM_ASSIGN_OR_RETURN(const ConsistencyToken token, ConsistencyToken::Decode(*keys_, consistency_token));
    for (const auto& [source, position] : token.positions()) {
      if (source != own_source_) wanted.Raise(source, position);
    }
  }
  TANDEM_RETURN_IF_ERROR(positions_.WaitUntilReady(deadline));
  TANDEM_RETURN_IF_ERROR(positions_.WaitFor(wanted, deadline));
  if (Exists(name)) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kNotFound, "EDITION_NOT_FOUND",
      absl::StrCat("there is no ", name, ": create it first, or pass the consistency token of its creation"),
      {{"edition", name}});
}

void EditionDirectory::Apply(const std::vector<feed::Item>& items, absl::flat_hash_set<std::string>* names) {
  for (const feed::Item& item : items) {
    if (item.message == nullptr) {
      names->erase(item.name);
    } else {
      names->insert(item.name);
    }
  }
}

void EditionDirectory::BeginSnapshot() { snapshot_.clear(); }

void EditionDirectory::ApplySnapshot(const std::vector<feed::Item>& items) { Apply(items, &snapshot_); }

void EditionDirectory::EndSnapshot() {
  MutexLock lock(&mutex_);
  names_ = std::exchange(snapshot_, {});
}

void EditionDirectory::ApplyChanges(const std::vector<feed::Item>& items, const Position* /*position*/) {
  MutexLock lock(&mutex_);
  Apply(items, &names_);
}

}  // namespace tandem
