// Answer key: which questions have the same answer.
#ifndef TANDEM_SERVICES_PAIRING_MATCH_CACHE_ANSWER_KEY_H_
#define TANDEM_SERVICES_PAIRING_MATCH_CACHE_ANSWER_KEY_H_

#include <cstddef>
#include <string>

#include "tandem/pairing/v1/pairing_service.pb.h"

namespace tandem::pairing {

inline constexpr int kDefaultPageSize = 20;
// The longest list whose changes are named exactly: AffectedLists::Options::k.
inline constexpr int kLongestExactList = 50;

struct AnswerKey {
  std::string text;  // equal for equal questions, and no others; with defaults filled in, without the consistency
  bool for_investor = true;  // what the subject is
  bool plain = false;        // whether the exact marks cover the list
  int wanted = 0;            // places of the page
};

// REQUIRES: `request` keeps the rules of its contract, asks for a first page, and names a project or an investor.
AnswerKey KeyOf(const v1::FindMatchesRequest& request);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_MATCH_CACHE_ANSWER_KEY_H_
