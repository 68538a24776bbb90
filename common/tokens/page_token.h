// Page tokens of lists: where the next page begins, bound to the method and to the other arguments.
#ifndef TANDEM_COMMON_TOKENS_PAGE_TOKEN_H_
#define TANDEM_COMMON_TOKENS_PAGE_TOKEN_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/tokens/key_ring.h"

namespace tandem {

// `arguments` is any text that is equal for equal arguments, such as "projects|editions/e|deleted=1".
std::string EncodePageToken(const KeyRing& keys, absl::string_view arguments, absl::string_view cursor);

// The cursor. INVALID_ARGUMENT (PAGE_TOKEN_INVALID, metadata `cause`) for anything else than what EncodePageToken made
// with the same arguments. REQUIRES: `token` is not empty.
absl::StatusOr<std::string> DecodePageToken(const KeyRing& keys, absl::string_view arguments, absl::string_view token);

}  // namespace tandem

#endif  // TANDEM_COMMON_TOKENS_PAGE_TOKEN_H_
