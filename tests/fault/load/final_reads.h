// The last look at every record, through the services.
#ifndef TANDEM_TESTS_FAULT_LOAD_FINAL_READS_H_
#define TANDEM_TESTS_FAULT_LOAD_FINAL_READS_H_

#include "tests/fault/load/world.h"

namespace tandem::check {

// Gets and lists everything, deleted ones too, and compares it with what was committed last. REQUIRES: nothing is
// being written, and the truth has caught up.
void CompareFinalReads(World* world);

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_LOAD_FINAL_READS_H_
