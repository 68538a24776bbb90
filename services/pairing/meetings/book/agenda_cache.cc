#include "services/pairing/meetings/book/agenda_cache.h"

#include "common/base/status.h"
#include "tandem/pairing/v1/edition.pb.h"

namespace tandem::pairing::meetings {

absl::StatusOr<std::shared_ptr<const Agenda>> AgendaCache::Of(const Record& record) {
  {
    MutexLock lock(&mutex_);
    const auto kept = kept_.find(record.key);
    if (kept != kept_.end() && kept->second.revision == record.revision) return kept->second.agenda;
  }
  v1::Edition edition;
  if (!edition.ParseFromString(record.value)) {
    return MakeError(absl::StatusCode::kInternal, "INTERNAL",
                     "a stored edition cannot be read: restore the store from a backup");
  }
  TANDEM_ASSIGN_OR_RETURN(std::shared_ptr<const Agenda> agenda, Agenda::Make(edition));
  MutexLock lock(&mutex_);
  Kept& kept = kept_[record.key];
  if (kept.revision <= record.revision) kept = {record.revision, agenda};
  return agenda;
}

}  // namespace tandem::pairing::meetings
