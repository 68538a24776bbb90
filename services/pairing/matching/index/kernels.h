// The inner loop of a query, compiled once for each instruction set.
//
// Plain structures and arrays only, and nothing inline: the files that include this are compiled with instructions that
// the machine may lack, and an inline function of theirs could be the one that the linker keeps for everybody.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_KERNELS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_KERNELS_H_

#include <stddef.h>  // NOLINT(modernize-deprecated-headers): <cstddef> and <cstdint> bring inline functions
#include <stdint.h>  // NOLINT(modernize-deprecated-headers)

namespace tandem::pairing::matching {

// Columns of a posting: those of a row without the stage, which is the cell's. A code that does not fit is kOtherCode.
inline constexpr int kPostingColumns = 11;
inline constexpr int kOtherCode = 255;

// A block is an array for each part of a posting, each as long as the block's capacity (a multiple of 16). Byte offsets
// are these times the capacity.
enum BlockPart : unsigned {
  kFlagsPart = 0,                    // uint8_t, PostingFlag
  kCodesPart = 1,                    // uint8_t each
  kNormPart = 1 + kPostingColumns,   // uint8_t: number of the sector norm, kOtherCode: see the row
  kAskLeastPart = kNormPart + 1,     // int16_t, kAskShift lower bits left out
  kAskMostPart = kAskLeastPart + 2,  // int16_t
  kPointsPart = kAskMostPart + 2,    // int16_t
  kSlotPart = kPointsPart + 2,       // uint32_t
  kOthersPart = kSlotPart + 4,       // 6 bytes: four sectors of 12 bits beside the cell's, kNoSector for none
  kPostingBytes = kOthersPart + 6,
};

enum PostingFlag : unsigned {
  kPrimary = 1,  // in the cell of the project's first sector (or of none)
  kHasText = 2,
  kExtraPoints = 4,
  kExtraGates = 8,
  kOtherCodes = 16,    // some code or the norm did not fit: the score here is the most it can be
  kOtherSectors = 32,  // the sectors did not fit: nothing here says what passes
  kEvery = 64,         // set on every posting
};

inline constexpr unsigned kNoSector = 4095;
inline constexpr int kAskShift = 12;

// Of a sector, in QueryTables::sectors: points << 2, and these.
inline constexpr int kSectorAccepted = 1, kSectorRefused = 2;

// An investor's form as tables, one entry for each code.
struct alignas(64) QueryTables {
  int16_t points[kPostingColumns][256];
  uint8_t accepted[kPostingColumns][32];  // bit c of byte c / 8
  int32_t sectors[4096];
  int32_t norms[256];  // the last is not used
  int gate_count;      // columns that refuse something
  int gates[kPostingColumns];
  int16_t ask_high, ask_low;                // stated asks meet [ask_low, ask_high] ...
  int16_t ask_high_border, ask_low_border;  // ... and at these values only the row can tell
  uint8_t needed_flags;                     // a posting without them is not there
  uint8_t asking_flags;  // a posting with one of them needs its row or its extras before anything is known
};

struct Cell {
  int32_t base;     // points of the form and of the stage
  int32_t own;      // points of the cell's sector
  unsigned sector;  // 0 for the cell without sectors
  bool first_only;  // skip a project that has an accepted sector before this
};

enum OpenQuestion : unsigned {
  kOpenAsk = 1,    // the ask is at the border of the ticket
  kOpenFlags = 2,  // one of QueryTables::asking_flags
};

// What a block has for a query.
struct Candidate {
  uint32_t slot;
  int32_t score;  // the most that it can be, without text and extras; exact without kOtherCodes
  uint8_t flags;
  uint8_t open;  // OpenQuestion: whether it passes is not known yet, and it is not counted
};

// Writes the candidates of the `count` first postings of a block to `found` (room for 64): those that pass with at
// least `threshold` and all open ones. Adds those that pass and are not open to `passed`. Returns how many it wrote.
using ScanBlock = int (*)(const uint8_t* block, unsigned capacity, unsigned count, const Cell& cell,
                          const QueryTables& tables, int32_t threshold, Candidate* found, uint32_t* passed);

#define TANDEM_DECLARE_KERNEL(set)                                                                               \
  namespace set {                                                                                                \
  int Scan(const uint8_t* block, unsigned capacity, unsigned count, const Cell& cell, const QueryTables& tables, \
           int32_t threshold, Candidate* found, uint32_t* passed);                                               \
  }
TANDEM_DECLARE_KERNEL(portable_kernel)
TANDEM_DECLARE_KERNEL(v2_kernel)
TANDEM_DECLARE_KERNEL(v3_kernel)
TANDEM_DECLARE_KERNEL(v4_kernel)
#undef TANDEM_DECLARE_KERNEL

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_KERNELS_H_
