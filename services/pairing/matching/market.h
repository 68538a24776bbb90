// Market: everything matching knows of one edition, as immutable facts that are replaced one by one.
//
// Pure state: no I/O, no clock, no locks. The owner guards it (many readers or one writer); facts that a reader took
// out stay valid and unchanged for as long as it holds them.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_MARKET_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_MARKET_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "services/pairing/matching/facts.h"
#include "tandem/investors/v1/deal.pb.h"
#include "tandem/investors/v1/investor.pb.h"
#include "tandem/pairing/v1/edition.pb.h"
#include "tandem/projects/v1/project.pb.h"

namespace tandem::pairing::matching {

class Market {
 public:
  // `edition` is the name, `editions/{edition}`. Until SetEdition the reference day is 1970-01-01 and no currency but
  // an equal one compares.
  explicit Market(std::string edition);

  // Each replaces what stood under the same name. The first three recompile every fact: they are rare.
  void SetEdition(const v1::Edition& edition);
  void SetTaxonomy(const v1::Taxonomy& taxonomy);
  void SetStatistics(const v1::Statistics& statistics);
  void PutProject(projects::v1::Project project);
  void PutInvestor(investors::v1::Investor investor);
  // A deal may come before its investor; it counts from when the investor is there.
  void PutDeal(investors::v1::Deal deal);

  // Forgets a record by its name; an unknown one is ignored.
  void RemoveProject(absl::string_view name);
  void RemoveInvestor(absl::string_view name);
  void RemoveDeal(absl::string_view name);

  // Null when there is none.
  std::shared_ptr<const ProjectFacts> FindProject(absl::string_view name) const;
  std::shared_ptr<const InvestorFacts> FindInvestor(absl::string_view name) const;

  // Everything that rankings depend on besides the two sides: rates, taxonomies, statistics, profile.
  std::shared_ptr<const MarketContext> context() const { return context_; }

  // Of any state, ordered by name.
  const std::vector<std::shared_ptr<const ProjectFacts>>& projects() const;
  const std::vector<std::shared_ptr<const InvestorFacts>>& investors() const;

  const std::string& edition() const { return edition_name_; }
  int project_count() const;
  int investor_count() const;
  int deal_count() const;

  // Counts what SetStatistics takes, from the matched projects and all deals as they are now; number, name and times
  // are the caller's to set. Deterministic order.
  v1::Statistics CountStatistics() const;

 private:
  struct State;
  void Recompile();

  std::string edition_name_;
  std::shared_ptr<State> state_;
  std::shared_ptr<const MarketContext> context_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_MARKET_H_
