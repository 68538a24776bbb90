// An investor form packed into one piece of memory, for scoring it against many rows without chasing pointers.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_FLAT_FORM_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_FLAT_FORM_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "services/pairing/matching/index/investor_filter.h"
#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

// Immutable after construction: any number of threads. About 200 bytes and 2 to 4 a listed code.
class FlatForm {
 public:
  // Which sectors have their points here: all, or those that do not decide.
  enum class Sectors { kNotDeciding, kAll };

  static std::shared_ptr<const FlatForm> Make(std::shared_ptr<const InvestorForm> form);  // kNotDeciding
  // In memory of the caller, at least BytesFor(*form), which must outlive the form; to be ended with its destructor.
  static FlatForm* MakeAt(void* memory, std::shared_ptr<const InvestorForm> form, Sectors sectors);
  static size_t BytesFor(const InvestorForm& form, Sectors sectors);
  // The most that any code gives; 0 when all are refused.
  static int16_t BestOf(const ColumnPoints& points);

  FlatForm(const FlatForm&) = delete;
  FlatForm& operator=(const FlatForm&) = delete;

  // Whether a sector of the form is in the postings of an index: what decides whether the investor is found. Of the
  // others only the points count, once it is found.
  static bool Decides(const SectorPoints& wanted, const SectorPoints::Listed& listed) {
    return listed.accepted || !wanted.required;
  }

  // Sum of the points of the row's sectors, those that are not here as if they were not listed; nothing when one is
  // refused.
  std::optional<int32_t> SectorSum(const ProjectRow& row) const {
    int32_t sum = 0;
    for (size_t i = 0; i < row.sector_count; ++i) {
      const int16_t points = PointsOf(sectors_, row.sectors[i]);
      if (points == kRefused) return std::nullopt;
      sum += points;
    }
    return sum;
  }

  // Everything of LinearScore but sectors and texts; nothing when a column or the ticket refuses the row.
  std::optional<int32_t> ColumnScore(const ProjectRow& row) const {
    int32_t score = bias_ + row.points;
    for (size_t column = 0; column < kColumnCount; ++column) {
      const int16_t points = PointsOf(spans_[column], row.codes[column]);
      if (points == kRefused) return std::nullopt;
      score += points;
    }
    if (row.codes[kAskColumn] != 0 && (row.ask_least > ticket_most_ || row.ask_most < ticket_least_)) {
      return std::nullopt;
    }
    return score;
  }

  // Ask the processor to fetch what scoring reads: first this, later, when that is there, the points.
  void Prefetch() const {
    const auto* at = reinterpret_cast<const char*>(this);
    for (size_t offset = 0; offset < sizeof(*this); offset += 64) __builtin_prefetch(at + offset);
  }
  void PrefetchPoints(const ProjectRow& row) const {
    asm volatile("");  // else GCC takes this for a function without effect, and leaves out its calls
    // Lists of one column are mostly within a line; those of sectors are not.
    constexpr size_t kLine = 64 / sizeof(int16_t);
    for (size_t column = 0; column < kColumnCount; ++column) {
      const Span& span = spans_[column];
      const auto offset = static_cast<uint16_t>(row.codes[column] - span.first);
      if (span.size != 0) __builtin_prefetch(points() + span.at + (span.dense && offset < span.size ? offset : 0));
    }
    const size_t size = sectors_.size * (sectors_.dense ? 1 : 2);
    for (size_t i = 0; i < size; i += kLine) __builtin_prefetch(points() + sectors_.at + i);
    if (size != 0) __builtin_prefetch(points() + sectors_.at + size - 1);
  }

  const InvestorForm& form() const { return *form_; }
  const InvestorFilter& filter() const { return filter_; }
  uint32_t text_length() const { return text_length_; }
  int16_t sector_otherwise() const { return sectors_.otherwise; }
  bool extra_gates() const { return extra_gates_; }
  size_t bytes() const { return sizeof(*this) + point_count_ * sizeof(int16_t); }

 private:
  // Codes first .. first + size - 1 have their points one after the other (dense), or there are `size` pairs of a code
  // and its points, sorted by code.
  struct Span {
    uint32_t at : 31 = 0;
    uint32_t dense : 1 = 1;
    uint32_t size = 0;
    uint16_t first = 0;
    int16_t otherwise = 0;
  };

  FlatForm(std::shared_ptr<const InvestorForm> form, Sectors sectors);

  // Behind the object itself.
  const int16_t* points() const { return reinterpret_cast<const int16_t*>(this + 1); }

  int16_t PointsOf(const Span& span, uint16_t code) const {
    if (span.dense) {
      const auto offset = static_cast<uint16_t>(code - span.first);
      return offset < span.size ? points()[span.at + offset] : span.otherwise;
    }
    const int16_t* codes = points() + span.at;
    size_t low = 0;
    for (size_t left = span.size; left > 1;) {
      const size_t half = left / 2;
      low = static_cast<uint16_t>(codes[2 * (low + half)]) <= code ? low + half : low;
      left -= half;
    }
    return static_cast<uint16_t>(codes[2 * low]) == code ? codes[2 * low + 1] : span.otherwise;
  }

  Span Pack(const ColumnPoints& points);

  std::array<Span, kColumnCount> spans_;
  Span sectors_;
  int32_t bias_ = 0;
  int32_t ticket_least_ = 0, ticket_most_ = 0;
  uint32_t text_length_ = 0;
  uint32_t point_count_ = 0;
  bool extra_gates_ = false;
  InvestorFilter filter_;
  std::shared_ptr<const InvestorForm> form_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_FLAT_FORM_H_
