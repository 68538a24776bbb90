// Instants as people and files write them.
#ifndef TANDEM_TOOLS_TANDEM_STAMPS_H_
#define TANDEM_TOOLS_TANDEM_STAMPS_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace tandem::cli {

// Whole seconds, which is all that slots have.
absl::Time TimeOf(const google::protobuf::Timestamp& stamp);

// RFC 3339 with its offset, as 2026-11-14T09:00:00+08:00 or ...Z; seconds may be left out, and a blank may stand for
// the T. Nothing when it is of another form.
std::optional<absl::Time> ParseStamp(absl::string_view text);

// 2026-11-14T01:00:00Z.
std::string UtcText(absl::Time time);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_STAMPS_H_
