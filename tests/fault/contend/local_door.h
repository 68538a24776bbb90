// A replica as objects of this process.
#ifndef TANDEM_TESTS_FAULT_CONTEND_LOCAL_DOOR_H_
#define TANDEM_TESTS_FAULT_CONTEND_LOCAL_DOOR_H_

#include <memory>

#include "absl/status/statusor.h"

#include "common/base/clock.h"
#include "common/storage/record_store.h"
#include "common/tokens/key_ring.h"
#include "tests/fault/contend/door.h"

namespace tandem::contend {

// Everybody takes part. What is given must outlive the door.
absl::StatusOr<std::unique_ptr<Door>> OpenLocalDoor(RecordStore* store, const KeyRing* keys, const Clock* clock);

}  // namespace tandem::contend

#endif  // TANDEM_TESTS_FAULT_CONTEND_LOCAL_DOOR_H_
