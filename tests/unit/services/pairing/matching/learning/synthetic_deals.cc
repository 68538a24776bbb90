#include "tests/unit/services/pairing/matching/learning/synthetic_deals.h"

#include <cmath>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/civil_date.h"
#include "services/pairing/matching/features.h"
#include "services/pairing/matching/learning/random.h"

namespace tandem::pairing::matching {
namespace {

constexpr int kInvestors = 60;
constexpr const char* kCountries[] = {"CN", "DE", "FR", "US"};

}  // namespace

Deals SyntheticDeals(uint64_t seed, int rounds) {
  Random random(seed, 0);
  Deals deals;
  for (int r = 0; r < 4 * rounds; ++r) {
    const int32_t day = kToday - 3 * 365 + r * 365 / rounds;
    const auto country = random.Below(4), round = random.Below(3), sector = random.Below(5);
    const auto company = random.Below(static_cast<size_t>(rounds) * 2);
    double chances[kInvestors], sum = 0;
    for (size_t i = 0; i < kInvestors; ++i) {
      const double likes = (i % 4 == country ? 2.5 : 0) + (i / 4 % 3 == round ? 1.0 : 0) +
                           (i / 12 == sector ? 2.0 : 0) + (i % 7 == 0 ? 1.5 : 0);
      sum += chances[i] = std::exp(likes);
    }
    for (int k = 0; k < 2; ++k) {
      double left = random.Unit() * sum;
      size_t investor = 0;
      while (investor + 1 < kInvestors && (left -= chances[investor]) > 0) ++investor;
      investors::v1::Deal deal;
      deal.set_external_id(absl::StrCat("d", r, "-", k));
      deal.mutable_investor()->set_name(absl::StrCat("editions/e/investors/i", investor));
      deal.set_date(FormatDate(day));
      deal.mutable_company()->set_external_id(absl::StrCat("c", company));
      deal.mutable_place()->set_country_code(kCountries[country]);
      deal.set_funding_round(static_cast<type::v1::FundingRound>(2 + round));
      deal.mutable_round_size()->set_currency_code("EUR");
      deal.mutable_round_size()->set_amount_minor(10'000'000 << round);
      type::v1::SectorCode* code = deal.add_sectors();
      code->set_scheme("tags");
      code->set_code(absl::StrCat("s", sector));
      deals.push_back(std::make_shared<const investors::v1::Deal>(std::move(deal)));
    }
  }
  return deals;
}

TrainingInput InputOf(Deals deals) {
  TrainingInput input;
  auto interner = std::make_shared<Interner>();
  auto codes = std::make_shared<CodeBook>();
  codes->Describe(interner->Intern(StatedFeature("country")), interner->Intern(StatedFeature("sector")));
  auto context = std::make_shared<MarketContext>();
  context->edition.set_base_currency_code("EUR");
  context->profile = DefaultProfile();
  input.context = std::move(context);
  input.interner = std::move(interner);
  input.codes = std::move(codes);
  input.deals = std::move(deals);
  return input;
}

}  // namespace tandem::pairing::matching
