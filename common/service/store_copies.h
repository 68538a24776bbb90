// A program's stores as exports and imports need them. For tools; the services open theirs with DataFolder.
#ifndef TANDEM_COMMON_SERVICE_STORE_COPIES_H_
#define TANDEM_COMMON_SERVICE_STORE_COPIES_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/service/data_folder.h"
#include "common/storage/archive/snapshot.h"
#include "common/storage/record_store.h"

namespace tandem {

// Whether the store was ever made. UNAVAILABLE when the database cannot be reached.
absl::StatusOr<bool> StoreExists(const DataFolder& folder, absl::string_view name);

// All records as of now. In a database services go on meanwhile; a file must not be open in one. Errors as of
// DataFolder::OpenStore, which makes what is not there: ask StoreExists first.
absl::StatusOr<std::unique_ptr<archive::Snapshot>> OpenSnapshot(const DataFolder& folder, absl::string_view name);

// FAILED_PRECONDITION: the store holds records and `replace` is not given, or a service has the file open. Changes
// nothing that is seen, but makes the folder and the file where there is none.
absl::Status CheckMayImport(const DataFolder& folder, absl::string_view name, bool replace);

// The store under a new epoch whose revisions begin at `least_revision` at least, for archive::Restore. Whatever was
// seen of it before is foreign from now on.
absl::StatusOr<std::unique_ptr<RecordStore>> OpenForImport(const DataFolder& folder, absl::string_view name,
                                                           Revision least_revision);

}  // namespace tandem

#endif  // TANDEM_COMMON_SERVICE_STORE_COPIES_H_
