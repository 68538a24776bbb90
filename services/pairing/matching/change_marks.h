// Change marks: when what an answer can hold changed last, coarsely, without keeping any list.
//
// The mark of a subject is the number of a view. Equal marks in two views mean that every list of the subject, of any
// length, day and options, holds the same pairs with the same scores and passes the same number. How many were
// considered at all is not in the marks.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_CHANGE_MARKS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_CHANGE_MARKS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

// A number by slot, 0 where none was set; copies stay as they were. One writer; copies are for one reader each or
// constant.
class MarkTable {
 public:
  uint64_t Get(uint32_t slot) const {
    return slot / kChunk < chunks_.size() ? (*chunks_[slot / kChunk])[slot % kChunk] : 0;
  }
  void Set(uint32_t slot, uint64_t mark);
  // A copy that Set leaves alone. A pointer for each 1024 slots; the next Set of a chunk copies it.
  MarkTable Share();

 private:
  static constexpr size_t kChunk = 1024;
  using Chunk = std::array<uint64_t, kChunk>;
  std::vector<std::shared_ptr<Chunk>> chunks_;
  std::vector<bool> own_;  // by chunk: no copy has it
};

// Not thread-safe while it is written; a copy made by Share is immutable. Nanoseconds a change.
class ChangeMarks {
 public:
  // What every ranking depends on changed: rates, a taxonomy, statistics, the profile, the day.
  void EverythingChanged(uint64_t version) { everything_ = version; }
  // The record of a project changed, or one of its prior investors. `before` and `now` are its rows where it takes
  // part, else null.
  void ProjectChanged(uint32_t project, const ProjectRow* before, const ProjectRow* now, uint64_t version);
  // Somebody is gone from the list of a subject, or back.
  void StancesOfInvestorChanged(uint32_t investor, uint64_t version) { investor_stances_.Set(investor, version); }
  void StancesOfProjectChanged(uint32_t project, uint64_t version) { project_stances_.Set(project, version); }
  // The record or the deals of an investor changed. Its projects that name it as a prior investor are told apart.
  void InvestorChanged(uint32_t investor, uint64_t version);

  // The last change among the projects that the sectors of `form` may let pass, of the investor itself and who is gone
  // from its list, and of everything. Null: it takes no part, and its lists are empty.
  uint64_t OfInvestor(uint32_t investor, const InvestorForm* form) const;
  // The last change of the project and who is gone from its list, of any investor, and of everything.
  uint64_t OfProject(uint32_t project) const;

  // The last change of everything; of one record, its deals, or the prior investors of a project.
  uint64_t OfEverything() const { return everything_; }
  uint64_t OfInvestorItself(uint32_t investor) const { return investors_.Get(investor); }
  uint64_t OfProjectItself(uint32_t project) const { return projects_.Get(project); }
  // The last time that somebody was gone from the subject's list, or back.
  uint64_t OfStancesOfInvestor(uint32_t investor) const { return investor_stances_.Get(investor); }
  uint64_t OfStancesOfProject(uint32_t project) const { return project_stances_.Get(project); }

  ChangeMarks Share();

 private:
  void Touch(const ProjectRow* row, uint64_t version);

  uint64_t everything_ = 0;
  uint64_t all_projects_ = 0;  // that take part
  uint64_t all_investors_ = 0;
  uint64_t unstated_ = 0;  // projects without sectors
  MarkTable sectors_, projects_, investors_, project_stances_, investor_stances_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_CHANGE_MARKS_H_
