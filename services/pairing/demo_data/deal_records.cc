#include <algorithm>

#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"

#include "services/pairing/demo_data/records.h"
#include "services/pairing/demo_data/texts.h"

namespace tandem::pairing {
namespace {

using namespace type::v1;

// A company that deals are made in: it is the same in all of them.
struct DemoCompany {
  uint64_t id;
  Spot spot;
  Text name;
  Topic topic;
};

// A company of the subsector. The small numbers are the popular ones.
DemoCompany MakeCompany(int64_t seed, uint16_t subsector, uint32_t number) {
  const uint64_t id = number * uint64_t{100} + subsector;
  Prng prng(seed, Prng::kCompany, id);
  const Spot spot = PickSpot(&prng);
  Text name = CompanyName(Subsectors()[subsector], spot, &prng);
  return {id, spot, std::move(name), PickTopic(Subsectors()[subsector], &prng)};
}

DemoCompany PickCompany(const Investors& investors, const Taste& taste, Prng* prng) {
  // The favourite in half of the cases, any of the others in most, and anything at all in one of twelve.
  const uint16_t subsector = prng->Percent(8)    ? static_cast<uint16_t>(prng->Below(Subsectors().size()))
                             : prng->Percent(45) ? taste.subsectors[0]
                                                 : prng->Pick(taste.subsectors);
  const size_t pool = 8 + investors.by_subsector[subsector].size() * 3;
  const bool at_home = prng->Percent(taste.home_percent);
  DemoCompany company{};
  for (int attempt = 0; attempt < 6; ++attempt) {
    const uint32_t number = std::min(prng->Below(pool), prng->Below(pool));
    company = MakeCompany(investors.seed, subsector, number);
    if (!at_home || company.spot.country == taste.home.country) break;
  }
  return company;
}

void AddCoInvestors(const Investors& investors, uint32_t investor, uint16_t subsector, Prng* prng,
                    investors::v1::Deal* deal) {
  const auto& peers = investors.by_subsector[subsector];
  const int wanted = prng->Percent(55) ? prng->Between(1, 3) : 0;
  std::vector<uint32_t> chosen = {investor};
  for (int i = 0; i < wanted; ++i) {
    if (peers.empty() || prng->Percent(20)) {
      deal->add_co_investors()->set_display_name(
          MakeCompany(investors.seed, subsector, 1'000'000 + prng->Below(50)).name.In(prng->Percent(50)));
      continue;
    }
    const uint32_t peer = prng->Pick(peers);
    if (std::find(chosen.begin(), chosen.end(), peer) != chosen.end()) continue;
    chosen.push_back(peer);
    deal->add_co_investors()->set_external_id(InvestorId(peer));
  }
}

}  // namespace

int DealCount(int64_t seed, uint32_t investor) {
  Prng prng(seed, Prng::kTrack, investor);
  if (prng.Percent(33)) return 0;
  return 1 + static_cast<int>(std::min({prng.Below(40), prng.Below(40), prng.Below(40)}));
}

investors::v1::Deal MakeDeal(const Investors& investors, uint32_t investor, int number, uint64_t deal_index) {
  const Taste& taste = investors.tastes[investor];
  Prng prng(investors.seed, Prng::kDeal, investor * uint64_t{64} + static_cast<uint64_t>(number));
  const DemoCompany company = PickCompany(investors, taste, &prng);
  const int usual = taste.rung + prng.Between(-taste.spread, taste.spread);
  const int rung_index = std::clamp(usual + (prng.Percent(10) ? prng.Between(-1, 1) : 0), 0, 9);
  const Rung& rung = Ladder()[static_cast<size_t>(rung_index)];
  const char* currency = company.spot.country->currency;

  investors::v1::Deal deal;
  deal.set_external_id(DealId(deal_index));
  deal.mutable_investor()->set_external_id(InvestorId(investor));
  // Recent years are likelier than old ones.
  const auto days_ago = static_cast<int64_t>(std::min(prng.Below(3600), prng.Below(3600)));
  deal.set_date(absl::FormatCivilTime(absl::CivilDay(2026, 11, 18) - days_ago));
  deal.mutable_company()->set_external_id(absl::StrFormat("c-%06d", company.id));
  const bool chinese = company.spot.country == &Countries()[0];
  deal.mutable_company()->set_display_name(company.name.In(chinese));
  const int trl = PickTrl(rung, &prng);
  if (prng.Percent(80)) deal.mutable_company()->set_summary(TopicSummary(company.topic, trl, &prng).In(chinese));
  *deal.add_sectors() = ToSectorCode(company.topic.subsector->code);
  if (prng.Percent(90)) *deal.mutable_place() = ToPlace(company.spot);
  if (prng.Percent(60)) {
    deal.set_stage_of_development(StageOfTrl(trl));
    if (prng.Percent(60)) deal.set_trl(trl);
  }
  if (prng.Percent(92)) deal.set_funding_round(rung.round);
  const int64_t size = PickYuan(rung.min_yuan, rung.max_yuan, &prng);
  const int64_t ticket = std::min(size, PickYuan(taste.min_ticket_yuan, taste.max_ticket_yuan, &prng));
  if (prng.Percent(75)) {
    deal.mutable_round_size()->set_currency_code(currency);
    deal.mutable_round_size()->set_amount_minor(FromYuan(size, currency));
  }
  if (prng.Percent(45)) {
    deal.mutable_ticket()->set_currency_code(currency);
    deal.mutable_ticket()->set_amount_minor(FromYuan(ticket, currency));
  }
  if (prng.Percent(50)) {
    deal.add_instruments(taste.type == INVESTOR_TYPE_BANK      ? INSTRUMENT_DEBT
                         : rung_index <= 2 && prng.Percent(30) ? INSTRUMENT_CONVERTIBLE
                                                               : INSTRUMENT_EQUITY);
  }
  if (prng.Percent(20)) deal.add_cooperation_types(COOPERATION_TYPE_INVESTMENT);
  if (prng.Percent(30)) deal.set_language_code(chinese ? "zh-Hans" : "en");
  const auto subsector = static_cast<uint16_t>(company.topic.subsector - Subsectors().data());
  AddCoInvestors(investors, investor, subsector, &prng, &deal);
  return deal;
}

}  // namespace tandem::pairing
