// The agendas of editions, worked out once for each version of an edition.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_AGENDA_CACHE_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_AGENDA_CACHE_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"

#include "common/base/mutex.h"
#include "common/storage/record_store.h"
#include "services/pairing/meetings/agenda.h"

namespace tandem::pairing::meetings {

// Thread-safe. Keeps one version of each edition.
class AgendaCache {
 public:
  // Of the edition whose record is `record`; INTERNAL when it cannot be read.
  absl::StatusOr<std::shared_ptr<const Agenda>> Of(const Record& record);

 private:
  struct Kept {
    Revision revision = 0;
    std::shared_ptr<const Agenda> agenda;
  };
  Mutex mutex_;
  absl::flat_hash_map<std::string, Kept> kept_ ABSL_GUARDED_BY(mutex_);  // by key of the record
};

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_AGENDA_CACHE_H_
