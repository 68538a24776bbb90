#include "services/pairing/ledger/rows.h"

#include <openssl/sha.h>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "common/base/status.h"
#include "common/base/test_switch.h"
#include "common/catalog/fields.h"
#include "common/catalog/names.h"

namespace tandem::pairing::ledger {
namespace {

// 120 bits: no two pairs of an edition have one id.
constexpr size_t kIdDigits = 24;

// {edition, plural, id} of `editions/{edition}/{plural}/{id}`.
std::vector<std::string> PartsOf(absl::string_view name) {
  std::vector<std::string> parts = absl::StrSplit(name, '/');
  parts.erase(parts.begin());
  return parts;
}

std::optional<absl::Time> OpenUntil(const v1::Pairing& pairing) {
  if (pairing.state() != v1::Pairing::STATE_REQUESTED) return std::nullopt;
  return FromStamp(pairing.request().expire_time());
}

}  // namespace

std::string PairingId(absl::string_view project, absl::string_view investor) {
  const std::string pair = absl::StrCat(project, absl::string_view("\0", 1), investor);
  unsigned char hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(pair.data()), pair.size(), hash);
  constexpr absl::string_view kDigits = "abcdefghijklmnopqrstuvwxyz234567";
  std::string id = "p";
  for (size_t digit = 0; digit < kIdDigits; ++digit) {
    const size_t bit = digit * 5;
    const unsigned two = (static_cast<unsigned>(hash[bit / 8]) << 8) | hash[bit / 8 + 1];
    id.push_back(kDigits[(two >> (11 - bit % 8)) & 31]);
  }
  return id;
}

PairNames::PairNames(std::string project_name, std::string investor_name)
    : project(std::move(project_name)),
      investor(std::move(investor_name)),
      edition(PartsOf(project).front()),
      id(PairingId(project, investor)),
      name(absl::StrCat("editions/", edition, "/pairings/", id)) {}

std::string PairNames::EditionKey() const { return catalog::RecordKey("editions", {edition}); }

std::string PairNames::PairingKey() const { return catalog::RecordKey(kPairings, {edition, id}); }

std::string PairNames::PartyKey(v1::Side side) const {
  return ledger::PartyKey(side == v1::SIDE_PROJECT ? project : investor);
}

std::string PairNames::ListKey(v1::Side side) const {
  return absl::StrCat(ListPrefix(side == v1::SIDE_PROJECT ? project : investor), id);
}

std::string PartyKey(absl::string_view party) { return absl::StrCat("party/", absl::StripPrefix(party, "editions/")); }

std::string ListPrefix(absl::string_view party) {
  return absl::StrCat("x/pairings/", absl::StripPrefix(party, "editions/"), "/");
}

std::string ExpiryKey(absl::Time expire_time, absl::string_view edition, absl::string_view id) {
  return absl::StrFormat("%s%020d/%s/%s", kExpiryPrefix, absl::ToUnixMicros(expire_time), edition, id);
}

std::string ExpiryEnd(absl::Time now) { return absl::StrFormat("%s%020d", kExpiryPrefix, absl::ToUnixMicros(now) + 1); }

ExpiryRow ParseExpiryKey(absl::string_view key) {
  const std::vector<std::string> parts = absl::StrSplit(key, '/');
  return {parts[2], parts[3]};
}

absl::StatusOr<v1::Pairing> ParsePairing(const Record& record) {
  v1::Pairing pairing;
  if (pairing.ParseFromString(record.value)) return pairing;
  return MakeError(absl::StatusCode::kInternal, "INTERNAL",
                   "a stored pairing cannot be read: restore the store from a backup");
}

std::vector<std::string> PairRows::Keys(const PairNames& names) {
  return {names.EditionKey(), names.PairingKey(), names.PartyKey(v1::SIDE_PROJECT), names.PartyKey(v1::SIDE_INVESTOR)};
}

PairRows PairRows::From(std::vector<std::optional<Record>>* records) {
  return {std::move((*records)[0]), std::move((*records)[1]), std::move((*records)[2]), std::move((*records)[3])};
}

absl::StatusOr<PairState> PairRows::Parse(const PairNames& names) const {
  PairState state;
  if (pairing.has_value()) {
    TANDEM_ASSIGN_OR_RETURN(state.pairing, ParsePairing(*pairing));
  } else {
    state.pairing.set_name(names.name);
    state.pairing.set_project(names.project);
    state.pairing.set_investor(names.investor);
  }
  if (project.has_value()) {
    TANDEM_ASSIGN_OR_RETURN(state.project, DecodePartyCounts(project->value));
  }
  if (investor.has_value()) {
    TANDEM_ASSIGN_OR_RETURN(state.investor, DecodePartyCounts(investor->value));
  }
  return state;
}

void AddCondition(const std::string& key, const std::optional<Record>& row, Transaction* transaction) {
  transaction->conditions.push_back(row.has_value() ? Condition::AtRevision(key, row->revision)
                                                    : Condition::Absent(key));
}

void AddPairingWrites(const PairNames& names, const v1::Pairing& before, const v1::Pairing& after,
                      Transaction* transaction) {
  std::vector<Write>& writes = transaction->writes;
  writes.push_back(Write::Put(names.PairingKey(), catalog::SerializeDeterministically(after)));
  if (before.state() == v1::Pairing::STATE_UNSPECIFIED) {
    writes.push_back(Write::PutUnlogged(names.ListKey(v1::SIDE_PROJECT), ""));
    writes.push_back(Write::PutUnlogged(names.ListKey(v1::SIDE_INVESTOR), ""));
  }
  const std::optional<absl::Time> was = OpenUntil(before), is = OpenUntil(after);
  if (was == is) return;
  if (was.has_value()) writes.push_back(Write::DeleteUnlogged(ExpiryKey(*was, names.edition, names.id)));
  if (is.has_value() && !Deviates("ledger.expiry-row"))
    writes.push_back(Write::PutUnlogged(ExpiryKey(*is, names.edition, names.id), ""));
}

void AddCountsWrite(const std::string& key, const PartyCounts& before, const PartyCounts& after, bool always,
                    Transaction* transaction) {
  if (always || !(before == after)) transaction->writes.push_back(Write::PutUnlogged(key, Encode(after)));
}

}  // namespace tandem::pairing::ledger
