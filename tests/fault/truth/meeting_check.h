// MeetingCheck: whether what is committed of an edition's pairings and meetings can have happened.
#ifndef TANDEM_TESTS_FAULT_TRUTH_MEETING_CHECK_H_
#define TANDEM_TESTS_FAULT_TRUTH_MEETING_CHECK_H_

#include <cstddef>
#include <vector>

#include "tests/fault/truth/findings.h"
#include "tests/fault/truth/history.h"
#include "tests/support/pairing_history/meeting_history.h"

namespace tandem::check {

// Nobody and nothing is twice at a time, what ends a pairing ends its meeting in the same commit, and the record of the
// pairing says so. Used by one thread at a time.
class MeetingCheck {
 public:
  // `findings` must outlive this.
  explicit MeetingCheck(Findings* findings) : findings_(findings) {}
  MeetingCheck(const MeetingCheck&) = delete;
  MeetingCheck& operator=(const MeetingCheck&) = delete;

  // What was committed of the edition, in commit order, whole commits only.
  void Take(const std::vector<Entry>& entries);

 private:
  Findings* const findings_;
  pairing::Problems problems_;
  size_t told_ = 0;  // problems
  pairing::meetings::MeetingHistory history_{&problems_};
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_TRUTH_MEETING_CHECK_H_
