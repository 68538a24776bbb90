// Market: everything matching knows of one edition, as immutable facts that are replaced one by one.
//
// Pure state: no I/O, no clock, no locks. The owner guards it (many readers or one writer); facts that a reader took
// out stay valid and unchanged for as long as it holds them.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_MARKET_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_MARKET_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

#include "services/pairing/matching/facts.h"
#include "services/pairing/matching/interner.h"
#include "tandem/investors/v1/deal.pb.h"
#include "tandem/investors/v1/investor.pb.h"
#include "tandem/pairing/v1/edition.pb.h"
#include "tandem/pairing/v1/profile.pb.h"
#include "tandem/projects/v1/project.pb.h"

namespace tandem::pairing::matching {

using ProjectsByName = absl::btree_map<std::string, std::shared_ptr<const ProjectFacts>>;
using InvestorsByName = absl::btree_map<std::string, std::shared_ptr<const InvestorFacts>>;

class Market {
 public:
  // `edition` is the name, `editions/{edition}`. Until SetEdition the reference day is 1970-01-01 and no currency but
  // an equal one compares.
  explicit Market(std::string edition);

  // Each replaces what stood under the same name. The first three recompile every fact when they change what facts are
  // made of: they are rare.
  void SetEdition(const v1::Edition& edition);
  void SetTaxonomy(const v1::Taxonomy& taxonomy);
  void SetStatistics(const v1::Statistics& statistics);
  // Keeps a ranking profile; the one that the edition chooses ranks from then on. As long as the chosen one is not
  // there, or is one that this build cannot rank by, the shipped one ranks, and says so in `ranking_profile`.
  void SetProfile(const v1::RankingProfile& profile);
  void PutProject(projects::v1::Project project);
  void PutInvestor(investors::v1::Investor investor);
  // A deal may come before its investor; it counts from when the investor is there. Deals that were put or removed
  // count from the next Settle, which builds an investor's record once however many of its deals came.
  void PutDeal(investors::v1::Deal deal);

  // Forgets a record by its name; an unknown one is ignored.
  void RemoveProject(absl::string_view name);
  void RemoveInvestor(absl::string_view name);
  void RemoveDeal(absl::string_view name);
  void RemoveProfile(absl::string_view name);

  // Makes every deal count. REQUIRES: called after the last PutDeal or RemoveDeal and before anything is read.
  void Settle();

  // Null when there is none.
  std::shared_ptr<const ProjectFacts> FindProject(absl::string_view name) const;
  std::shared_ptr<const InvestorFacts> FindInvestor(absl::string_view name) const;

  // Everything that rankings depend on besides the two sides: rates, taxonomies, statistics, profile.
  std::shared_ptr<const MarketContext> context() const { return context_; }

  // Of any state, ordered by name.
  const ProjectsByName& projects() const { return projects_; }
  const InvestorsByName& investors() const { return investors_; }

  // Those prior investors of a project that are investors of the edition, by name or external id.
  std::vector<std::shared_ptr<const InvestorFacts>> PriorInvestors(const ProjectFacts& project) const;

  const std::string& edition() const { return edition_name_; }
  int project_count() const { return static_cast<int>(projects_.size()); }
  int investor_count() const { return static_cast<int>(investors_.size()); }
  int deal_count() const { return static_cast<int>(deals_.size()); }

  // What CountStatistics counts: the matched projects and all deals as they are now. Cheap to take and immutable, so
  // that counting, which takes seconds for a large edition, needs no lock of the market.
  struct Countable {
    std::string edition;
    std::shared_ptr<const MarketContext> context;
    std::vector<std::shared_ptr<const ProjectFacts>> projects;
    std::vector<std::shared_ptr<const investors::v1::Deal>> deals;
  };
  Countable WhatCounts() const;

  // Counts what SetStatistics takes; number and times are the caller's to set. Deterministic order.
  static v1::Statistics CountStatistics(const Countable& countable);
  v1::Statistics CountStatistics() const { return CountStatistics(WhatCounts()); }

 private:
  struct StoredDeal {
    std::string investor;
    std::shared_ptr<const investors::v1::Deal> record;
    DealFacts facts;
  };

  // Puts the profile that `context`'s edition chooses into it.
  void Choose(MarketContext* context) const;
  // Makes a new context with `change` applied, and compiles every fact again.
  void ChangeContext(const std::function<void(MarketContext*)>& change);
  std::shared_ptr<const TrackRecord> BuildTrackRecord(absl::string_view investor) const;
  void RefreshInvestor(absl::string_view name);

  std::string edition_name_;
  Interner interner_;
  std::shared_ptr<const MarketContext> context_;
  absl::btree_map<std::string, v1::Taxonomy> taxonomies_;
  absl::btree_map<std::string, std::shared_ptr<const v1::RankingProfile>> profiles_;  // by id
  std::string counted_;  // number and fingerprint of the statistics in the context
  ProjectsByName projects_;
  InvestorsByName investors_;
  absl::flat_hash_map<std::string, StoredDeal> deals_;
  absl::flat_hash_map<std::string, absl::btree_set<std::string>> deals_of_;  // names, by name of the investor
  absl::btree_set<std::string> unsettled_;                                   // investors whose deals changed
  absl::flat_hash_map<std::string, std::string> name_by_external_id_;        // of investors
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_MARKET_H_
