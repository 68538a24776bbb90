// What is particular to an edition's agenda: sessions that follow one another, places that stand somewhere, references
// that are there.
#ifndef TANDEM_SERVICES_PAIRING_EDITIONS_AGENDA_RULES_H_
#define TANDEM_SERVICES_PAIRING_EDITIONS_AGENDA_RULES_H_

#include <vector>

#include "absl/strings/string_view.h"

#include "common/base/status.h"
#include "tandem/pairing/v1/agenda.pb.h"

namespace tandem::pairing {

// The largest agenda in bytes: an edition is read, watched and kept as a whole.
inline constexpr size_t kMostAgendaBytes = 1'000'000;
// The longest expiry and cooldown of requests, in days.
inline constexpr int kMostRequestDays = 366;

// Adds what breaks a rule that the contract's options cannot say; `path` is the agenda's, such as `edition.agenda`.
// Whatever is given, valid by the options or not. What it accepts, together with them, meetings::Agenda::Make accepts.
void CheckAgenda(const v1::Agenda& agenda, absl::string_view path, std::vector<FieldViolation>* violations);

// Adds a violation for each booth whose owner is not of `edition` (an id). What is no name of a project or investor is
// CheckAgenda's.
void CheckOwners(const v1::Agenda& agenda, absl::string_view edition, absl::string_view path,
                 std::vector<FieldViolation>* violations);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_EDITIONS_AGENDA_RULES_H_
