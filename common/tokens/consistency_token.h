// Consistency tokens: "show me nothing older than this".
//
// A token is a vector of positions, one per source (the name of a store, such as `projects`). Tokens merge by maximum.
#ifndef TANDEM_COMMON_TOKENS_CONSISTENCY_TOKEN_H_
#define TANDEM_COMMON_TOKENS_CONSISTENCY_TOKEN_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/tokens/key_ring.h"

namespace tandem {

// A place in the history of one source.
struct Position {
  std::string epoch;
  int64_t revision = 0;

  friend bool operator==(const Position& a, const Position& b) {
    return a.epoch == b.epoch && a.revision == b.revision;
  }
};

// A value; thread-safe for concurrent reads.
class ConsistencyToken {
 public:
  // Bounds of what Decode accepts: at most so many sources, with names and epochs of at most so many bytes.
  static constexpr int kMostSources = 16;
  static constexpr int kLongestName = 64;

  ConsistencyToken() = default;
  ConsistencyToken(std::string source, Position position) { positions_[std::move(source)] = std::move(position); }

  // By source name.
  const std::map<std::string, Position>& positions() const { return positions_; }
  bool empty() const { return positions_.empty(); }

  // Raises `source` to `position`. Positions of different epochs do not compare: the later call wins.
  void Raise(const std::string& source, const Position& position);

  // Raises every source of `other`.
  void Merge(const ConsistencyToken& other);

  // Signed, URL-safe text; empty for an empty token. REQUIRES: the bounds above hold and no revision is negative.
  std::string Encode(const KeyRing& keys) const;

  // The token of `text`, or of several texts joined by commas, merged: a caller that holds the tokens of writes to
  // several services need not understand them. INVALID_ARGUMENT (CONSISTENCY_TOKEN_INVALID) unless each was made by
  // Encode with one of `keys` and no two name different epochs of one source. An empty text is an empty token.
  static absl::StatusOr<ConsistencyToken> Decode(const KeyRing& keys, absl::string_view text);

  // The same in bytes that are signed by whoever keeps them. Not empty. CONSISTENCY_TOKEN_INVALID for what ToBytes did
  // not make.
  std::string ToBytes() const;
  static absl::StatusOr<ConsistencyToken> FromBytes(absl::string_view bytes);

  // Whether every source of `other` is named here at the same history, at its position or a later one.
  bool Reaches(const ConsistencyToken& other) const;

 private:
  static absl::StatusOr<ConsistencyToken> DecodeOne(const KeyRing& keys, absl::string_view text);

  std::map<std::string, Position> positions_;
};

}  // namespace tandem

#endif  // TANDEM_COMMON_TOKENS_CONSISTENCY_TOKEN_H_
