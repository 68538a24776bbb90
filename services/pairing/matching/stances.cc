#include "services/pairing/matching/stances.h"

#include <algorithm>
#include <memory>

#include "common/base/test_switch.h"

namespace tandem::pairing::matching {
namespace {

constexpr int64_t kSecondsOfDay = 86'400;

Said SaidIn(const v1::Stance& stance) {
  switch (stance.kind()) {
    case v1::STANCE_KIND_SKIPPED:
      return Said::kSkipped;
    case v1::STANCE_KIND_BLOCKED:
      return Said::kBlocked;
    default:
      return Said::kNothing;
  }
}

int32_t DayOf(const google::protobuf::Timestamp& time) { return static_cast<int32_t>(time.seconds() / kSecondsOfDay); }

// Other reasons say nothing of how well the two fit: there is nothing to learn from them.
bool IsAboutFit(v1::DeclineReason reason) {
  switch (reason) {
    case v1::DECLINE_REASON_NO_CAPACITY:
    case v1::DECLINE_REASON_CONFLICT:
    case v1::DECLINE_REASON_ALREADY_IN_CONTACT:
    case v1::DECLINE_REASON_NEED_MORE_INFO:
    case v1::DECLINE_REASON_TIMING:
      return false;
    default:
      return true;
  }
}

bool BySlot(const Gone& gone, uint32_t slot) { return gone.slot < slot; }

Said SaidBySubject(const GoneList* list, uint32_t counterpart) {
  if (list == nullptr) return Said::kNothing;
  const auto found = std::lower_bound(list->begin(), list->end(), counterpart, BySlot);
  return found != list->end() && found->slot == counterpart ? found->by_subject : Said::kNothing;
}

// Takes `gone` out of the list of `subject`, or, if `is_gone` is false, in again. Whether that is another list.
bool SetGone(uint32_t subject, const Gone& gone, bool is_gone, FactsTable<GoneList>* table) {
  const GoneList* const known = table->Peek(subject);
  if (known == nullptr && !is_gone) return false;
  auto list = known == nullptr ? std::make_shared<GoneList>() : std::make_shared<GoneList>(*known);
  const auto place = std::lower_bound(list->begin(), list->end(), gone.slot, BySlot);
  const bool was = place != list->end() && place->slot == gone.slot;
  if (was ? is_gone && *place == gone : !is_gone) return false;
  if (was && is_gone) {
    *place = gone;
  } else if (was) {
    list->erase(place);
  } else {
    list->insert(place, gone);
  }
  if (list->empty()) list = nullptr;
  table->Set(subject, std::move(list));
  return true;
}

}  // namespace

Said GoneTables::InvestorSaid(uint32_t investor, uint32_t project) const {
  return SaidBySubject(from_investors.Peek(investor), project);
}

Said GoneTables::ProjectSaid(uint32_t project, uint32_t investor) const {
  return SaidBySubject(from_projects.Peek(project), investor);
}

PairFacts FactsOf(const v1::Pairing& pairing) {
  PairFacts facts;
  facts.project_said = SaidIn(pairing.project_stance());
  facts.investor_said = SaidIn(pairing.investor_stance());
  facts.mutual = pairing.state() == v1::Pairing::STATE_MUTUAL;
  if (facts.mutual && pairing.has_request()) {
    facts.answer = PairFacts::Answer::kAccepted;
    facts.answer_day = DayOf(pairing.mutual_time());
  } else if (pairing.state() == v1::Pairing::STATE_DECLINED && IsAboutFit(pairing.request().decline_reason())) {
    facts.answer = PairFacts::Answer::kDeclined;
    facts.answer_day = DayOf(pairing.request().close_time());
  }
  return facts;
}

void StanceBook::Put(absl::string_view pairing, const PairFacts& facts) {
  auto [it, is_new] = pairs_.try_emplace(pairing);
  if (!is_new && it->second.mutual) Count(it->second.investor, -1);
  if (facts.mutual) Count(facts.investor, 1);
  it->second = facts;
  if (!facts.Matters()) pairs_.erase(it);
  Show(facts);
}

void StanceBook::Remove(absl::string_view pairing) {
  const auto it = pairs_.find(pairing);
  if (it == pairs_.end()) return;
  PairFacts nothing;
  nothing.project = it->second.project;
  nothing.investor = it->second.investor;
  Put(pairing, nothing);
}

int32_t StanceBook::MutualOf(uint32_t investor) const {
  const auto it = mutual_.find(investor);
  return it == mutual_.end() ? 0 : it->second;
}

void StanceBook::Show(const PairFacts& facts) {
  const bool both_ways = !Deviates("stances.both-ways");
  const bool from_investor =
      facts.investor_said != Said::kNothing || (facts.project_said == Said::kBlocked && both_ways);
  const bool from_project =
      facts.project_said != Said::kNothing || (facts.investor_said == Said::kBlocked && both_ways);
  if (SetGone(facts.investor, {facts.project, facts.investor_said}, from_investor, &gone_.from_investors)) {
    changes_.investors.insert(facts.investor);
  }
  if (SetGone(facts.project, {facts.investor, facts.project_said}, from_project, &gone_.from_projects)) {
    changes_.projects.insert(facts.project);
  }
}

void StanceBook::Count(uint32_t investor, int32_t by) {
  int32_t& mutual = mutual_[investor];
  mutual += by;
  if (mutual == 0) mutual_.erase(investor);
  recounted_.insert(investor);
}

}  // namespace tandem::pairing::matching
