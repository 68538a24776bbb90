// Fills the stores of the projects and the investors services with an edition of demo data.
#ifndef TANDEM_TESTS_BENCH_READY_FILL_H_
#define TANDEM_TESTS_BENCH_READY_FILL_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "common/service/data_folder.h"
#include "tandem/pairing/v1/edition.pb.h"

namespace tandem {

struct EditionSize {
  int projects = 100'000;
  int investors = 20'000;
  int deals = 200'000;
};

// What the pairing service's own store lacks yet, and whom to ask for.
struct FilledEdition {
  pairing::v1::Edition edition;
  pairing::v1::Taxonomy taxonomy;
};

// The edition `edition_id` with published projects, verified investors and their deals, into the stores in `folder`.
// Two threads; some tens of seconds for a hundred thousand records.
absl::StatusOr<FilledEdition> FillStores(const DataFolder& folder, const std::string& edition_id,
                                         const EditionSize& size);

}  // namespace tandem

#endif  // TANDEM_TESTS_BENCH_READY_FILL_H_
