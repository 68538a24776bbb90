// The inner loop of a query, compiled once for each instruction set.
//
// Plain structures and arrays only, and nothing inline: the files that include this are compiled with instructions that
// the machine may lack, and an inline function of theirs could be the one that the linker keeps for everybody.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_KERNELS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_KERNELS_H_

#include <stddef.h>  // NOLINT(modernize-deprecated-headers): <cstddef> and <cstdint> bring inline functions
#include <stdint.h>  // NOLINT(modernize-deprecated-headers)

namespace tandem::pairing::matching {

// Columns of a posting: those of a row without the stage, which is the cell's. Codes are folded to a byte: see
// FoldCode.
inline constexpr int kPostingColumns = 11;
// Number of a sector norm that has none.
inline constexpr int kOtherNorm = 255;

// A block is an array for each part of a posting, each as long as the block's capacity (a multiple of 16). Byte offsets
// are these times the capacity.
enum BlockPart : unsigned {
  kFlagsPart = 0,                      // uint8_t, PostingFlag
  kCodesPart = 1,                      // uint8_t each
  kNormPart = 1 + kPostingColumns,     // uint8_t: number of the sector norm, kOtherNorm: see the row
  kOtherLowPart = kNormPart + 1,       // four sectors of 12 bits beside the cell's, kNoSector for none: the lower
  kOtherHighPart = kOtherLowPart + 4,  // bytes, uint8_t each, and twice two upper halves of a byte, the first low
  kPointsPart = kOtherHighPart + 2,    // int16_t
  // What a query reads of few blocks stands at the end, so that the memory need not fetch it.
  kAskLeastPart = kPointsPart + 2,   // int16_t, see kAskShift
  kAskMostPart = kAskLeastPart + 2,  // int16_t
  kSlotPart = kAskMostPart + 2,      // uint32_t
  kPostingBytes = kSlotPart + 4,
};

enum PostingFlag : unsigned {
  kPrimary = 1,  // in the cell of the project's first sector (or of none)
  kHasText = 2,
  kExtraPoints = 4,
  kExtraGates = 8,
  kOtherCodes = 16,    // the stage or the norm did not fit: the score here is the most it can be
  kOtherSectors = 32,  // the sectors did not fit: nothing here says what passes
  kEvery = 64,         // set on every posting
};

inline constexpr int kOthers = 4;
inline constexpr unsigned kNoSector = 4095;
// Asks less this, and without so many lower bits: 0 to 33 nats of minor units fit 16 bits.
inline constexpr int kAskMiddle = 1 << 24, kAskShift = 9;

// Of a sector, in QueryTables::sectors: points << 2, and these.
inline constexpr int kSectorAccepted = 1, kSectorRefused = 2;
// In QueryTables::accepted_high and refused_high, where no sector has that lower byte, or several have it.
inline constexpr int kNoMark = 16, kManyMarks = 32;

// Some columns of a posting.
struct ColumnList {
  int count;
  int columns[kPostingColumns];
};

// An investor's form as tables, one entry for each folded code in use; what is behind those is not read for a posting.
struct alignas(64) QueryTables {
  // The most that a code of that byte can get; kRefused when all of them are refused.
  int16_t points[kPostingColumns][256];
  ColumnList gates;                       // columns that refuse something ...
  ColumnList mixed;                       // ... those with bytes that stand for refused codes and for others ...
  ColumnList vague;                       // ... and those with bytes whose codes get different points
  uint8_t accepted[kPostingColumns][32];  // bit c of byte c / 8: not all codes of it are refused
  uint8_t is_mixed[kPostingColumns][32];
  uint8_t is_vague[kPostingColumns][32];  // all that is mixed, too
  int32_t sectors[4096];
  int32_t norms[256];                       // the last is not used
  int16_t ask_high, ask_low;                // stated asks meet [ask_low, ask_high] ...
  int16_t ask_high_border, ask_low_border;  // ... and at these values only the row can tell
  uint8_t needed_flags;                     // a posting without them is not there
  uint8_t asking_flags;  // a posting with one of them needs its row or its extras before anything is known

  // For bounds of 64 postings at once. Of each number the lower byte and the upper one.
  bool bounded;                   // else the numbers are too large for this
  bool refuses_sectors;           // else refused_high is not filled
  int32_t column_most;            // the best points of each column, together
  ColumnList differing;           // columns whose codes do not all get the same, those that tell the most first
  int quarters[kPostingColumns];  // how many times 64 bytes are in use, rounded up to 1, 2 or 4
  alignas(64) uint8_t loss[kPostingColumns][2][256];  // uint16_t: the best points less those of the code
  alignas(64) uint8_t reach[2][256];                  // int16_t: the most points of any sector of that lower byte
  alignas(64) uint8_t norm[2][256];                   // uint16_t
  int norm_quarters;
  // The same where only sixteen bytes are looked up at once: columns with up to 64 bytes in use, and for others whether
  // a code is better than one that is not listed, which loses `plain_loss`.
  ColumnList small, large;
  int sixteens[kPostingColumns];
  int plain_loss[kPostingColumns];
  uint8_t better[kPostingColumns][32];  // bit c of byte c / 8
  // Upper half byte of the sector of that lower byte that is accepted, or refused; or kNoMark, kManyMarks.
  alignas(64) uint8_t accepted_high[256];
  alignas(64) uint8_t refused_high[256];
};

struct Cell {
  int32_t base;     // points of the form and of the stage
  int32_t own;      // points of the cell's sector
  unsigned sector;  // 0 for the cell without sectors
  bool first_only;  // skip a project that has an accepted sector before this
};

// The postings of a block, and what is known of all of them.
struct BlockView {
  const uint8_t* bytes;
  unsigned capacity, count;
  bool asks_meet;  // every ask meets the ticket, and none is at its border
};

enum OpenQuestion : unsigned {
  kOpenAsk = 1,    // the ask is at the border of the ticket
  kOpenFlags = 2,  // one of QueryTables::asking_flags
  kOpenCodes = 4,  // a byte stands for refused codes and for others
  // With one of these it is not known yet whether it passes, and it is not counted.
  kOpenGates = kOpenAsk | kOpenFlags | kOpenCodes,
  kOpenScore = 8,  // a byte stands for codes of different points
};

// What a block has for a query.
struct Candidate {
  int32_t score;  // the most that it can be, without text and extras; exact without kOtherCodes and open questions
  uint8_t lane;
  uint8_t flags;
  uint8_t open;  // OpenQuestion
};

// Writes the candidates of a block to `found` (room for 64): those that pass with at least `threshold` and all whose
// gates are open. Adds those that pass and whose gates are not open to `passed`. Returns how many it wrote. The same
// for every instruction set.
using ScanBlock = int (*)(const BlockView& block, const Cell& cell, const QueryTables& tables, int32_t threshold,
                          Candidate* found, uint32_t* passed);

#define TANDEM_DECLARE_KERNEL(set)                                                                                   \
  namespace set {                                                                                                    \
  int Scan(const BlockView& block, const Cell& cell, const QueryTables& tables, int32_t threshold, Candidate* found, \
           uint32_t* passed);                                                                                        \
  }
TANDEM_DECLARE_KERNEL(portable_kernel)
TANDEM_DECLARE_KERNEL(v2_kernel)
TANDEM_DECLARE_KERNEL(v3_kernel)
TANDEM_DECLARE_KERNEL(v4_kernel)
TANDEM_DECLARE_KERNEL(vbmi_kernel)
#undef TANDEM_DECLARE_KERNEL

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_KERNELS_H_
