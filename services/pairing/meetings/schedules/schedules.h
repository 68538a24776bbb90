// Schedules: the schedules of all editions over a RecordStore: made, kept, published.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_SCHEDULES_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_SCHEDULES_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/base/caller.h"
#include "common/base/clock.h"
#include "common/catalog/request_log.h"
#include "common/storage/record_store.h"
#include "common/tokens/key_ring.h"
#include "services/pairing/meetings/schedules/problem_maker.h"
#include "services/pairing/meetings/schedules/publishing.h"
#include "services/pairing/meetings/schedules/schedule_rows.h"
#include "services/pairing/runs/run_queue.h"
#include "tandem/pairing/v1/schedule_service.pb.h"

namespace tandem::pairing::meetings {

// Thread-safe. Requests must be valid by their contracts and of the caller's edition (rpc::Admit); every error carries
// a reason. Callers of a side get PERMISSION_DENIED.
class Schedules {
 public:
  // Unowned pointers must outlive it.
  struct Options {
    RecordStore* store = nullptr;  // that of the editions, the ledger and the meetings
    const KeyRing* keys = nullptr;
    const Clock* clock = SystemClock();
    std::string source = "editions";  // name of the store in consistency tokens
    RunQueue* runs = nullptr;         // must be stopped before this goes
    // What matching says of pairs of an edition (`editions/e`) now; see Choice::score. Empty: nothing.
    std::function<std::function<int64_t(const std::string&, const std::string&)>(const std::string& edition)> scores;
  };

  // Fails when the store cannot be read.
  static absl::StatusOr<std::unique_ptr<Schedules>> Open(Options options);

  // The verbs of the contract.
  absl::StatusOr<type::v1::Run> Generate(const Caller& caller, const v1::GenerateScheduleRequest& request);
  absl::StatusOr<v1::Schedule> Get(const Caller& caller, const v1::GetScheduleRequest& request) const;
  absl::StatusOr<v1::ListSchedulesResponse> List(const Caller& caller, const v1::ListSchedulesRequest& request) const;
  absl::StatusOr<v1::ListPlacementsResponse> ListPlacements(const Caller& caller,
                                                            const v1::ListPlacementsRequest& request) const;
  absl::StatusOr<v1::Schedule> Publish(const Caller& caller, const v1::PublishScheduleRequest& request);
  absl::StatusOr<v1::RollBackScheduleResponse> RollBack(const Caller& caller,
                                                        const v1::RollBackScheduleRequest& request);
  absl::StatusOr<v1::VerifyScheduleResponse> Verify(const Caller& caller,
                                                    const v1::VerifyScheduleRequest& request) const;
  absl::StatusOr<v1::Schedule> Repair(const Caller& caller, const v1::RepairScheduleRequest& request);

 private:
  Schedules(Options options, std::string epoch);

  // The work of a run: the name of the preview that it made.
  absl::StatusOr<std::string> Make(const v1::GenerateScheduleRequest& request, const std::string& actor,
                                   const Progress& progress) const;

  // What is remembered of a write with this request id, if it was done before; sets what Remember needs.
  struct Request {
    std::string key, hash, id;
    std::optional<Record> row;
  };
  absl::StatusOr<std::optional<catalog::Remembered>> Recall(const Caller& caller, const google::protobuf::Message& of,
                                                            absl::string_view method, absl::string_view edition,
                                                            const std::string& request_id, Request* request) const;
  void Remember(const Request& request, const std::string& payload, Transaction* transaction) const;

  // A preview that was just stored, with what it was made of.
  struct Preview {
    v1::Schedule schedule;  // as it is stored
    Revision revision = 0;  // that it is stored at
    std::vector<v1::SchedulePlacement> placements;
    Snapshot snapshot;
  };

  // nullopt: somebody wrote meanwhile, to be tried again. What is at hand of the preview, if it is that one (may be
  // null), is used up and not read again, its snapshot as long as nobody has written anything since.
  absl::StatusOr<std::optional<v1::Schedule>> TryPublish(const Caller& caller, const std::string& name,
                                                         const std::string& etag, const Request& request,
                                                         Preview* at_hand);
  // Whether the store is as `preview` left it: nothing was written since its snapshot was read, but for itself.
  absl::StatusOr<bool> IsNewest(const Preview& preview) const;
  absl::StatusOr<std::optional<v1::RollBackScheduleResponse>> TryRollBack(const Caller& caller,
                                                                          const v1::RollBackScheduleRequest& asked,
                                                                          const Request& request);
  // What is booked, mended, as a preview; remembered as `asked`.
  absl::StatusOr<Preview> Mend(const Caller& caller, const v1::RepairScheduleRequest& request, const Request& asked);
  // Commits with a limit that says what to do; false: ABORTED.
  absl::StatusOr<bool> Commit(Transaction transaction, const std::string& name, Revision* revision);
  // The orders that the newest published schedule keeps to (not a repair); what is booked is proved with them.
  absl::StatusOr<std::vector<std::pair<std::string, std::string>>> NewestOrders(const std::string& edition) const;
  absl::Status CheckEtag(const StoredSchedule& stored, const std::string& etag) const;

  // With etag, and with the token of `revision`.
  v1::Schedule Show(v1::Schedule schedule, Revision revision) const;
  std::string EtagOf(const v1::Schedule& schedule) const;
  std::string TokenOf(Revision revision) const;
  absl::Time Now() const;

  const Options options_;
  const std::string epoch_;
  catalog::RequestLog requests_;
};

// STATE_CONFLICT unless the schedule is in `state`.
absl::Status CheckState(const v1::Schedule& schedule, v1::Schedule::State state, absl::string_view step);

// PERMISSION_DENIED for callers of a side.
absl::Status CheckOrganiser(const Caller& caller, absl::string_view method);

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_SCHEDULES_H_
