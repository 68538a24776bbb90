// What a change of an edition's agenda does to the meetings that are booked.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_AGENDA_CHANGE_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_AGENDA_CHANGE_H_

#include "absl/status/status.h"

#include "common/storage/record_store.h"
#include "services/pairing/meetings/book/meeting_steps.h"
#include "tandem/pairing/v1/edition.pb.h"

namespace tandem::pairing::meetings {

// Adds to `transaction`, which writes `after` in place of `before`, what becomes of meetings to come whose slot, place
// or interpreter the new agenda does not have as it was: they free all that they have and become RESCHEDULE_PENDING.
// What has begun stays as it is. Without `force` they refuse the change: MEETINGS_AFFECTED (FAILED_PRECONDITION) names
// them. The conditions hold as long as nobody books what the change takes away; who booked by the old agenda and comes
// later fails on the edition's record. LIMIT_EXCEEDED when there are too many for one transaction.
absl::Status PlanAgendaChange(RecordStore* store, const v1::Edition& before, const v1::Edition& after,
                              const Acting& acting, bool force, Transaction* transaction);

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_AGENDA_CHANGE_H_
