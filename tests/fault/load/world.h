// World: what all threads of a load share.
#ifndef TANDEM_TESTS_FAULT_LOAD_WORLD_H_
#define TANDEM_TESTS_FAULT_LOAD_WORLD_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "common/tokens/key_ring.h"
#include "tandem/investors/v1/deal.pb.h"
#include "tandem/investors/v1/investor.pb.h"
#include "tandem/pairing/v1/meeting.pb.h"
#include "tandem/pairing/v1/pairing.pb.h"
#include "tandem/projects/v1/project.pb.h"
#include "tests/fault/load/clients.h"
#include "tests/fault/load/gate.h"
#include "tests/fault/load/load.h"
#include "tests/fault/load/meter.h"
#include "tests/fault/load/pair_turns.h"
#include "tests/fault/load/roster.h"
#include "tests/fault/load/templates.h"
#include "tests/fault/load/token_board.h"
#include "tests/fault/truth/truth.h"

namespace tandem::check {

// Thread-safe in all its parts. Pointers are unowned.
struct World {
  const LoadOptions* options = nullptr;
  const KeyRing* keys = nullptr;
  const Clients* clients = nullptr;
  const Templates* templates = nullptr;
  Truth* truth = nullptr;
  std::string edition;        // its name
  std::string edition_token;  // of its creation

  Gate gate;
  Meter meter;
  TokenBoard tokens;
  Roster<projects::v1::Project> projects;
  Roster<investors::v1::Investor> investors;
  Roster<investors::v1::Deal> deals;
  Roster<pairing::v1::Pairing> pairings;
  Roster<pairing::v1::Meeting> meetings;
  PairTurns pair_turns;
  std::vector<absl::Time> slots;        // of the edition's agenda
  std::atomic<bool> abandoned{false};   // writes are given up, whatever came of them
  std::atomic<int64_t> stamp{100'000};  // greater than what the templates have in such a field
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_LOAD_WORLD_H_
