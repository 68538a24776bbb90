#include "tests/fault/truth/overtaken.h"

#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "tests/fault/truth/record_form.h"

namespace tandem::check {
namespace {

std::string ValueOf(const ErrorDetail& detail, absl::string_view key) {
  for (const auto& [name, value] : detail.metadata) {
    if (name == key) return value;
  }
  return "";
}

}  // namespace

Positions PositionsOf(const Histories& histories) {
  Positions positions;
  for (const auto& [source, history] : histories) positions[source] = history->through();
  return positions;
}

bool HaveReached(const Positions& positions, const Histories& histories) {
  return std::all_of(positions.begin(), positions.end(),
                     [&](const auto& position) { return histories.at(position.first)->through() >= position.second; });
}

bool MayHaveOvertaken(const absl::Status& refusal, const TwoCopies& copies, const Histories& histories) {
  const ErrorDetail detail = GetErrorDetail(refusal);
  // Slots come free with any meeting of the edition.
  const bool any_meeting = detail.reason == "SLOT_TAKEN";
  const std::string record = any_meeting                         ? absl::StrCat(copies.edition, "/meetings/")
                             : detail.reason == "STATE_CONFLICT" ? ValueOf(detail, "resource")
                             : detail.reason == "PARTY_NOT_OPEN" ? ValueOf(detail, "party")
                                                                 : "";
  const auto history = histories.find(SourceOf(record));
  if (history == histories.end()) return false;
  const std::string& source = history->first;
  Revision before = history->second->through();
  if (source == copies.source && copies.own > 0) {
    before = copies.own - 1;
  } else if (copies.answered.has_value()) {
    before = std::min(before, copies.answered->at(source));
  }
  const std::vector<Entry> changes = history->second->Between(copies.sent.at(source), before);
  return std::any_of(changes.begin(), changes.end(), [&](const Entry& change) {
    return any_meeting ? absl::StartsWith(change.name, record) : change.name == record;
  });
}

}  // namespace tandem::check
