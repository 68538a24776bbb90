// What the clocks of a time zone show at an instant, daylight saving included. From ICU.
#ifndef TANDEM_COMMON_VOCAB_LOCAL_TIME_H_
#define TANDEM_COMMON_VOCAB_LOCAL_TIME_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace tandem {

// Cheap to copy. Thread-safe.
class LocalTime {
 public:
  // INVALID_ARGUMENT, without a machine-readable reason, when IsTimeZone(`time_zone`) is false.
  static absl::StatusOr<LocalTime> Of(absl::string_view time_zone);

  struct Reading {
    int32_t day = 0;     // days since 1970-01-01, as in common/base/civil_date.h
    int32_t minute = 0;  // whole minutes since midnight as the clock shows them, 0 to 1439
    friend bool operator==(const Reading& a, const Reading& b) { return a.day == b.day && a.minute == b.minute; }
  };
  // What a clock in the zone shows at `time`.
  Reading At(absl::Time time) const;

  // How far the zone is ahead of UTC at `time`.
  absl::Duration OffsetAt(absl::Time time) const;

 private:
  struct Zone;
  explicit LocalTime(std::shared_ptr<const Zone> zone) : zone_(std::move(zone)) {}

  std::shared_ptr<const Zone> zone_;
};

}  // namespace tandem

#endif  // TANDEM_COMMON_VOCAB_LOCAL_TIME_H_
