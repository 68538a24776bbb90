// Values: what each side of a pair has or wants, as people read it.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_VALUES_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_VALUES_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

#include "services/pairing/matching/facts.h"
#include "services/pairing/matching/habits.h"
#include "services/pairing/matching/terms.h"

namespace tandem::pairing::matching {

// What the project has on the aspect of `signal`; "not stated" when nothing.
std::string ProjectValue(const MarketContext& context, v1::Signal signal, const ProjectFacts& project,
                         absl::string_view language);

// What the investor has or wants on the aspect of `signal`; `side` is whose term it is.
std::string InvestorValue(const MarketContext& context, v1::Signal signal, type::v1::Side side,
                          const ProjectFacts& project, const InvestorFacts& investor, const Habits& habits,
                          absl::string_view language);

// What criterion `index` of the mandate demands, and what the project has to it.
std::string CriterionValue(const MarketContext& context, const InvestorFacts& investor, size_t index,
                           absl::string_view language);
std::string ProjectValueFor(const MarketContext& context, const ProjectFacts& project,
                            investors::v1::Criterion::WantsCase aspect, absl::string_view language);

// What wish `index` of the project demands, and what the investor has to it.
std::string WishValue(const ProjectFacts& project, size_t index, absl::string_view language);
std::string InvestorValueFor(const InvestorFacts& investor, projects::v1::InvestorWish::WishCase aspect,
                             absl::string_view language);

// The title in `language`, else the original, else the first.
std::string Title(const google::protobuf::RepeatedPtrField<type::v1::LocalizedText>& texts, absl::string_view language);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_VALUES_H_
