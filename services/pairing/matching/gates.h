// Gates: facts that make a pair impossible, and what would open them.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_GATES_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_GATES_H_

#include <cstddef>

#include "services/pairing/matching/facts.h"
#include "services/pairing/matching/fits.h"
#include "tandem/pairing/v1/match.pb.h"

namespace tandem::pairing::matching {

// Whether the project is what criterion `index` of the investor's mandate names.
Fit JudgeCriterion(const MarketContext& context, const ProjectFacts& project, const InvestorFacts& investor,
                   size_t index);

// Whether the investor is what wish `index` of the project names.
Fit JudgeWish(const ProjectFacts& project, const InvestorFacts& investor, size_t index);

// What comes of a criterion that gates (`MUST`, `MUST_NOT`); PASS for one that does not.
v1::Gate::Result GateResult(type::v1::Strength strength, type::v1::OnMissing on_missing, Fit fit);

// Whether a project or an investor takes part in matching at all.
inline bool TakesPart(const ProjectFacts& project) { return project.matched; }
inline bool TakesPart(const InvestorFacts& investor) { return investor.matched && investor.deploying; }

// Whether the mandate's gates let the project through, and the wishes' gates the investor.
bool PassesMandate(const MarketContext& context, const ProjectFacts& project, const InvestorFacts& investor);
bool PassesWishes(const ProjectFacts& project, const InvestorFacts& investor);

// Whether no gate fails. REQUIRES: both take part.
bool PassesGates(const MarketContext& context, const ProjectFacts& project, const InvestorFacts& investor);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_GATES_H_
