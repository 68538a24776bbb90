// An investor's form spread out for the kernels, and the cells that it has to visit.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_QUERY_TABLES_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_QUERY_TABLES_H_

#include <array>
#include <cstdint>
#include <vector>

#include "services/pairing/matching/index/kernels.h"
#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

// Stages with cells of their own; the last class holds all stages from its number on.
inline constexpr uint32_t kStageClasses = 16;

static_assert(kPostingColumns == kColumnCount - 1);
// The column of a row that is a posting's column `c`: all but the stage.
constexpr size_t RowColumn(size_t c) { return c < kStageColumn ? c : c + 1; }

// An ask without its lower bits. Never the values of an ask that is not stated.
int16_t ShortAsk(int32_t ask);

struct CellAddress {
  uint32_t sector;  // 1 + sector; 0: the cell without sectors
  uint32_t stage;   // class
  Cell cell;
};

// What is known of all rows of an index, so that only that is spread out.
struct IndexRange {
  const uint16_t* norms;  // by number
  uint32_t norm_count;
  uint32_t sectors_end;                             // above every sector
  std::array<uint32_t, kPostingColumns> codes_end;  // above every code, by a posting's column
};

// What a query prepares once. Reused from query to query for its memory.
struct PreparedForm {
  QueryTables tables;
  std::vector<CellAddress> cells;  // best first
  // Whether a project is met in the cell of its first accepted sector, else in that of its first sector.
  bool by_accepted;
  // Whether the last class of stages has some that are refused and some that are not: only the row tells.
  bool last_stage_open;
};

// `extras`: whether pairs have them.
void PrepareForm(const InvestorForm& form, const IndexRange& range, bool extras, PreparedForm& prepared);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_QUERY_TABLES_H_
