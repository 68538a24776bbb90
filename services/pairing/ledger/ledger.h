// Ledger: the pairings of all editions over a RecordStore.
//
// A step is decided on the edition, the pairing and the counts of both parties, and written in one transaction whose
// conditions are that all of them are still as they were read. When one is not, it is decided again.
#ifndef TANDEM_SERVICES_PAIRING_LEDGER_LEDGER_H_
#define TANDEM_SERVICES_PAIRING_LEDGER_LEDGER_H_

#include <array>
#include <cstdint>
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
#include "common/base/shared_mutex.h"
#include "common/catalog/request_log.h"
#include "common/storage/record_store.h"
#include "common/tokens/key_ring.h"
#include "services/pairing/ledger/party_directory.h"
#include "services/pairing/ledger/rows.h"
#include "services/pairing/ledger/rules_cache.h"
#include "tandem/pairing/v1/ledger_service.pb.h"

namespace tandem::pairing::ledger {

// Thread-safe. Requests must be valid by their contracts and of the caller's edition (rpc::Admit); every error carries
// a reason. A caller of a side gets what its side may see (view.h).
class Ledger {
 public:
  // Adds conditions and writes of others to the transaction in which `command` takes a pairing from `before` (without
  // state when it is new) to `after`, of which it may set `meeting`; or refuses the step. Not called when nothing
  // changes. May be called again for the same step.
  using Extend = std::function<absl::Status(const Command& command, const v1::Pairing& before, v1::Pairing* after,
                                            Transaction* transaction)>;

  // One of many pairings that a single transaction takes from `before` to `after`.
  struct Turn {
    v1::Pairing before, after;
  };
  // The same for all pairings of one step of a party.
  using ExtendAll =
      std::function<absl::Status(const Command& command, std::vector<Turn>* turns, Transaction* transaction)>;
  // The must-haves that a project and an investor (names) do not meet now, as in Request.unmet_rules; nullopt when one
  // of them is not known. Brief, and of this process's memory.
  using Unmet =
      std::function<std::optional<std::vector<std::string>>(const std::string& project, const std::string& investor)>;

  // Unowned pointers must outlive the ledger.
  struct Options {
    RecordStore* store = nullptr;  // that of the editions
    const KeyRing* keys = nullptr;
    const Clock* clock = SystemClock();
    PartyDirectory* parties = nullptr;
    std::string source = "editions";  // name of the store in consistency tokens
    Extend extend;                    // empty: nothing is added
    ExtendAll extend_all;             // empty: `extend` for each
    Unmet unmet;                      // empty: nothing is known of must-haves
  };

  // Fails when the store cannot be read.
  static absl::StatusOr<std::unique_ptr<Ledger>> Open(Options options);

  // The steps of the contract.
  absl::StatusOr<v1::Pairing> SetStance(const Caller& caller, const v1::SetStanceRequest& request, Deadline deadline);
  absl::StatusOr<v1::Pairing> SendRequest(const Caller& caller, const v1::SendRequestRequest& request,
                                          Deadline deadline);
  absl::StatusOr<v1::Pairing> Accept(const Caller& caller, const v1::AcceptRequestRequest& request, Deadline deadline);
  absl::StatusOr<v1::Pairing> Decline(const Caller& caller, const v1::DeclineRequestRequest& request,
                                      Deadline deadline);
  absl::StatusOr<v1::Pairing> Withdraw(const Caller& caller, const v1::WithdrawRequestRequest& request,
                                       Deadline deadline);

  absl::StatusOr<v1::Pairing> Get(const Caller& caller, const v1::GetPairingRequest& request) const;
  absl::StatusOr<v1::ListPairingsResponse> List(const Caller& caller, const v1::ListPairingsRequest& request) const;

  // The prefix of the keys that a watch of `parent` sends. PERMISSION_DENIED for sides; EDITION_NOT_FOUND.
  absl::StatusOr<std::string> WatchPrefix(const Caller& caller, absl::string_view parent) const;
  // The stored pairing as the organiser sees it.
  absl::StatusOr<v1::Pairing> Read(const Record& record) const;

  // Expires requests that are due, the oldest first. Several replicas may do so at once: each request expires once.
  struct Swept {
    int expired = 0;    // by this call
    bool more = false;  // there may be more that are due
  };
  absl::StatusOr<Swept> ExpireDue();

  // What befell a party's record in the service that owns it.
  struct PartyEvent {
    std::string party;   // resource name
    std::string actor;   // as Change.actor
    std::string detail;  // as Change.detail, such as `project withdrawn`
    // The record was missed rather than seen to go: it counts only if the directory knows of none.
    bool if_absent = false;
    // In the transaction of the effect, so that it happens once: nothing is done when a condition does not hold.
    Transaction guard;
  };
  struct EventDone {
    bool was_guarded = false;  // somebody else did it: a condition of the guard did not hold
    int pairings = 0;          // that were changed
  };
  // The party has left: closes its pairings, with what `extend_all` makes of them, and writes its row, so that a step
  // that looked at the party before does not go on. All in one transaction, or an error: CONTENTION when others wrote
  // again and again, INTERNAL when it is more than a transaction holds or something cannot be read.
  absl::StatusOr<EventDone> PartyLeft(const PartyEvent& event);
  // The record was changed: notes in its open requests which must-haves are broken by now.
  absl::StatusOr<EventDone> PartyChanged(const PartyEvent& event);

 private:
  // One write of a caller.
  struct Work {
    const Caller* caller = nullptr;
    absl::string_view method;
    std::string request_id, hash, etag;
    Command command;
    Deadline deadline;
  };
  // What the directory said of both parties, and which departures it may not have known of: what was looked at counts
  // as long as neither party has left since.
  struct Sight {
    bool wanted = false;  // the step cannot be decided before another look
    bool seen = false;
    PartyStates states;
    int64_t project_departures = 0, investor_departures = 0;  // as they were before the look
    // What was read before the look, and how often steps of these parties had been written then: read again only if one
    // was since, in this process. Whoever wrote elsewhere is found out by the commit.
    std::optional<std::vector<std::optional<Record>>> rows;
    uint64_t written = 0;
  };
  class Locked;
  struct PartyPlan;

  Ledger(Options options, std::string epoch);

  // What both kinds of writes do: by the names of the pair, or by the name of a pairing that exists.
  template <typename Request>
  absl::StatusOr<v1::Pairing> OnPair(const Caller& caller, const Request& request, Command command, Deadline deadline);
  template <typename Request>
  absl::StatusOr<v1::Pairing> OnPairing(const Caller& caller, const Request& request, Command command,
                                        Deadline deadline);

  absl::StatusOr<v1::Pairing> Carry(const PairNames& names, const Work& work);
  // nullopt: to be tried again, after a look if that is wanted.
  absl::StatusOr<std::optional<v1::Pairing>> Attempt(const PairNames& names, const Work& work, Locked* turn,
                                                     Sight* sight);
  absl::StatusOr<EventDone> OnEvent(const PartyEvent& event, Command command);
  // nullopt: to be tried again, after what is due has expired when `*due` says so; null: nothing is waited for.
  absl::StatusOr<std::optional<EventDone>> TryEvent(const PartyEvent& event, const Command& command, bool* due);
  absl::StatusOr<PartyPlan> PlanEvent(const PartyEvent& event, const Command& command);
  // The transaction of a step, with all its conditions.
  absl::StatusOr<Transaction> PlanStep(const PairNames& names, const PairRows& rows, const Command& command,
                                       const PairState& before, PairState* after) const;
  // Writes that the open request has expired, unless somebody else changes the pairing first.
  absl::Status WriteExpiry(const PairNames& names, const PairRows& rows, const PairState& before,
                           const Circumstances& circumstances);
  // Expires all of the rows `due`, which are due at `now`, in one transaction; 0 when something of them has changed
  // meanwhile.
  absl::StatusOr<int> ExpireTogether(const std::vector<Record>& due, absl::Time now);

  // The pairing as `viewer` (unset: the organiser) sees it, with etag, and with the token of `revision` unless that is
  // 0.
  v1::Pairing Show(const v1::Pairing& pairing, v1::Side viewer, Revision revision) const;
  std::string EtagOf(const v1::Pairing& view) const;
  absl::Status NoEdition(absl::string_view edition) const;
  absl::StatusOr<v1::Pairing> Find(absl::string_view name, v1::Side viewer, Revision* revision) const;
  absl::Time Now() const;

  const Options options_;
  const std::string epoch_;
  RulesCache rules_;
  catalog::RequestLog requests_;
  // Within the process, steps of one party take turns, so that they need not fail each other's conditions.
  static constexpr size_t kStripes = 16384;
  // Before the stripes: shared by steps, alone for what befalls a party with so many pairings that others always write
  // one of them first.
  SharedMutex gate_;
  struct Stripe {
    Mutex mutex;
    uint64_t written = 0;  // under mutex
  };
  std::array<Stripe, kStripes> stripes_;
};

// Whose view a caller gets: SIDE_UNSPECIFIED for the organiser and operators.
v1::Side ViewerOf(const Caller& caller);

}  // namespace tandem::pairing::ledger

#endif  // TANDEM_SERVICES_PAIRING_LEDGER_LEDGER_H_
