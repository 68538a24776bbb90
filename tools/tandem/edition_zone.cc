#include "tools/tandem/edition_zone.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "common/base/civil_date.h"
#include "common/base/status.h"
#include "tools/tandem/stamps.h"
#include "tools/tandem/zone_names.h"

namespace tandem::cli {
namespace {

// absl's %Y and %m take less than all digits; a time is written in one form only.
constexpr size_t kLocalLength = sizeof("2026-11-14T09:30") - 1;

}  // namespace

absl::StatusOr<EditionZone> EditionZone::Of(const std::string& time_zone) {
  TANDEM_ASSIGN_OR_RETURN(LocalTime local, LocalTime::Of(time_zone));
  return EditionZone(time_zone, std::move(local));
}

absl::StatusOr<EditionZone> EditionZone::Ask(Session* session, absl::string_view name) {
  pairing::v1::GetEditionRequest request;
  request.set_name(EditionOf(name));
  TANDEM_ASSIGN_OR_RETURN(
      const auto edition,
      session->Call(session->editions(), &pairing::v1::EditionService::StubInterface::GetEdition, request));
  return Of(edition.time_zone());
}

absl::StatusOr<absl::Time> EditionZone::Parse(const std::string& text) const {
  absl::Time shown;
  std::string error;
  if (text.size() != kLocalLength || !absl::ParseTime("%Y-%m-%dT%H:%M", text, absl::UTCTimeZone(), &shown, &error)) {
    return UsageError(absl::StrCat("'", text, "' is no time: write 2026-11-14T09:30 for a local one of ", name_,
                                   ", or RFC 3339, such as 2026-11-14T01:30:00Z."));
  }
  // Where clocks are put forward or back, no instant or two show one reading.
  const absl::Time early = shown - local_.OffsetAt(shown - absl::Hours(24));
  const absl::Time late = shown - local_.OffsetAt(shown + absl::Hours(24));
  const bool early_shows = early + local_.OffsetAt(early) == shown, late_shows = late + local_.OffsetAt(late) == shown;
  if (early_shows && late_shows && early != late) {
    return UsageError(absl::StrCat("'", text, "' comes twice on the clocks of ", name_, ": give ", UtcText(early),
                                   " or ", UtcText(late), "."));
  }
  if (early_shows) return early;
  if (late_shows) return late;
  return UsageError(absl::StrCat("'", text, "' never comes on the clocks of ", name_, ", which are put forward then."));
}

std::string EditionZone::Date(absl::Time time) const { return FormatDate(local_.At(time).day); }

std::string EditionZone::Clock(absl::Time time) const {
  const int minute = local_.At(time).minute;
  return absl::StrFormat("%02d:%02d", minute / 60, minute % 60);
}

std::string EditionZone::Stretch(const google::protobuf::Timestamp& start,
                                 const google::protobuf::Timestamp& end) const {
  if (start.seconds() == 0) return "";
  return absl::StrCat(Date(TimeOf(start)), " ", Clock(TimeOf(start)), "-", Clock(TimeOf(end)));
}

absl::Status ParseSlots(Session* session, absl::string_view name, const std::vector<std::string>& texts,
                        google::protobuf::RepeatedPtrField<google::protobuf::Timestamp>* slots) {
  std::optional<EditionZone> zone;
  for (const std::string& text : texts) {
    std::optional<absl::Time> time = ParseStamp(text);
    if (!time.has_value()) {
      if (!zone.has_value()) {
        TANDEM_ASSIGN_OR_RETURN(zone, EditionZone::Ask(session, name));
      }
      TANDEM_ASSIGN_OR_RETURN(time, zone->Parse(text));
    }
    slots->Add()->set_seconds(absl::ToUnixSeconds(*time));
  }
  return absl::OkStatus();
}

}  // namespace tandem::cli
