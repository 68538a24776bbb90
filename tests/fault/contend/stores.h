// The stores over which a run is made: one to each replica.
#ifndef TANDEM_TESTS_FAULT_CONTEND_STORES_H_
#define TANDEM_TESTS_FAULT_CONTEND_STORES_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "common/storage/record_store.h"
#include "tests/support/postgres/server.h"

namespace tandem::contend {

struct Stores {
  ~Stores();

  std::string folder;
  std::unique_ptr<PostgresServer> server;
  std::vector<std::unique_ptr<RecordStore>> owned;
  std::vector<RecordStore*> of_replica;  // two
};

// `kind` is memory, sqlite or postgres; durable as shipped. Memory and SQLite are of one process: both replicas have
// the same one. UNAVAILABLE, naming what is missing, when this machine cannot have it.
absl::StatusOr<std::unique_ptr<Stores>> OpenStores(const std::string& kind);

}  // namespace tandem::contend

#endif  // TANDEM_TESTS_FAULT_CONTEND_STORES_H_
