// Whether one copy of a request may be refused while the other one is acknowledged.
#ifndef TANDEM_TESTS_FAULT_TRUTH_OVERTAKEN_H_
#define TANDEM_TESTS_FAULT_TRUTH_OVERTAKEN_H_

#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"

#include "tests/fault/truth/history.h"
#include "tests/fault/truth/oracle.h"

namespace tandem::check {

using Positions = std::map<std::string, Revision>;  // by source

// Up to where each history is known.
Positions PositionsOf(const Histories& histories);

// Whether `histories` are known as far as that.
bool HaveReached(const Positions& positions, const Histories& histories);

// Two copies of one request that were on their way at once.
struct TwoCopies {
  Positions sent;                     // when neither had been sent
  std::optional<Positions> answered;  // what was committed when both had been answered, if that is known
  std::string edition;                // its name
  std::string source;                 // of what the acknowledged one did
  Revision own = 0;                   // where that is; 0: it did nothing
};

// A service remembers what it did for a request, so that nothing refuses the other copy once one was carried out, and
// it remembers no refusal. A refusal beside an acknowledgement hence came first, and what it speaks of has changed
// before the other copy was carried out. True when the log has such a change by somebody else; a log that was not read
// so far yet has none. Any other refusal is of no such reason, or of a state in which both had been refused.
//
// What was committed after both answers explains neither.
bool MayHaveOvertaken(const absl::Status& refusal, const TwoCopies& copies, const Histories& histories);

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_TRUTH_OVERTAKEN_H_
