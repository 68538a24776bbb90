#include "services/pairing/profiles/training_run.h"

#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "common/base/civil_date.h"
#include "common/validation/validator.h"

namespace tandem::pairing {
namespace {

// More violations of one kind tell nothing new.
constexpr size_t kMostViolations = 100;

absl::StatusOr<matching::TrainingInput> InputOf(const MarketStore& markets,
                                                std::shared_ptr<const v1::TrainProfileRequest> request) {
  matching::TrainingInput input;
  input.edition = request->parent();
  TANDEM_ASSIGN_OR_RETURN(input.as_of_day, ParseDate(request->as_of_date()));
  input.request = std::move(request);
  const MarketStore::Reader reader(markets);
  const matching::Market* market = reader.Find(input.edition);
  if (market == nullptr) {
    return MakeError(absl::StatusCode::kNotFound, "EDITION_NOT_FOUND", absl::StrCat("there is no ", input.edition),
                     {{"edition", input.edition}});
  }
  matching::Market::Countable countable = market->WhatCounts();
  input.context = std::move(countable.context);
  input.projects = std::move(countable.projects);
  input.deals = std::move(countable.deals);
  input.interner = market->interner();
  input.investors.reserve(market->investors().size());
  for (const auto& [name, facts] : market->investors()) input.investors.push_back(facts);
  return input;
}

}  // namespace

absl::StatusOr<std::string> TrainProfile(const MarketStore& markets, const matching::Trainer& train, ProfileLog* log,
                                         std::shared_ptr<const v1::TrainProfileRequest> request,
                                         const Progress& progress) {
  progress.Report(1, "taking the data");
  TANDEM_ASSIGN_OR_RETURN(const matching::TrainingInput input, InputOf(markets, std::move(request)));
  TANDEM_ASSIGN_OR_RETURN(matching::TrainingResult result, train(input, progress));
  if (progress.Cancelled()) return absl::CancelledError();
  v1::RankingProfile& profile = result.profile;
  profile.set_as_of_date(input.request->as_of_date());
  profile.set_seed(input.request->seed());
  profile.set_statistics_number(input.context->statistics.number());
  profile.set_statistics_fingerprint(input.context->statistics.fingerprint());
  TANDEM_ASSIGN_OR_RETURN(const ProfileLog::Kept kept,
                          log->Add(absl::StripPrefix(input.edition, "editions/"), std::move(profile)));
  return kept.profile.name();
}

std::vector<FieldViolation> PastRecordViolations(const v1::TrainProfileRequest& request) {
  std::vector<FieldViolation> violations;
  absl::flat_hash_set<absl::string_view> investors;
  for (int i = 0; i < request.past_records_size() && violations.size() < kMostViolations; ++i) {
    const v1::TrainingRecord& record = request.past_records(i);
    const std::string path = absl::StrCat("past_records[", i, "]");
    for (FieldViolation& violation : FindViolations(record, path)) {
      // An exported investor has no texts: that is the point.
      if (!absl::EndsWith(violation.field, ".investor.texts")) violations.push_back(std::move(violation));
    }
    switch (record.record_case()) {
      case v1::TrainingRecord::kInvestor:
        if (record.investor().external_id().empty()) violations.push_back({path, "must have an external id"});
        investors.insert(record.investor().external_id());
        break;
      case v1::TrainingRecord::kDeal:
        if (!investors.contains(record.deal().investor().external_id())) {
          violations.push_back({absl::StrCat(path, ".deal.investor.external_id"),
                                "must be that of an investor that came before: send exports whole and in their order"});
        }
        break;
      case v1::TrainingRecord::RECORD_NOT_SET:
        violations.push_back({path, "must be an investor or a deal"});
        break;
    }
  }
  return violations;
}

}  // namespace tandem::pairing
