#include "services/pairing/matching/index/query_tables.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "services/pairing/matching/index/posting_block.h"

namespace tandem::pairing::matching {
namespace {

constexpr int32_t kLeastShortAsk = INT16_MIN + 1, kMostShortAsk = INT16_MAX - 1;
constexpr int32_t kAskLowBits = (1 << kAskShift) - 1;

// What the codes behind one number get.
struct Meaning {
  int16_t most = kRefused, least = std::numeric_limits<int16_t>::max();  // of those that are not refused
  bool refuses = false;
  uint32_t listed = 0;

  void Add(int16_t points) {
    if (points == kRefused) {
      refuses = true;
    } else {
      most = std::max(most, points);
      least = std::min(least, points);
    }
  }
  bool mixed() const { return refuses && most != kRefused; }
  bool vague() const { return most != kRefused && (refuses || least != most); }
};

void SetBit(uint8_t* bits, uint32_t at) { bits[at / 8] = static_cast<uint8_t>(bits[at / 8] | 1u << (at % 8)); }

void Append(ColumnList& list, int column) { list.columns[list.count++] = column; }

// The bytes of a column whose codes go to `end`, most of which are not alone in theirs.
void SpreadShared(const ColumnPoints& column, int c, uint32_t end, QueryTables& tables) {
  std::array<Meaning, 128> meanings;  // of the bytes from 128 on
  for (const ColumnPoints::Listed& listed : column.listed) {
    if (listed.code >= end) break;
    if (listed.code < meanings.size()) continue;
    Meaning& meaning = meanings[FoldCode(listed.code) - meanings.size()];
    meaning.Add(listed.points);
    ++meaning.listed;
  }
  bool mixed = false, vague = false;
  for (uint32_t i = 0; i < meanings.size(); ++i) {
    const uint32_t byte = i + static_cast<uint32_t>(meanings.size());
    if (meanings[i].listed == 0) continue;
    if (meanings[i].listed < (end - 1 - byte) / meanings.size() + 1) meanings[i].Add(column.otherwise);
    tables.points[c][byte] = meanings[i].most;
    if (!meanings[i].vague()) continue;
    if (!vague) std::memset(tables.is_vague[c], 0, sizeof(tables.is_vague[c]));
    vague = true;
    SetBit(tables.is_vague[c], byte);
    if (!meanings[i].mixed()) continue;
    if (!mixed) std::memset(tables.is_mixed[c], 0, sizeof(tables.is_mixed[c]));
    mixed = true;
    SetBit(tables.is_mixed[c], byte);
  }
  if (vague) Append(tables.vague, c);
  if (mixed) Append(tables.mixed, c);
}

void SpreadGate(int c, uint32_t used, QueryTables& tables) {
  std::memset(tables.accepted[c], 0, sizeof(tables.accepted[c]));
  for (uint32_t byte = 0; byte < used; ++byte) {
    if (tables.points[c][byte] != kRefused) SetBit(tables.accepted[c], byte);
  }
}

// Bytes of the folded codes below `end`.
uint32_t BytesUsed(uint32_t end) { return std::clamp<uint32_t>(end, 1, 256); }

// Of 256 bytes, those in use in sixty-fours: 1, 2 or 4.
int Quarters(uint32_t used) { return used <= 64 ? 1 : used <= 128 ? 2 : 4; }

template <typename Int>
void Split(Int value, uint32_t at, uint8_t (*table)[256]) {
  table[0][at] = static_cast<uint8_t>(value);
  table[1][at] = static_cast<uint8_t>(static_cast<uint32_t>(value) >> 8);
}

// Returns how much the column tells: the best points less those of a code that nobody lists.
int32_t SpreadLosses(const ColumnPoints& column, int c, uint32_t end, QueryTables& tables) {
  const uint32_t used = BytesUsed(end);
  const int16_t* points = tables.points[c];
  const int16_t most = *std::max_element(points, points + used);
  tables.column_most += most;
  int32_t different = 0;
  for (uint32_t byte = 0; byte < used; ++byte) {
    const int32_t loss = most - points[byte];
    different |= loss;
    Split(static_cast<uint16_t>(loss), byte, tables.loss[c]);
  }
  tables.quarters[c] = Quarters(used);
  if (different == 0) return 0;
  Append(tables.differing, c);
  if (used <= 64) {
    Append(tables.small, c);
    tables.sixteens[c] = static_cast<int>((used + 15) / 16);
  }
  if (column.otherwise == kRefused) return 1;
  const int32_t plain_loss = most - column.otherwise;
  if (used > 64 && plain_loss > 0) {
    Append(tables.large, c);
    tables.plain_loss[c] = plain_loss;
    std::memset(tables.better[c], 0, sizeof(tables.better[c]));
    for (const ColumnPoints::Listed& listed : column.listed) {
      const uint8_t byte = FoldCode(listed.code);
      if (listed.code < end && points[byte] > column.otherwise) SetBit(tables.better[c], byte);
    }
  }
  return plain_loss;
}

void SpreadColumns(const InvestorForm& form, const IndexRange& range, QueryTables& tables) {
  tables.gates.count = tables.mixed.count = tables.vague.count = 0;
  tables.differing.count = tables.small.count = tables.large.count = 0;
  tables.column_most = 0;
  std::array<int32_t, kPostingColumns> telling;
  for (int c = 0; c < kPostingColumns; ++c) {
    const ColumnPoints& column = form.columns[RowColumn(static_cast<size_t>(c))];
    const uint32_t end = range.codes_end[static_cast<size_t>(c)];
    const uint32_t used = BytesUsed(end);
    int16_t* points = tables.points[c];
    std::fill(points, points + used, column.otherwise);
    bool refuses = column.otherwise == kRefused;
    const uint32_t alone = end > 256 ? 128 : used;
    for (const ColumnPoints::Listed& listed : column.listed) {
      if (listed.code >= end) break;
      refuses = refuses || listed.points == kRefused;
      if (listed.code < alone) points[listed.code] = listed.points;
    }
    if (end > 256) SpreadShared(column, c, end, tables);
    if (refuses) {
      Append(tables.gates, c);
      SpreadGate(c, used, tables);
    }
    telling[static_cast<size_t>(c)] = SpreadLosses(column, c, end, tables);
  }
  std::sort(tables.differing.columns, tables.differing.columns + tables.differing.count, [&](int a, int b) {
    const int32_t of_a = telling[static_cast<size_t>(a)], of_b = telling[static_cast<size_t>(b)];
    return of_a != of_b ? of_a > of_b : a < b;
  });
}

void Mark(uint8_t* marks, uint16_t sector) {
  uint8_t& mark = marks[sector & 255];
  mark = static_cast<uint8_t>(mark == kNoMark ? sector >> 8 : kManyMarks);
}

void SpreadSectors(const SectorPoints& wanted, uint32_t sectors_end, QueryTables& tables) {
  const uint32_t end = std::min<uint32_t>(sectors_end, kNoSector);
  std::fill(tables.sectors, tables.sectors + end, wanted.otherwise * 4);
  tables.sectors[kNoSector] = 0;
  std::memset(tables.accepted_high, kNoMark, sizeof(tables.accepted_high));
  std::array<int16_t, 256> reach;
  reach.fill(wanted.otherwise);
  // Five of them, and what they come to on the way, fit 16 bits.
  constexpr int32_t kMostBounded = std::numeric_limits<int16_t>::max() / (kOthers + 1);
  const auto fits = [](int32_t points) { return points <= kMostBounded && points >= -kMostBounded; };
  tables.bounded = fits(wanted.otherwise);
  tables.refuses_sectors = false;
  for (const SectorPoints::Listed& listed : wanted.listed) {
    if (listed.sector >= end) break;
    tables.sectors[listed.sector] =
        listed.points * 4 + (listed.accepted ? kSectorAccepted : 0) + (listed.refused ? kSectorRefused : 0);
    int16_t& most = reach[listed.sector & 255];
    most = end <= 256 ? listed.points : std::max(most, listed.points);
    tables.bounded = tables.bounded && fits(listed.points);
    if (listed.accepted) Mark(tables.accepted_high, listed.sector);
    if (!listed.refused) continue;
    if (!tables.refuses_sectors) std::memset(tables.refused_high, kNoMark, sizeof(tables.refused_high));
    tables.refuses_sectors = true;
    Mark(tables.refused_high, listed.sector);
  }
  int16_t& none = reach[kNoSector & 255];
  none = end <= 255 ? int16_t{0} : std::max(none, int16_t{0});
  for (uint32_t byte = 0; byte < reach.size(); ++byte) Split(reach[byte], byte, tables.reach);
}

void SpreadNorms(const IndexRange& range, QueryTables& tables) {
  tables.norm_quarters = Quarters(range.norm_count);
  for (uint32_t i = 0; i < range.norm_count; ++i) {
    tables.norms[i] = range.norms[i];
    Split(range.norms[i], i, tables.norm);
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
  const ColumnPoints& column = form.columns[kStageColumn];
  std::array<int16_t, kStageClasses> stages;
  stages.fill(column.otherwise);
  Meaning last;
  last.Add(column.otherwise);
  for (const ColumnPoints::Listed& listed : column.listed) {
    if (listed.code < kStageClasses - 1) {
      stages[listed.code] = listed.points;
    } else {
      last.Add(listed.points);
    }
  }
  stages.back() = last.most;
  prepared.last_stage_open = last.mixed();
  prepared.by_accepted = wanted.required;
  prepared.cells.clear();
  bool accepted_before = false;
  const auto add = [&](uint32_t sector, int32_t own) {
    for (uint32_t stage = 0; stage < kStageClasses; ++stage) {
      if (stages[stage] == kRefused) continue;
      Cell cell = {};
      cell.base = form.bias + stages[stage];
      cell.own = own;
      cell.sector = sector == 0 ? 0 : sector - 1;
      cell.first_only = accepted_before;
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
    accepted_before = accepted_before || (wanted.required && listed.accepted);
  }
  for (; !wanted.required && next < sectors_end; ++next) add(next + 1, wanted.otherwise);
  std::stable_sort(prepared.cells.begin(), prepared.cells.end(), [](const CellAddress& a, const CellAddress& b) {
    return a.cell.base + a.cell.own > b.cell.base + b.cell.own;
  });
}

}  // namespace

int16_t ShortAsk(int32_t ask) {
  static_assert(kAskMiddle % (1 << kAskShift) == 0);  // the bits that are left out stay the same
  const auto part = static_cast<int64_t>(ask) - kAskMiddle;
  return static_cast<int16_t>(std::clamp<int64_t>(part >> kAskShift, kLeastShortAsk, kMostShortAsk));
}

void PrepareForm(const InvestorForm& form, const IndexRange& range, bool extras, PreparedForm& prepared) {
  QueryTables& tables = prepared.tables;
  SpreadColumns(form, range, tables);
  SpreadSectors(form.sectors, range.sectors_end, tables);
  SpreadNorms(range, tables);
  SetTicket(form, tables);
  ListCells(form, range.sectors_end, prepared);
  tables.needed_flags = prepared.by_accepted ? 0 : uint8_t{kPrimary};
  unsigned asking = kOtherSectors;
  if (prepared.last_stage_open) asking |= kOtherCodes;
  if (extras) asking |= kExtraGates;
  if (extras && form.extra_gates) asking |= kEvery;
  tables.asking_flags = static_cast<uint8_t>(asking);
}

}  // namespace tandem::pairing::matching
