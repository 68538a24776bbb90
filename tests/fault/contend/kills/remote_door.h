// A replica as a server.
#ifndef TANDEM_TESTS_FAULT_CONTEND_KILLS_REMOTE_DOOR_H_
#define TANDEM_TESTS_FAULT_CONTEND_KILLS_REMOTE_DOOR_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "tests/fault/contend/door.h"

namespace tandem::contend {

// The record of a key as the log has it by now. Thread-safe.
using RecordNow = std::function<std::optional<std::string>(const std::string& key)>;

// Of the replica that listens at `address`, alone. Its servers let requests expire by themselves: ExpireDue does
// nothing. What callers see before they choose mostly comes from `now`, without a call: it is no older than an answer
// is by the time it is there.
std::unique_ptr<Door> NewRemoteDoor(const std::string& address, RecordNow now);

}  // namespace tandem::contend

#endif  // TANDEM_TESTS_FAULT_CONTEND_KILLS_REMOTE_DOOR_H_
