#include <algorithm>

#include "services/pairing/demo_data/records.h"
#include "services/pairing/demo_data/texts.h"

namespace tandem::pairing {
namespace {

using namespace type::v1;
using investors::v1::Criterion;
using investors::v1::Investor;
using investors::v1::Mandate;

// A new criterion that is a MUST in `must_percent` of 100 cases, else a SHOULD or a NICE.
Criterion* AddCriterion(int must_percent, Prng* prng, Mandate* mandate) {
  Criterion* criterion = mandate->add_criteria();
  criterion->set_strength(prng->Percent(must_percent) ? STRENGTH_MUST
                          : prng->Percent(75)         ? STRENGTH_SHOULD
                                                      : STRENGTH_NICE);
  if (prng->Percent(60)) criterion->set_on_missing(static_cast<OnMissing>(prng->Between(1, 3)));
  return criterion;
}

Criterion* AddExclusion(Prng* prng, Mandate* mandate) {
  Criterion* criterion = AddCriterion(0, prng, mandate);
  criterion->set_strength(STRENGTH_MUST_NOT);
  return criterion;
}

int RungAt(const Taste& taste, int offset) { return std::clamp(taste.rung + offset, 0, 9); }

void AddSectors(const Taste& taste, Prng* prng, Mandate* mandate) {
  auto* sectors = AddCriterion(30, prng, mandate)->mutable_sectors();
  if (prng->Percent(25)) {  // speaks of whole sectors
    std::vector<absl::string_view> seen;
    for (const uint16_t subsector : taste.subsectors) {
      const char* parent = Subsectors()[subsector].parent;
      if (std::find(seen.begin(), seen.end(), parent) != seen.end()) continue;
      seen.push_back(parent);
      *sectors->add_items()->mutable_sector() = ToSectorCode(parent);
    }
    return;
  }
  int weight = static_cast<int>(taste.subsectors.size());
  const bool weighted = prng->Percent(50);
  for (const uint16_t subsector : taste.subsectors) {
    auto* item = sectors->add_items();
    *item->mutable_sector() = ToSectorCode(Subsectors()[subsector].code);
    if (weighted) item->set_weight(weight--);
  }
}

void AddRounds(const Taste& taste, Prng* prng, Mandate* mandate) {
  auto* rounds = AddCriterion(35, prng, mandate)->mutable_rounds();
  for (int rung = RungAt(taste, -taste.spread); rung <= RungAt(taste, taste.spread); ++rung) {
    auto* item = rounds->add_items();
    item->set_round(Ladder()[static_cast<size_t>(rung)].round);
    if (rung == taste.rung) item->set_weight(3);
  }
}

void AddStages(const Taste& taste, Prng* prng, Mandate* mandate) {
  auto* stages = AddCriterion(20, prng, mandate)->mutable_stages();
  const auto low = StageOfTrl(Ladder()[static_cast<size_t>(RungAt(taste, -1))].min_trl);
  const auto high = StageOfTrl(Ladder()[static_cast<size_t>(RungAt(taste, 1))].max_trl);
  for (int stage = low; stage <= high; ++stage) {
    stages->add_items()->set_stage(static_cast<StageOfDevelopment>(stage));
  }
}

void AddTicket(const Taste& taste, Prng* prng, Mandate* mandate) {
  auto* ticket = AddCriterion(40, prng, mandate)->mutable_ticket();
  const char* currency = taste.home.country->currency;
  ticket->set_currency_code(currency);
  ticket->set_min_minor(FromYuan(taste.min_ticket_yuan, currency));
  ticket->set_max_minor(FromYuan(taste.max_ticket_yuan, currency));
}

void AddPlaces(const Taste& taste, Prng* prng, Mandate* mandate) {
  auto* places = AddCriterion(taste.home_percent > 85 ? 50 : 10, prng, mandate)->mutable_places();
  const char* country = taste.home.country->code;
  const char* region = taste.home.city->region;
  if (*region != '\0' && prng->Percent(40)) {
    auto* near = places->add_items();
    near->set_country_or_group(country);
    near->set_region(region);
    near->set_weight(3);
  }
  places->add_items()->set_country_or_group(country);
  if (taste.home_percent < 60) places->add_items()->set_country_or_group("150");  // Europe
  if (taste.home_percent < 45) places->add_items()->set_country_or_group("142");  // Asia
}

void AddOthers(const Taste& taste, Prng* prng, Mandate* mandate) {
  if (prng->Percent(40)) {
    auto* instruments = AddCriterion(5, prng, mandate)->mutable_instruments();
    instruments->add_instruments(taste.type == INVESTOR_TYPE_BANK ? INSTRUMENT_DEBT : INSTRUMENT_EQUITY);
    if (taste.takes_convertible) instruments->add_instruments(INSTRUMENT_CONVERTIBLE);
    if (taste.lends && taste.type != INVESTOR_TYPE_BANK) instruments->add_instruments(INSTRUMENT_DEBT);
    if (taste.writes_chinese && prng->Percent(15)) instruments->add_instruments(INSTRUMENT_TECHNOLOGY_SHARES);
  }
  if (prng->Percent(35)) {
    auto* trl = AddCriterion(15, prng, mandate)->mutable_trl();
    trl->set_min(Ladder()[static_cast<size_t>(RungAt(taste, -1))].min_trl);
    if (prng->Percent(50)) trl->set_max(Ladder()[static_cast<size_t>(RungAt(taste, 1))].max_trl);
  }
  if (prng->Percent(35)) {
    auto* cooperation = AddCriterion(5, prng, mandate)->mutable_cooperation_types();
    cooperation->add_types(COOPERATION_TYPE_INVESTMENT);
    if (taste.cooperation != COOPERATION_TYPE_UNSPECIFIED) cooperation->add_types(taste.cooperation);
  }
  if (prng->Percent(25)) AddCriterion(40, prng, mandate)->mutable_common_language();
}

void AddExclusions(const Taste& taste, Prng* prng, Mandate* mandate) {
  if (prng->Percent(15)) {
    const Subsector& disliked = prng->Pick(Subsectors());
    const bool liked = std::any_of(taste.subsectors.begin(), taste.subsectors.end(), [&](uint16_t subsector) {
      return absl::string_view(Subsectors()[subsector].parent) == disliked.parent;
    });
    if (!liked) {
      *AddExclusion(prng, mandate)->mutable_sectors()->add_items()->mutable_sector() =
          ToSectorCode(prng->Percent(50) ? disliked.parent : disliked.code);
    }
  }
  if (prng->Percent(6)) {
    const Country& country = *PickSpot(prng).country;
    if (country.code != taste.home.country->code) {
      AddExclusion(prng, mandate)->mutable_places()->add_items()->set_country_or_group(country.code);
    }
  }
}

void AddLanguages(const Taste& taste, Prng* prng, Investor* investor) {
  const absl::string_view native = taste.home.country->language;
  investor->add_languages(std::string(native));
  if (native != "en" && prng->Percent(taste.writes_chinese ? 55 : 90)) investor->add_languages("en");
  if (native != "zh-Hans" && taste.writes_chinese) investor->add_languages("zh-Hans");
}

}  // namespace

Investor MakeInvestor(const Investors& investors, uint32_t index) {
  const Taste& taste = investors.tastes[index];
  Prng prng(~investors.seed, Prng::kInvestor, index);
  Investor investor;
  investor.set_external_id(InvestorId(index));
  investor.set_type(taste.type);
  const Text name = InvestorName(taste, &prng);
  const bool thin = prng.Percent(15);
  const Text thesis = thin ? Text{} : Thesis(taste, &prng);
  AddTexts(name, thesis, {}, taste.writes_chinese, 45, &prng, investor.mutable_texts());
  *investor.add_places() = ToPlace(taste.home);
  if (!thin && prng.Percent(25)) {
    const Spot second = PickSpot(&prng);
    if (second.city != taste.home.city) *investor.add_places() = ToPlace(second);
  }
  if (!thin || prng.Percent(40)) AddLanguages(taste, &prng, &investor);
  if (prng.Percent(70)) investor.set_capacity(prng.Between(3, 40));
  if (prng.Percent(80)) {
    constexpr int kWeights[] = {88, 5, 4, 2, 1};
    investor.set_deployment(static_cast<Investor::Deployment>(1 + prng.PickWeighted(kWeights)));
  }

  Mandate* mandate = investor.mutable_mandate();
  if (thin) {
    if (prng.Percent(60)) AddSectors(taste, &prng, mandate);
    return investor;
  }
  AddSectors(taste, &prng, mandate);
  if (prng.Percent(75)) AddRounds(taste, &prng, mandate);
  if (prng.Percent(45)) AddStages(taste, &prng, mandate);
  if (prng.Percent(75)) AddTicket(taste, &prng, mandate);
  if (prng.Percent(60)) AddPlaces(taste, &prng, mandate);
  AddOthers(taste, &prng, mandate);
  AddExclusions(taste, &prng, mandate);
  return investor;
}

}  // namespace tandem::pairing
