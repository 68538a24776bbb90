#include "services/pairing/profiles/training_export.h"

#include <algorithm>
#include <openssl/sha.h>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace tandem::pairing {
namespace {

using investors::v1::Deal;
using investors::v1::Investor;

constexpr size_t kHashBytes = 16;

// What is exported is listed, so that a new field stays at home until somebody decides.
Investor Stripped(const Investor& investor, const std::string& pseudonym) {
  Investor stripped;
  stripped.set_external_id(pseudonym);
  stripped.set_type(investor.type());
  for (const auto& place : investor.places()) {
    const bool known = std::any_of(stripped.places().begin(), stripped.places().end(),
                                   [&](const auto& other) { return other.country_code() == place.country_code(); });
    if (!known) stripped.add_places()->set_country_code(place.country_code());
  }
  *stripped.mutable_languages() = investor.languages();
  *stripped.mutable_mandate() = investor.mandate();
  return stripped;
}

Deal Stripped(const Deal& deal, const std::string& investor,
              const absl::flat_hash_map<std::string, std::string>& pseudonyms) {
  Deal stripped;
  stripped.set_external_id(Pseudonym(deal.external_id()));
  stripped.mutable_investor()->set_external_id(investor);
  stripped.set_date(deal.date());
  const auto& company = deal.company();
  stripped.mutable_company()->set_external_id(Pseudonym(CompanyKey(company)));
  stripped.mutable_company()->set_summary(company.summary());
  *stripped.mutable_sectors() = deal.sectors();
  if (deal.has_place()) {
    stripped.mutable_place()->set_country_code(deal.place().country_code());
    stripped.mutable_place()->set_region(deal.place().region());
  }
  stripped.set_stage_of_development(deal.stage_of_development());
  stripped.set_trl(deal.trl());
  stripped.set_funding_round(deal.funding_round());
  if (deal.has_round_size()) *stripped.mutable_round_size() = deal.round_size();
  if (deal.has_ticket()) *stripped.mutable_ticket() = deal.ticket();
  *stripped.mutable_instruments() = deal.instruments();
  *stripped.mutable_cooperation_types() = deal.cooperation_types();
  stripped.set_language_code(deal.language_code());
  for (const auto& other : deal.co_investors()) {
    const auto found = pseudonyms.find(other.name());
    if (found != pseudonyms.end()) {
      stripped.add_co_investors()->set_external_id(found->second);
    } else if (!other.external_id().empty()) {
      stripped.add_co_investors()->set_external_id(Pseudonym(other.external_id()));
    }
  }
  return stripped;
}

}  // namespace

std::string CompanyKey(const investors::v1::Company& company) {
  return company.external_id().empty() ? absl::AsciiStrToLower(company.display_name()) : company.external_id();
}

std::string Pseudonym(absl::string_view id) {
  const std::string text = absl::StrCat("tandem training data|", id);
  unsigned char hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash);
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(hash), kHashBytes));
}

std::vector<v1::TrainingRecord> TrainingData(const matching::InvestorsByName& all_investors,
                                             const std::vector<std::shared_ptr<const investors::v1::Deal>>& all_deals) {
  absl::flat_hash_map<std::string, std::string> pseudonyms;  // by name
  std::vector<v1::TrainingRecord> investors;
  for (const auto& [name, facts] : all_investors) {
    if (!facts->matched) continue;
    const Investor& investor = facts->record;
    const std::string& pseudonym = pseudonyms[name] =
        Pseudonym(investor.external_id().empty() ? investor.uid() : investor.external_id());
    *investors.emplace_back().mutable_investor() = Stripped(investor, pseudonym);
  }
  std::vector<v1::TrainingRecord> deals;
  for (const auto& deal : all_deals) {
    const auto investor = pseudonyms.find(deal->investor().name());
    if (investor == pseudonyms.end()) continue;
    *deals.emplace_back().mutable_deal() = Stripped(*deal, investor->second, pseudonyms);
  }
  // In the order of the hashes, not of the names that they stand for.
  std::sort(investors.begin(), investors.end(), [](const v1::TrainingRecord& a, const v1::TrainingRecord& b) {
    return a.investor().external_id() < b.investor().external_id();
  });
  std::sort(deals.begin(), deals.end(), [](const v1::TrainingRecord& a, const v1::TrainingRecord& b) {
    return a.deal().external_id() < b.deal().external_id();
  });
  investors.insert(investors.end(), std::make_move_iterator(deals.begin()), std::make_move_iterator(deals.end()));
  return investors;
}

}  // namespace tandem::pairing
