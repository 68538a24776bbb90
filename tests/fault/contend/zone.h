// The small zone over which callers contend: few parties, slots, tables and interpreters, in one edition after another.
#ifndef TANDEM_TESTS_FAULT_CONTEND_ZONE_H_
#define TANDEM_TESTS_FAULT_CONTEND_ZONE_H_

#include <string>
#include <vector>

#include "absl/time/time.h"

#include "tandem/pairing/v1/edition.pb.h"
#include "tandem/pairing/v1/representative.pb.h"

namespace tandem::contend {

namespace v1 = tandem::pairing::v1;

inline constexpr int kProjects = 5, kInvestors = 5, kSlots = 6;

// Immutable.
struct Zone {
  // Its slots begin `ahead` after `now`.
  Zone(std::string edition_id, absl::Time now, absl::Duration ahead, absl::Duration request_expiry,
       absl::Duration cooldown);

  std::string Project(int number) const;
  std::string Investor(int number) const;

  std::string id;
  v1::Edition edition;
  // One investor has two of them, and one of them meets for two investors; two people share no language.
  std::vector<v1::Representative> representatives;
  std::vector<absl::Time> slots;
};

}  // namespace tandem::contend

#endif  // TANDEM_TESTS_FAULT_CONTEND_ZONE_H_
