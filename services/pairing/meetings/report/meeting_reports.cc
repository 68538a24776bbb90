#include "services/pairing/meetings/report/meeting_reports.h"

#include <memory>
#include <utility>

#include "common/base/status.h"
#include "common/catalog/store_status.h"
#include "common/tokens/consistency_token.h"
#include "services/pairing/ledger/decision.h"
#include "services/pairing/meetings/book/meeting_rows.h"
#include "services/pairing/meetings/report/edition_snapshot.h"

namespace tandem::pairing::meetings {

absl::StatusOr<v1::MeetingReport> MeetingReports::Make(const Caller& caller,
                                                       const v1::GetMeetingReportRequest& request) const {
  if (!caller.IsOrganiser()) {
    return MakeError(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                     "what came of all meetings is the organiser's to see: list your own",
                     {{"method", "GetMeetingReport"}, {"cause", "side"}});
  }
  const auto head = options_.store->GetHead();
  if (!head.ok()) return catalog::FromStore(head.status());
  TANDEM_ASSIGN_OR_RETURN(EditionSnapshot snapshot, ReadEdition(options_.store, EditionOf(request.name())));
  TANDEM_ASSIGN_OR_RETURN(const std::shared_ptr<const Agenda> agenda, Agenda::Make(snapshot.edition));
  Counted counted;
  counted.agenda = agenda.get();
  counted.pairings = std::move(snapshot.pairings);
  counted.meetings = std::move(snapshot.meetings);
  counted.country_of = options_.countries(request.name());
  v1::MeetingReport report = CountMeetings(counted);
  report.set_edition(request.name());
  *report.mutable_time() = ledger::ToStamp(options_.clock->Now());
  report.set_consistency_token(
      ConsistencyToken(options_.source, Position{head->epoch, snapshot.revision}).Encode(*options_.keys));
  return report;
}

}  // namespace tandem::pairing::meetings
