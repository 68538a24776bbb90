// Catalog: create, get, list, update, delete, review and import of one collection over a RecordStore.
//
// It works on protobuf messages by reflection and the conventional names of fields (AIP): a request has `parent` or
// `name`, the resource under its singular, `request_id`, `validate_only`, `etag`, ...; what a message lacks counts as
// unset. Nothing here knows a resource; see collection.h for how one is described, README.md for how to add one.
#ifndef TANDEM_COMMON_CATALOG_CATALOG_H_
#define TANDEM_COMMON_CATALOG_CATALOG_H_

#include <array>
#include <chrono>
#include <functional>
#include <google/rpc/status.pb.h>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/base/caller.h"
#include "common/base/clock.h"
#include "common/base/mutex.h"
#include "common/catalog/collection.h"
#include "common/catalog/fields.h"
#include "common/catalog/names.h"
#include "common/catalog/request_log.h"
#include "common/storage/record_store.h"
#include "common/tokens/key_ring.h"

namespace tandem::catalog {

using Deadline = std::chrono::steady_clock::time_point;

// OK when the edition (its id, without `editions/`) exists, after waiting until `consistency_token` is seen; else
// EDITION_NOT_FOUND or why it cannot be told.
using EditionCheck =
    std::function<absl::Status(absl::string_view edition, absl::string_view consistency_token, Deadline deadline)>;

// Thread-safe. Every method validates its request by the contract's rules and reports all violations at once; every
// error carries a reason. Responses are the resource itself, or a message with the conventional fields.
class Catalog {
 public:
  // Unowned pointers must outlive the catalog. Several catalogs may share a store.
  struct Options {
    Collection collection;
    RecordStore* store = nullptr;
    const KeyRing* keys = nullptr;
    const Clock* clock = SystemClock();
    std::string source;          // name of the store in consistency tokens
    EditionCheck edition_check;  // empty: every edition exists
    // Fills the status of an import's item with the details that a single write would have; empty: code and message.
    std::function<google::rpc::Status(const absl::Status&)> status_to_proto;
  };

  // Fails when the store cannot be read.
  static absl::StatusOr<std::unique_ptr<Catalog>> Open(Options options);

  // Writes a new resource under the client's id (`<singular>_id`) or a random one. RESOURCE_EXISTS when the id or the
  // external id is taken, also by a deleted one.
  absl::Status Create(const Caller& caller, Deadline deadline, const Message& request, Message* response);

  // The resource, also a deleted one.
  absl::Status Get(const Caller& caller, const Message& request, Message* response);

  // All of `names` in their order, or RESOURCE_NOT_FOUND that names every missing one.
  absl::Status BatchGet(const Caller& caller, const Message& request, Message* response);

  // A page ordered by name. Deleted ones are left out unless `show_deleted`. A page ends early rather than being larger
  // than a message may be.
  absl::Status List(const Caller& caller, const Message& request, Message* response);

  // Changes what `update_mask` names. When that changes nothing, nothing is written.
  absl::Status Update(const Caller& caller, const Message& request, Message* response);

  // Marks as deleted, or removes for good when the resource has no `delete_time`.
  absl::Status Delete(const Caller& caller, const Message& request, Message* response);
  absl::Status Undelete(const Caller& caller, const Message& request, Message* response);

  // The step `name` of the state machine; `note` replaces the review note. `violations` of the service's own rules
  // are reported with the contract's. STATE_CONFLICT when the state does not allow the step.
  absl::Status TakeStep(const Caller& caller, absl::string_view name, const Message& request, Message* response,
                        std::optional<std::string> note = std::nullopt, std::vector<FieldViolation> violations = {});

  // Changes `resource`, a copy of what is stored. Violations count before its status.
  using Change = std::function<absl::Status(Message* resource, std::vector<FieldViolation>* violations)>;

  // Changes the resource `name`, which the field `path` of the request names, as a service's own verb `step` decides.
  // `etag`, if not empty, must be the current one; `violations` of the request are reported with the change's own.
  // REQUIRES: the request is validated. `change` may be called again when another writer came between.
  absl::Status Modify(const Caller& caller, const Message& request, absl::string_view path, const std::string& name,
                      const std::string& etag, absl::string_view step, std::vector<FieldViolation> violations,
                      const Change& change, Message* response);

  // Creates or replaces the resource of `id` in the request's parent. Equal content writes nothing.
  absl::Status Replace(const Caller& caller, Deadline deadline, absl::string_view id, const Message& request,
                       Message* response, std::vector<FieldViolation> violations = {});

  // Creates or updates by external id; each item stands alone. With `promote`, takes the organiser's decision along.
  absl::Status BatchUpsert(const Caller& caller, Deadline deadline, bool promote, const Message& request,
                           Message* response);

  // The stored resource as readers see it: with etag and consistency token.
  absl::StatusOr<std::unique_ptr<Message>> Read(const Record& record) const;

  // The same into `resource`, which is of this collection's type.
  absl::Status ReadInto(const Record& record, Message* resource) const;

  // The same in bytes, without making the resource: a replica that begins asks for all of them. Of what is stored it
  // checks only that it is a message.
  absl::StatusOr<std::string> ReadEncoded(Record record) const;

  // The prefix of the keys that a watch of the request's `parent` sends; `editions/-` is all of them.
  absl::StatusOr<std::string> WatchPrefix(const Caller& caller, const Message& request) const;

  // Fills etag and consistency token for `revision`.
  void Stamp(Revision revision, Message* resource) const;

  // Token of `revision` of the store.
  std::string TokenOf(Revision revision) const;

  // The resource name of a record's key; empty when the key is of another collection.
  std::string NameOf(absl::string_view key) const;

  const Collection& collection() const { return options_.collection; }
  const NamePattern& pattern() const { return pattern_; }

 private:
  // What one write has decided.
  struct Plan {
    Transaction transaction;            // without writes when nothing changes
    std::unique_ptr<Message> resource;  // as it is stored; null when it is removed
    Revision shown = 0;                 // of a resource that does not change; 0 when the transaction changes it
  };
  // Reads the store and decides. Called again when a condition of the plan did not hold.
  using Decide = std::function<absl::StatusOr<Plan>()>;
  struct Import;

  Catalog(Options options, std::string epoch);

  // catalog.cc: what several methods begin with.
  absl::Status CheckEdition(const Caller& caller, const Message& request, const std::vector<std::string>& ids) const;
  absl::Status CheckWriter(const Caller& caller, const Message& request) const;
  absl::Status CheckOrganiser(const Caller& caller, const Message& request, absl::string_view what) const;
  absl::Status CheckEditionExists(absl::string_view edition, absl::string_view token, Deadline deadline) const;
  absl::Status NotFound(absl::string_view name, const std::vector<std::string>& ids) const;
  absl::StatusOr<std::vector<std::string>> IdsOf(absl::string_view path, absl::string_view name) const;
  absl::StatusOr<std::vector<std::string>> ParentIdsOf(const Message& request) const;
  absl::Status CheckListParent(const std::vector<std::string>& ids) const;

  // catalog_write.cc.
  absl::Status Write(const Caller& caller, const Message& request, absl::string_view edition, const Decide& decide,
                     Message* response);
  absl::StatusOr<Plan> PlanChange(const Caller& caller, const Message& request, const Record& record,
                                  const std::string& etag, absl::string_view step,
                                  const std::vector<FieldViolation>& violations, const Change& change) const;
  absl::StatusOr<Plan> PlanCreate(const std::vector<std::string>& parent_ids, absl::string_view id,
                                  const Message& resource);
  absl::StatusOr<Plan> PlanReplace(const Record& record, const Message& resource);
  absl::Status CheckEtag(const std::string& sent, const Message& before, Revision revision) const;
  absl::Status CheckNotDeleted(const Message& before, absl::string_view step) const;
  absl::Status StateConflict(const Message& before, absl::string_view state, absl::string_view step,
                             absl::string_view allowed) const;
  absl::Status Exists(absl::string_view name, absl::string_view what) const;
  std::string AllStates() const;
  void Respond(const Message* resource, Revision revision, Message* response) const;
  // Gives a new resource what the service sets.
  void Begin(const std::string& name, int state, Message* resource) const;
  // Gives a resource that replaces `before` what the service set there; a violation when an immutable field differs.
  void Inherit(const Message& before, absl::string_view path, Message* resource,
               std::vector<FieldViolation>* violations) const;
  // Sets `update_time` when `resource` differs from what `record` holds; false when they are equal.
  bool Touch(const Record& record, Message* resource) const;
  bool IsDeleted(const Message& resource) const { return IsSet(resource, fields_.delete_time); }
  std::string EtagOf(absl::string_view uid, Revision revision) const;
  // TokenOf, remembered for some revisions: the records of an import have few.
  std::string RememberedTokenOf(Revision revision) const;
  absl::StatusOr<std::unique_ptr<Message>> Parse(const Record& record) const;

  const Options options_;
  const std::string epoch_;
  const NamePattern pattern_;
  const NamePattern parent_pattern_;
  const Fields fields_;
  RequestLog requests_;

  struct SignedToken {
    Revision revision = 0;
    std::string text;  // empty: none yet
  };
  mutable Mutex tokens_mutex_;
  mutable std::array<SignedToken, 64> tokens_ ABSL_GUARDED_BY(tokens_mutex_);
};

}  // namespace tandem::catalog

#endif  // TANDEM_COMMON_CATALOG_CATALOG_H_
