#include "services/pairing/profiles/past_records.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "common/validation/validator.h"
#include "services/pairing/profiles/training_export.h"

namespace tandem::pairing {
namespace {

using investors::v1::Deal;
using investors::v1::Investor;

// More violations of one kind tell nothing new.
constexpr size_t kMostViolations = 100;

// Numbers of deals are those of one edition: two are the same when what they say first is.
std::string DealKey(absl::string_view id, absl::string_view date, absl::string_view investor,
                    absl::string_view company) {
  return absl::StrJoin({id, date, investor, company}, "|");
}

}  // namespace

std::vector<FieldViolation> PastRecordChecks::Violations(const PastRecords& records) {
  std::vector<FieldViolation> violations;
  absl::flat_hash_set<std::string>& investors = investors_;
  for (int i = 0; i < records.size() && violations.size() < kMostViolations; ++i) {
    const v1::TrainingRecord& record = records[i];
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
        // Names are of one edition; exports have none.
        if (!record.deal().investor().name().empty() ||
            std::any_of(record.deal().co_investors().begin(), record.deal().co_investors().end(),
                        [](const auto& other) { return !other.name().empty(); })) {
          violations.push_back({absl::StrCat(path, ".deal"), "must know investors by external id, not by name"});
        }
        break;
      case v1::TrainingRecord::RECORD_NOT_SET:
        violations.push_back({path, "must be an investor or a deal"});
        break;
    }
  }
  return violations;
}

Deals PastDeals(const PastRecords& records, absl::Span<const std::shared_ptr<const matching::InvestorFacts>> investors,
                const Deals& deals) {
  Deals past;
  if (records.empty()) return past;
  absl::flat_hash_map<std::string, std::string> names;  // of investors, by pseudonym
  for (const auto& facts : investors) {
    const Investor& investor = facts->record;
    names[Pseudonym(investor.external_id().empty() ? investor.uid() : investor.external_id())] = investor.name();
  }
  absl::flat_hash_map<std::string, std::string> pseudonyms;  // of investors, by name
  for (const auto& [pseudonym, name] : names) pseudonyms[name] = pseudonym;
  absl::flat_hash_map<std::string, std::string> companies;  // by pseudonym
  absl::flat_hash_set<std::string> known;                   // keys of deals
  for (const auto& deal : deals) {
    const std::string company = Pseudonym(CompanyKey(deal->company()));
    companies[company] = CompanyKey(deal->company());
    const auto investor = pseudonyms.find(deal->investor().name());
    known.insert(DealKey(Pseudonym(deal->external_id()), deal->date(),
                         investor == pseudonyms.end() ? Pseudonym(deal->investor().external_id()) : investor->second,
                         company));
  }
  const auto recognise = [&](auto* investor) {
    const auto found = names.find(investor->external_id());
    if (found == names.end()) return;
    investor->Clear();
    investor->set_name(found->second);
  };
  for (const v1::TrainingRecord& record : records) {
    if (!record.has_deal()) continue;
    const investors::v1::Deal& exported = record.deal();
    if (!known
             .insert(DealKey(exported.external_id(), exported.date(), exported.investor().external_id(),
                             exported.company().external_id()))
             .second) {
      continue;
    }
    auto deal = std::make_shared<Deal>(record.deal());
    recognise(deal->mutable_investor());
    for (auto& other : *deal->mutable_co_investors()) recognise(&other);
    const auto company = companies.find(deal->company().external_id());
    if (company != companies.end()) deal->mutable_company()->set_external_id(company->second);
    past.push_back(std::move(deal));
  }
  return past;
}

}  // namespace tandem::pairing
