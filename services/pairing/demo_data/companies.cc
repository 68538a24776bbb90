#include "services/pairing/demo_data/companies.h"

#include <algorithm>
#include <tuple>

namespace tandem::pairing {
namespace {

constexpr int kDays = 3600;
constexpr size_t kCompaniesPerTenInvestors = 22;

Prng ChoicesOf(const Investors& investors, uint32_t number, uint64_t part) {
  return Prng(investors.seed, Prng::kCompany, number * uint64_t{4} + part);
}

}  // namespace

DemoCompany MakeCompany(const Investors& investors, uint32_t number) {
  Prng prng = ChoicesOf(investors, number, 0);
  DemoCompany company;
  company.number = number;
  company.spot = PickSpot(&prng);
  // Companies are founded where there is money, and elsewhere.
  company.subsector = investors.tastes.empty() || prng.Percent(30)
                          ? static_cast<uint16_t>(prng.Below(Subsectors().size()))
                          : prng.Pick(prng.Pick(investors.tastes).subsectors);
  company.second_subsector = company.subsector;
  if (prng.Percent(35)) {
    company.second_subsector = prng.Percent(50) ? static_cast<uint16_t>(company.subsector / 6 * 6 + prng.Below(6))
                                                : static_cast<uint16_t>(prng.Below(Subsectors().size()));
  }
  company.filed_under =
      prng.Percent(25) ? static_cast<uint16_t>(company.subsector / 6 * 6 + prng.Below(6)) : company.subsector;
  constexpr int kPulls[] = {1, 1, 1, 1, 3, 3, 3, 5, 5};
  company.pull = prng.Pick(kPulls);
  return company;
}

CompanyTexts MakeCompanyTexts(const Investors& investors, const DemoCompany& company) {
  Prng prng = ChoicesOf(investors, company.number, 1);
  const Subsector& subsector = Subsectors()[company.subsector];
  Text name = CompanyName(subsector, company.spot, &prng);
  return {std::move(name), PickTopic(subsector, &prng)};
}

std::vector<PlannedRound> PlanRounds(const Investors& investors) {
  std::vector<PlannedRound> rounds;
  const size_t companies = (investors.tastes.size() * kCompaniesPerTenInvestors + 9) / 10;
  for (size_t i = 0; i < companies; ++i) {
    const auto number = static_cast<uint32_t>(i);
    Prng prng = ChoicesOf(investors, number, 2);
    constexpr int kFirstRungs[] = {16, 20, 24, 14, 14, 6, 3, 2, 1};
    auto rung = static_cast<int>(prng.PickWeighted(kFirstRungs));
    // Recent years have more of them than old ones.
    auto days_ago = static_cast<int>(std::min(prng.Below(kDays), prng.Below(kDays)));
    for (uint8_t ordinal = 0; days_ago >= 0 && rung <= 9; ++ordinal) {
      rounds.push_back({number, static_cast<int16_t>(days_ago), ordinal, static_cast<uint8_t>(rung)});
      if (!prng.Percent(60)) break;
      days_ago -= prng.Between(150, 400) + prng.Between(0, 400);
      constexpr int kSteps[] = {20, 65, 15};
      rung += static_cast<int>(prng.PickWeighted(kSteps));
    }
  }
  std::sort(rounds.begin(), rounds.end(), [](const PlannedRound& a, const PlannedRound& b) {
    return std::tie(b.days_ago, a.company) < std::tie(a.days_ago, b.company);
  });
  return rounds;
}

}  // namespace tandem::pairing
