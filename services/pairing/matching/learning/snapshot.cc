#include "services/pairing/matching/learning/snapshot.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

#include "services/pairing/matching/compiler.h"
#include "services/pairing/matching/feature_counter.h"

namespace tandem::pairing::matching {
namespace {

// Deals between two looks at whether to go on.
constexpr size_t kStretch = 500;

projects::v1::Project ProjectOf(const DealTable& table, const DealTable::Round& round,
                                const std::vector<uint32_t>& prior) {
  projects::v1::Project project;
  project.set_state(projects::v1::Project::STATE_PUBLISHED);
  std::set<int> instruments, cooperation;
  for (const uint32_t row : round.rows) {
    // What the first of its deals leaves open, the next may say.
    const investors::v1::Deal& deal = *table.rows()[row].deal;
    if (project.sectors().empty()) *project.mutable_sectors() = deal.sectors();
    if (project.place().country_code().empty()) *project.mutable_place() = deal.place();
    if (project.funding_round() == 0) project.set_funding_round(deal.funding_round());
    if (project.stage_of_development() == 0) project.set_stage_of_development(deal.stage_of_development());
    if (project.trl() == 0) project.set_trl(deal.trl());
    if (project.ask().target_minor() == 0) {
      project.mutable_ask()->set_currency_code(deal.round_size().currency_code());
      project.mutable_ask()->set_target_minor(deal.round_size().amount_minor());
    }
    instruments.insert(deal.instruments().begin(), deal.instruments().end());
    cooperation.insert(deal.cooperation_types().begin(), deal.cooperation_types().end());
  }
  for (const int value : instruments) project.add_instruments(static_cast<type::v1::Instrument>(value));
  for (const int value : cooperation) project.add_cooperation_types(static_cast<type::v1::CooperationType>(value));
  for (const uint32_t investor : prior) project.add_prior_investors()->set_name(table.InvestorKey(investor));
  return project;
}

std::unique_ptr<const investors::v1::Mandate> WithoutGates(const investors::v1::Mandate& mandate) {
  auto open = std::make_unique<investors::v1::Mandate>();
  for (const investors::v1::Criterion& criterion : mandate.criteria()) {
    if (criterion.strength() == type::v1::STRENGTH_MUST_NOT) continue;
    investors::v1::Criterion* kept = open->add_criteria();
    *kept = criterion;
    if (criterion.strength() == type::v1::STRENGTH_MUST) kept->set_strength(type::v1::STRENGTH_SHOULD);
  }
  return open;
}

}  // namespace

const Profile& IdentityProfile() {
  static const Profile profile = [] {
    Profile p;
    for (Shape& shape : p.shapes) shape.weight = 1000;
    return p;
  }();
  return profile;
}

SnapshotMaker::SnapshotMaker(const MarketContext* context, const Interner& interner, const CodeBook& codes,
                             const DealTable* table, absl::Span<const std::shared_ptr<const InvestorFacts>> seen)
    : context_(*context), table_(*table), mandates_(table->investor_count()), interner_(interner), codes_(codes) {
  absl::flat_hash_map<absl::string_view, const investors::v1::Mandate*> by_name;
  for (const auto& investor : seen) by_name[investor->record.name()] = &investor->record.mandate();
  for (uint32_t i = 0; i < mandates_.size(); ++i) {
    const auto it = by_name.find(table->InvestorKey(i));
    if (it != by_name.end()) mandates_[i] = WithoutGates(*it->second);
  }
}

std::map<int32_t, std::shared_ptr<const Snapshot>> SnapshotMaker::Make(std::vector<int32_t> days, Work* work) {
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  std::map<int32_t, std::shared_ptr<const Snapshot>> snapshots;
  FeatureCounter counter(context_);
  size_t counted = 0;
  for (const int32_t day : days) {
    for (; counted < table_.rows().size() && table_.rows()[counted].day < day; ++counted) {
      counter.AddDeal(*table_.rows()[counted].deal, table_.Opens(table_.rows()[counted]));
      if (counted % kStretch == 0 && !work->KeepGoing()) return {};
    }
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->day = day;
    MarketContext& context = snapshot->context;
    context = context_;
    context.reference_day = day;
    context.profile = IdentityProfile();
    context.statistics = FrozenStatistics(counter.Result(), &interner_);
    context.shares = Shares(context.statistics, interner_);
    if (!work->KeepGoing()) return {};

    Compiler compiler(&interner_, &codes_, &context);
    std::vector<std::vector<DealFacts>> deals(table_.investor_count());
    for (size_t i = 0; i < counted; ++i) {
      const DealTable::Row& row = table_.rows()[i];
      investors::v1::Deal deal = *row.deal;
      deal.mutable_company()->clear_summary();  // texts are not learned from
      DealFacts facts = compiler.Compile(deal);
      facts.codes[kHistoryColumn] = table_.Opens(row) ? kFirstRound : kLaterRound;
      deals[row.investor].push_back(std::move(facts));
      if (i % kStretch == 0 && !work->KeepGoing()) return {};
    }
    snapshot->investors.resize(deals.size());
    for (uint32_t i = 0; i < deals.size(); ++i) {
      const investors::v1::Mandate* mandate = mandates_[i].get();
      // Also with a mandate: who is only known to be there because of later deals must not be.
      if (deals[i].empty()) continue;
      if (deals[i].size() >= kLeastDeals || mandate != nullptr) snapshot->candidates.push_back(i);
      investors::v1::Investor record;
      record.set_name(table_.InvestorKey(i));
      record.set_state(investors::v1::Investor::STATE_VERIFIED);
      if (mandate != nullptr) *record.mutable_mandate() = *mandate;
      auto track = std::make_shared<const TrackRecord>(MakeTrackRecord(std::move(deals[i])));
      snapshot->investors[i] =
          std::make_shared<const InvestorFacts>(compiler.Compile(std::move(record), std::move(track)));
    }
    snapshots[day] = std::move(snapshot);
  }
  return snapshots;
}

Subject SnapshotMaker::MakeSubject(const MarketContext& context, uint32_t round, int32_t known_day) {
  const DealTable::Round& raised = table_.rounds()[round];
  std::vector<uint32_t> prior = table_.InvestorsBefore(raised.company, known_day);
  Subject subject = MakeSubjectOf(context, ProjectOf(table_, raised, prior));
  subject.day = raised.day;
  subject.prior = std::move(prior);
  return subject;
}

Subject SnapshotMaker::MakeSubjectOf(const MarketContext& context, projects::v1::Project project) {
  Compiler compiler(&interner_, &codes_, &context);
  return Subject{compiler.Compile(std::move(project)), {}, {}, 0};
}

}  // namespace tandem::pairing::matching
