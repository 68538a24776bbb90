// What a catalogued resource is: the description from which the catalog derives everything it does.
#ifndef TANDEM_COMMON_CATALOG_COLLECTION_H_
#define TANDEM_COMMON_CATALOG_COLLECTION_H_

#include <google/protobuf/message.h>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "common/base/caller.h"
#include "common/base/status.h"
#include "common/storage/record_store.h"

namespace tandem::catalog {

// A step of the state machine. States are numbers of the resource's own enum.
struct Step {
  std::string name;       // verb, such as "submit"
  std::vector<int> from;  // states that allow it
  int to = 0;
  bool organiser_only = false;
};

// A resource on its way into the store.
struct Candidate {
  google::protobuf::Message* resource = nullptr;  // the rules may bring it into its normal form
  std::string path;                               // of the resource in the request, such as `things[3]`
  std::vector<std::string> parent_ids;            // ids in the name of its parent: begins as {edition}
  std::vector<Condition> conditions;              // what must hold, beside the catalog's own conditions
  absl::Status status;                            // anything but OK refuses it
};

// A change of one resource that is about to be written. Unowned; lives as long as the call.
struct PlannedChange {
  const Caller* caller = nullptr;
  const google::protobuf::Message* request = nullptr;
  const google::protobuf::Message* before = nullptr;
  const google::protobuf::Message* after = nullptr;
};

// What is particular to one resource. Thread-safe.
class Rules {
 public:
  virtual ~Rules() = default;

  // Adds what breaks a rule that the contract's options cannot say. Called with whatever was sent, valid or not.
  virtual void Check(const google::protobuf::Message& /*resource*/, absl::string_view /*path*/,
                     std::vector<FieldViolation>* /*violations*/) const {}

  // Sets what follows from an update: `before` is what is stored, `resource` what the mask made of it.
  virtual void Follow(const google::protobuf::Message& /*before*/, google::protobuf::Message* /*resource*/) const {}

  // Decides what depends on other records, for all candidates of `edition` at once: finds parents, adds conditions,
  // refuses. Called again when a condition did not hold. An error fails the call.
  virtual absl::Status Resolve(RecordStore* /*store*/, absl::string_view /*edition*/,
                               absl::Span<Candidate* const> /*candidates*/) const {
    return absl::OkStatus();
  }

  // Adds to `transaction` what the change brings about elsewhere, with the conditions that this rests on, or refuses
  // the change. Called again when a condition did not hold. Imports and replacements do not call it.
  virtual absl::Status Effects(RecordStore* /*store*/, const PlannedChange& /*change*/,
                               Transaction* /*transaction*/) const {
    return absl::OkStatus();
  }
};

struct Collection {
  std::string singular;  // field of the resource in requests, such as "thing"
  std::string plural;    // field of lists, and the collection's part of keys, such as "things"
  std::string pattern;   // of names, such as "editions/{edition}/things/{thing}"
  const google::protobuf::Message* prototype = nullptr;  // lives as long as the program

  // The collection whose records own these; empty when the edition does (or when these are the editions).
  std::string parent_plural;

  // The side that may write beside the organiser.
  std::optional<CallerSide> writer;

  // The state machine; all of it empty for a resource without states.
  int initial_state = 0;
  std::vector<Step> steps;
  // An import that takes the organiser's decision along moves new records and those in `promoted` to `live_state`.
  int live_state = 0;
  std::vector<int> promoted;

  const Rules* rules = nullptr;  // may be null; must outlive the catalog
};

}  // namespace tandem::catalog

#endif  // TANDEM_COMMON_CATALOG_COLLECTION_H_
