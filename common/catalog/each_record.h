// All records under a prefix, however many there are.
#ifndef TANDEM_COMMON_CATALOG_EACH_RECORD_H_
#define TANDEM_COMMON_CATALOG_EACH_RECORD_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "common/storage/record_store.h"

namespace tandem::catalog {

// Records that are read, and held, at once.
inline constexpr int kRecordsAtOnce = 1000;

// Calls `visit` with every record under `prefix`, in key order, until one call fails, and returns its status. `visit`
// may move the record's key and value away. Failures of the store become reasons (`FromStore`).
// The records are read kRecordsAtOnce at a time and are not one snapshot: what is written meanwhile is seen or missed,
// each record by itself. Who needs one moment compares heads or catches up by the log.
// REQUIRES: `prefix` ends with '/'.
absl::Status ForEachRecord(RecordStore* store, absl::string_view prefix,
                           absl::FunctionRef<absl::Status(Record& record)> visit);

}  // namespace tandem::catalog

#endif  // TANDEM_COMMON_CATALOG_EACH_RECORD_H_
