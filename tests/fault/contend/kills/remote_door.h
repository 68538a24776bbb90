// A replica as a server.
#ifndef TANDEM_TESTS_FAULT_CONTEND_KILLS_REMOTE_DOOR_H_
#define TANDEM_TESTS_FAULT_CONTEND_KILLS_REMOTE_DOOR_H_

#include <memory>
#include <string>

#include "tests/fault/contend/door.h"

namespace tandem::contend {

// Of the replica that listens at `address`, alone. Its servers let requests expire by themselves: ExpireDue does
// nothing.
std::unique_ptr<Door> NewRemoteDoor(const std::string& address);

}  // namespace tandem::contend

#endif  // TANDEM_TESTS_FAULT_CONTEND_KILLS_REMOTE_DOOR_H_
