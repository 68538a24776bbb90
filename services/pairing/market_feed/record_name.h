// What a resource name says about the record that it names.
#ifndef TANDEM_SERVICES_PAIRING_MARKET_FEED_RECORD_NAME_H_
#define TANDEM_SERVICES_PAIRING_MARKET_FEED_RECORD_NAME_H_

#include "absl/strings/string_view.h"

namespace tandem::pairing {

enum class RecordKind { kUnknown, kEdition, kTaxonomy, kStatistics, kProfile, kProject, kInvestor, kDeal, kPairing };

// The kind of record that `name` names, by its shape only: ids are not checked beyond being there.
RecordKind KindOf(absl::string_view name);

// `editions/{edition}` of any name inside an edition; empty when `name` is no such name.
absl::string_view EditionOf(absl::string_view name);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_MARKET_FEED_RECORD_NAME_H_
