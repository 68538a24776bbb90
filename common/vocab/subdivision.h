// Subdivisions of countries (provinces, states): ISO 3166-2, from the JSON of Debian's `iso-codes`; ICU has no names
// for them all.
#ifndef TANDEM_COMMON_VOCAB_SUBDIVISION_H_
#define TANDEM_COMMON_VOCAB_SUBDIVISION_H_

#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem {

// The codes of one `iso_3166-2.json`. Immutable, hence thread-safe.
class SubdivisionTable {
 public:
  // Reads `folder`/iso_3166-2.json. NOT_FOUND when it cannot be read, DATA_LOSS when it is not what iso-codes ships.
  static absl::StatusOr<SubdivisionTable> Load(absl::string_view folder);

  bool Contains(absl::string_view code) const { return codes_.contains(code); }
  size_t size() const { return codes_.size(); }

 private:
  absl::flat_hash_set<std::string> codes_;
};

// Where the table of this process comes from: $TANDEM_ISO_CODES_DIR, or Debian's folder when it is not set.
std::string IsoCodesFolder();

// Loads the table of this process unless it is there already, and says why it could not. For start-up: the first use
// loads it too.
absl::Status LoadSubdivisions();

// Whether `code` is an ISO 3166-2 code in upper case ("CN-GD"). Without the table it is whether it is formed like one
// and begins with a country: a missing package must not refuse every record. Thread-safe.
bool IsSubdivisionCode(absl::string_view code);

// What IsSubdivisionCode falls back to.
bool IsFormedLikeSubdivision(absl::string_view code);

}  // namespace tandem

#endif  // TANDEM_COMMON_VOCAB_SUBDIVISION_H_
