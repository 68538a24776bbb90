// What an answer says of its date.
#ifndef TANDEM_SERVICES_PAIRING_MATCH_CACHE_ANSWER_DATE_H_
#define TANDEM_SERVICES_PAIRING_MATCH_CACHE_ANSWER_DATE_H_

#include <chrono>

#include "google/protobuf/duration.pb.h"

#include "common/tokens/consistency_token.h"
#include "tandem/pairing/v1/pairing_service.pb.h"

namespace tandem::pairing {

inline void AddPositions(const ConsistencyToken& applied, v1::MatchMetadata* metadata) {
  for (const auto& [source, position] : applied.positions()) {
    type::v1::SourcePosition* added = metadata->add_applied();
    added->set_source(source);
    added->set_epoch(position.epoch);
    added->set_revision(position.revision);
  }
}

// Whole milliseconds.
inline void SetAge(std::chrono::steady_clock::duration age, google::protobuf::Duration* duration) {
  const int64_t milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(age).count();
  duration->set_seconds(milliseconds / 1000);
  duration->set_nanos(static_cast<int32_t>(milliseconds % 1000 * 1'000'000));
}

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_MATCH_CACHE_ANSWER_DATE_H_
