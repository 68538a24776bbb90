#include "common/catalog/each_record.h"

#include <string>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/catalog/names.h"
#include "common/catalog/store_status.h"

namespace tandem::catalog {

absl::Status ForEachRecord(RecordStore* store, absl::string_view prefix,
                           absl::FunctionRef<absl::Status(Record& record)> visit) {
  const std::string end = PrefixEnd(prefix);
  for (std::string begin(prefix);;) {
    auto page = store->Scan(begin, end, kRecordsAtOnce);
    if (!page.ok()) return FromStore(page.status());
    const bool last = page->size() < static_cast<size_t>(kRecordsAtOnce);
    // Before the records are given away.
    if (!last) begin = absl::StrCat(page->back().key, absl::string_view("\0", 1));
    for (Record& record : *page) TANDEM_RETURN_IF_ERROR(visit(record));
    if (last) return absl::OkStatus();
  }
}

}  // namespace tandem::catalog
