// Kempe chains: two slots change places along a chain of people who meet in one and then in the other, so that a slot
// comes free for somebody while all meetings stay.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_CHAINS_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_CHAINS_H_

#include <cstdint>
#include <vector>

#include "services/pairing/meetings/scheduling/board.h"

namespace tandem::pairing::scheduling {

// Only the two people at a chain's ends see another set of busy slots; all between have both slots busy before and
// after. Keeps every hard rule: a chain that would break one is not swapped. Not thread-safe.
class Chains {
 public:
  // Chains of more meetings are left alone. `board` must outlive this.
  explicit Chains(Board* board, int32_t longest = 1000) : board_(board), longest_(longest) {}

  // Places the unplaced `wish` in the slot with the most room, if need be after moving a chain. False: nothing changed.
  bool Insert(int32_t wish);

  // The chain that begins with the meeting of `person` in slot `from`, which it would have in slot `to` instead, where
  // it is free. False: there is no such chain, or a limit or calendar forbids to swap it.
  bool Find(int32_t person, int32_t from, int32_t to);
  // One more chain of the same two slots, to be swapped along with what is found; it must not be the same.
  bool FindAlso(int32_t person, int32_t from, int32_t to);
  // What is found: how many meetings more it would bring to the `to` of Find; of the last chain, the person at its
  // other end and which slot that one leaves.
  int32_t surplus() const { return surplus_; }
  int32_t end() const { return end_; }
  int32_t end_leaves() const { return end_leaves_; }

  // Swaps what is found, and places `wish` (if not kNone) in `slot` then. False: a rule forbids it, nothing changed.
  bool Swap(int32_t wish = kNone, int32_t slot = kNone);

 private:
  bool InsertDirect(int32_t wish);
  bool InsertByChain(int32_t wish, int32_t first, int32_t second);
  bool MayTake(int32_t person, int32_t slot, int32_t leaving) const;
  bool HasLimits(int32_t wish) const;

  Board* board_;
  int32_t longest_;
  std::vector<int32_t> chain_;
  std::vector<int32_t> targets_;
  int32_t surplus_ = 0;
  int32_t from_ = kNone;
  int32_t to_ = kNone;
  int32_t end_ = kNone;
  int32_t end_leaves_ = kNone;
};

}  // namespace tandem::pairing::scheduling

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_CHAINS_H_
