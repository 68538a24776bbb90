// Rows and forms as a database gets them: one number per code of any column, and an investor's points by that number.
#ifndef TANDEM_TESTS_BENCH_ENGINE_SQL_FORM_H_
#define TANDEM_TESTS_BENCH_ENGINE_SQL_FORM_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/pairing/matching/linear_form.h"
#include "tests/bench/engine/market_data.h"

namespace tandem::bench {

// Points of a refused code. Sums of up to 27 codes with one of them stay below kRefusedBelow and do not overflow.
inline constexpr int32_t kSqlRefused = -(1 << 26);
inline constexpr int32_t kSqlRefusedBelow = -(1 << 25);

// Numbers the codes of a market from 1, as SQL arrays are. Immutable.
class CodeLayout {
 public:
  explicit CodeLayout(const MarketData& market);

  int32_t Code(size_t column, uint16_t code) const { return offsets_[column] + code; }
  // Not stated sectors are the sector `unstated`; places beyond a project's sectors are `no_sector`, of no points.
  int32_t Sector(uint16_t sector) const { return sector_offset_ + sector; }
  int32_t unstated() const { return sector_offset_ - 2; }
  int32_t no_sector() const { return sector_offset_ - 1; }
  // A sector's number plus this: the number under which 1 says that an investor accepts it.
  int32_t accepted_offset() const { return accepted_offset_; }
  int32_t size() const { return size_; }

  // Most sectors of a project.
  size_t sector_width() const { return sector_width_; }
  // Columns in which some investor refuses a code, and whether some refuses sectors.
  const std::vector<size_t>& gating_columns() const { return gating_columns_; }
  bool sectors_gate() const { return sectors_gate_; }
  // Stages that occur.
  const std::vector<uint16_t>& stages() const { return stages_; }
  bool has_text() const { return has_text_; }

  // Stage and sector of an exploded row as one number.
  int32_t Cell(int32_t sector, uint16_t stage) const { return sector * stage_factor_ + stage; }
  int32_t stage_factor() const { return stage_factor_; }

 private:
  std::array<int32_t, pairing::matching::kColumnCount> offsets_ = {};
  std::array<int32_t, pairing::matching::kColumnCount> code_counts_ = {};
  int32_t sector_offset_ = 0, sector_count_ = 0, accepted_offset_ = 0, size_ = 0, stage_factor_ = 1;
  size_t sector_width_ = 1;
  std::vector<size_t> gating_columns_;
  std::vector<uint16_t> stages_;
  bool sectors_gate_ = false, has_text_ = false;

  friend struct SqlForm;
};

// An investor's form as arrays.
struct SqlForm {
  SqlForm(const CodeLayout& layout, const pairing::matching::InvestorForm& form);

  std::vector<int32_t> points;  // at number - 1
  bool by_sector = false;       // a sector must be among `accepted`
  std::vector<int32_t> accepted;
  std::vector<int32_t> cells;  // of accepted sectors and stages
  int32_t bias = 0, ticket_least = 0, ticket_most = 0;
  std::vector<int32_t> terms, term_weights;
};

// A project's numbers in the order of the SQL tables: place, ask_least, ask_most, points, sector_norm, one code per
// column (c0 ...), one per sector place (s0 ...).
std::vector<int32_t> SqlRow(const CodeLayout& layout, const pairing::matching::ProjectRow& row, uint32_t place);

}  // namespace tandem::bench

#endif  // TANDEM_TESTS_BENCH_ENGINE_SQL_FORM_H_
