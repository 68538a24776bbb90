#include "services/pairing/ledger/party_counts.h"

#include <array>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "common/base/status.h"
#include "common/base/test_switch.h"

namespace tandem::pairing::ledger {
namespace {

// First word of a row, so that another format is told from this one.
constexpr absl::string_view kFormat = "2";
constexpr absl::string_view kOldFormat = "1";  // without departures
constexpr size_t kNumbers = 10;

// `limit` 0: none. How much is used is not said: it may be more than the limit, and is the other party's affair.
absl::Status Check(absl::string_view party, absl::string_view quota, int64_t limit, int64_t used,
                   absl::string_view way_out) {
  if (limit <= 0 || used < limit || Deviates("ledger.quota")) return absl::OkStatus();
  return MakeError(absl::StatusCode::kResourceExhausted, "QUOTA_EXCEEDED",
                   absl::StrCat(party, " has used up its quota of ", limit, " (", quota, "): ", way_out),
                   {{"quota", std::string(quota)}, {"limit", absl::StrCat(limit)}, {"party", std::string(party)}});
}

}  // namespace

void Traffic::Add(int32_t on) {
  ++pending;
  ++total;
  on_day = On(on) + 1;
  if (on + 1 != day) day = on;
}

bool operator==(const Traffic& a, const Traffic& b) {
  return a.pending == b.pending && a.total == b.total && a.day == b.day && a.on_day == b.on_day;
}

bool operator==(const PartyCounts& a, const PartyCounts& b) {
  return a.outgoing == b.outgoing && a.incoming == b.incoming && a.pairings == b.pairings;
}

std::string Encode(const PartyCounts& counts) {
  const auto numbers = [](const Traffic& traffic) {
    return absl::StrJoin(std::array<int64_t, 4>{traffic.pending, traffic.total, traffic.day, traffic.on_day}, " ");
  };
  return absl::StrCat(kFormat, " ", numbers(counts.outgoing), " ", numbers(counts.incoming), " ", counts.pairings, " ",
                      counts.departures);
}

absl::StatusOr<PartyCounts> DecodePartyCounts(absl::string_view row) {
  const std::vector<absl::string_view> words = absl::StrSplit(row, ' ');
  std::array<int64_t, kNumbers> numbers = {};
  const size_t given = words.size() - 1;
  bool readable = words[0] == kFormat ? given == kNumbers : words[0] == kOldFormat && given == kNumbers - 1;
  for (size_t i = 0; readable && i < given; ++i) readable = absl::SimpleAtoi(words[i + 1], &numbers[i]);
  if (!readable) {
    return MakeError(absl::StatusCode::kInternal, "INTERNAL",
                     "the stored counts of a party cannot be read: restore the store from a backup");
  }
  PartyCounts counts;
  counts.outgoing = {numbers[0], numbers[1], static_cast<int32_t>(numbers[2]), numbers[3]};
  counts.incoming = {numbers[4], numbers[5], static_cast<int32_t>(numbers[6]), numbers[7]};
  counts.pairings = numbers[8];
  counts.departures = numbers[9];
  return counts;
}

absl::Status CheckOutgoing(absl::string_view party, const v1::Quotas& quotas, const PartyCounts& counts, int32_t day) {
  TANDEM_RETURN_IF_ERROR(Check(party, "outgoing_pending", quotas.outgoing_pending(), counts.outgoing.pending,
                               "wait for an answer, or withdraw a request"));
  TANDEM_RETURN_IF_ERROR(Check(party, "outgoing_per_day", quotas.outgoing_per_day(), counts.outgoing.On(day),
                               "ask again tomorrow, in the time zone of the edition"));
  return Check(party, "outgoing_total", quotas.outgoing_total(), counts.outgoing.total,
               "no more requests can be sent in this edition");
}

absl::Status CheckIncoming(absl::string_view party, const v1::Quotas& quotas, const PartyCounts& counts, int32_t day) {
  TANDEM_RETURN_IF_ERROR(Check(party, "incoming_pending", quotas.incoming_pending(), counts.incoming.pending,
                               "ask again when it has answered others"));
  TANDEM_RETURN_IF_ERROR(Check(party, "incoming_per_day", quotas.incoming_per_day(), counts.incoming.On(day),
                               "ask again tomorrow, in the time zone of the edition"));
  return Check(party, "incoming_total", quotas.incoming_total(), counts.incoming.total,
               "it can be asked no more in this edition");
}

absl::Status CheckPairings(absl::string_view party, const v1::Quotas& quotas, const PartyCounts& counts) {
  return Check(party, "pairings", quotas.pairings(), counts.pairings, "it must leave a mutual pairing first");
}

}  // namespace tandem::pairing::ledger
