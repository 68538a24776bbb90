// ImportItem: one record of an import on its way to an outcome.
#ifndef TANDEM_COMMON_CATALOG_IMPORT_ITEM_H_
#define TANDEM_COMMON_CATALOG_IMPORT_ITEM_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "google/protobuf/message.h"

#include "common/catalog/collection.h"
#include "common/storage/record_store.h"

namespace tandem::catalog {

// As the contracts number the outcomes of an item.
enum ImportOutcome { kNone = 0, kCreated = 1, kUpdated = 2, kUnchanged = 3 };

struct ImportItem {
  int index = 0;
  std::string external_id;
  std::string sent_name;  // empty: by external id
  std::string sent_etag;
  std::unique_ptr<google::protobuf::Message> sent;      // without what the service sets
  std::unique_ptr<google::protobuf::Message> resource;  // as this attempt would store it
  Candidate candidate;
  std::string row_key;  // of the request log

  bool refused = false;     // `status` says why
  bool undecided = false;   // refused, but not for good: nothing remembers it, and repeating may do it
  bool settled = false;     // nothing is left to do
  bool remembered = false;  // settled by the request log
  absl::Status status;
  ImportOutcome outcome = kNone;
  std::string name;
  Revision revision = 0;

  void Refuse(absl::Status why) {
    refused = true;
    status = std::move(why);
    outcome = kNone;
    name.clear();
  }

  // Not for good: a repetition of the call decides it.
  void LeaveUndecided(absl::Status why) {
    Refuse(std::move(why));
    undecided = true;
  }
};

}  // namespace tandem::catalog

#endif  // TANDEM_COMMON_CATALOG_IMPORT_ITEM_H_
