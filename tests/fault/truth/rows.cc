#include "tests/fault/truth/rows.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "common/catalog/fields.h"
#include "tests/fault/truth/record_form.h"

namespace tandem::check {
namespace {

constexpr int kPage = 1000;

// Calls `use` for every row from `begin` on that begins so; false when the store cannot be read.
template <typename Use>
bool ForEach(RecordStore* store, const std::string& prefix, const Use& use) {
  std::string begin = prefix;
  std::string end = prefix;
  end.back() = '/' + 1;
  while (true) {
    const auto page = store->Scan(begin, end, kPage);
    if (!page.ok()) return false;
    for (const Record& record : *page) use(record);
    if (static_cast<int>(page->size()) < kPage) return true;
    begin = page->back().key + '\0';
  }
}

}  // namespace

void CompareStoreRows(RecordStore* store, const History& history, absl::string_view edition, Findings* findings) {
  const std::string id(edition.substr(edition.find('/') + 1));
  std::map<std::string, std::string> ids;  // rows that must be there, and what they must hold
  std::map<std::string, bool> seen;
  for (const std::string& name : history.NamesAt()) {
    if (absl::StartsWith(name, absl::StrCat(edition, "/"))) seen[name] = false;
  }
  bool read = true;
  for (const char* plural : {"projects", "investors", "deals", "taxonomies", "profiles", "pairings", "meetings"}) {
    read = ForEach(store, absl::StrCat("r/", plural, "/", id, "/"),
                   [&](const Record& record) {
                     const std::string name = NameOfKey(record.key);
                     const Version right = history.Newest(name);
                     seen[name] = true;
                     if (right.revision != record.revision && record.revision > history.floor()) {
                       findings->Add(Broken::kHalf, absl::StrCat(name, " is stored as of ", record.revision,
                                                                 ", the log has it last at ", right.revision));
                     } else if (right.bytes != nullptr && *right.bytes != record.value) {
                       findings->Add(Broken::kHalf, absl::StrCat(name, " is stored otherwise than the log says"));
                     }
                     const auto message = ParseRecord(name, record.value);
                     if (message == nullptr) return;
                     const std::string external_id = catalog::TextOf(*message, "external_id");
                     if (!external_id.empty()) ids[absl::StrCat("x/", plural, "/", id, "/", external_id)] = name;
                   }) &&
           read;
  }
  for (const auto& [name, found] : seen) {
    if (!found && SourceOf(name) == history.source() && !absl::EndsWith(name, "/statistics")) {
      findings->Add(Broken::kLost, absl::StrCat(name, " is in the log, and not removed, but not in the store"));
    }
  }
  for (const char* plural : {"projects", "investors", "deals"}) {
    read = ForEach(store, absl::StrCat("x/", plural, "/", id, "/"),
                   [&](const Record& record) {
                     const auto right = ids.find(record.key);
                     if (right == ids.end() || right->second != record.value) {
                       findings->Add(Broken::kHalf, absl::StrCat("the row ", record.key, " leads to ", record.value,
                                                                 right == ids.end() ? ", which has not that external id"
                                                                                    : " in error"));
                     }
                     if (right != ids.end()) ids.erase(right);
                   }) &&
           read;
  }
  for (const auto& [key, name] : ids) {
    findings->Add(Broken::kHalf, absl::StrCat(name, " has no row ", key));
  }
  if (!read)
    findings->Add(Broken::kLost, absl::StrCat("the store of ", history.source(), " cannot be read at the end"));
}

}  // namespace tandem::check
