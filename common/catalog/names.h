// Resource names and the keys under which their records live.
#ifndef TANDEM_COMMON_CATALOG_NAMES_H_
#define TANDEM_COMMON_CATALOG_NAMES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace tandem::catalog {

// A pattern such as `editions/{edition}/things/{thing}`. Immutable, hence thread-safe.
class NamePattern {
 public:
  explicit NamePattern(absl::string_view pattern);

  // The ids in `name`, one for each variable, or nullopt when it is of another pattern. With `wildcard`, `-` is an id
  // like any other; the characters of ids are the validator's concern.
  std::optional<std::vector<std::string>> Match(absl::string_view name) const;

  // REQUIRES: one id for each variable.
  std::string Format(const std::vector<std::string>& ids) const;

  // The pattern of the names that own these: without the last two segments.
  NamePattern Parent() const;

  size_t variables() const { return variables_; }

 private:
  NamePattern() = default;

  std::vector<std::string> segments_;  // an empty one is a variable
  size_t variables_ = 0;
};

// Key of the record of `ids` in the collection `plural`. Keys sort like names.
std::string RecordKey(absl::string_view plural, const std::vector<std::string>& ids);

// The prefix of the keys of all records below `ids`, ended by '/'; of the whole collection when `ids` is empty.
std::string RecordPrefix(absl::string_view plural, const std::vector<std::string>& ids = {});

// Key of the row that maps an external id to the name of its record.
std::string ExternalIdKey(absl::string_view plural, absl::string_view edition, absl::string_view external_id);

// The first key after all keys that begin with `prefix`. REQUIRES: `prefix` ends with '/'.
std::string PrefixEnd(absl::string_view prefix);

// Whether `text` can be the last part of a name: `[a-z]([a-z0-9-]{0,61}[a-z0-9])?`.
bool IsResourceId(absl::string_view text);

// The id that an import gives to `external_id`: the same everywhere, so that equal data have equal names and equal
// orders. The external id itself where it can be one, else what can be kept of it and a part of its hash.
std::string ResourceIdFor(absl::string_view external_id);

}  // namespace tandem::catalog

#endif  // TANDEM_COMMON_CATALOG_NAMES_H_
