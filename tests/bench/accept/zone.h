// The editions in which the bench asks and accepts: pairs that have nobody in common, in halls with room for all.
#ifndef TANDEM_TESTS_BENCH_ACCEPT_ZONE_H_
#define TANDEM_TESTS_BENCH_ACCEPT_ZONE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "tandem/pairing/v1/edition.pb.h"

namespace tandem::bench {

inline constexpr int kSlotsOfAnEdition = 60, kTables = 150;
inline constexpr int64_t kPairsOfAnEdition = 6000;  // two in three of all seats

// Ids of the pair of that number, all of one length.
std::string ProjectId(int64_t number);
std::string InvestorId(int64_t number);
// Of the edition in which the pair is; `kind` is a letter.
std::string EditionId(char kind, int64_t pair);

// With quotas that nobody reaches, and slots that begin thirty days after `now`.
pairing::v1::Edition NewEdition(const std::string& id, absl::Time now);
// The slot that suits the pair.
absl::Time SlotOf(const pairing::v1::Edition& edition, int64_t pair);

}  // namespace tandem::bench

#endif  // TANDEM_TESTS_BENCH_ACCEPT_ZONE_H_
