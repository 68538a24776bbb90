#include "services/pairing/service/cached_finder.h"

#include <chrono>
#include <thread>
#include <utility>

#include "absl/strings/string_view.h"

#include "common/base/status.h"
#include "common/base/test_switch.h"
#include "services/pairing/market_feed/record_name.h"
#include "services/pairing/match_cache/answer_date.h"
#include "services/pairing/matching/market_view.h"
#include "services/pairing/matching/selected_ranking.h"
#include "services/pairing/matching/selection.h"

namespace tandem::pairing {
namespace {

bool IsSubject(absl::string_view name) {
  const RecordKind kind = KindOf(name);
  return kind == RecordKind::kProject || kind == RecordKind::kInvestor;
}

// Whether the cache may answer at all; the rest is MatchFinder's, with its errors.
bool IsFirstPage(const v1::FindMatchesRequest& request) {
  return request.page_token().empty() && IsSubject(request.subject());
}

uint64_t MarkOf(const matching::MarketView& view, const v1::FindMatchesRequest& request, const AnswerKey& key) {
  return key.for_investor ? view.MarkOfInvestor(request.subject()) : view.MarkOfProject(request.subject());
}

int ConsideredOf(const matching::MarketView& view, const AnswerKey& key, bool takes_part) {
  if (!takes_part) return 0;
  return static_cast<int>(key.for_investor ? view.project_index->size() : view.investor_index->size());
}

// The field of the page token alone; null without one.
std::shared_ptr<const std::string> MoreOf(std::string token) {
  if (token.empty()) return nullptr;
  v1::FindMatchesResponse response;
  response.set_next_page_token(std::move(token));
  return std::make_shared<const std::string>(response.SerializeAsString());
}

// What is left when the page token and the date are put apart.
std::shared_ptr<const std::string> BodyOf(v1::FindMatchesResponse* response) {
  response->clear_next_page_token();
  response->mutable_metadata()->clear_consistency_token();
  response->mutable_metadata()->clear_considered_size();
  response->mutable_metadata()->clear_applied();
  response->mutable_metadata()->clear_age();
  return std::make_shared<const std::string>(response->SerializeAsString());
}

// How long to wait between two looks for what another replica computes.
constexpr std::chrono::microseconds kLook{500};

}  // namespace

EncodedAnswer CachedFinder::FindCached(const v1::FindMatchesRequest& request, const AnswerKey& key) const {
  AnswerCache::Hit hit = options_.cache->Find(EditionOf(request.subject()), key.text);
  if (hit.body == nullptr) return {};
  // What is shown is right; what follows may have changed, or be kept no longer.
  if (hit.more != nullptr && (!hit.goes_on || !options_.pages->Touch(hit.page_id))) {
    std::string page_id;
    hit.more = MoreOf(options_.finder->PageAfter(request, hit.state, hit.shown, &page_id));
    if (hit.more == nullptr) return {};
    options_.cache->PutMore(key.text, hit.more, std::move(page_id), hit.state);
  }
  return {std::move(hit.body), std::move(hit.more), std::move(hit.suffix), Age()};
}

std::shared_ptr<const std::string> CachedFinder::Age() const {
  v1::FindMatchesResponse response;
  SetAge(options_.freshness->Age(), response.mutable_metadata()->mutable_age());
  return std::make_shared<const std::string>(response.SerializeAsString());
}

absl::optional<EncodedAnswer> CachedFinder::FindNow(const v1::FindMatchesRequest& request) const {
  if (!IsFirstPage(request) || !options_.freshness->IsReached(request.consistency())) return absl::nullopt;
  EncodedAnswer answer = FindCached(request, KeyOf(request));
  if (answer.body == nullptr) return absl::nullopt;
  return answer;
}

absl::StatusOr<EncodedAnswer> CachedFinder::Find(const v1::FindMatchesRequest& request, Deadline deadline) const {
  if (!IsFirstPage(request)) {
    TANDEM_ASSIGN_OR_RETURN(const v1::FindMatchesResponse response, options_.finder->Find(request, deadline));
    return EncodedAnswer{std::make_shared<const std::string>(response.SerializeAsString()), nullptr, nullptr, nullptr};
  }
  TANDEM_RETURN_IF_ERROR(options_.freshness->Await(request.consistency(), deadline));
  const AnswerKey key = KeyOf(request);
  const absl::string_view edition = EditionOf(request.subject());
  EncodedAnswer answer = FindCached(request, key);
  if (answer.body != nullptr) return answer;

  const MarketStore::Dated state = options_.markets->FindDated(edition);
  TANDEM_RETURN_IF_ERROR(options_.freshness->CheckWhole(*state.applied));
  const Question question{request, key, edition, state, deadline};
  // What another one computes from an older state is ours too if nothing that it depends on has changed since. A newer
  // state than ours has no date that we could tell.
  const auto same = [&](const MarketStore::Dated& from) {
    return from.view != nullptr && state.view != nullptr && from.view->version <= state.view->version &&
           MarkOf(*state.view, request, key) <= from.view->version;
  };
  absl::StatusOr<Result> result = flights_.Do(key.text, state, deadline, same, [&] { return Resolve(question); });
  // One that was joined and found an answer of another state than ours.
  if (result.ok() && result->date != nullptr && !options_.freshness->Satisfies(result->of, request.consistency())) {
    result = Compute(question);
  }
  TANDEM_RETURN_IF_ERROR(result.status());
  if (result->date == nullptr) {
    result->date = options_.cache->SuffixOf(*state.applied, ConsideredOf(*state.view, key, result->takes_part));
  }
  return EncodedAnswer{std::move(result->body), std::move(result->more), std::move(result->date), Age()};
}

absl::StatusOr<CachedFinder::Result> CachedFinder::Resolve(const Question& question) const {
  if (options_.shared != nullptr && question.state.view != nullptr) {
    const auto budget = options_.shared->Budget(question.deadline);
    if (absl::optional<Result> found = FindShared(question, budget); found.has_value()) return *std::move(found);
    // Another replica is at it: what it finds is there soon, or we compute after all.
    if (!options_.shared->MayCompute(question.key.text, budget)) {
      while (std::chrono::steady_clock::now() + kLook < budget) {
        std::this_thread::sleep_for(kLook);
        if (absl::optional<Result> found = FindShared(question, budget); found.has_value()) return *std::move(found);
      }
    }
  }
  return Compute(question);
}

absl::optional<CachedFinder::Result> CachedFinder::FindShared(const Question& question,
                                                              SharedAnswers::Deadline budget) const {
  absl::optional<SharedAnswer> found = options_.shared->Get(question.key.text, budget);
  v1::FindMatchesResponse response;
  if (!found.has_value() || !response.ParseFromString(found->body)) return absl::nullopt;
  absl::optional<AnswerSubject> subject = SubjectOf(question, *question.state.view, response);
  if (!subject.has_value()) return absl::nullopt;
  // Which later pages there are depends on more than what is shown; and nobody here was told to watch a project.
  subject->plain = subject->plain && question.key.for_investor && !found->has_more;
  options_.cache->Saw(question.edition, question.state);
  AnswerCache::Proof proof = options_.cache->Prove(question.edition, *subject, found->date);
  if (!proof.right) return absl::nullopt;
  Result result;
  result.body = std::make_shared<const std::string>(std::move(found->body));
  if (proof.state.view == nullptr) {
    // Newer than what is applied here: right as it is, but not to be gone on with.
    if (found->has_more) return absl::nullopt;
    result.date = options_.cache->SuffixOf(found->date, found->considered);
    result.of = std::move(found->date);
    ++shared_hits_;
    return result;
  }
  AnswerCache::Answer answer;
  if (found->has_more) {
    result.more = MoreOf(options_.finder->PageAfter(question.request, proof.state,
                                                    static_cast<size_t>(response.matches_size()), &answer.page_id));
    if (result.more == nullptr) return absl::nullopt;
  }
  result.date = options_.cache->SuffixOf(*proof.state.applied,
                                         ConsideredOf(*proof.state.view, question.key, found->considered > 0));
  result.of = *proof.state.applied;
  answer.body = result.body;
  answer.more = result.more;
  answer.version = answer.more_version = proof.state.view->version;
  subject->plain =
      question.key.plain &&
      (question.key.for_investor || options_.markets->WatchProject(*proof.state.view, question.request.subject()));
  answer.subject = *std::move(subject);
  answer.subject.takes_part = found->considered > 0;
  ++shared_hits_;
  options_.cache->Put(question.edition, question.key.text, std::move(answer), proof.state);
  return result;
}

absl::optional<AnswerSubject> CachedFinder::SubjectOf(const Question& question, const matching::MarketView& view,
                                                      const v1::FindMatchesResponse& response) const {
  const bool for_investor = question.key.for_investor;
  const auto slot = (for_investor ? view.investor_names : view.project_names)->Find(question.request.subject());
  if (!slot.has_value()) return absl::nullopt;
  AnswerSubject subject;
  subject.slot = *slot;
  subject.for_investor = for_investor;
  subject.plain = question.key.plain;
  subject.wanted = static_cast<size_t>(question.key.wanted);
  subject.shown.reserve(static_cast<size_t>(response.matches_size()));
  for (const v1::Match& match : response.matches()) {
    const auto shown =
        for_investor ? view.project_names->Find(match.project()) : view.investor_names->Find(match.investor());
    if (!shown.has_value()) return absl::nullopt;
    subject.shown.push_back(*shown);
  }
  return subject;
}

absl::StatusOr<CachedFinder::Result> CachedFinder::Compute(const Question& question) const {
  AnswerCache::Answer answer;
  TANDEM_ASSIGN_OR_RETURN(
      v1::FindMatchesResponse response,
      options_.finder->FirstPage(question.request, question.state, question.deadline, &answer.page_id));
  const int considered = response.metadata().considered_size();
  answer.more = MoreOf(response.next_page_token());
  answer.body = BodyOf(&response);
  const Result result{answer.body, answer.more, nullptr, {}, considered > 0};
  const matching::MarketView& view = *question.state.view;
  absl::optional<AnswerSubject> subject = SubjectOf(question, view, response);
  if (!subject.has_value()) return result;
  if (!question.key.for_investor) {
    subject->plain = subject->plain &&
                     (Deviates("cache.watched") || options_.markets->WatchProject(view, question.request.subject()));
  }
  answer.subject = *std::move(subject);
  answer.subject.takes_part = considered > 0;
  answer.version = answer.more_version = view.version;
  // What goes on with options cannot be gone on with elsewhere.
  if (options_.shared != nullptr &&
      (answer.more == nullptr || !matching::AsksForSelection(question.request.options()))) {
    options_.shared->PutLater(question.key.text,
                              {*question.state.applied, considered, answer.more != nullptr, *answer.body});
  }
  PassPoint("pairing.before-put");
  options_.cache->Put(question.edition, question.key.text, std::move(answer), question.state);
  return result;
}

}  // namespace tandem::pairing
