#include "services/pairing/matching/market.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/fixed_point.h"
#include "services/pairing/matching/compiler.h"
#include "services/pairing/matching/feature_counter.h"
#include "services/pairing/matching/features.h"
#include "services/pairing/matching/profile_codec.h"

namespace tandem::pairing::matching {
namespace {

// Whether two versions of a taxonomy say the same of sectors; a new list of the source sends all of them again.
bool SameSectors(const v1::Taxonomy& a, const v1::Taxonomy& b) {
  const auto bytes = [](const v1::Taxonomy& taxonomy) {
    v1::Taxonomy only;
    only.set_scheme(taxonomy.scheme());
    only.set_version(taxonomy.version());
    *only.mutable_sectors() = taxonomy.sectors();
    return only.SerializeAsString();
  };
  return bytes(a) == bytes(b);
}

// What answers say of the profile: another text whenever anything that rankings depend on was frozen anew.
void SetLabel(MarketContext* context) {
  context->ranking_profile = absl::StrCat(context->profile.id, "@", context->profile.number);
  if (context->statistics.number() > 0) absl::StrAppend(&context->ranking_profile, "/", context->statistics.number());
}

std::string EditionId(const std::string& name) { return name.substr(name.rfind('/') + 1); }

}  // namespace

Market::Market(std::string edition) : edition_name_(std::move(edition)) {
  auto context = std::make_shared<MarketContext>();
  Choose(context.get());
  context->shares = Shares(context->statistics, interner_);
  context_ = std::move(context);
  codes_.Describe(interner_.Intern(StatedFeature("country")), interner_.Intern(StatedFeature("sector")));
  shared_codes_ = std::make_shared<const CodeBook>(codes_);
  project_names_ = std::make_shared<SlotNames>();
  investor_names_ = std::make_shared<SlotNames>();
  investor_ids_ = std::make_shared<SlotNames>();
  project_index_ = std::make_unique<ProjectIndex>(project_names_.get());
  investor_index_ = std::make_unique<InvestorIndex>(investor_names_.get());
}

Market Market::Copy() const {
  Market copy(edition_name_);
  copy.staged_ = staged_;
  copy.interner_ = interner_;
  copy.codes_ = codes_;
  copy.shared_codes_ = shared_codes_;
  copy.context_ = context_;
  copy.taxonomies_ = taxonomies_;
  copy.counted_ = counted_;
  copy.profiles_ = profiles_;
  copy.projects_ = projects_;
  copy.investors_ = investors_;
  copy.deals_ = deals_;
  copy.deals_of_ = deals_of_;
  copy.deals_in_ = deals_in_;
  copy.unsettled_ = unsettled_;
  copy.name_by_external_id_ = name_by_external_id_;
  stances_.ForEach([&](const std::string& name, PairFacts facts) {
    facts.project = copy.project_names_->Add(project_names_->NameOf(facts.project));
    facts.investor = copy.investor_names_->Add(investor_names_->NameOf(facts.investor));
    copy.stances_.Put(name, facts);
  });
  for (const auto& [name, facts] : copy.projects_) copy.changed_projects_.insert(name);
  for (const auto& [name, facts] : copy.investors_) copy.changed_investors_.insert(name);
  return copy;
}

void Market::Choose(MarketContext* context) const {
  const auto chosen = profiles_.find(ProfileId(context->edition.ranking_profile()));
  absl::StatusOr<Profile> profile = chosen == profiles_.end() ? DefaultProfile() : ProfileFromProto(*chosen->second);
  context->profile = profile.ok() ? *std::move(profile) : DefaultProfile();
  SetLabel(context);
}

void Market::ChangeContext(const std::function<void(MarketContext*)>& change) {
  auto context = std::make_shared<MarketContext>(*context_);
  change(context.get());
  context->shares = Shares(context->statistics, interner_);
  context_ = std::move(context);
  codes_.Grow();
  Compiler compiler(&interner_, &codes_, context_.get());
  // Weights are the context's: none is known yet.
  for (auto& [name, deal] : deals_) deal.facts.text = nullptr;
  std::vector<Staged> all;
  all.reserve(projects_.size() + deals_.size() + investors_.size());
  for (const auto& [name, facts] : projects_) all.push_back({facts->source, nullptr, nullptr});
  for (const auto& [name, deal] : deals_) all.push_back({nullptr, nullptr, deal.record});
  for (const auto& [name, facts] : investors_) all.push_back({nullptr, facts->source, nullptr});
  std::vector<RecordText> texts = WeighTexts(all.data(), all.size());
  auto text = texts.begin();
  for (auto& [name, facts] : projects_) {
    facts = std::make_shared<const ProjectFacts>(compiler.Compile(facts->source, std::move(*text++)));
  }
  for (auto& [name, deal] : deals_) deal.facts = compiler.Compile(*deal.record, std::move(*text++));
  for (auto& [name, facts] : investors_) {
    auto compiled =
        std::make_shared<InvestorFacts>(compiler.Compile(facts->source, std::move(*text++), BuildTrackRecord(name)));
    compiled->taken_places = TakenPlaces(compiled->record);
    facts = std::move(compiled);
  }
  unsettled_.clear();
  shared_codes_ = std::make_shared<const CodeBook>(codes_);
  for (const auto& [name, facts] : projects_) changed_projects_.insert(name);
  for (const auto& [name, facts] : investors_) changed_investors_.insert(name);
  changed_ = true;
  everything_ = true;
}

void Market::SetEdition(const v1::Edition& edition) {
  const int32_t day = DayOf(edition.reference_date(), 0);
  const auto set = [&](MarketContext* context) {
    const bool other_profile = edition.ranking_profile() != context->edition.ranking_profile();
    context->edition = edition;
    context->reference_day = day;
    if (other_profile) Choose(context);
  };
  const auto compiled = [](const v1::Edition& e) {
    v1::Edition only;
    only.set_ranking_profile(e.ranking_profile());
    only.set_base_currency_code(e.base_currency_code());
    *only.mutable_exchange_rates() = e.exchange_rates();
    return only.SerializeAsString();
  };
  if (compiled(edition) != compiled(context_->edition)) return ChangeContext(set);
  // Facts depend on the money and the profile: moving the reference date leaves them as they are.
  auto context = std::make_shared<MarketContext>(*context_);
  set(context.get());
  context_ = std::move(context);
  changed_ = true;
}

void Market::SetTaxonomy(const v1::Taxonomy& taxonomy) {
  const auto known = taxonomies_.find(taxonomy.name());
  if (known != taxonomies_.end() && SameSectors(known->second, taxonomy)) return;
  taxonomies_[taxonomy.name()] = taxonomy;
  ChangeContext([&](MarketContext* context) {
    context->sectors = SectorTree();
    for (const auto& [name, each] : taxonomies_) context->sectors.Add(each, &interner_);
  });
}

void Market::SetStatistics(const v1::Statistics& statistics) {
  std::string counted = absl::StrCat(statistics.number(), "/", statistics.fingerprint());
  if (!statistics.fingerprint().empty() && counted == counted_) return;
  counted_ = std::move(counted);
  ChangeContext([&](MarketContext* context) {
    context->statistics = FrozenStatistics(statistics, &interner_);
    SetLabel(context);
  });
}

void Market::SetProfile(const v1::RankingProfile& profile) {
  const std::string id = ProfileId(profile.name());
  const auto known = profiles_.find(id);
  if (known != profiles_.end() && known->second->SerializeAsString() == profile.SerializeAsString()) return;
  profiles_[id] = std::make_shared<const v1::RankingProfile>(profile);
  if (id != ProfileId(context_->edition.ranking_profile())) return;
  // The points of rows and forms are the profile's.
  ChangeContext([this](MarketContext* context) { Choose(context); });
}

void Market::RemoveProfile(absl::string_view name) {
  const std::string id = ProfileId(name);
  if (profiles_.erase(id) == 0 || id != ProfileId(context_->edition.ranking_profile())) return;
  // The points of rows and forms are the profile's.
  ChangeContext([this](MarketContext* context) { Choose(context); });
}

void Market::Put(std::shared_ptr<const projects::v1::Project> project, RecordText text) {
  const std::string& name = project->name();
  changed_projects_.insert(name);
  Compiler compiler(&interner_, &codes_, context_.get());
  // A snapshot comes in the order of names.
  auto& facts = projects_.try_emplace(projects_.end(), name)->second;
  facts = std::make_shared<const ProjectFacts>(compiler.Compile(std::move(project), std::move(text)));
}

void Market::Put(std::shared_ptr<const investors::v1::Investor> investor, RecordText text) {
  const std::string& name = investor->name();
  changed_investors_.insert(name);
  if (!investor->external_id().empty()) name_by_external_id_[investor->external_id()] = name;
  auto& facts = investors_[name];
  auto track = facts != nullptr ? facts->track : BuildTrackRecord(name);
  Compiler compiler(&interner_, &codes_, context_.get());
  auto compiled =
      std::make_shared<InvestorFacts>(compiler.Compile(std::move(investor), std::move(text), std::move(track)));
  compiled->taken_places = TakenPlaces(compiled->record);
  facts = std::move(compiled);
}

void Market::Put(std::shared_ptr<const investors::v1::Deal> deal, RecordText text) {
  const std::string& name = deal->name();
  DropDeal(name);
  const std::string& investor = deal->investor().name();
  Compiler compiler(&interner_, &codes_, context_.get());
  deals_of_[investor].insert(name);
  const auto [it, is_new] =
      deals_.insert_or_assign(name, StoredDeal{investor, deal, compiler.Compile(*deal, std::move(text))});
  NoteDeal(it->second, name, true);
}

void Market::NoteDeal(const StoredDeal& deal, const std::string& name, bool there) {
  changed_ = true;
  // A snapshot has an investor's deals one after the other.
  const auto last = unsettled_.rbegin();
  if (last == unsettled_.rend() || *last != deal.investor) unsettled_.insert(deal.investor);
  auto& deals = deals_in_[deal.facts.company];
  const int32_t before = deals.empty() ? 0 : deals.begin()->first;
  const std::pair<int32_t, std::string> entry(deal.facts.day, name);
  there ? static_cast<void>(deals.insert(entry)) : static_cast<void>(deals.erase(entry));
  if (deals.empty()) {
    deals_in_.erase(deal.facts.company);
  } else if (deals.begin()->first != before) {
    for (const auto& [day, other] : deals) unsettled_.insert(deals_.at(other).investor);
  }
}

void Market::RemoveProject(absl::string_view name) {
  CompileStaged();
  if (projects_.erase(std::string(name)) > 0) changed_projects_.insert(std::string(name));
}

void Market::RemoveInvestor(absl::string_view name) {
  CompileStaged();
  const auto it = investors_.find(std::string(name));
  if (it == investors_.end()) return;
  const auto by_id = name_by_external_id_.find(it->second->record.external_id());
  if (by_id != name_by_external_id_.end() && by_id->second == name) name_by_external_id_.erase(by_id);
  investors_.erase(it);
  changed_investors_.insert(std::string(name));
}

void Market::RemoveDeal(absl::string_view name) {
  CompileStaged();
  DropDeal(name);
}

void Market::DropDeal(absl::string_view name) {
  const auto it = deals_.find(name);
  if (it == deals_.end()) return;
  const StoredDeal deal = std::move(it->second);
  deals_of_[deal.investor].erase(std::string(name));
  deals_.erase(it);
  NoteDeal(deal, std::string(name), false);
}

void Market::Settle() {
  CompileStaged();
  for (const std::string& investor : unsettled_) RefreshInvestor(investor);
  unsettled_.clear();
  RecountPlaces();
  if (codes_.size() != shared_codes_->size()) shared_codes_ = std::make_shared<const CodeBook>(codes_);
}

std::shared_ptr<const TrackRecord> Market::BuildTrackRecord(absl::string_view investor) const {
  std::vector<DealFacts> deals;
  const auto names = deals_of_.find(investor);
  if (names != deals_of_.end()) {
    deals.reserve(names->second.size());
    for (const std::string& name : names->second) {
      DealFacts& deal = deals.emplace_back(deals_.at(name).facts);
      const bool opening = deals_in_.at(deal.company).begin()->first == deal.day;
      deal.codes[kHistoryColumn] = opening ? kFirstRound : kLaterRound;
    }
  }
  return std::make_shared<const TrackRecord>(MakeTrackRecord(std::move(deals)));
}

void Market::RefreshInvestor(absl::string_view name) {
  const auto it = investors_.find(std::string(name));
  if (it == investors_.end()) return;
  auto facts = std::make_shared<InvestorFacts>(*it->second);
  facts->track = BuildTrackRecord(name);
  it->second = std::move(facts);
  changed_investors_.insert(std::string(name));
}

std::shared_ptr<const ProjectFacts> Market::FindProject(absl::string_view name) const {
  const auto it = projects_.find(std::string(name));
  return it == projects_.end() ? nullptr : it->second;
}

std::shared_ptr<const InvestorFacts> Market::FindInvestor(absl::string_view name) const {
  const auto it = investors_.find(std::string(name));
  return it == investors_.end() ? nullptr : it->second;
}

std::vector<std::shared_ptr<const InvestorFacts>> Market::PriorInvestors(const ProjectFacts& project) const {
  std::vector<std::shared_ptr<const InvestorFacts>> prior;
  for (const type::v1::InvestorRef& ref : project.record.prior_investors()) {
    std::string name = ref.name();
    if (name.empty() && !ref.external_id().empty()) {
      const auto it = name_by_external_id_.find(ref.external_id());
      if (it != name_by_external_id_.end()) name = it->second;
    }
    if (auto investor = FindInvestor(name)) prior.push_back(std::move(investor));
  }
  return prior;
}

Market::Countable Market::WhatCounts() const {
  Countable countable;
  countable.edition = edition_name_;
  countable.context = context_;
  for (const auto& [name, facts] : projects_) {
    if (facts->matched) countable.projects.push_back(facts);
  }
  countable.deals.reserve(deals_.size());
  for (const auto& [name, deal] : deals_) {
    countable.deals.push_back({deal.record, deals_in_.at(deal.facts.company).begin()->first == deal.facts.day});
  }
  return countable;
}

v1::Statistics Market::CountStatistics(const Countable& countable) {
  FeatureCounter counter(*countable.context);
  for (const auto& facts : countable.projects) counter.AddProject(facts->record);
  for (const auto& deal : countable.deals) counter.AddDeal(*deal.record, deal.opening);
  v1::Statistics statistics = counter.Result();
  statistics.set_name(absl::StrCat("editions/", EditionId(countable.edition), "/statistics"));
  return statistics;
}

}  // namespace tandem::pairing::matching
