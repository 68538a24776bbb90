// The name under which a company's deals are known to be of the same one.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_COMPANY_FEATURE_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_COMPANY_FEATURE_H_

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "tandem/investors/v1/deal.pb.h"

namespace tandem::pairing::matching {

inline std::string CompanyFeature(const investors::v1::Company& company) {
  return absl::StrCat("company:", company.external_id().empty() ? absl::AsciiStrToLower(company.display_name())
                                                                : company.external_id());
}

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_COMPANY_FEATURE_H_
