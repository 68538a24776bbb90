// The rows of a pairing in the store, and how a step becomes a transaction. README.md lists them.
#ifndef TANDEM_SERVICES_PAIRING_LEDGER_ROWS_H_
#define TANDEM_SERVICES_PAIRING_LEDGER_ROWS_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "common/storage/record_store.h"
#include "services/pairing/ledger/decision.h"
#include "tandem/pairing/v1/pairing.pb.h"

namespace tandem::pairing::ledger {

inline constexpr char kPairings[] = "pairings";  // the collection
inline constexpr char kExpiryPrefix[] = "expiry/";

// The id of the pairing of a project and an investor (names): the same everywhere, another one for every pair.
std::string PairingId(absl::string_view project, absl::string_view investor);

// A pair by its names. REQUIRES: they are names of one edition.
struct PairNames {
  PairNames(std::string project_name, std::string investor_name);

  std::string project, investor;
  std::string edition, id;  // ids
  std::string name;         // of the pairing

  std::string EditionKey() const;
  std::string PairingKey() const;
  std::string PartyKey(v1::Side side) const;
  // Of the row by which the pairings of a party are listed.
  std::string ListKey(v1::Side side) const;
};

// Key of the row of a party (a name), and the prefix of the rows by which its pairings are listed.
std::string PartyKey(absl::string_view party);
std::string ListPrefix(absl::string_view party);

// Key of the row of a request of the pairing `edition`/`id` that expires then; the rows sort by time.
std::string ExpiryKey(absl::Time expire_time, absl::string_view edition, absl::string_view id);
// The first key after the rows of requests that have expired by `now`.
std::string ExpiryEnd(absl::Time now);
struct ExpiryRow {
  std::string edition, id;
};
// REQUIRES: `key` was made by ExpiryKey.
ExpiryRow ParseExpiryKey(absl::string_view key);

// The stored pairing. INTERNAL when it cannot be read.
absl::StatusOr<v1::Pairing> ParsePairing(const Record& record);

// What a step is decided on, as it was read.
struct PairRows {
  std::optional<Record> edition, pairing, project, investor;

  // REQUIRES: `records` are those of Keys, in their order.
  static std::vector<std::string> Keys(const PairNames& names);
  static PairRows From(std::vector<std::optional<Record>>* records);

  absl::StatusOr<PairState> Parse(const PairNames& names) const;
};

// Adds the condition that `row`, read under `key`, is still what it was.
void AddCondition(const std::string& key, const std::optional<Record>& row, Transaction* transaction);

// Adds the writes that take the pairing from `before` to `after`: record, lists, expiry. Not the counts.
void AddPairingWrites(const PairNames& names, const v1::Pairing& before, const v1::Pairing& after,
                      Transaction* transaction);
// Adds the write of a party's counts if they differ, or `always`.
void AddCountsWrite(const std::string& key, const PartyCounts& before, const PartyCounts& after, bool always,
                    Transaction* transaction);

}  // namespace tandem::pairing::ledger

#endif  // TANDEM_SERVICES_PAIRING_LEDGER_ROWS_H_
