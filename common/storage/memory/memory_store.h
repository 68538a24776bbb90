// A RecordStore in memory: for tests, for demos, and as the oracle of the other backends.
#ifndef TANDEM_COMMON_STORAGE_MEMORY_MEMORY_STORE_H_
#define TANDEM_COMMON_STORAGE_MEMORY_MEMORY_STORE_H_

#include <memory>

#include "common/storage/record_store.h"

namespace tandem {

// An empty store with an epoch of its own. "Durable" lasts as long as the object.
std::unique_ptr<RecordStore> NewMemoryStore();

}  // namespace tandem

#endif  // TANDEM_COMMON_STORAGE_MEMORY_MEMORY_STORE_H_
