// Who makes a call. Built by `common/rpc` from metadata; every domain call takes one.
#ifndef TANDEM_COMMON_BASE_CALLER_H_
#define TANDEM_COMMON_BASE_CALLER_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace tandem {

// The side that the actor speaks for.
enum class CallerSide {
  kOperator,  // a back-end service or an operator, and what is assumed when nothing is said: trusted with everything
  kOrganiser,
  kProject,
  kInvestor,
};

// The names of the sides, as callers write them.
inline constexpr std::pair<absl::string_view, CallerSide> kCallerSideNames[] = {
    {"operator", CallerSide::kOperator},
    {"organiser", CallerSide::kOrganiser},
    {"project", CallerSide::kProject},
    {"investor", CallerSide::kInvestor},
};

struct Caller {
  std::string actor;  // opaque id of the person or service, for audit; never logged with personal data
  CallerSide side = CallerSide::kOperator;
  std::string edition;  // "editions/ciep2027": the only one the caller may touch; empty means any
  std::vector<std::string> roles;

  // Whether the organiser's decisions (review, verification, editions) are the caller's to take.
  bool IsOrganiser() const { return side == CallerSide::kOperator || side == CallerSide::kOrganiser; }
};

}  // namespace tandem

#endif  // TANDEM_COMMON_BASE_CALLER_H_
