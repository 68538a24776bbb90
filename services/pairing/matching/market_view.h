// Market view: one edition at one moment, for any number of readers that never wait for a writer.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_MARKET_VIEW_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_MARKET_VIEW_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/pairing/matching/change_marks.h"
#include "services/pairing/matching/code_book.h"
#include "services/pairing/matching/company_investors.h"
#include "services/pairing/matching/facts.h"
#include "services/pairing/matching/facts_table.h"
#include "services/pairing/matching/index/investor_index.h"
#include "services/pairing/matching/index/project_index.h"
#include "services/pairing/matching/ranking.h"
#include "services/pairing/matching/slot_names.h"
#include "services/pairing/matching/stances.h"
#include "services/pairing/matching/versioned_array.h"

namespace tandem::pairing::matching {

// Bytes.
struct ViewMemory {
  size_t projects = 0;     // rows, postings and texts
  size_t investors = 0;    // forms and postings
  size_t bookkeeping = 0;  // directories, and what older views still need
};

// What a view has that the one before it, whose version is smaller by one, had not. Slots in no order, each once.
struct ViewChanges {
  // All facts or the day: nothing else is listed.
  bool everything = true;
  // Codes came into use: every form was made anew, with the same points for the projects of the view before.
  bool all_forms = false;
  std::vector<uint32_t> projects;   // records that were put or removed
  std::vector<uint32_t> investors;  // likewise, or their deals
  // Other projects of which a prior investor is among those: their extras may have changed.
  std::vector<uint32_t> prior_projects;
};

// Immutable and thread-safe. Lives as long as it is held; a long life costs what changed since.
struct MarketView {
  std::string edition;
  std::shared_ptr<const MarketContext> context;
  std::shared_ptr<const CodeBook> codes;
  // Names stay with the market and are shared: that a name has a slot does not mean that the view has the record.
  std::shared_ptr<const SlotNames> project_names, investor_names, investor_ids;
  FactsTable<ProjectFacts> projects;
  FactsTable<InvestorFacts> investors;
  std::vector<uint32_t> investor_of_id;  // by slot of investor_ids
  CompanyInvestors company_investors;
  VersionedArray<ExtraKeys> extra_keys;  // of projects
  int deal_count = 0;
  GoneTables gone;
  // Who takes part, the investors as of the context's reference day.
  std::shared_ptr<const ProjectIndexSnapshot> project_index;
  std::shared_ptr<const InvestorIndexSnapshot> investor_index;
  ViewMemory memory;
  uint64_t version = 0;  // counts the views of one Market, from 1
  ViewChanges changes;
  ChangeMarks marks;

  // When an answer about an investor or a project by that name can have changed last: see change_marks.h.
  uint64_t MarkOfInvestor(absl::string_view name) const;
  uint64_t MarkOfProject(absl::string_view name) const;

  // Null when there is none.
  std::shared_ptr<const ProjectFacts> FindProject(absl::string_view name) const;
  std::shared_ptr<const InvestorFacts> FindInvestor(absl::string_view name) const;

  // Those prior investors of a project that are investors of the edition, by name or external id.
  std::vector<std::shared_ptr<const InvestorFacts>> PriorInvestors(const ProjectFacts& project) const;
};

inline constexpr size_t kWholeRanking = std::numeric_limits<size_t>::max();

// The k best counterparts, exactly as the scan of ranking.h ranks them; Ranking::passed counts all. Projects come from
// the index for any day, investors for the reference day; for other days investors are scanned, and the whole ranking
// comes. A subject that takes no part gets none. Who is gone from the subject's list is left out, but for `spared` (a
// name): so its place is that of a pair of which nothing was said.
Ranking TopProjects(const MarketView& view, std::shared_ptr<const InvestorFacts> investor, int32_t as_of_day, size_t k,
                    absl::string_view spared = "");
Ranking TopInvestors(const MarketView& view, std::shared_ptr<const ProjectFacts> project, int32_t as_of_day, size_t k,
                     absl::string_view spared = "");

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_MARKET_VIEW_H_
