#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"

#include "services/pairing/demo_data/records.h"
#include "services/pairing/demo_data/texts.h"

namespace tandem::pairing {
namespace {

using namespace type::v1;

// What all deals of the round share: what is known of it is known of all.
investors::v1::Deal MakeRound(const Investors& investors, const DealRound& round, Prng* prng) {
  const Rung& rung = Ladder()[static_cast<size_t>(round.rung)];
  const DemoCompany& company = round.company;
  const CompanyTexts texts = MakeCompanyTexts(investors, company);
  const bool chinese = company.spot.country == &Countries()[0];

  investors::v1::Deal deal;
  deal.set_date(absl::FormatCivilTime(absl::CivilDay(2026, 11, 18) - round.days_ago));
  deal.mutable_company()->set_external_id(absl::StrFormat("c-%06d", company.number));
  deal.mutable_company()->set_display_name(texts.name.In(chinese));
  if (prng->Percent(80)) deal.mutable_company()->set_summary(TopicSummary(texts.topic, round.trl, prng).In(chinese));
  *deal.add_sectors() = ToSectorCode(Subsectors()[company.filed_under].code);
  if (company.second_subsector != company.filed_under && company.second_subsector != company.subsector) {
    *deal.add_sectors() = ToSectorCode(Subsectors()[company.second_subsector].code);
  }
  if (prng->Percent(90)) *deal.mutable_place() = ToPlace(company.spot);
  if (prng->Percent(60)) {
    deal.set_stage_of_development(StageOfTrl(round.trl));
    if (prng->Percent(60)) deal.set_trl(round.trl);
  }
  if (prng->Percent(92)) deal.set_funding_round(rung.round);
  if (prng->Percent(75)) {
    const char* currency = company.spot.country->currency;
    deal.mutable_round_size()->set_currency_code(currency);
    deal.mutable_round_size()->set_amount_minor(FromYuan(round.size_yuan, currency));
  }
  if (prng->Percent(50)) deal.add_instruments(round.instrument);
  if (prng->Percent(40)) {
    deal.add_cooperation_types(COOPERATION_TYPE_INVESTMENT);
    if (round.cooperation != COOPERATION_TYPE_UNSPECIFIED) deal.add_cooperation_types(round.cooperation);
  }
  if (prng->Percent(30)) deal.set_language_code(chinese ? "zh-Hans" : "en");
  for (int i = 0; i < round.outsiders; ++i) {
    Taste outsider;
    outsider.type = INVESTOR_TYPE_VENTURE_CAPITAL;
    outsider.home = PickSpot(prng);
    deal.add_co_investors()->set_display_name(InvestorName(outsider, prng).In(prng->Percent(50)));
  }
  return deal;
}

}  // namespace

std::vector<investors::v1::Deal> MakeDeals(const Investors& investors, const DealRound& round, uint64_t deal_index) {
  Prng prng(investors.seed, Prng::kDeal, round.company.number * uint64_t{16} + static_cast<uint64_t>(round.ordinal));
  const investors::v1::Deal shared = MakeRound(investors, round, &prng);
  std::vector<investors::v1::Deal> deals;
  for (const uint32_t investor : round.investors) {
    const Taste& taste = investors.tastes[investor];
    investors::v1::Deal& deal = deals.emplace_back(shared);
    deal.set_external_id(DealId(deal_index++));
    deal.mutable_investor()->set_external_id(InvestorId(investor));
    const int64_t ticket = PickYuan(taste.min_ticket_yuan, taste.max_ticket_yuan, &prng);
    if (prng.Percent(45)) {
      const char* currency = round.company.spot.country->currency;
      deal.mutable_ticket()->set_currency_code(currency);
      deal.mutable_ticket()->set_amount_minor(FromYuan(std::min(round.size_yuan, ticket), currency));
    }
    for (const uint32_t other : round.investors) {
      if (other != investor) deal.add_co_investors()->set_external_id(InvestorId(other));
    }
  }
  return deals;
}

}  // namespace tandem::pairing
