// What an edition can teach later ones, without anybody in it.
#ifndef TANDEM_SERVICES_PAIRING_PROFILES_TRAINING_EXPORT_H_
#define TANDEM_SERVICES_PAIRING_PROFILES_TRAINING_EXPORT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/pairing/matching/market.h"
#include "tandem/investors/v1/deal.pb.h"
#include "tandem/pairing/v1/profile.pb.h"

namespace tandem::pairing {

// The matched investors of a market, then their deals, each ordered by the hash that stands for its external id. Pure.
std::vector<v1::TrainingRecord> TrainingData(const matching::InvestorsByName& all_investors,
                                             const std::vector<std::shared_ptr<const investors::v1::Deal>>& all_deals);

// What a company is known by: its external id, else its name, whatever its case.
std::string CompanyKey(const investors::v1::Company& company);

// What stands for an id in exports: the same wherever and whenever it is exported. Who knows an id can recognise it.
std::string Pseudonym(absl::string_view id);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_PROFILES_TRAINING_EXPORT_H_
