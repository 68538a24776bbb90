// Interner: numbers for texts, so that facts compare by integers.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INTERNER_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INTERNER_H_

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace tandem::pairing::matching {

// Numbers begin at 1; 0 is "none". Numbers are stable for the life of the interner and mean nothing outside of it. Not
// thread-safe.
class Interner {
 public:
  uint32_t Intern(absl::string_view text) {
    const auto [it, inserted] = ids_.try_emplace(text, static_cast<uint32_t>(ids_.size() + 1));
    return it->second;
  }

  // 0 when `text` was never interned.
  uint32_t Find(absl::string_view text) const {
    const auto it = ids_.find(text);
    return it == ids_.end() ? 0 : it->second;
  }

  uint32_t size() const { return static_cast<uint32_t>(ids_.size()); }

 private:
  absl::flat_hash_map<std::string, uint32_t> ids_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INTERNER_H_
