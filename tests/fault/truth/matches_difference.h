// How two lists of matches differ, in what the contract says of them.
#ifndef TANDEM_TESTS_FAULT_TRUTH_MATCHES_DIFFERENCE_H_
#define TANDEM_TESTS_FAULT_TRUTH_MATCHES_DIFFERENCE_H_

#include <string>

#include "tests/fault/truth/answer_check.h"

namespace tandem::check {

// How `shown` differs from `right`, which is the first page of the same question, as long as `shown` reaches; empty: in
// nothing but what the contract leaves open.
std::string Difference(const ShownMatches& shown, const pairing::v1::FindMatchesResponse& right);

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_TRUTH_MATCHES_DIFFERENCE_H_
