// Interpreters shared out among the kinds of meetings that need one.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_INTERPRETER_SHARES_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_INTERPRETER_SHARES_H_

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "services/pairing/meetings/agenda.h"
#include "services/pairing/meetings/scheduling/problem.h"

namespace tandem::pairing::meetings {

// Meetings that the same interpreters can serve are of one kind. An interpreter who can serve several kinds is given to
// one of them in each slot, by how many meetings of each there are: what a schedule then asks of a kind, somebody can
// do, though at times an interpreter who is given to one kind could have served another. `agenda` must outlive it.
class InterpreterShares {
 public:
  explicit InterpreterShares(const Agenda* agenda) : agenda_(agenda) {}

  // The kind of a meeting that these (indices of the agenda, sorted) can serve; counts it.
  int Ask(const std::vector<int>& who);
  // The interpreter is taken in a slot of the agenda.
  void Take(int interpreter, int slot) { taken_.insert({interpreter, slot}); }

  // Shares them out, and adds the kinds to `problem`; `agenda_slots` are those of the agenda (or kNone). Once.
  void Fill(const std::vector<int>& agenda_slots, scheduling::Problem* problem);

  // Who is given to a kind in a slot of the agenda.
  std::vector<int> Given(int kind, int slot) const;

 private:
  struct Kind {
    std::vector<int> who;
    int64_t asked = 0;
  };
  const Agenda* agenda_;
  std::vector<Kind> kinds_;
  std::map<std::vector<int>, int> by_who_;
  std::set<std::pair<int, int>> taken_;                    // interpreter, slot
  std::map<std::pair<int, int>, std::vector<int>> given_;  // by kind and slot
};

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_INTERPRETER_SHARES_H_
