#include <algorithm>
#include <utility>

#include "absl/time/civil_time.h"

#include "services/pairing/demo_data/records.h"
#include "services/pairing/demo_data/texts.h"

namespace tandem::pairing {
namespace {

using namespace type::v1;
using projects::v1::InvestorWish;
using projects::v1::Project;

void AddSectors(const Topic& topic, Prng* prng, Project* project) {
  *project->add_sectors() = ToSectorCode(topic.subsector->code);
  if (prng->Percent(35)) {
    const Subsector& other = prng->Pick(Subsectors());
    if (&other != topic.subsector) *project->add_sectors() = ToSectorCode(other.code);
  }
}

void AddMoney(int rung_index, const char* currency, Prng* prng, Project* project) {
  const Rung& rung = Ladder()[static_cast<size_t>(rung_index)];
  if (prng->Percent(92)) project->set_funding_round(rung.round);
  if (prng->Percent(88)) {
    const int64_t target = PickYuan(rung.min_yuan, rung.max_yuan, prng);
    MoneyRange* ask = project->mutable_ask();
    ask->set_currency_code(currency);
    ask->set_target_minor(FromYuan(target, currency));
    if (prng->Percent(50)) ask->set_min_minor(std::min(ask->target_minor(), FromYuan(target / 2, currency)));
    if (prng->Percent(40)) ask->set_max_minor(std::max(ask->target_minor(), FromYuan(target + target / 2, currency)));
  }
  if (prng->Percent(70)) {
    project->add_instruments(INSTRUMENT_EQUITY);
    if (rung_index <= 3 && prng->Percent(40)) project->add_instruments(INSTRUMENT_CONVERTIBLE);
    if (rung_index >= 5 && prng->Percent(25)) project->add_instruments(INSTRUMENT_DEBT);
    if (prng->Percent(10)) project->add_instruments(INSTRUMENT_TECHNOLOGY_SHARES);
  }
  project->add_cooperation_types(COOPERATION_TYPE_INVESTMENT);
  if (prng->Percent(45)) project->add_cooperation_types(PickCooperation(prng));
}

void AddLanguages(const Spot& spot, bool chinese_first, Prng* prng, Project* project) {
  const absl::string_view native = spot.country->language;
  project->add_languages(std::string(native));
  if (native != "en" && prng->Percent(65)) project->add_languages("en");
  if (native != "zh-Hans" && chinese_first) project->add_languages("zh-Hans");
}

// Somebody who invests in the subsector, or nobody when nobody does.
bool PickInvestor(const Investors& investors, uint16_t subsector, Prng* prng, InvestorRef* ref) {
  const auto& candidates = investors.by_subsector[subsector];
  if (candidates.empty()) return false;
  ref->set_external_id(InvestorId(prng->Pick(candidates)));
  return true;
}

void AddWishes(const Investors& investors, uint16_t subsector, const Spot& spot, Prng* prng, Project* project) {
  if (prng->Percent(30)) {
    InvestorWish* wish = project->add_wishes();
    wish->set_strength(prng->Percent(10) ? STRENGTH_MUST : STRENGTH_SHOULD);
    const int first = prng->Between(1, 15);
    wish->mutable_types()->add_types(static_cast<InvestorType>(first));
    if (first != INVESTOR_TYPE_VENTURE_CAPITAL) wish->mutable_types()->add_types(INVESTOR_TYPE_VENTURE_CAPITAL);
  }
  if (prng->Percent(22)) {
    InvestorWish* wish = project->add_wishes();
    wish->set_strength(prng->Percent(8) ? STRENGTH_MUST : prng->Percent(50) ? STRENGTH_SHOULD : STRENGTH_NICE);
    wish->set_on_missing(ON_MISSING_UNKNOWN);
    wish->mutable_countries()->add_codes(prng->Percent(60) ? "CN" : spot.country->code);
    if (prng->Percent(30)) wish->mutable_countries()->add_codes("150");  // Europe
  }
  for (const bool exclude : {false, true}) {
    if (!prng->Percent(exclude ? 5 : 10)) continue;
    InvestorRef ref;
    if (!PickInvestor(investors, subsector, prng, &ref)) continue;
    InvestorWish* wish = project->add_wishes();
    wish->set_strength(exclude ? STRENGTH_MUST_NOT : STRENGTH_SHOULD);
    *wish->mutable_investors()->add_investors() = ref;
  }
}

void AddPriorInvestors(const Investors& investors, uint16_t subsector, int rung_index, Prng* prng, Project* project) {
  const int count = rung_index < 2 ? 0 : prng->Between(0, std::min(3, rung_index - 1));
  std::vector<std::string> known;
  for (int i = 0; i < count; ++i) {
    InvestorRef ref;
    if (!prng->Percent(70) || !PickInvestor(investors, subsector, prng, &ref)) {
      Taste outsider;
      outsider.type = INVESTOR_TYPE_VENTURE_CAPITAL;
      outsider.home = PickSpot(prng);
      ref.set_display_name(InvestorName(outsider, prng).In(prng->Percent(50)));
    }
    const std::string key = ref.external_id() + ref.display_name();
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    known.push_back(key);
    *project->add_prior_investors() = std::move(ref);
  }
}

// The long text: what is the matter, what is offered, where it is used, who stands behind it.
Text Description(const Topic& topic, const Text& company, const Text& summary, int team_size) {
  return {summary.en + " Today users pay in time and money for " + topic.problem->en + ". Our answer, " +
              topic.technology->en + ", is aimed at " + topic.application->en + " first and at related fields later. " +
              company.en + " has a team of " + std::to_string(team_size) + " people.",
          summary.zh + "目前，" + topic.problem->zh + "给用户带来持续的时间与成本压力。我们的" + topic.technology->zh +
              "首先服务于" + topic.application->zh + "，随后拓展至相关领域。" + company.zh + "现有团队" +
              std::to_string(team_size) + "人。"};
}

}  // namespace

Project MakeProject(const Investors& investors, uint64_t index) {
  Prng prng(investors.seed, Prng::kProject, index);
  const auto subsector = static_cast<uint16_t>(prng.Below(Subsectors().size()));
  const Topic topic = PickTopic(Subsectors()[subsector], &prng);
  const Spot spot = PickSpot(&prng);
  const bool chinese_first = prng.Percent(spot.country->chinese_percent);
  constexpr int kRungWeights[] = {10, 16, 20, 16, 18, 9, 5, 3, 2, 1};
  const auto rung_index = static_cast<int>(prng.PickWeighted(kRungWeights));
  const int trl = PickTrl(Ladder()[static_cast<size_t>(rung_index)], &prng);
  const bool thin = prng.Percent(10);
  const int team_size = prng.Between(2 + rung_index * 4, 8 + rung_index * rung_index * 6);

  Project project;
  project.set_external_id(ProjectId(index));
  const Text company = CompanyName(*topic.subsector, spot, &prng);
  const Text summary = TopicSummary(topic, trl, &prng);
  AddTexts(TopicTitle(topic), summary, thin ? Text{} : Description(topic, company, summary, team_size), chinese_first,
           45, &prng, project.mutable_texts());
  project.set_organisation(company.In(chinese_first));
  AddSectors(topic, &prng, &project);
  *project.mutable_place() = ToPlace(spot);
  if (thin) return project;

  project.add_keywords(chinese_first ? topic.technology->zh : topic.technology->en);
  project.add_keywords(chinese_first ? topic.subsector->label.zh : topic.subsector->label.en);
  if (prng.Percent(90)) project.set_stage_of_development(StageOfTrl(trl));
  if (prng.Percent(75)) project.set_trl(trl);
  AddMoney(rung_index, spot.country->currency, &prng, &project);
  if (prng.Percent(80)) {
    project.set_ipr_status(trl <= 3 ? (prng.Percent(50) ? IPR_STATUS_SECRET_KNOW_HOW : IPR_STATUS_APPLIED)
                                    : (prng.Percent(60) ? IPR_STATUS_GRANTED : IPR_STATUS_APPLIED));
  }
  AddLanguages(spot, chinese_first, &prng, &project);
  project.set_team_size(team_size);
  const int64_t age_days = 200 + rung_index * 420 + prng.Between(0, 500);
  project.set_founded_date(absl::FormatCivilTime(absl::CivilDay(2026, 11, 20) - age_days));
  AddPriorInvestors(investors, subsector, rung_index, &prng, &project);
  AddWishes(investors, subsector, spot, &prng, &project);
  return project;
}

}  // namespace tandem::pairing
