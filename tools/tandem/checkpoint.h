// How far an import of a file has come: written beside it, so that a second run goes on where the first one ended.
#ifndef TANDEM_TOOLS_TANDEM_CHECKPOINT_H_
#define TANDEM_TOOLS_TANDEM_CHECKPOINT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tandem::cli {

struct Checkpoint {
  std::string target;       // what is imported where, such as `projects editions/demo`
  int64_t line = 0;         // every record that begins at or before this line was answered
  std::string fingerprint;  // of the beginning of the file

  // Counts so far, so that the end of a resumed import tells the whole story.
  int64_t created = 0;
  int64_t updated = 0;
  int64_t unchanged = 0;
  int64_t rejected = 0;
  std::string token;  // of the newest writes so far
};

// `FILE.progress`.
std::string CheckpointPath(const std::string& file);

// Length and SHA-256 of the first 64 KiB of a file (or of all of it). A file that only grew keeps its fingerprint when
// `fingerprint_of_before` says how much was hashed before. NOT_FOUND when it cannot be read.
absl::StatusOr<std::string> FingerprintFile(const std::string& file, const std::string& fingerprint_of_before = "");

// Nothing when there is none. DATA_LOSS when it cannot be understood.
absl::StatusOr<std::optional<Checkpoint>> LoadCheckpoint(const std::string& file);

// Replaces the checkpoint in one step.
absl::Status SaveCheckpoint(const std::string& file, const Checkpoint& checkpoint);

void RemoveCheckpoint(const std::string& file);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_CHECKPOINT_H_
