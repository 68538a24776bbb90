#include "services/pairing/matching/change_marks.h"

#include <algorithm>

namespace tandem::pairing::matching {

void MarkTable::Set(uint32_t slot, uint64_t mark) {
  while (chunks_.size() <= slot / kChunk) {
    chunks_.push_back(std::make_shared<Chunk>());
    own_.push_back(true);
  }
  std::shared_ptr<Chunk>& chunk = chunks_[slot / kChunk];
  if (!own_[slot / kChunk]) chunk = std::make_shared<Chunk>(*chunk);
  own_[slot / kChunk] = true;
  (*chunk)[slot % kChunk] = mark;
}

MarkTable MarkTable::Share() {
  own_.assign(chunks_.size(), false);
  return *this;
}

void ChangeMarks::Touch(const ProjectRow* row, uint64_t version) {
  if (row == nullptr) return;
  all_projects_ = version;
  if (row->sector_count == 0) unstated_ = version;
  for (size_t i = 0; i < row->sector_count; ++i) sectors_.Set(row->sectors[i], version);
}

void ChangeMarks::ProjectChanged(uint32_t project, const ProjectRow* before, const ProjectRow* now, uint64_t version) {
  Touch(before, version);
  Touch(now, version);
  projects_.Set(project, version);
}

void ChangeMarks::InvestorChanged(uint32_t investor, uint64_t version) {
  all_investors_ = version;
  investors_.Set(investor, version);
}

uint64_t ChangeMarks::OfInvestor(uint32_t investor, const InvestorForm* form) const {
  uint64_t mark = std::max({everything_, investors_.Get(investor), investor_stances_.Get(investor)});
  if (form == nullptr) return mark;
  const SectorPoints& sectors = form->sectors;
  if (!sectors.required) return std::max(mark, all_projects_);
  if (!sectors.refuse_unstated) mark = std::max(mark, unstated_);
  for (const SectorPoints::Listed& listed : sectors.listed) {
    if (listed.accepted && !listed.refused) mark = std::max(mark, sectors_.Get(listed.sector));
  }
  return mark;
}

uint64_t ChangeMarks::OfProject(uint32_t project) const {
  return std::max({everything_, all_investors_, projects_.Get(project), project_stances_.Get(project)});
}

ChangeMarks ChangeMarks::Share() {
  ChangeMarks shared;
  shared.everything_ = everything_;
  shared.all_projects_ = all_projects_;
  shared.all_investors_ = all_investors_;
  shared.unstated_ = unstated_;
  shared.sectors_ = sectors_.Share();
  shared.projects_ = projects_.Share();
  shared.investors_ = investors_.Share();
  shared.project_stances_ = project_stances_.Share();
  shared.investor_stances_ = investor_stances_.Share();
  return shared;
}

}  // namespace tandem::pairing::matching
