// Market: everything matching knows of one edition, as immutable facts that are replaced one by one.
//
// Pure state: no I/O, no clock, no locks. The owner guards it (many readers or one writer); facts that a reader took
// out stay valid and unchanged for as long as it holds them.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_MARKET_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_MARKET_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"

#include "services/pairing/matching/change_marks.h"
#include "services/pairing/matching/code_book.h"
#include "services/pairing/matching/company_investors.h"
#include "services/pairing/matching/compiler.h"
#include "services/pairing/matching/facts.h"
#include "services/pairing/matching/facts_table.h"
#include "services/pairing/matching/index/investor_index.h"
#include "services/pairing/matching/index/project_index.h"
#include "services/pairing/matching/interner.h"
#include "services/pairing/matching/prior_projects.h"
#include "services/pairing/matching/slot_names.h"
#include "services/pairing/matching/stances.h"
#include "services/pairing/matching/versioned_array.h"
#include "tandem/investors/v1/deal.pb.h"
#include "tandem/investors/v1/investor.pb.h"
#include "tandem/pairing/v1/edition.pb.h"
#include "tandem/pairing/v1/pairing.pb.h"
#include "tandem/pairing/v1/profile.pb.h"
#include "tandem/projects/v1/project.pb.h"

namespace tandem::pairing::matching {

struct MarketView;
struct ViewChanges;

using ProjectsByName = absl::btree_map<std::string, std::shared_ptr<const ProjectFacts>>;
using InvestorsByName = absl::btree_map<std::string, std::shared_ptr<const InvestorFacts>>;

class Market {
 public:
  // `edition` is the name, `editions/{edition}`. Until SetEdition the reference day is 1970-01-01 and no currency but
  // an equal one compares.
  explicit Market(std::string edition);

  // The same market on its own, to be changed and scanned; what it shares with this one is immutable.
  Market Copy() const;

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

  // What the two sides of a pairing said, which it is as the organiser sees it: who is gone from whose list, and how
  // many places of an investor are taken. It may come before the records of its sides.
  void PutPairing(const v1::Pairing& pairing);

  // Puts a record with the next Settle, or CompileStaged, which compiles many at once faster than one by one. Comes
  // before all else that is put or removed after it.
  void Stage(std::shared_ptr<const projects::v1::Project> project);
  void Stage(std::shared_ptr<const investors::v1::Investor> investor);
  void Stage(std::shared_ptr<const investors::v1::Deal> deal);
  void CompileStaged();
  size_t staged() const { return staged_.size(); }

  // Forgets a record by its name; an unknown one is ignored.
  void RemoveProject(absl::string_view name);
  void RemoveInvestor(absl::string_view name);
  void RemoveDeal(absl::string_view name);
  void RemoveProfile(absl::string_view name);
  void RemovePairing(absl::string_view name);

  // Makes every deal and what was staged count. REQUIRES: called after the last PutDeal, RemoveDeal or Stage and before
  // anything is read.
  void Settle();

  // Everything that was put, for readers: settled, and made anew when something changed. Costs microseconds for a
  // few changed records; when the day, a taxonomy, statistics or the profile changed, every investor's form.
  std::shared_ptr<const MarketView> View();

  // Number of the last view (MarketView::version): the next one that differs has the next number.
  uint64_t version() const { return version_; }
  // Records and forms that the next View must make anew: what it costs. kEverything when all facts changed, and lists
  // with them. REQUIRES: settled.
  static constexpr size_t kEverything = std::numeric_limits<size_t>::max();
  size_t Pending() const;

  // Null when there is none.
  std::shared_ptr<const ProjectFacts> FindProject(absl::string_view name) const;
  std::shared_ptr<const InvestorFacts> FindInvestor(absl::string_view name) const;

  // Everything that rankings depend on besides the two sides: rates, taxonomies, statistics, profile.
  std::shared_ptr<const MarketContext> context() const { return context_; }

  // The codes of everything that was put. The next Settle makes a new one if codes were added meanwhile.
  std::shared_ptr<const CodeBook> codes() const { return shared_codes_; }

  // Of any state, ordered by name.
  const ProjectsByName& projects() const { return projects_; }
  const InvestorsByName& investors() const { return investors_; }

  // Those prior investors of a project that are investors of the edition, by name or external id.
  std::vector<std::shared_ptr<const InvestorFacts>> PriorInvestors(const ProjectFacts& project) const;

  // Names of the counterparts that are gone from the list of a subject, by name.
  absl::flat_hash_set<std::string> GoneFromInvestor(absl::string_view name) const;
  absl::flat_hash_set<std::string> GoneFromProject(absl::string_view name) const;
  const StanceBook& stances() const { return stances_; }
  const std::string& ProjectNameOf(uint32_t slot) const { return project_names_->NameOf(slot); }
  const std::string& InvestorNameOf(uint32_t slot) const { return investor_names_->NameOf(slot); }

  // The numbers of texts in facts. Copy it to compile other records beside the market's.
  const Interner& interner() const { return interner_; }

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
    struct CountedDeal {
      std::shared_ptr<const investors::v1::Deal> record;
      bool opening = false;  // the first known round of its company
    };
    std::vector<CountedDeal> deals;
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

  // One of these.
  struct Staged {
    std::shared_ptr<const projects::v1::Project> project;
    std::shared_ptr<const investors::v1::Investor> investor;
    std::shared_ptr<const investors::v1::Deal> deal;
  };
  // Calls `use` with the record that it holds.
  template <typename Use>
  static auto Visit(const Staged& staged, Use use) {
    if (staged.project != nullptr) return use(staged.project);
    return staged.investor != nullptr ? use(staged.investor) : use(staged.deal);
  }
  // The texts of some of them, in their order.
  std::vector<RecordText> WeighTexts(const Staged* staged, size_t count);
  void Put(std::shared_ptr<const projects::v1::Project> project, RecordText text);
  void Put(std::shared_ptr<const investors::v1::Investor> investor, RecordText text);
  void Put(std::shared_ptr<const investors::v1::Deal> deal, RecordText text);
  void DropDeal(absl::string_view name);

  // Puts the profile that `context`'s edition chooses into it.
  void Choose(MarketContext* context) const;
  // Makes a new context with `change` applied, and compiles every fact again.
  void ChangeContext(const std::function<void(MarketContext*)>& change);
  std::shared_ptr<const TrackRecord> BuildTrackRecord(absl::string_view investor) const;
  void RefreshInvestor(absl::string_view name);
  // InvestorFacts::taken_places, and the facts of investors for which it is another one.
  int32_t TakenPlaces(const investors::v1::Investor& investor) const;
  void RecountPlaces();
  // Notes in the marks who is gone from whose list or back.
  void ShowStances();

  // Says that a company's first known day may have moved: all who have deals in it are settled anew.
  void NoteDeal(const StoredDeal& deal, const std::string& name, bool there);

  // Each brings a changed record into the indexes and notes it in `changes`, and in the marks under `version_`.
  void ShowProject(const std::string& name, ViewChanges* changes);
  void ShowInvestor(const std::string& name, ViewChanges* changes);
  void ShowForm(uint32_t slot, const std::shared_ptr<const InvestorFacts>& facts);
  void ShowPriorProjects(ViewChanges* changes);
  // Whether codes came into use that the forms do not know, or the forms are of another day.
  bool FormsAreOld() const;

  std::string edition_name_;
  std::vector<Staged> staged_;  // in the order of their coming
  Interner interner_;
  CodeBook codes_;
  std::shared_ptr<const CodeBook> shared_codes_;
  std::shared_ptr<const MarketContext> context_;
  absl::btree_map<std::string, v1::Taxonomy> taxonomies_;
  absl::btree_map<std::string, std::shared_ptr<const v1::RankingProfile>> profiles_;  // by id
  std::string counted_;  // number and fingerprint of the statistics in the context
  ProjectsByName projects_;
  InvestorsByName investors_;
  absl::flat_hash_map<std::string, StoredDeal> deals_;
  absl::flat_hash_map<std::string, absl::btree_set<std::string>> deals_of_;  // names, by name of the investor
  // Days and names of the deals in each company: the first day tells first rounds from later ones.
  absl::flat_hash_map<uint32_t, absl::btree_set<std::pair<int32_t, std::string>>> deals_in_;
  absl::btree_set<std::string> unsettled_;                             // investors whose deals changed
  absl::flat_hash_map<std::string, std::string> name_by_external_id_;  // of investors
  StanceBook stances_;

  // What the next view is made of. Records that changed since the last one, by name.
  std::shared_ptr<const MarketView> view_;
  std::shared_ptr<SlotNames> project_names_, investor_names_, investor_ids_;
  std::unique_ptr<ProjectIndex> project_index_;
  std::unique_ptr<InvestorIndex> investor_index_;
  FactsTable<ProjectFacts> project_table_;
  FactsTable<InvestorFacts> investor_table_;
  std::vector<uint32_t> investor_of_id_;  // slots, by slot of the external id
  absl::flat_hash_set<std::string> changed_projects_, changed_investors_;
  bool changed_ = true;
  bool everything_ = true;  // all facts were compiled again
  uint64_t version_ = 0;
  CompanyInvestors company_investors_;
  VersionedArray<ExtraKeys> extra_keys_;
  ChangeMarks marks_;
  PriorProjects prior_projects_;
  // What the forms in the index were made with.
  uint64_t forms_generation_ = 0;
  int32_t forms_day_ = 0;
  std::vector<uint32_t> form_bytes_;  // by slot
  size_t all_form_bytes_ = 0;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_MARKET_H_
