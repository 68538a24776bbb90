// Profile fit: the shapes of a profile from the choices of some windows.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_PROFILE_FIT_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_PROFILE_FIT_H_

#include <vector>

#include "common/base/work.h"
#include "services/pairing/matching/learning/conditional_logit.h"
#include "services/pairing/matching/profile.h"
#include "services/pairing/matching/terms.h"

namespace tandem::pairing::matching {

// What can be learned from deals, in the order of the columns of the choices. What only wishes say is not among it, and
// what only mandates say tells nobody from another as long as they are masked.
const std::vector<Feature>& LearnedFeatures();

struct ShapeOptions {
  int knots = 8;  // at most so many of a shape; fewer than three make everything linear
  // Deals say nothing of what a mandate is worth, yet the shape of a record's feature is its mandate's too: this part
  // of the slope in `base`, in thousandths, is the least that a feature which mandates speak of gets.
  int kept_for_mandates = 0;
};

// Features that tell no row of an example from another keep their shape in `base`, and the fewer examples, the nearer
// all others stay to it. REQUIRES: `choices` has the columns of LearnedFeatures.
Profile FitShapes(const Choices& choices, const Profile& base, const ShapeOptions& options, Work* work);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_PROFILE_FIT_H_
