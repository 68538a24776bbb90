#include "services/pairing/meetings/representative_rules.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/catalog/names.h"
#include "services/pairing/meetings/agenda.h"
#include "services/pairing/meetings/party.h"
#include "tandem/pairing/v1/representative.pb.h"

namespace tandem::pairing::meetings {
namespace {

using v1::Representative;
using Ranges = google::protobuf::RepeatedPtrField<v1::TimeRange>;
using Violations = std::vector<FieldViolation>;

constexpr char kPattern[] = "editions/{edition}/representatives/{representative}";

void CheckRanges(const Ranges& ranges, const std::string& path, Violations* violations) {
  for (int i = 0; i < ranges.size(); ++i) {
    const v1::TimeRange& range = ranges.Get(i);
    if (!range.has_start_time() || !range.has_end_time()) continue;  // the contract's rules say so
    const std::string at = absl::StrCat(path, "[", i, "]");
    if (TimeOf(range.end_time()) <= TimeOf(range.start_time()))
      violations->push_back({absl::StrCat(at, ".end_time"), "must be after the start"});
    if (i > 0 && ranges.Get(i - 1).has_end_time() && TimeOf(range.start_time()) < TimeOf(ranges.Get(i - 1).end_time()))
      violations->push_back({absl::StrCat(at, ".start_time"),
                             "must not be before the range before it ends: write ranges in order of time, each once"});
  }
}

void CheckParties(const Representative& representative, absl::string_view edition, absl::string_view path,
                  Violations* violations) {
  for (int i = 0; i < representative.parties_size(); ++i) {
    std::string problem = PartyProblem(representative.parties(i), edition);
    if (!problem.empty()) violations->push_back({absl::StrCat(path, ".parties[", i, "]"), std::move(problem)});
  }
}

class RepresentativeRules final : public catalog::Rules {
 public:
  void Check(const google::protobuf::Message& resource, absl::string_view path, Violations* violations) const override {
    const auto& representative = static_cast<const Representative&>(resource);
    const auto ids = catalog::NamePattern(kPattern).Match(representative.name());
    CheckParties(representative, ids.has_value() ? ids->front() : "", path, violations);
    CheckRanges(representative.available(), absl::StrCat(path, ".available"), violations);
    CheckRanges(representative.unavailable(), absl::StrCat(path, ".unavailable"), violations);
    const bool on_site = representative.attendance() == v1::ATTENDANCE_UNSPECIFIED ||
                         representative.attendance() == v1::ATTENDANCE_ON_SITE;
    if (representative.has_virtual_hours() && on_site) {
      violations->push_back({absl::StrCat(path, ".virtual_hours"),
                             "must be unset for who takes part on site only: they bind meetings at a distance"});
    }
  }

  // A new one has no name yet.
  absl::Status Resolve(RecordStore* /*store*/, absl::string_view edition,
                       absl::Span<catalog::Candidate* const> candidates) const override {
    for (catalog::Candidate* candidate : candidates) {
      Violations violations;
      CheckParties(static_cast<const Representative&>(*candidate->resource), edition, candidate->path, &violations);
      if (!violations.empty()) candidate->status = InvalidFields(std::move(violations));
    }
    return absl::OkStatus();
  }
};

}  // namespace

catalog::Collection RepresentativeCollection() {
  static const RepresentativeRules rules;
  catalog::Collection representatives;
  representatives.singular = "representative";
  representatives.plural = kRepresentatives;
  representatives.pattern = kPattern;
  representatives.prototype = &Representative::default_instance();
  representatives.rules = &rules;
  return representatives;
}

}  // namespace tandem::pairing::meetings
