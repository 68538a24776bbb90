// The slots of an agenda's sessions.
#ifndef TANDEM_TOOLS_TANDEM_AGENDA_SLOTS_H_
#define TANDEM_TOOLS_TANDEM_AGENDA_SLOTS_H_

#include <vector>

#include "absl/time/time.h"

#include "tandem/pairing/v1/edition.pb.h"

namespace tandem::cli {

struct AgendaSlot {
  absl::Time start, end;
  bool closed = false;
};

// In the order of time; closed ones too.
std::vector<AgendaSlot> SlotsOf(const pairing::v1::Session& session);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_AGENDA_SLOTS_H_
