#include "services/pairing/matching/affected_lists.h"

#include <algorithm>
#include <utility>

#include "services/pairing/matching/gates.h"
#include "services/pairing/matching/index/top_lists.h"
#include "services/pairing/matching/index/watched_projects.h"
#include "services/pairing/matching/pair_extras.h"

namespace tandem::pairing::matching {
namespace {

void SortOnce(std::vector<uint32_t>* slots) {
  std::sort(slots->begin(), slots->end());
  slots->erase(std::unique(slots->begin(), slots->end()), slots->end());
}

// By value.
bool SameText(const TextWeights* a, const TextWeights* b) {
  if (a == nullptr || b == nullptr || a == b) return a == b;
  return std::equal(a->begin(), a->end(), b->begin(), b->end(),
                    [](const TermWeight& x, const TermWeight& y) { return x.term == y.term && x.weight == y.weight; });
}

// Whether both have the same scores and gates with every investor, as far as rows tell: most edits, and what a relist
// brings again.
bool ScoresAlike(const ProjectFacts* before, const ProjectFacts* now) {
  const bool was = before != nullptr && TakesPart(*before);
  const bool is = now != nullptr && TakesPart(*now);
  if (!was || !is) return was == is;
  const ProjectRow& a = before->row;
  const ProjectRow& b = now->row;
  if (a.extra_points || a.extra_gates || b.extra_points || b.extra_gates) return false;
  return a.codes == b.codes && a.sector_count == b.sector_count && a.sectors == b.sectors && a.points == b.points &&
         a.ask_least == b.ask_least && a.ask_most == b.ask_most && SameText(a.text.get(), b.text.get());
}

}  // namespace

AffectedLists::AffectedLists(Options options, std::shared_ptr<const MarketView> view)
    : options_(options),
      view_(std::move(view)),
      lists_(std::make_unique<TopLists>(TopLists::Options{options.k, options.kmax}, view_->project_names.get(),
                                        [this](uint32_t investor, size_t k) { return BestProjects(investor, k); })),
      watched_(std::make_unique<WatchedProjects>(view_->investor_names.get())) {}

AffectedLists::~AffectedLists() = default;

std::vector<Scored> AffectedLists::BestProjects(uint32_t investor, size_t k) const {
  const auto form = view_->investor_index->Form(investor);
  if (form == nullptr) return {};
  const InvestorExtras extras(*view_, view_->investors.Get(investor), view_->context->reference_day);
  return view_->project_index->Top(*form, investor, k, &extras).best;
}

std::vector<Scored> AffectedLists::BestInvestors(const MarketView& view, uint32_t project) const {
  const auto facts = view.projects.Get(project);
  if (facts == nullptr || !TakesPart(*facts)) return {};
  const ProjectExtras extras(view, facts, view.context->reference_day);
  return view.investor_index->Top(facts->row, project, options_.k, &extras).best;
}

bool AffectedLists::Fill(size_t count) {
  for (const uint32_t end = view_->investors.end_slot(); next_ < end && count > 0; ++next_) {
    auto form = view_->investor_index->Form(next_);
    if (form == nullptr) continue;
    lists_->InvestorChanged(next_, std::move(form));
    ++list_count_;
    --count;
  }
  filled_ = next_ >= view_->investors.end_slot();
  return !filled_;
}

Affected AffectedLists::Update(std::shared_ptr<const MarketView> view) {
  Affected affected;
  affected.version = view->version;
  if (usable_ && view->version == view_->version) return affected;  // it began with this one
  const ViewChanges& changes = view->changes;
  const size_t queries = changes.investors.size() + (changes.all_forms ? list_count_ : 0);
  const size_t records = changes.projects.size() + changes.prior_projects.size() + changes.investors.size();
  if (!usable_ || view->version != view_->version + 1 || changes.everything || records > options_.most_changes ||
      queries > options_.most_queries) {
    usable_ = false;
    return affected;
  }
  affected.all_investors = !filled_;
  affected.all_projects = false;
  const std::shared_ptr<const MarketView> before = std::exchange(view_, std::move(view));
  UpdateWatched(*before, &affected);
  // Investors first: their lists are then those of the new view already, and what projects change in other lists is
  // told once.
  UpdateInvestors(*before, &affected);
  UpdateProjects(*before, &affected);
  SortOnce(&affected.investors);
  SortOnce(&affected.projects);
  return affected;
}

void AffectedLists::UpdateWatched(const MarketView& before, Affected* affected) {
  affected->projects = std::exchange(put_out_, {});
  const auto compare = [&](uint32_t project) {
    std::vector<Scored> best = BestInvestors(*view_, project);
    if (BestInvestors(before, project) == best && WatchNow(project, std::move(best))) return;
    Forget(project);
    affected->projects.push_back(project);
  };
  for (const uint32_t project : view_->changes.projects) {
    if (!ticket_of_.contains(project)) continue;
    if (!ScoresAlike(before.projects.Get(project).get(), view_->projects.Get(project).get())) compare(project);
  }
  for (const uint32_t project : view_->changes.prior_projects) {
    if (ticket_of_.contains(project)) compare(project);
  }
}

void AffectedLists::UpdateInvestors(const MarketView& before, Affected* affected) {
  for (const uint32_t investor : view_->changes.investors) {
    const auto form = view_->investor_index->Form(investor);
    if (watched_->size() > 0) {
      std::vector<uint32_t> touched;
      if (form == nullptr) {
        touched = watched_->InvestorChanged(investor, nullptr, nullptr);
      } else {
        const InvestorExtras extras(*view_, view_->investors.Get(investor), view_->context->reference_day);
        touched = watched_->InvestorChanged(investor, form.get(), &extras);
      }
      for (const uint32_t project : touched) Forget(project);
      affected->projects.insert(affected->projects.end(), touched.begin(), touched.end());
    }
    if (!filled_ && investor >= next_) continue;
    const bool had = before.investor_index->Form(investor) != nullptr;
    const bool has = form != nullptr;
    if (lists_->InvestorChanged(investor, form)) affected->investors.push_back(investor);
    list_count_ = list_count_ + (has ? 1 : 0) - (had ? 1 : 0);
  }
  if (!view_->changes.all_forms) return;
  const uint32_t end = filled_ ? view_->investors.end_slot() : next_;
  for (uint32_t investor = 0; investor < end; ++investor) {
    auto form = view_->investor_index->Form(investor);
    if (form == nullptr) continue;
    if (lists_->InvestorChanged(investor, std::move(form))) affected->investors.push_back(investor);
  }
}

void AffectedLists::UpdateProjects(const MarketView& before, Affected* affected) {
  const auto tell = [&](uint32_t project) {
    const auto facts = view_->projects.Get(project);
    std::vector<uint32_t> touched;
    if (facts == nullptr || !TakesPart(*facts)) {
      touched = lists_->ProjectChanged(project, nullptr, nullptr);
    } else {
      const ProjectExtras extras(*view_, facts, view_->context->reference_day);
      touched = lists_->ProjectChanged(project, &facts->row, &extras);
    }
    affected->investors.insert(affected->investors.end(), touched.begin(), touched.end());
  };
  for (const uint32_t project : view_->changes.projects) {
    if (!ScoresAlike(before.projects.Get(project).get(), view_->projects.Get(project).get())) tell(project);
  }
  for (const uint32_t project : view_->changes.prior_projects) tell(project);
}

bool AffectedLists::WatchNow(uint32_t project, std::vector<Scored> best) {
  const auto facts = view_->projects.Get(project);
  if (facts == nullptr || !TakesPart(*facts)) return false;
  watched_->Watch(project, facts->row, std::move(best), options_.k);
  return true;
}

bool AffectedLists::Watch(const MarketView& seen, uint32_t project) {
  if (!usable_) return false;
  std::vector<Scored> best = BestInvestors(*view_, project);
  if (seen.version != view_->version && BestInvestors(seen, project) != best) return false;
  if (!WatchNow(project, std::move(best))) return false;
  if (const auto ticket = ticket_of_.find(project); ticket != ticket_of_.end()) by_ticket_.erase(ticket->second);
  ticket_of_[project] = ++last_ticket_;
  by_ticket_[last_ticket_] = project;
  if (by_ticket_.size() > options_.most_watched) {
    put_out_.push_back(by_ticket_.begin()->second);
    Forget(put_out_.back());
  }
  return true;
}

void AffectedLists::Forget(uint32_t project) {
  watched_->Forget(project);
  const auto ticket = ticket_of_.find(project);
  if (ticket == ticket_of_.end()) return;
  by_ticket_.erase(ticket->second);
  ticket_of_.erase(ticket);
}

size_t AffectedLists::Memory() const {
  return lists_->memory().total() + watched_->memory() + ticket_of_.capacity() * 2 * sizeof(uint64_t) +
         by_ticket_.size() * 2 * sizeof(uint64_t);
}

}  // namespace tandem::pairing::matching
