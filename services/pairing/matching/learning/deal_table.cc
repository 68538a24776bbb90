#include "services/pairing/matching/learning/deal_table.h"

#include <algorithm>
#include <map>
#include <openssl/sha.h>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "services/pairing/matching/compiler.h"

namespace tandem::pairing::matching {
namespace {

// What a deal says, without what the store added.
std::string Content(const investors::v1::Deal& deal) {
  investors::v1::Deal content = deal;
  content.clear_name();
  content.clear_uid();
  content.clear_etag();
  content.clear_create_time();
  content.clear_update_time();
  content.clear_consistency_token();
  return content.SerializeAsString();
}

std::string Sha256(const std::string& bytes) {
  unsigned char hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), hash);
  return std::string(reinterpret_cast<const char*>(hash), sizeof(hash));
}

struct Keyed {
  int32_t day = 0;
  std::string investor, company, content;
  const std::shared_ptr<const investors::v1::Deal>* deal = nullptr;

  bool operator<(const Keyed& other) const {
    return std::tie(day, company, investor, content) <
           std::tie(other.day, other.company, other.investor, other.content);
  }
};

}  // namespace

DealTable::DealTable(absl::Span<const std::shared_ptr<const investors::v1::Deal>> deals,
                     absl::Span<const std::shared_ptr<const InvestorFacts>> investors, int32_t as_of_day) {
  absl::flat_hash_map<std::string, std::string> names;  // by external id
  for (const auto& investor : investors) {
    if (!investor->record.external_id().empty()) names[investor->record.external_id()] = investor->record.name();
  }
  std::vector<Keyed> keyed;
  keyed.reserve(deals.size());
  for (const auto& deal : deals) {
    Keyed key;
    key.day = DayOf(deal->date(), as_of_day);
    if (key.day >= as_of_day) continue;
    key.investor = deal->investor().name();
    if (key.investor.empty() && !deal->investor().external_id().empty()) {
      const auto it = names.find(deal->investor().external_id());
      key.investor = it == names.end() ? absl::StrCat("external:", deal->investor().external_id()) : it->second;
    }
    key.company = deal->company().external_id().empty() ? absl::AsciiStrToLower(deal->company().display_name())
                                                        : deal->company().external_id();
    if (key.investor.empty() || key.company.empty()) continue;
    key.content = Content(*deal);
    key.deal = &deal;
    keyed.push_back(std::move(key));
  }
  std::sort(keyed.begin(), keyed.end());

  std::string digest;
  absl::flat_hash_map<std::string, uint32_t> investor_ids, company_ids;
  absl::flat_hash_set<uint64_t> pairs;
  rows_.reserve(keyed.size());
  for (const Keyed& key : keyed) {
    digest = Sha256(absl::StrCat(digest, key.investor, "\n", key.content));
    const auto investor = investor_ids.try_emplace(key.investor, static_cast<uint32_t>(investors_.size()));
    if (investor.second) investors_.push_back(key.investor);
    const auto company = company_ids.try_emplace(key.company, static_cast<uint32_t>(rounds_of_.size()));
    if (company.second) rounds_of_.emplace_back();
    Row row{*key.deal, key.day, investor.first->second, company.first->second, 0, false};
    row.first = pairs.insert(uint64_t{row.investor} << 32 | row.company).second;
    if (rounds_.empty() || rounds_.back().day != row.day || rounds_.back().company != row.company) {
      rounds_of_[row.company].push_back(static_cast<uint32_t>(rounds_.size()));
      rounds_.push_back({row.day, row.company, {}});
    }
    row.round = static_cast<uint32_t>(rounds_.size() - 1);
    rounds_.back().rows.push_back(static_cast<uint32_t>(rows_.size()));
    rows_.push_back(std::move(row));
  }
  fingerprint_ = absl::BytesToHexString(digest);
}

std::vector<uint32_t> DealTable::InvestorsBefore(uint32_t company, int32_t day) const {
  std::vector<uint32_t> investors;
  for (const uint32_t round : rounds_of_[company]) {
    if (rounds_[round].day >= day) break;
    for (const uint32_t row : rounds_[round].rows) investors.push_back(rows_[row].investor);
  }
  std::sort(investors.begin(), investors.end());
  investors.erase(std::unique(investors.begin(), investors.end()), investors.end());
  return investors;
}

}  // namespace tandem::pairing::matching
