// Labels: vocabulary values as people read them, in English and Chinese.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_LABELS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_LABELS_H_

#include <string>

#include "absl/strings/string_view.h"

#include "tandem/type/v1/vocabulary.pb.h"

namespace tandem::pairing::matching {

// Chinese for a `language` (BCP-47) of `zh`, English for any other. An undefined or unspecified value is empty.
std::string Label(type::v1::StageOfDevelopment value, absl::string_view language);
std::string Label(type::v1::FundingRound value, absl::string_view language);
std::string Label(type::v1::Instrument value, absl::string_view language);
std::string Label(type::v1::CooperationType value, absl::string_view language);
std::string Label(type::v1::InvestorType value, absl::string_view language);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_LABELS_H_
