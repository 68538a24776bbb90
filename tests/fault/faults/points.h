// The points that a program may be ended at, as its sources name them.
#ifndef TANDEM_TESTS_FAULT_FAULTS_POINTS_H_
#define TANDEM_TESTS_FAULT_FAULTS_POINTS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace tandem::check {

// The names that the sources of `folders` under `root` hand to PassPoint, sorted. NOT_FOUND when a folder is
// not there.
absl::StatusOr<std::vector<std::string>> FindPoints(const std::string& root, const std::vector<std::string>& folders);

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_FAULTS_POINTS_H_
