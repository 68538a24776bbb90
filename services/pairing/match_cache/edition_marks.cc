#include "services/pairing/match_cache/edition_marks.h"

#include <algorithm>

#include "common/base/test_switch.h"
#include "services/pairing/match_cache/answer_key.h"

namespace tandem::pairing {

uint64_t EditionMarks::LastChangeOfList(const AnswerSubject& subject) const {
  const matching::ChangeMarks& marks = view_->marks;
  uint64_t last = Deviates("cache.everything-marks") ? 0 : marks.OfEverything();
  if (subject.for_investor) {
    last = std::max({last, all_investors_, investors_.Get(subject.slot), marks.OfInvestorItself(subject.slot),
                     marks.OfStancesOfInvestor(subject.slot)});
    if (Deviates("cache.record-marks")) return last;
    for (const uint32_t project : subject.shown) last = std::max(last, marks.OfProjectItself(project));
  } else {
    last = std::max({last, all_projects_, projects_.Get(subject.slot), marks.OfProjectItself(subject.slot),
                     marks.OfStancesOfProject(subject.slot)});
    if (Deviates("cache.record-marks")) return last;
    for (const uint32_t investor : subject.shown) last = std::max(last, marks.OfInvestorItself(investor));
  }
  return last;
}

uint64_t EditionMarks::LastChangeOfAll(const AnswerSubject& subject) const {
  return subject.for_investor ? view_->marks.OfInvestor(subject.slot, view_->investor_index->Form(subject.slot).get())
                              : view_->marks.OfProject(subject.slot);
}

uint64_t EditionMarks::LastChange(const AnswerSubject& subject) const {
  const uint64_t last = Deviates("cache.coarse-marks") && !subject.plain ? 0 : LastChangeOfAll(subject);
  return IsNamed(subject) ? std::min(last, LastChangeOfList(subject)) : last;
}

bool EditionMarks::IsNamed(const AnswerSubject& subject) const {
  if (!subject.plain) return false;
  const matching::GoneTables& tables = view_->gone;
  const matching::GoneList* gone =
      subject.for_investor ? tables.from_investors.Peek(subject.slot) : tables.from_projects.Peek(subject.slot);
  return gone == nullptr || gone->size() + subject.wanted <= size_t{kLongestExactList} || Deviates("stances.room");
}

std::shared_ptr<const EditionMarks> EditionMarks::WithView(const MarketStore::Dated& shown) const {
  auto marks = std::make_shared<EditionMarks>(*this);
  marks->view_ = shown.view;
  marks->applied_ = shown.applied;
  return marks;
}

std::shared_ptr<const EditionMarks> MarksWriter::Note(const MarketStore::Announcement& announcement) {
  const matching::Affected& affected = announcement.affected;
  const bool all = !Deviates("cache.relist-marks");
  if (affected.all_investors && all) all_investors_ = affected.version;
  if (affected.all_projects && all) all_projects_ = affected.version;
  const bool exact = !Deviates("cache.exact-marks");
  for (const uint32_t slot : affected.investors) investors_.Set(slot, exact ? affected.version : 0);
  for (const uint32_t slot : affected.projects) projects_.Set(slot, exact ? affected.version : 0);
  auto marks = std::make_shared<EditionMarks>();
  marks->version_ = affected.version;
  marks->view_ = announcement.view;
  marks->applied_ = announcement.applied;
  marks->all_investors_ = all_investors_;
  marks->all_projects_ = all_projects_;
  marks->investors_ = investors_.Share();
  marks->projects_ = projects_.Share();
  return marks;
}

}  // namespace tandem::pairing
