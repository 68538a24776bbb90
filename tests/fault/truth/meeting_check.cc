#include "tests/fault/truth/meeting_check.h"

#include <string>

#include "absl/strings/str_cat.h"

#include "services/pairing/market_feed/record_name.h"
#include "tests/fault/truth/record_form.h"

namespace tandem::check {

using pairing::RecordKind;

void MeetingCheck::Take(const std::vector<Entry>& entries) {
  for (size_t i = 0; i < entries.size(); ++i) {
    const auto& [name, version] = entries[i];
    const std::string where = absl::StrCat("editions at revision ", version.revision);
    const RecordKind kind = pairing::KindOf(name);
    if (IsMeeting(name) || kind == RecordKind::kPairing || kind == RecordKind::kEdition) {
      const auto record = version.bytes == nullptr ? nullptr : ParseRecord(name, *version.bytes);
      if (record == nullptr) {
        findings_->Add(Broken::kHalf, absl::StrCat(where, ": ", name, " is gone, or cannot be read"));
      } else if (IsMeeting(name)) {
        history_.Apply(static_cast<const pairing::v1::Meeting&>(*record), where);
      } else if (kind == RecordKind::kPairing) {
        history_.Apply(static_cast<const pairing::v1::Pairing&>(*record));
      } else {
        history_.Apply(static_cast<const pairing::v1::Edition&>(*record));
      }
    }
    if (i + 1 == entries.size() || entries[i + 1].version.revision != version.revision) history_.EndCommit(where);
  }
  for (; told_ < problems_.texts.size(); ++told_) findings_->Add(Broken::kHalf, problems_.texts[told_]);
}

}  // namespace tandem::check
