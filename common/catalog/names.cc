#include "common/catalog/names.h"

#include <algorithm>
#include <openssl/sha.h>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace tandem::catalog {

NamePattern::NamePattern(absl::string_view pattern) {
  for (const absl::string_view segment : absl::StrSplit(pattern, '/')) {
    const bool variable = !segment.empty() && segment.front() == '{';
    segments_.emplace_back(variable ? absl::string_view() : segment);
    if (variable) ++variables_;
  }
}

std::optional<std::vector<std::string>> NamePattern::Match(absl::string_view name) const {
  const std::vector<absl::string_view> segments = absl::StrSplit(name, '/');
  if (segments.size() != segments_.size()) return std::nullopt;
  std::vector<std::string> ids;
  ids.reserve(variables_);
  for (size_t i = 0; i < segments.size(); ++i) {
    if (segments_[i].empty()) {
      if (segments[i].empty()) return std::nullopt;
      ids.emplace_back(segments[i]);
    } else if (segments[i] != segments_[i]) {
      return std::nullopt;
    }
  }
  return ids;
}

std::string NamePattern::Format(const std::vector<std::string>& ids) const {
  std::string name;
  size_t next = 0;
  for (const std::string& segment : segments_) {
    if (!name.empty()) name.push_back('/');
    absl::StrAppend(&name, segment.empty() ? ids.at(next++) : segment);
  }
  return name;
}

NamePattern NamePattern::Parent() const {
  NamePattern parent;
  if (segments_.size() > 2) parent.segments_.assign(segments_.begin(), segments_.end() - 2);
  parent.variables_ = static_cast<size_t>(std::count(parent.segments_.begin(), parent.segments_.end(), ""));
  return parent;
}

std::string RecordKey(absl::string_view plural, const std::vector<std::string>& ids) {
  return absl::StrCat("r/", plural, "/", absl::StrJoin(ids, "/"));
}

std::string RecordPrefix(absl::string_view plural, const std::vector<std::string>& ids) {
  return ids.empty() ? absl::StrCat("r/", plural, "/") : absl::StrCat(RecordKey(plural, ids), "/");
}

std::string ExternalIdKey(absl::string_view plural, absl::string_view edition, absl::string_view external_id) {
  return absl::StrCat("x/", plural, "/", edition, "/", external_id);
}

std::string PrefixEnd(absl::string_view prefix) {
  std::string end(prefix);
  end.back() = '/' + 1;
  return end;
}

bool IsResourceId(absl::string_view text) {
  if (text.empty() || text.size() > 63 || !absl::ascii_islower(static_cast<unsigned char>(text.front())) ||
      text.back() == '-')
    return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return absl::ascii_islower(byte) || absl::ascii_isdigit(byte) || c == '-';
  });
}

std::string ResourceIdFor(absl::string_view external_id) {
  if (IsResourceId(external_id)) return std::string(external_id);
  constexpr size_t kMostKept = 40;
  constexpr size_t kHashBytes = 6;
  std::string id;
  for (const char c : external_id.substr(0, kMostKept)) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte)) {
      id.push_back(absl::ascii_tolower(byte));
    } else if (!id.empty() && id.back() != '-') {
      id.push_back('-');
    }
  }
  if (id.empty() || !absl::ascii_islower(static_cast<unsigned char>(id.front()))) id.insert(0, "x-");
  if (id.back() != '-') id.push_back('-');
  unsigned char hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(external_id.data()), external_id.size(), hash);
  return id + absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(hash), kHashBytes));
}

}  // namespace tandem::catalog
