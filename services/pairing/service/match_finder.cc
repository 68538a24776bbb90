#include "services/pairing/service/match_finder.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "common/base/civil_date.h"
#include "common/base/mutex.h"
#include "common/base/status.h"
#include "services/pairing/market_feed/record_name.h"
#include "services/pairing/match_cache/answer_date.h"
#include "services/pairing/match_cache/answer_key.h"
#include "services/pairing/matching/explanation.h"
#include "services/pairing/matching/market.h"
#include "services/pairing/matching/market_view.h"
#include "services/pairing/matching/ranking.h"
#include "services/pairing/matching/selected_ranking.h"
#include "services/pairing/matching/selection.h"

namespace tandem::pairing {
namespace {

absl::Status EditionNotFound(absl::string_view edition) {
  return MakeError(absl::StatusCode::kNotFound, "EDITION_NOT_FOUND",
                   absl::StrCat("there is no edition ", edition, "; create it with EditionService.CreateEdition"),
                   {{"edition", std::string(edition)}});
}

absl::Status NotFound(absl::string_view resource) {
  return MakeError(absl::StatusCode::kNotFound, "RESOURCE_NOT_FOUND",
                   absl::StrCat("there is no ", resource,
                                "; if it was just written, pass its consistency token as at_least_as_fresh"),
                   {{"resource", std::string(resource)}});
}

// The day of `date`, or the edition's reference day when it is empty. The format was validated with the request.
absl::StatusOr<int32_t> DayOf(absl::string_view date, const matching::MarketView& market) {
  if (date.empty()) return market.context->reference_day;
  absl::StatusOr<int32_t> day = ParseDate(date);
  if (!day.ok()) return InvalidFields({{"as_of_date", std::string(day.status().message())}});
  return *day;
}

// What of a request a page token is bound to: all but the page's size, the token itself, and the consistency, which is
// the first page's whatever a later one says.
std::string ArgumentsOf(const v1::FindMatchesRequest& request) {
  v1::FindMatchesRequest bound = request;
  bound.clear_page_size();
  bound.clear_page_token();
  bound.clear_consistency();
  return absl::StrCat("FindMatches|", bound.SerializeAsString());
}

// Holds one of the places in which rankings are computed.
class Slot {
 public:
  Slot(Slots* slots, Deadline deadline) : slots_(slots->TakeUntil(deadline) ? slots : nullptr) {}
  ~Slot() {
    if (slots_ != nullptr) slots_->GiveBack();
  }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

  absl::Status status() const {
    if (slots_ != nullptr) return absl::OkStatus();
    return MakeError(absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED",
                     "the deadline passed while other rankings were computed: allow more time");
  }

 private:
  Slots* slots_;
};

size_t PageSize(int32_t asked) { return static_cast<size_t>(asked == 0 ? kDefaultPageSize : asked); }

// Adds [begin, end) of `ranking` to `matches`.
template <typename Matches>
void AddMatches(const matching::Ranking& ranking, size_t begin, size_t end, bool explain, absl::string_view language,
                Matches* matches) {
  matches->Reserve(static_cast<int>(end - begin));
  for (size_t index = begin; index < end; ++index) {
    *matches->Add() = matching::DescribeMatch(ranking, index, explain, language);
    matching::DescribeAdjustment(ranking, index, explain, &*matches->rbegin());
  }
}

// What was said of each other, as far as a caller of `side` may know it.
matching::SaidInPair SaidOf(const matching::MarketView& market, absl::string_view project, absl::string_view investor,
                            CallerSide side) {
  const auto project_slot = market.project_names->Find(project);
  const auto investor_slot = market.investor_names->Find(investor);
  matching::SaidInPair said;
  if (!project_slot.has_value() || !investor_slot.has_value()) return said;
  if (side != CallerSide::kInvestor) said.project = market.gone.ProjectSaid(*project_slot, *investor_slot);
  if (side != CallerSide::kProject) said.investor = market.gone.InvestorSaid(*investor_slot, *project_slot);
  return said;
}

int RankOf(const std::string& project, const std::vector<matching::RankedProject>& ranked) {
  const auto found = std::find_if(ranked.begin(), ranked.end(),
                                  [&](const auto& entry) { return entry.project->record.name() == project; });
  return found == ranked.end() ? 0 : static_cast<int>(found - ranked.begin()) + 1;
}

int RankOf(const std::string& investor, const std::vector<matching::RankedInvestor>& ranked) {
  const auto found = std::find_if(ranked.begin(), ranked.end(),
                                  [&](const auto& entry) { return entry.investor->record.name() == investor; });
  return found == ranked.end() ? 0 : static_cast<int>(found - ranked.begin()) + 1;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const KeptRanking>> MatchFinder::Rank(const MarketStore::Dated& state,
                                                                     absl::string_view subject, absl::string_view field,
                                                                     absl::string_view as_of_date,
                                                                     const v1::MatchOptions& options, size_t wanted,
                                                                     Deadline deadline) const {
  const RecordKind kind = KindOf(subject);
  if (kind != RecordKind::kProject && kind != RecordKind::kInvestor) {
    return InvalidFields(
        {{std::string(field), absl::StrCat("\"", subject,
                                           "\" names no subject: write editions/{edition}/projects/{project} "
                                           "or editions/{edition}/investors/{investor}")}});
  }
  auto kept = std::make_shared<KeptRanking>();
  const Slot slot(slots_.get(), deadline);
  TANDEM_RETURN_IF_ERROR(slot.status());
  const auto& [market, applied] = state;
  TANDEM_ASSIGN_OR_RETURN(std::string token, options_.freshness->TokenOf(applied));
  if (market == nullptr) return EditionNotFound(EditionOf(subject));
  TANDEM_ASSIGN_OR_RETURN(const int32_t day, DayOf(as_of_date, *market));
  const bool adjusted = matching::AsksForSelection(options);
  const size_t k = adjusted ? matching::kWholeRanking : wanted;
  if (kind == RecordKind::kProject) {
    auto project = market->FindProject(subject);
    if (project == nullptr) return NotFound(subject);
    kept->ranking = std::make_shared<matching::Ranking>(matching::TopInvestors(*market, std::move(project), day, k));
  } else {
    auto investor = market->FindInvestor(subject);
    if (investor == nullptr) return NotFound(subject);
    kept->ranking = std::make_shared<matching::Ranking>(matching::TopProjects(*market, std::move(investor), day, k));
  }
  const matching::Ranking& ranking = *kept->ranking;
  Describe(ranking, *applied, std::move(token), &kept->metadata);
  if (ranking.size() < ranking.passed) kept->view = market;
  if (!adjusted) kept->date = *applied;
  kept->ranking = matching::WithOptions(std::move(kept->ranking), options, wanted);
  return kept;
}

absl::StatusOr<std::shared_ptr<const KeptRanking>> MatchFinder::Lengthen(std::shared_ptr<const KeptRanking> kept,
                                                                         size_t end, Deadline deadline) const {
  if (kept->view == nullptr || end <= kept->ranking->size()) return kept;
  const Slot slot(slots_.get(), deadline);
  TANDEM_RETURN_IF_ERROR(slot.status());
  const matching::Ranking& known = *kept->ranking;
  auto longer = std::make_shared<KeptRanking>(*kept);
  longer->ranking = std::make_shared<matching::Ranking>(
      known.project != nullptr ? matching::TopInvestors(*kept->view, known.project, known.as_of_day, end)
                               : matching::TopProjects(*kept->view, known.investor, known.as_of_day, end));
  longer->metadata.set_total_size(static_cast<int32_t>(longer->ranking->passed));
  return longer;
}

absl::StatusOr<v1::FindMatchesResponse> MatchFinder::Find(const v1::FindMatchesRequest& request,
                                                          Deadline deadline) const {
  if (request.page_token().empty()) {
    TANDEM_RETURN_IF_ERROR(options_.freshness->Await(request.consistency(), deadline));
    std::string page_id;
    return FirstPage(request, options_.markets->FindDated(EditionOf(request.subject())), deadline, &page_id);
  }
  absl::StatusOr<RankingPages::Page> opened = options_.pages->Open(request.page_token(), ArgumentsOf(request));
  if (absl::IsAborted(opened.status())) opened = OpenAgain(request, opened.status(), deadline);
  TANDEM_ASSIGN_OR_RETURN(RankingPages::Page page, std::move(opened));
  return PageOf(request, std::move(page.kept), page.offset, deadline, &page.id);
}

absl::StatusOr<RankingPages::Page> MatchFinder::OpenAgain(const v1::FindMatchesRequest& request, absl::Status expired,
                                                          Deadline deadline) const {
  TANDEM_ASSIGN_OR_RETURN(const RankingPages::Place place,
                          options_.pages->Find(request.page_token(), ArgumentsOf(request)));
  if (place.date.empty() || options_.unchanged_since == nullptr) return expired;
  const absl::Status reached = options_.freshness->Await(place.date, deadline);
  if (!reached.ok()) return absl::IsUnavailable(reached) ? reached : expired;
  const MarketStore::Dated state = options_.unchanged_since(request.subject(), place.date);
  if (state.view == nullptr) return expired;
  RankingPages::Page page;
  page.offset = place.offset;
  page.kept = Unranked(request, state);
  if (page.kept == nullptr) return expired;
  return page;
}

absl::StatusOr<v1::FindMatchesResponse> MatchFinder::FirstPage(const v1::FindMatchesRequest& request,
                                                               const MarketStore::Dated& state, Deadline deadline,
                                                               std::string* page_id) const {
  const size_t wanted =
      matching::AsksForSelection(request.options()) ? matching::kWholeRanking : PageSize(request.page_size());
  TANDEM_ASSIGN_OR_RETURN(
      auto kept, Rank(state, request.subject(), "subject", request.as_of_date(), request.options(), wanted, deadline));
  page_id->clear();
  return PageOf(request, std::move(kept), 0, deadline, page_id);
}

absl::StatusOr<v1::FindMatchesResponse> MatchFinder::PageOf(const v1::FindMatchesRequest& request,
                                                            std::shared_ptr<const KeptRanking> kept, size_t offset,
                                                            Deadline deadline, std::string* page_id) const {
  const size_t page_size = PageSize(request.page_size());
  TANDEM_ASSIGN_OR_RETURN(const std::shared_ptr<const KeptRanking> longer,
                          Lengthen(kept, offset + page_size, deadline));
  const matching::Ranking& ranking = *longer->ranking;
  const size_t end = std::max(offset, std::min(ranking.size(), offset + page_size));
  v1::FindMatchesResponse response;
  AddMatches(ranking, offset, end, request.explain(), request.language_code(), response.mutable_matches());
  *response.mutable_metadata() = longer->metadata;
  response.mutable_metadata()->set_passed_over_size(static_cast<int32_t>(matching::PassedOverBefore(ranking, end)));
  if (end < ranking.size() || (longer->view != nullptr && end < ranking.passed)) {
    if (page_id->empty()) *page_id = options_.pages->Keep(std::move(kept));
    response.set_next_page_token(options_.pages->Token(*page_id, end, ArgumentsOf(request), longer->date));
  }
  return response;
}

std::string MatchFinder::PageAfter(const v1::FindMatchesRequest& request, const MarketStore::Dated& state,
                                   size_t offset, std::string* page_id) const {
  page_id->clear();
  std::shared_ptr<const KeptRanking> kept = Unranked(request, state);
  if (kept == nullptr) return "";
  *page_id = options_.pages->Keep(std::move(kept));
  return options_.pages->Token(*page_id, offset, ArgumentsOf(request), *state.applied);
}

std::shared_ptr<const KeptRanking> MatchFinder::Unranked(const v1::FindMatchesRequest& request,
                                                         const MarketStore::Dated& state) const {
  const absl::StatusOr<int32_t> day = DayOf(request.as_of_date(), *state.view);
  const absl::StatusOr<std::string> token = options_.freshness->TokenOf(state.applied);
  if (!day.ok() || !token.ok() || matching::AsksForSelection(request.options())) return nullptr;
  auto ranking = std::make_shared<matching::Ranking>();
  ranking->context = state.view->context;
  ranking->codes = state.view->codes;
  ranking->as_of_day = *day;
  ranking->passed = matching::kWholeRanking;  // counted when it is ranked, for the page that comes
  if (KindOf(request.subject()) == RecordKind::kProject) {
    ranking->project = state.view->FindProject(request.subject());
    ranking->considered = static_cast<int32_t>(state.view->investor_index->size());
  } else {
    ranking->investor = state.view->FindInvestor(request.subject());
    ranking->considered = static_cast<int32_t>(state.view->project_index->size());
  }
  if (ranking->project == nullptr && ranking->investor == nullptr) return nullptr;
  auto kept = std::make_shared<KeptRanking>();
  Describe(*ranking, *state.applied, *token, &kept->metadata);
  kept->ranking = std::move(ranking);
  kept->view = state.view;
  kept->date = *state.applied;
  return kept;
}

void MatchFinder::Describe(const matching::Ranking& ranking, const ConsistencyToken& applied, std::string token,
                           v1::MatchMetadata* metadata) const {
  metadata->set_consistency_token(std::move(token));
  AddPositions(applied, metadata);
  SetAge(options_.freshness->Age(), metadata->mutable_age());
  metadata->set_as_of_date(FormatDate(ranking.as_of_day));
  metadata->set_ranking_profile(ranking.context->ranking_profile);
  metadata->set_total_size(static_cast<int32_t>(std::min<size_t>(ranking.passed, INT32_MAX)));
  metadata->set_considered_size(ranking.considered);
}

v1::BatchFindMatchesResponse MatchFinder::Answer(const v1::BatchFindMatchesRequest& request, int index,
                                                 Deadline deadline) const {
  const std::string& subject = request.subjects(index);
  v1::BatchFindMatchesResponse response;
  response.set_subject(subject);
  const std::string field = absl::StrCat("subjects[", index, "]");
  absl::StatusOr<std::shared_ptr<const KeptRanking>> kept =
      EditionOf(subject) == request.parent()
          ? Rank(options_.markets->FindDated(request.parent()), subject, field, request.as_of_date(), request.options(),
                 PageSize(request.page_size()), deadline)
          : InvalidFields({{field, absl::StrCat("\"", subject, "\" is not in ", request.parent())}});
  *response.mutable_status() = options_.to_proto(kept.status());
  if (kept.ok()) {
    const matching::Ranking& ranking = *(*kept)->ranking;
    const size_t end = std::min(ranking.size(), PageSize(request.page_size()));
    AddMatches(ranking, 0, end, request.explain(), request.language_code(), response.mutable_matches());
    *response.mutable_metadata() = (*kept)->metadata;
    response.mutable_metadata()->set_passed_over_size(static_cast<int32_t>(matching::PassedOverBefore(ranking, end)));
  }
  return response;
}

absl::Status MatchFinder::FindMany(const v1::BatchFindMatchesRequest& request, Deadline deadline,
                                   const std::function<bool(const v1::BatchFindMatchesResponse&)>& emit,
                                   const std::function<bool()>& cancelled) const {
  TANDEM_RETURN_IF_ERROR(options_.freshness->Await(request.consistency(), deadline));

  std::atomic<int> next{0};
  std::atomic<bool> stop{false};
  std::atomic<bool> late{false};
  Mutex emit_mutex;
  const auto work = [&] {
    while (!stop) {
      const int index = next.fetch_add(1);
      if (index >= request.subjects_size()) return;
      if (std::chrono::steady_clock::now() >= deadline) late = true;
      if (late || cancelled()) break;
      const v1::BatchFindMatchesResponse response = Answer(request, index, deadline);
      MutexLock lock(&emit_mutex);
      // Under the lock, or another thread would emit once more to a caller that has said it listens no longer.
      if (stop || !emit(response)) stop = true;
    }
    stop = true;
  };
  std::vector<std::thread> helpers;
  for (int i = 1; i < std::min(options_.batch_threads, request.subjects_size()); ++i) helpers.emplace_back(work);
  work();
  for (std::thread& helper : helpers) helper.join();
  if (late) {
    return MakeError(absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED",
                     "the deadline passed before all subjects were answered: ask for fewer at once or allow more time");
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::MatchExplanation> MatchFinder::Explain(const v1::ExplainMatchRequest& request, Deadline deadline,
                                                          CallerSide side) const {
  const absl::string_view edition = EditionOf(request.project());
  if (EditionOf(request.investor()) != edition) {
    return InvalidFields({{"investor", absl::StrCat("\"", request.investor(), "\" is not in ", edition,
                                                    ", the edition of the project: nothing crosses editions")}});
  }
  TANDEM_RETURN_IF_ERROR(options_.freshness->Await(request.consistency(), deadline));

  const Slot slot(slots_.get(), deadline);
  TANDEM_RETURN_IF_ERROR(slot.status());
  const auto [market, applied] = options_.markets->FindDated(edition);
  TANDEM_ASSIGN_OR_RETURN(const std::string token, options_.freshness->TokenOf(applied));
  if (market == nullptr) return EditionNotFound(edition);
  TANDEM_ASSIGN_OR_RETURN(const int32_t day, DayOf(request.as_of_date(), *market));
  const auto project = market->FindProject(request.project());
  if (project == nullptr) return NotFound(request.project());
  const auto investor = market->FindInvestor(request.investor());
  if (investor == nullptr) return NotFound(request.investor());

  const absl::string_view language =
      request.language_code().empty() ? "en" : absl::string_view(request.language_code());
  v1::MatchExplanation explanation = matching::ExplainPair(
      *market, *project, *investor, day, language, SaidOf(*market, request.project(), request.investor(), side));
  if (explanation.eligible()) {
    // Nothing was said, or nothing that this caller may know: the places are those of a pair of which nothing was said.
    constexpr size_t kAll = matching::kWholeRanking;
    explanation.set_rank_for_project(
        RankOf(request.investor(), matching::TopInvestors(*market, project, day, kAll, request.investor()).investors));
    explanation.set_rank_for_investor(
        RankOf(request.project(), matching::TopProjects(*market, investor, day, kAll, request.project()).projects));
  }
  explanation.set_as_of_date(FormatDate(day));
  explanation.set_ranking_profile(market->context->ranking_profile);
  explanation.set_consistency_token(token);
  return explanation;
}

absl::StatusOr<v1::Statistics> MatchFinder::CountStatistics(const std::string& edition, absl::string_view token,
                                                            Deadline deadline) const {
  TANDEM_RETURN_IF_ERROR(options_.freshness->Await(token, deadline));
  matching::Market::Countable countable;
  const bool known =
      options_.markets->Read(edition, [&](const matching::Market& market) { countable = market.WhatCounts(); });
  TANDEM_RETURN_IF_ERROR(options_.freshness->StillReady());
  if (!known) return EditionNotFound(edition);
  return matching::Market::CountStatistics(countable);
}

}  // namespace tandem::pairing
