#include "tools/tandem/stamps.h"

namespace tandem::cli {
namespace {

constexpr absl::string_view kForms[] = {"%Y-%m-%d%ET%H:%M:%E*S%Ez", "%Y-%m-%d%ET%H:%M%Ez", "%Y-%m-%d %H:%M:%E*S%Ez",
                                        "%Y-%m-%d %H:%M%Ez"};

}  // namespace

absl::Time TimeOf(const google::protobuf::Timestamp& stamp) { return absl::FromUnixSeconds(stamp.seconds()); }

std::optional<absl::Time> ParseStamp(absl::string_view text) {
  absl::Time time;
  std::string error;
  for (const absl::string_view form : kForms) {
    // absl also knows the words infinite-future and infinite-past.
    if (!absl::ParseTime(form, text, &time, &error)) continue;
    if (time == absl::InfiniteFuture() || time == absl::InfinitePast()) return std::nullopt;
    return time;
  }
  return std::nullopt;
}

std::string UtcText(absl::Time time) { return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone()); }

}  // namespace tandem::cli
