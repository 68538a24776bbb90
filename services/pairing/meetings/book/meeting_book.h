// MeetingBook: the meetings of all editions over a RecordStore.
//
// A step is decided on the records as they were read, and written with everything it claims and frees in one
// transaction whose conditions are that all of them are still so. When one is not, it is decided again.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_MEETING_BOOK_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_MEETING_BOOK_H_

#include <array>
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
#include "common/base/mutex.h"
#include "common/catalog/request_log.h"
#include "common/storage/record_store.h"
#include "common/tokens/key_ring.h"
#include "services/pairing/ledger/decision.h"
#include "services/pairing/ledger/ledger.h"
#include "services/pairing/meetings/book/agenda_cache.h"
#include "services/pairing/meetings/book/meeting_rows.h"
#include "services/pairing/meetings/book/meeting_steps.h"
#include "services/pairing/meetings/book/people.h"
#include "services/pairing/meetings/book/placing.h"
#include "tandem/pairing/v1/meeting_service.pb.h"

namespace tandem::pairing::meetings {

// Thread-safe. Requests must be valid by their contracts and of the caller's edition (rpc::Admit); every error carries
// a reason. A caller of a side gets what its side may see (ViewFor).
class MeetingBook {
 public:
  // Unowned pointers must outlive the book.
  struct Options {
    RecordStore* store = nullptr;  // that of the editions and of the ledger
    const KeyRing* keys = nullptr;
    const Clock* clock = SystemClock();
    std::string source = "editions";  // name of the store in consistency tokens
  };

  // Fails when the store cannot be read.
  static absl::StatusOr<std::unique_ptr<MeetingBook>> Open(Options options);

  // The steps of the contract.
  absl::StatusOr<v1::Meeting> Book(const Caller& caller, const v1::BookMeetingRequest& request);
  absl::StatusOr<v1::Meeting> Reschedule(const Caller& caller, const v1::RescheduleMeetingRequest& request);
  absl::StatusOr<v1::Meeting> Answer(const Caller& caller, const v1::AnswerRescheduleRequest& request);
  absl::StatusOr<v1::Meeting> Cancel(const Caller& caller, const v1::CancelMeetingRequest& request);
  absl::StatusOr<v1::Meeting> Report(const Caller& caller, const v1::ReportMeetingRequest& request);
  absl::StatusOr<v1::Meeting> RecordOutcome(const Caller& caller, const v1::RecordOutcomeRequest& request);
  absl::StatusOr<v1::Meeting> Lock(const Caller& caller, const v1::LockMeetingRequest& request);

  absl::StatusOr<v1::Meeting> Get(const Caller& caller, const v1::GetMeetingRequest& request) const;
  absl::StatusOr<v1::ListMeetingsResponse> List(const Caller& caller, const v1::ListMeetingsRequest& request);
  absl::StatusOr<v1::ListOpenSlotsResponse> ListOpenSlots(const Caller& caller,
                                                          const v1::ListOpenSlotsRequest& request);
  absl::StatusOr<v1::ExportCalendarResponse> Export(const Caller& caller, const v1::ExportCalendarRequest& request);
  // The stored meeting as the organiser sees it.
  absl::StatusOr<v1::Meeting> Read(const Record& record) const;

  // Joins a step of the ledger (ledger::Ledger::Options::extend): accepting with slots books the meeting in the same
  // transaction, or fails with SLOT_TAKEN; what ends a pairing cancels its meeting to come.
  absl::Status Join(const ledger::Command& command, const v1::Pairing& before, v1::Pairing* after,
                    Transaction* transaction);
  // The same of what ends many pairings of one edition together (ledger::Ledger::Options::extend_all), such as a party
  // that leaves.
  absl::Status JoinAll(const ledger::Command& command, std::vector<ledger::Ledger::Turn>* turns,
                       Transaction* transaction);

 private:
  // One write of a caller.
  struct Work {
    const Caller* caller = nullptr;
    absl::string_view method;
    std::string request_id, hash, etag;
    Acting acting;  // without the time
  };
  // What a step makes of a meeting, with what it writes beside the meeting's own rows.
  struct Draft {
    std::optional<Record> edition;
    v1::Meeting meeting;
    bool is_new = false;
    Transaction transaction;
  };
  // Takes a step on a draft; false when it changes nothing.
  using Step = std::function<absl::StatusOr<bool>(const Acting& acting, Draft* draft)>;

  MeetingBook(Options options, std::string epoch);

  // `name` is of the meeting, or of the pairing of a meeting that the step books.
  template <typename Request>
  absl::StatusOr<Work> WorkOf(const Caller& caller, const Request& request, bool needs_side) const;
  absl::StatusOr<v1::Meeting> Carry(absl::string_view name, const Work& work, const Step& step);
  // nullopt: to be tried again.
  absl::StatusOr<std::optional<v1::Meeting>> Attempt(absl::string_view name, const Work& work, const Step& step);

  // Steps that need more than the meeting's record.
  absl::StatusOr<bool> BookStep(const Work& work, const Acting& acting, const v1::BookMeetingRequest& request,
                                Draft* draft);
  absl::Status MoveStep(const Acting& acting, const std::vector<absl::Time>& slots, const std::vector<absl::Time>& only,
                        Draft* draft);
  absl::StatusOr<bool> CancelStep(const Acting& acting, Draft* draft);

  // Finds a place for the pairing's next meeting, and adds all of its rows but those of the pairing. `numbers`: the row
  // of the pairing's meetings.
  absl::StatusOr<v1::Meeting> PlanNext(const Acting& acting, const Record& edition,
                                       const std::optional<Record>& numbers, const v1::Pairing& pairing, PlaceWish wish,
                                       absl::string_view forced_reason, Transaction* transaction);
  // Adds what frees all that a meeting has; returns the name of the pairing's last meeting without it.
  absl::StatusOr<std::string> PlanEnd(const v1::Meeting& meeting, Transaction* transaction);
  // The same for meetings of one edition and of different pairings; a name for each.
  absl::StatusOr<std::vector<std::string>> PlanEnds(const std::vector<v1::Meeting>& meetings, Transaction* transaction);
  // The pairing's meeting that stands in the way of another one, if there is one.
  absl::StatusOr<std::optional<v1::Meeting>> LiveMeetingOf(const v1::Pairing& pairing, absl::Time now) const;
  absl::StatusOr<MeetingNumbers> NumbersOf(absl::string_view pairing, std::optional<Record>* row) const;

  v1::Meeting Show(v1::Meeting meeting, v1::Side viewer, Revision revision) const;
  std::string EtagOf(const v1::Meeting& view) const;
  absl::StatusOr<std::shared_ptr<const Agenda>> AgendaOf(const std::optional<Record>& edition, absl::string_view id);
  absl::StatusOr<std::optional<Record>> ReadRow(const std::string& key) const;
  absl::StatusOr<bool> Holds(const std::vector<Condition>& conditions) const;
  absl::StatusOr<v1::Pairing> FindPairing(absl::string_view name, v1::Side viewer, std::optional<Record>* record) const;
  // Whether the caller may see the calendar of `attendee`, of the edition `parent`.
  absl::Status CheckAttendee(const Caller& caller, absl::string_view method, absl::string_view parent,
                             absl::string_view attendee);
  absl::Time Now() const;

  const Options options_;
  const std::string epoch_;
  AgendaCache agendas_;
  People people_;
  catalog::RequestLog requests_;
  // Within the process, steps that were beaten a few times take turns in their edition.
  static constexpr size_t kStripes = 64;
  std::array<Mutex, kStripes> turns_;
};

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_MEETING_BOOK_H_
