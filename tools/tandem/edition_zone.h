// The clocks of an edition: what people write and read for the times of its slots.
#ifndef TANDEM_TOOLS_TANDEM_EDITION_ZONE_H_
#define TANDEM_TOOLS_TANDEM_EDITION_ZONE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "google/protobuf/timestamp.pb.h"

#include "common/vocab/local_time.h"
#include "tools/tandem/session.h"

namespace tandem::cli {

// Thread-safe.
class EditionZone {
 public:
  // INVALID_ARGUMENT when the zone is unknown.
  static absl::StatusOr<EditionZone> Of(const std::string& time_zone);
  // The zone of the edition in which `name` is: asks the service.
  static absl::StatusOr<EditionZone> Ask(Session* session, absl::string_view name);

  // `YYYY-MM-DDTHH:MM` on these clocks. A UsageError when it is of another form, or when they show it never or twice.
  absl::StatusOr<absl::Time> Parse(const std::string& text) const;

  std::string Date(absl::Time time) const;   // 2026-11-14
  std::string Clock(absl::Time time) const;  // 09:30
  // 2026-11-14 09:30-09:55; empty when the start is unset.
  std::string Stretch(const google::protobuf::Timestamp& start, const google::protobuf::Timestamp& end) const;

  const std::string& name() const { return name_; }

 private:
  EditionZone(std::string name, LocalTime local) : name_(std::move(name)), local_(std::move(local)) {}

  std::string name_;
  LocalTime local_;
};

// Times of RFC 3339, or local ones of the edition in which `name` is, which is asked for only if one is local.
absl::Status ParseSlots(Session* session, absl::string_view name, const std::vector<std::string>& texts,
                        google::protobuf::RepeatedPtrField<google::protobuf::Timestamp>* slots);

// What `--slot` says of itself.
inline constexpr char kSlotHelp[] = "Start of a slot: RFC 3339, or local YYYY-MM-DDTHH:MM; several may be given";

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_EDITION_ZONE_H_
