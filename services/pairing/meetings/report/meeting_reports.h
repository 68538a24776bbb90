// MeetingReports: what came of an edition's requests and meetings, in numbers.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_REPORT_MEETING_REPORTS_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_REPORT_MEETING_REPORTS_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/base/caller.h"
#include "common/base/clock.h"
#include "common/storage/record_store.h"
#include "common/tokens/key_ring.h"
#include "services/pairing/meetings/report/counting.h"
#include "tandem/pairing/v1/meeting_service.pb.h"

namespace tandem::pairing::meetings {

// Thread-safe. Requests must be valid by their contracts and of the caller's edition (rpc::Admit); every error carries
// a reason.
class MeetingReports {
 public:
  // Unowned pointers must outlive the reports.
  struct Options {
    RecordStore* store = nullptr;  // that of the editions, of the ledger and of the meetings
    const KeyRing* keys = nullptr;
    const Clock* clock = SystemClock();
    std::string source = "editions";  // name of the store in consistency tokens
    // The countries of the parties of an edition (`editions/{edition}`) as they are now.
    std::function<CountryOf(absl::string_view edition)> countries;
  };

  explicit MeetingReports(Options options) : options_(std::move(options)) {}

  // The organiser's: reads all pairings and meetings of the edition. PERMISSION_DENIED to others.
  absl::StatusOr<v1::MeetingReport> Make(const Caller& caller, const v1::GetMeetingReportRequest& request) const;

 private:
  const Options options_;
};

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_REPORT_MEETING_REPORTS_H_
