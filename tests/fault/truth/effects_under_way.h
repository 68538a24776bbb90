// What changes of projects and investors are still to do to pairings and meetings.
#ifndef TANDEM_TESTS_FAULT_TRUTH_EFFECTS_UNDER_WAY_H_
#define TANDEM_TESTS_FAULT_TRUTH_EFFECTS_UNDER_WAY_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"

#include "common/storage/record_store.h"
#include "common/tokens/consistency_token.h"

namespace tandem::check {

// Says what is missing until every change up to `heads`, by source, has had its effect in the store of the editions;
// then nothing. From there on no party's leaving or change writes anything any more, unless its own source changes
// again.
absl::StatusOr<std::string> EffectsUnderWay(RecordStore* editions, const std::map<std::string, Position>& heads);

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_TRUTH_EFFECTS_UNDER_WAY_H_
