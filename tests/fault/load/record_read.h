// ReadRecord: one record as its service shows it now, handed to the check.
#ifndef TANDEM_TESTS_FAULT_LOAD_RECORD_READ_H_
#define TANDEM_TESTS_FAULT_LOAD_RECORD_READ_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/types/optional.h"

#include "tests/fault/load/world.h"

namespace tandem::check {

// Counts the record, or that there is none, as a read. It must not be older than `told`, which was acknowledged before.
template <typename Record>
void ShowRecord(World* world, const std::string& name, const Record* record, Revision told) {
  ShownRecord shown;
  shown.name = name;
  if (record != nullptr) shown.record = std::make_shared<Record>(*record);
  shown.told = told;
  world->meter.CountRead(nullptr, false);
  world->truth->answers()->Submit(std::move(shown));
}

// Empty when it is not there or cannot be read.
template <typename Stub, typename Request, typename Record>
absl::optional<Record> ReadRecord(World* world, const std::string& source, Stub* stub,
                                  grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Record*),
                                  const std::string& name) {
  Request request;
  request.set_name(name);
  const Revision told = world->truth->ledger(source)->Told(name);
  absl::StatusOr<Record> record = Call(stub, method, request, world->options->call_timeout);
  if (!record.ok() && !absl::IsNotFound(record.status())) {
    world->meter.CountFailedRead();
    return absl::nullopt;
  }
  ShowRecord(world, name, record.ok() ? &*record : nullptr, told);
  if (!record.ok()) return absl::nullopt;
  return *std::move(record);
}

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_LOAD_RECORD_READ_H_
