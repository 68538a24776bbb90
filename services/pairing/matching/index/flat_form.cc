#include "services/pairing/matching/index/flat_form.h"

#include <algorithm>
#include <new>
#include <utility>

#include "services/pairing/matching/index/project_terms.h"

namespace tandem::pairing::matching {
namespace {

size_t Width(const ColumnPoints& points) {
  return points.listed.empty() ? 0 : size_t{points.listed.back().code} - points.listed.front().code + 1;
}
bool IsDense(const ColumnPoints& points) { return Width(points) <= points.listed.size() * 2; }
size_t SizeOf(const ColumnPoints& points) { return IsDense(points) ? Width(points) : points.listed.size() * 2; }

ColumnPoints AsColumn(const SectorPoints& sectors, FlatForm::Sectors which) {
  ColumnPoints column;
  column.otherwise = sectors.otherwise;
  for (const SectorPoints::Listed& listed : sectors.listed) {
    if (which == FlatForm::Sectors::kNotDeciding && FlatForm::Decides(sectors, listed)) continue;
    column.listed.push_back({listed.sector, listed.refused ? kRefused : listed.points});
  }
  return column;
}

}  // namespace

int16_t FlatForm::BestOf(const ColumnPoints& points) {
  int16_t best = points.otherwise;  // kRefused is less than all others
  for (const ColumnPoints::Listed& listed : points.listed) best = std::max(best, listed.points);
  return best == kRefused ? int16_t{0} : best;
}

size_t FlatForm::BytesFor(const InvestorForm& form, Sectors sectors) {
  size_t count = SizeOf(AsColumn(form.sectors, sectors));
  for (const ColumnPoints& column : form.columns) count += SizeOf(column);
  return sizeof(FlatForm) + count * sizeof(int16_t);
}

FlatForm* FlatForm::MakeAt(void* memory, std::shared_ptr<const InvestorForm> form, Sectors sectors) {
  return new (memory) FlatForm(std::move(form), sectors);
}

std::shared_ptr<const FlatForm> FlatForm::Make(std::shared_ptr<const InvestorForm> form) {
  const auto end = [](const FlatForm* flat) {
    flat->~FlatForm();
    ::operator delete(const_cast<FlatForm*>(flat));
  };
  void* memory = ::operator new(BytesFor(*form, Sectors::kNotDeciding));
  return {MakeAt(memory, std::move(form), Sectors::kNotDeciding), end};
}

FlatForm::FlatForm(std::shared_ptr<const InvestorForm> form, Sectors sectors)
    : bias_(form->bias),
      ticket_least_(form->ticket_least),
      ticket_most_(form->ticket_most),
      text_length_(LengthOf(form->text)),
      extra_gates_(form->extra_gates),
      filter_(FilterOf(*form)),
      form_(std::move(form)) {
  for (size_t c = 0; c < kColumnCount; ++c) spans_[c] = Pack(form_->columns[c]);
  sectors_ = Pack(AsColumn(form_->sectors, sectors));
}

FlatForm::Span FlatForm::Pack(const ColumnPoints& points) {
  Span span;
  span.otherwise = points.otherwise;
  span.at = point_count_ & 0x7fffffff;
  if (points.listed.empty()) return span;
  span.first = points.listed.front().code;
  span.dense = IsDense(points) ? 1 : 0;
  auto* out = reinterpret_cast<int16_t*>(this + 1) + point_count_;
  if (span.dense) {
    span.size = static_cast<uint32_t>(Width(points));
    for (size_t i = 0; i < span.size; ++i) out[i] = points.otherwise;
    for (const auto& listed : points.listed) out[listed.code - span.first] = listed.points;
  } else {
    span.size = static_cast<uint32_t>(points.listed.size());
    for (const auto& listed : points.listed) {
      *out++ = static_cast<int16_t>(listed.code);
      *out++ = listed.points;
    }
  }
  point_count_ += static_cast<uint32_t>(SizeOf(points));
  return span;
}

}  // namespace tandem::pairing::matching
