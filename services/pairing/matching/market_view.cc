#include "services/pairing/matching/market_view.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "services/pairing/matching/form_compiler.h"
#include "services/pairing/matching/gates.h"
#include "services/pairing/matching/lens.h"
#include "services/pairing/matching/pair_extras.h"
#include "services/pairing/matching/scorer.h"

namespace tandem::pairing::matching {
namespace {

Ranking RankingOf(const MarketView& view, int32_t as_of_day) {
  Ranking ranking;
  ranking.context = view.context;
  ranking.codes = view.codes;
  ranking.as_of_day = as_of_day;
  return ranking;
}

// Counterparts that an index has in a list which they are gone from.
class LeftOut {
 public:
  // All of `gone` but `spared_name`; `passes` says whether the gates let the counterpart of a slot through.
  template <typename Passes>
  LeftOut(const GoneList* gone, const SlotNames& names, absl::string_view spared_name, Passes passes) {
    if (gone == nullptr) return;
    const std::optional<uint32_t> spared = names.Find(spared_name);
    for (const Gone& each : *gone) {
      if (each.slot != spared && passes(each.slot)) slots_.push_back(each.slot);
    }
  }

  // How many places of the index hold `k` others.
  size_t Among(size_t k) const { return k > kWholeRanking - slots_.size() ? kWholeRanking : k + slots_.size(); }
  bool Has(uint32_t slot) const { return std::binary_search(slots_.begin(), slots_.end(), slot); }
  // Leaves the `k` best others of the best Among(k).
  void TakeOut(size_t k, TopList* top) const {
    if (slots_.empty()) return;
    std::erase_if(top->best, [this](const Scored& scored) { return Has(scored.slot); });
    if (top->best.size() > k) top->best.resize(k);
    top->passed -= static_cast<uint32_t>(slots_.size());
  }

 private:
  std::vector<uint32_t> slots_;  // ascending
};

// A day for which the investors have no forms: each is looked at.
void ScanInvestors(const MarketView& view, const ProjectExtras& extras, const LeftOut& left_out, Ranking* ranking) {
  const ProjectFacts& project = *ranking->project;
  view.investors.ForEach([&](uint32_t slot, const std::shared_ptr<const InvestorFacts>& investor) {
    if (!TakesPart(*investor)) return;
    ++ranking->considered;
    if (left_out.Has(slot)) return;
    if (!PassesGates(*view.context, project, *investor)) return;
    const Lens lens(*view.context, *view.codes, *investor, ranking->as_of_day);
    const SharedStrength shared = extras.Shared(*investor);
    const int64_t score = kPoint * ScorePair(*view.context, project, *investor, lens, shared).Sum();
    ranking->investors.push_back({score, shared, investor});
  });
  std::sort(ranking->investors.begin(), ranking->investors.end(), [](const RankedInvestor& a, const RankedInvestor& b) {
    return a.score != b.score ? a.score > b.score : a.investor->record.name() < b.investor->record.name();
  });
  ranking->passed = ranking->investors.size();
}

}  // namespace

std::shared_ptr<const ProjectFacts> MarketView::FindProject(absl::string_view name) const {
  const auto slot = project_names->Find(name);
  return slot.has_value() ? projects.Get(*slot) : nullptr;
}

std::shared_ptr<const InvestorFacts> MarketView::FindInvestor(absl::string_view name) const {
  const auto slot = investor_names->Find(name);
  return slot.has_value() ? investors.Get(*slot) : nullptr;
}

uint64_t MarketView::MarkOfInvestor(absl::string_view name) const {
  const auto slot = investor_names->Find(name);
  return slot.has_value() ? marks.OfInvestor(*slot, investor_index->Form(*slot).get()) : 0;
}

uint64_t MarketView::MarkOfProject(absl::string_view name) const {
  const auto slot = project_names->Find(name);
  return slot.has_value() ? marks.OfProject(*slot) : 0;
}

std::vector<std::shared_ptr<const InvestorFacts>> MarketView::PriorInvestors(const ProjectFacts& project) const {
  std::vector<std::shared_ptr<const InvestorFacts>> prior;
  for (const type::v1::InvestorRef& ref : project.record.prior_investors()) {
    std::shared_ptr<const InvestorFacts> investor;
    if (!ref.name().empty()) {
      investor = FindInvestor(ref.name());
    } else if (const auto id = investor_ids->Find(ref.external_id()); id.has_value() && *id < investor_of_id.size()) {
      investor = investors.Get(investor_of_id[*id]);
      // The id may be another one's by now.
      if (investor != nullptr && investor->record.external_id() != ref.external_id()) investor = nullptr;
    }
    if (investor != nullptr) prior.push_back(std::move(investor));
  }
  return prior;
}

Ranking TopProjects(const MarketView& view, std::shared_ptr<const InvestorFacts> investor, int32_t as_of_day, size_t k,
                    absl::string_view spared) {
  Ranking ranking = RankingOf(view, as_of_day);
  ranking.investor = std::move(investor);
  const InvestorFacts& subject = *ranking.investor;
  if (!TakesPart(subject)) return ranking;
  const InvestorExtras extras(view, ranking.investor, as_of_day);
  const uint32_t slot = view.investor_names->Find(subject.record.name()).value_or(0);
  const std::shared_ptr<const InvestorForm> form =
      as_of_day == view.context->reference_day ? view.investor_index->Form(slot) : nullptr;
  const LeftOut left_out(view.gone.from_investors.Peek(slot), *view.project_names, spared, [&](uint32_t project) {
    const ProjectFacts* facts = view.projects.Peek(project);
    return facts != nullptr && TakesPart(*facts) && PassesGates(*view.context, *facts, subject);
  });
  const size_t among = left_out.Among(k);
  TopList top = form != nullptr ? view.project_index->Top(*form, slot, among, &extras)
                                : view.project_index->Top(CompileForm(*view.context, *view.codes, subject, as_of_day),
                                                          slot, among, &extras);
  left_out.TakeOut(k, &top);
  ranking.passed = top.passed;
  ranking.considered = static_cast<int>(top.considered);
  ranking.projects.reserve(top.best.size());
  for (const Scored& scored : top.best) {
    auto project = view.projects.Get(scored.slot);
    const SharedStrength shared = extras.Shared(*project);
    ranking.projects.push_back({kPoint * scored.score, shared, std::move(project)});
  }
  return ranking;
}

Ranking TopInvestors(const MarketView& view, std::shared_ptr<const ProjectFacts> project, int32_t as_of_day, size_t k,
                     absl::string_view spared) {
  Ranking ranking = RankingOf(view, as_of_day);
  ranking.project = std::move(project);
  const ProjectFacts& subject = *ranking.project;
  if (!TakesPart(subject)) return ranking;
  const ProjectExtras extras(view, ranking.project, as_of_day);
  const uint32_t slot = view.project_names->Find(subject.record.name()).value_or(0);
  const LeftOut left_out(view.gone.from_projects.Peek(slot), *view.investor_names, spared, [&](uint32_t investor) {
    const InvestorFacts* facts = view.investors.Peek(investor);
    return facts != nullptr && TakesPart(*facts) && PassesGates(*view.context, subject, *facts);
  });
  if (as_of_day != view.context->reference_day) {
    ScanInvestors(view, extras, left_out, &ranking);
    return ranking;
  }
  TopList top = view.investor_index->Top(subject.row, slot, left_out.Among(k), &extras);
  left_out.TakeOut(k, &top);
  ranking.passed = top.passed;
  ranking.considered = static_cast<int>(top.considered);
  ranking.investors.reserve(top.best.size());
  for (const Scored& scored : top.best) {
    auto investor = view.investors.Get(scored.slot);
    const SharedStrength shared = extras.Shared(*investor);
    ranking.investors.push_back({kPoint * scored.score, shared, std::move(investor)});
  }
  return ranking;
}

}  // namespace tandem::pairing::matching
