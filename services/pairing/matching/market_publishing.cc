// How a Market shows itself to readers: what changed goes into the indexes, and a view is made of their snapshots.
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "services/pairing/matching/form_compiler.h"
#include "services/pairing/matching/gates.h"
#include "services/pairing/matching/market.h"
#include "services/pairing/matching/market_view.h"

namespace tandem::pairing::matching {
namespace {

// Bytes of a form apart from itself.
size_t BytesOf(const InvestorForm& form) {
  size_t bytes = sizeof(InvestorForm) + form.sectors.listed.capacity() * sizeof(SectorPoints::Listed) +
                 form.text.capacity() * sizeof(TermWeight);
  for (const ColumnPoints& column : form.columns) bytes += column.listed.capacity() * sizeof(ColumnPoints::Listed);
  return bytes;
}

}  // namespace

void Market::ShowProject(const std::string& name, ViewChanges* changes) {
  const uint32_t slot = project_names_->Add(name);
  const auto before = project_table_.Get(slot);
  const auto facts = FindProject(name);
  const bool matched = facts != nullptr && TakesPart(*facts);
  if (matched) {
    project_index_->Put(slot, facts->row);
  } else {
    project_index_->Remove(slot);
  }
  project_table_.Set(slot, facts);
  extra_keys_.Set(slot, facts != nullptr ? facts->extra_keys : ExtraKeys());
  if (before != nullptr) prior_projects_.Remove(slot, before->record);
  if (facts != nullptr) prior_projects_.Add(slot, facts->record);
  changes->projects.push_back(slot);
  marks_.ProjectChanged(slot, before != nullptr && TakesPart(*before) ? &before->row : nullptr,
                        matched ? &facts->row : nullptr, version_);
}

void Market::ShowForm(uint32_t slot, const std::shared_ptr<const InvestorFacts>& facts) {
  if (form_bytes_.size() <= slot) form_bytes_.resize(slot + 1);
  all_form_bytes_ -= std::exchange(form_bytes_[slot], 0);
  if (facts != nullptr && TakesPart(*facts)) {
    auto form = std::make_shared<const InvestorForm>(CompileForm(*context_, *shared_codes_, *facts, forms_day_));
    form_bytes_[slot] = static_cast<uint32_t>(BytesOf(*form));
    all_form_bytes_ += form_bytes_[slot];
    investor_index_->Put(slot, std::move(form));
  } else {
    investor_index_->Remove(slot);
  }
}

void Market::ShowInvestor(const std::string& name, ViewChanges* changes) {
  const uint32_t slot = investor_names_->Add(name);
  const auto before = investor_table_.Get(slot);
  const auto facts = FindInvestor(name);
  ShowForm(slot, facts);
  investor_table_.Set(slot, facts);
  company_investors_.Change(slot, before != nullptr ? before->track.get() : nullptr,
                            facts != nullptr ? facts->track.get() : nullptr);
  if (facts != nullptr && !facts->record.external_id().empty()) {
    const uint32_t id = investor_ids_->Add(facts->record.external_id());
    if (investor_of_id_.size() <= id) investor_of_id_.resize(id + 1);
    investor_of_id_[id] = slot;
  }
  changes->investors.push_back(slot);
  marks_.InvestorChanged(slot, version_);
  absl::flat_hash_set<uint32_t> naming;
  prior_projects_.FindByName(name, &naming);
  if (before != nullptr) prior_projects_.FindByExternalId(before->record.external_id(), &naming);
  if (facts != nullptr) prior_projects_.FindByExternalId(facts->record.external_id(), &naming);
  changes->prior_projects.insert(changes->prior_projects.end(), naming.begin(), naming.end());
}

void Market::ShowPriorProjects(ViewChanges* changes) {
  std::vector<uint32_t>& prior = changes->prior_projects;
  std::sort(prior.begin(), prior.end());
  prior.erase(std::unique(prior.begin(), prior.end()), prior.end());
  const absl::flat_hash_set<uint32_t> changed(changes->projects.begin(), changes->projects.end());
  std::erase_if(prior, [&](uint32_t slot) { return changed.contains(slot); });
  for (const uint32_t slot : prior) {
    const auto facts = project_table_.Get(slot);
    const ProjectRow* row = facts != nullptr && TakesPart(*facts) ? &facts->row : nullptr;
    marks_.ProjectChanged(slot, row, row, version_);
  }
}

bool Market::FormsAreOld() const {
  return forms_generation_ != codes_.generation() || forms_day_ != context_->reference_day;
}

size_t Market::Pending() const {
  if (everything_ || forms_day_ != context_->reference_day) return kEverything;
  return changed_projects_.size() + (FormsAreOld() ? investors_.size() : changed_investors_.size());
}

std::shared_ptr<const MarketView> Market::View() {
  Settle();
  if (view_ != nullptr && !changed_ && changed_projects_.empty() && changed_investors_.empty() && !stances_.changed()) {
    return view_;
  }
  ++version_;
  ViewChanges changes;
  changes.everything = std::exchange(everything_, false) || forms_day_ != context_->reference_day;
  // Forms are made for one day, and know the codes that were in use then.
  changes.all_forms = FormsAreOld();
  forms_generation_ = codes_.generation();
  forms_day_ = context_->reference_day;
  for (const std::string& name : changed_projects_) ShowProject(name, &changes);
  for (const std::string& name : changed_investors_) ShowInvestor(name, &changes);
  if (changes.all_forms) {
    for (const auto& [name, facts] : investors_) {
      if (!changed_investors_.contains(name)) ShowForm(investor_names_->Add(name), facts);
    }
  }
  ShowPriorProjects(&changes);
  ShowStances();
  if (changes.everything) changes = ViewChanges();
  // Also a context that leaves the lists as they are may show in an answer.
  if (changes.everything || view_->context != context_) marks_.EverythingChanged(version_);
  changed_projects_.clear();
  changed_investors_.clear();
  changed_ = false;

  auto view = std::make_shared<MarketView>();
  view->edition = edition_name_;
  view->context = context_;
  view->codes = shared_codes_;
  view->project_names = project_names_;
  view->investor_names = investor_names_;
  view->investor_ids = investor_ids_;
  view->projects = project_table_;
  view->investors = investor_table_;
  view->investor_of_id = investor_of_id_;
  view->company_investors = company_investors_;
  view->extra_keys = extra_keys_;
  view->deal_count = deal_count();
  view->gone = stances_.gone();
  view->project_index = project_index_->Publish();
  view->investor_index = investor_index_->Publish();
  const IndexMemory memory = project_index_->memory();
  view->memory = {memory.structured + memory.text, all_form_bytes_ + investor_index_->memory(), memory.bookkeeping};
  view->version = version_;
  view->changes = std::move(changes);
  view->marks = marks_.Share();
  view_ = std::move(view);
  return view_;
}

}  // namespace tandem::pairing::matching
