// The keys that sign tokens, and their file.
//
// The file has one key a line, `<key id> <64 hex digits>`; the first key signs, all of them verify, so a key is rotated
// by putting a new line first. Blank lines and lines that begin with '#' are ignored.
#ifndef TANDEM_COMMON_TOKENS_KEY_RING_H_
#define TANDEM_COMMON_TOKENS_KEY_RING_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem {

// Immutable, hence thread-safe; cheap to copy by shared pointer at the owner's wish.
class KeyRing {
 public:
  // Reads `path`, or makes a file with one new key and mode 0600 if there is none. FAILED_PRECONDITION when the file is
  // malformed or open to the group or to others.
  static absl::StatusOr<KeyRing> LoadOrCreate(const std::string& path);

  // One fixed key, for tests.
  static KeyRing ForTests();

  // URL-safe text that carries `payload`, bound to `purpose` (the kind of token) and `context` (what it may be used
  // with; not carried). HMAC-SHA-256 cut to 128 bits: the payload is authentic, not secret. Deterministic.
  std::string Sign(absl::string_view purpose, absl::string_view context, absl::string_view payload) const;

  // The same in bytes, a few dozen more than the payload.
  std::string SignBytes(absl::string_view purpose, absl::string_view context, absl::string_view payload) const;
  // The payload, inside `bytes`.
  absl::StatusOr<absl::string_view> VerifyBytes(absl::string_view purpose, absl::string_view context,
                                                absl::string_view bytes) const;

  // The payload of a token made by Sign with one of the keys and the same purpose and context. INVALID_ARGUMENT, always
  // with the same message, otherwise. Compares in constant time.
  absl::StatusOr<std::string> Verify(absl::string_view purpose, absl::string_view context,
                                     absl::string_view token) const;

 private:
  struct Key {
    std::string id;
    std::string secret;  // 32 bytes
  };
  explicit KeyRing(std::vector<Key> keys) : keys_(std::move(keys)) {}
  std::vector<Key> keys_;
};

}  // namespace tandem

#endif  // TANDEM_COMMON_TOKENS_KEY_RING_H_
