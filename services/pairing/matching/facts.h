// Facts: records compiled for matching. Immutable once made; shared by pointer.
//
// Texts become interned numbers, money becomes base-currency amounts, dates become days. Every aspect of a pair is a
// sparse feature; a project has features, an investor has weights over the same features.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_FACTS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_FACTS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tandem/investors/v1/deal.pb.h"
#include "tandem/investors/v1/investor.pb.h"
#include "tandem/projects/v1/project.pb.h"

namespace tandem::pairing::matching {

// What rankings of an edition depend on besides the two sides.
struct MarketContext {
  int32_t reference_day = 0;            // days since 1970-01-01
  std::string ranking_profile;          // id and number, such as `default@1`
};

struct ProjectFacts {
  projects::v1::Project record;  // as it came
};

struct InvestorFacts {
  investors::v1::Investor record;  // as it came
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_FACTS_H_
