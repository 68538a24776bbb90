// How a Market shows itself to readers: what changed goes into the indexes, and a view is made of their snapshots.
#include <memory>
#include <utility>

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

void Market::ShowProject(const std::string& name) {
  const uint32_t slot = project_names_->Add(name);
  const auto facts = FindProject(name);
  if (facts != nullptr && TakesPart(*facts)) {
    project_index_->Put(slot, facts->row);
  } else {
    project_index_->Remove(slot);
  }
  project_table_.Set(slot, facts);
}

void Market::ShowInvestor(const std::string& name) {
  const uint32_t slot = investor_names_->Add(name);
  const auto facts = FindInvestor(name);
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
  investor_table_.Set(slot, facts);
  if (facts == nullptr || facts->record.external_id().empty()) return;
  const uint32_t id = investor_ids_->Add(facts->record.external_id());
  if (investor_of_id_.size() <= id) investor_of_id_.resize(id + 1);
  investor_of_id_[id] = slot;
}

std::shared_ptr<const MarketView> Market::View() {
  if (view_ != nullptr && !changed_ && changed_projects_.empty() && changed_investors_.empty()) return view_;
  // Forms are made for one day, and know the codes that were in use then.
  if (forms_generation_ != codes_.generation() || forms_day_ != context_->reference_day) {
    forms_generation_ = codes_.generation();
    forms_day_ = context_->reference_day;
    for (const auto& [name, facts] : investors_) changed_investors_.insert(name);
  }
  for (const std::string& name : changed_projects_) ShowProject(name);
  for (const std::string& name : changed_investors_) ShowInvestor(name);
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
  view->deal_count = deal_count();
  view->project_index = project_index_->Publish();
  view->investor_index = investor_index_->Publish();
  const IndexMemory memory = project_index_->memory();
  view->memory = {memory.structured + memory.text, all_form_bytes_ + investor_index_->memory(), memory.bookkeeping};
  view_ = std::move(view);
  return view_;
}

}  // namespace tandem::pairing::matching
