// Linear form: a pair's score as a sum of lookups, which is what an index can serve exactly.
//
// A project compiles into a row of small codes, one per column; an investor compiles, for one day, into points for each
// code of each column. A gate that depends on one column alone is a code that is refused. What depends on both sides in
// another way (co-investors, wishes, rare gates) is the extras of a pair: computed for the few rows that say so.
//
//   score = form.bias + row.points
//         + sum over columns c of form.columns[c] at row.codes[c]
//         + (sum over the row's sectors s of form.sectors at s) * row.sector_norm / 1024
//         + (sum over terms t in both texts of form.text[t] * row.text[t]) / 256
//         + extras
//
// Divisions round down. Points are thousandths of a nat: whole numbers, so that every instruction set gives the same
// lists. Value types: copy freely; no thread safety of their own.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_LINEAR_FORM_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_LINEAR_FORM_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

namespace tandem::pairing::matching {

// Aspects of a project that one code says. Code 0 is "not stated" in every column.
enum Column : size_t {
  kStageColumn,        // stage of development
  kRoundColumn,        // round of funding
  kHistoryColumn,      // whether earlier investors are known
  kAskColumn,          // the ask, by the width kAskStep of its logarithm
  kCountryColumn,      //
  kRegionColumn,       // country and region
  kCityColumn,         // country, region and city
  kRegionRoundColumn,  // region together with the round
  kTrlColumn,          //
  kInstrumentColumn,   // a set of instruments
  kCooperationColumn,  // a set of forms of cooperation
  kLanguageColumn,     // a set of languages
  kColumnCount,
};

// Points of a code that makes the pair impossible.
inline constexpr int16_t kRefused = std::numeric_limits<int16_t>::min();

struct TermWeight {
  uint32_t term = 0;
  int16_t weight = 0;
};
// Sorted by term, each term once. Weights of a project's text are 0 to 255 and of unit length times 255.
using TextWeights = std::vector<TermWeight>;

struct ProjectRow {
  static constexpr size_t kMostSectors = 16;

  std::array<uint16_t, kColumnCount> codes = {};
  uint8_t sector_count = 0;
  std::array<uint16_t, kMostSectors> sectors = {};  // distinct; those that score and gate
  uint16_t sector_norm = 1024;                      // in 1024ths, at most 1024
  int16_t points = 0;                               // the same for every investor
  // Range of the ask as logarithms in micro-nats of base-currency minor units. Not stated: the code of kAskColumn is 0.
  int32_t ask_least = 0, ask_most = 0;
  // Set when PairExtras may add points or refuse: see ExtraPoints below.
  bool extra_points = false;
  bool extra_gates = false;
  std::shared_ptr<const TextWeights> text;  // null: none
};

struct ColumnPoints {
  struct Listed {
    uint16_t code = 0;
    int16_t points = 0;  // or kRefused
  };
  int16_t otherwise = 0;       // of a code that is not listed; or kRefused
  std::vector<Listed> listed;  // sorted by code, each once
};

struct SectorPoints {
  struct Listed {
    uint16_t sector = 0;
    int16_t points = 0;
    bool accepted = false;  // meets `required`
    bool refused = false;   // a project that has it is refused
  };
  int16_t otherwise = 0;         // points of a sector that is not listed
  bool required = false;         // at least one of the project's sectors must be accepted
  bool refuse_unstated = false;  // a project without sectors is refused; else it passes `required`
  std::vector<Listed> listed;    // sorted by sector, each once
};

struct InvestorForm {
  int32_t bias = 0;
  std::array<ColumnPoints, kColumnCount> columns;
  SectorPoints sectors;
  // A stated ask must meet [ticket_least, ticket_most]: row.ask_least <= ticket_most and row.ask_most >= ticket_least.
  int32_t ticket_least = std::numeric_limits<int32_t>::min();
  int32_t ticket_most = std::numeric_limits<int32_t>::max();
  TextWeights text;
  // The most that extras add to any pair of this investor, and whether every pair needs their gates.
  int32_t extra_points_most = 0;
  bool extra_gates = false;
};

// Score without extras; nothing when a gate refuses the pair. The definition that every index must reproduce.
std::optional<int32_t> LinearScore(const ProjectRow& row, const InvestorForm& form);

// Points of the texts alone.
int32_t TextPoints(const TextWeights& project, const TextWeights& investor);

// Extras of one pair: nothing when they refuse it, else at most form.extra_points_most (may be negative). An index asks
// when `row.extra_gates || form.extra_gates`, and, of what could reach the list, when `row.extra_points`.
class PairExtras {
 public:
  virtual ~PairExtras() = default;
  // `project` and `investor` are slots. Called by many threads at once.
  virtual std::optional<int32_t> Points(uint32_t project, uint32_t investor) const = 0;
};

// One place of a ranking. Best first; equal scores by the name behind the slot.
struct Scored {
  uint32_t slot = 0;
  int32_t score = 0;

  friend bool operator==(const Scored&, const Scored&) = default;
};

struct TopList {
  std::vector<Scored> best;
  // Counterparts that passed every gate, and those in the index at all.
  uint32_t passed = 0;
  uint32_t considered = 0;
};

// Decides between equal scores. Thread-safe.
class SlotOrder {
 public:
  virtual ~SlotOrder() = default;
  // Whether the name behind `a` comes before the name behind `b`.
  virtual bool Before(uint32_t a, uint32_t b) const = 0;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_LINEAR_FORM_H_
