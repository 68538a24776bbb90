// All pairings and meetings of an edition as of one revision.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_REPORT_EDITION_SNAPSHOT_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_REPORT_EDITION_SNAPSHOT_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/storage/record_store.h"
#include "tandem/pairing/v1/edition.pb.h"
#include "tandem/pairing/v1/meeting.pb.h"
#include "tandem/pairing/v1/pairing.pb.h"

namespace tandem::pairing::meetings {

struct EditionSnapshot {
  Revision revision = 0;
  v1::Edition edition;
  std::vector<v1::Pairing> pairings;  // as they are stored, ordered by name
  std::vector<v1::Meeting> meetings;
};

// `edition` is an id. NOT_FOUND (EDITION_NOT_FOUND) when there is none.
absl::StatusOr<EditionSnapshot> ReadEdition(RecordStore* store, absl::string_view edition);

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_REPORT_EDITION_SNAPSHOT_H_
