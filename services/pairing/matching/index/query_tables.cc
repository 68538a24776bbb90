#include "services/pairing/matching/index/query_tables.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace tandem::pairing::matching {
namespace {

constexpr int32_t kLeastShortAsk = INT16_MIN + 1, kMostShortAsk = INT16_MAX - 1;
constexpr int32_t kAskLowBits = (1 << kAskShift) - 1;

// Points by code below `other`; at `other` the most of all codes from there on. Returns whether those codes are partly
// refused and partly not.
bool Spread(const ColumnPoints& column, uint32_t other, int16_t* points) {
  std::fill(points, points + other, column.otherwise);
  int16_t most = column.otherwise;
  bool refused = column.otherwise == kRefused;
  for (const ColumnPoints::Listed& listed : column.listed) {
    if (listed.code < other) {
      points[listed.code] = listed.points;
    } else {
      most = std::max(most, listed.points);
      refused = refused || listed.points == kRefused;
    }
  }
  points[other] = most;
  return refused && most != kRefused;
}

void SpreadColumns(const InvestorForm& form, PreparedForm& prepared) {
  QueryTables& tables = prepared.tables;
  tables.gate_count = 0;
  for (int c = 0; c < kPostingColumns; ++c) {
    const ColumnPoints& column = form.columns[RowColumn(static_cast<size_t>(c))];
    int16_t* points = tables.points[c];
    prepared.other_codes_open |= Spread(column, kOtherCode, points);
    const auto refuses = [](const ColumnPoints::Listed& listed) { return listed.points == kRefused; };
    if (column.otherwise != kRefused && std::none_of(column.listed.begin(), column.listed.end(), refuses)) continue;
    tables.gates[tables.gate_count++] = c;
    uint8_t* accepted = tables.accepted[c];
    std::memset(accepted, 0, sizeof(tables.accepted[c]));
    for (unsigned code = 0; code < 256; ++code) {
      if (points[code] != kRefused) accepted[code / 8] = static_cast<uint8_t>(accepted[code / 8] | 1u << (code % 8));
    }
  }
}

void SpreadSectors(const SectorPoints& wanted, uint32_t sectors_end, QueryTables& tables) {
  const uint32_t end = std::min<uint32_t>(sectors_end, kNoSector);
  std::fill(tables.sectors, tables.sectors + end, wanted.otherwise * 4);
  tables.sectors[kNoSector] = 0;
  for (const SectorPoints::Listed& listed : wanted.listed) {
    if (listed.sector >= end) break;
    tables.sectors[listed.sector] =
        listed.points * 4 + (listed.accepted ? kSectorAccepted : 0) + (listed.refused ? kSectorRefused : 0);
  }
}

void SetTicket(const InvestorForm& form, QueryTables& tables) {
  tables.ask_high = ShortAsk(form.ticket_most);
  tables.ask_low = ShortAsk(form.ticket_least);
  const bool high_cut = tables.ask_high == kLeastShortAsk || tables.ask_high == kMostShortAsk;
  const bool low_cut = tables.ask_low == kLeastShortAsk || tables.ask_low == kMostShortAsk;
  const bool high_sure = !high_cut && (form.ticket_most & kAskLowBits) == kAskLowBits;
  const bool low_sure = !low_cut && (form.ticket_least & kAskLowBits) == 0;
  // A lower end is never INT16_MAX, an upper end never INT16_MIN.
  tables.ask_high_border = high_sure ? std::numeric_limits<int16_t>::max() : tables.ask_high;
  tables.ask_low_border = low_sure ? std::numeric_limits<int16_t>::min() : tables.ask_low;
}

void ListCells(const InvestorForm& form, uint32_t sectors_end, PreparedForm& prepared) {
  const SectorPoints& wanted = form.sectors;
  int16_t stages[kStageClasses];
  prepared.other_codes_open |= Spread(form.columns[kStageColumn], kStageClasses - 1, stages);
  prepared.by_accepted = wanted.required;
  prepared.cells.clear();
  const auto add = [&](uint32_t sector, int32_t own) {
    for (uint32_t stage = 0; stage < kStageClasses; ++stage) {
      if (stages[stage] == kRefused) continue;
      Cell cell = {};
      cell.base = form.bias + stages[stage];
      cell.own = own;
      cell.sector = sector == 0 ? 0 : sector - 1;
      cell.first_only = wanted.required && sector != 0;
      prepared.cells.push_back({sector, stage, cell});
    }
  };
  if (!wanted.refuse_unstated) add(0, 0);
  uint32_t next = 0;  // the first sector that is not yet looked at
  for (const SectorPoints::Listed& listed : wanted.listed) {
    if (listed.sector >= sectors_end) break;
    for (; !wanted.required && next < listed.sector; ++next) add(next + 1, wanted.otherwise);
    next = listed.sector + 1u;
    if (!listed.refused && (listed.accepted || !wanted.required)) add(next, listed.points);
  }
  for (; !wanted.required && next < sectors_end; ++next) add(next + 1, wanted.otherwise);
  std::stable_sort(prepared.cells.begin(), prepared.cells.end(), [](const CellAddress& a, const CellAddress& b) {
    return a.cell.base + a.cell.own > b.cell.base + b.cell.own;
  });
}

}  // namespace

int16_t ShortAsk(int32_t ask) {
  return static_cast<int16_t>(std::clamp(ask >> kAskShift, kLeastShortAsk, kMostShortAsk));
}

void PrepareForm(const InvestorForm& form, const uint16_t* norms, uint32_t norm_count, uint32_t sectors_end,
                 bool extras, PreparedForm& prepared) {
  prepared.other_codes_open = false;
  QueryTables& tables = prepared.tables;
  SpreadColumns(form, prepared);
  SpreadSectors(form.sectors, sectors_end, tables);
  SetTicket(form, tables);
  ListCells(form, sectors_end, prepared);
  std::copy(norms, norms + norm_count, tables.norms);
  tables.needed_flags = prepared.by_accepted ? 0 : uint8_t{kPrimary};
  unsigned asking = kOtherSectors;
  if (prepared.other_codes_open) asking |= kOtherCodes;
  if (extras) asking |= kExtraGates;
  if (extras && form.extra_gates) asking |= kEvery;
  tables.asking_flags = static_cast<uint8_t>(asking);
}

}  // namespace tandem::pairing::matching
