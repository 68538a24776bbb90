#include "services/pairing/matching/index/flat_form.h"

#include <utility>

#include "services/pairing/matching/index/project_terms.h"

namespace tandem::pairing::matching {

FlatForm::FlatForm(std::shared_ptr<const InvestorForm> form)
    : bias_(form->bias),
      ticket_least_(form->ticket_least),
      ticket_most_(form->ticket_most),
      text_length_(LengthOf(form->text)),
      filter_(FilterOf(*form)),
      form_(std::move(form)) {
  ColumnPoints others;
  others.otherwise = form_->sectors.otherwise;
  for (const SectorPoints::Listed& listed : form_->sectors.listed) {
    if (!Decides(form_->sectors, listed)) {
      others.listed.push_back({listed.sector, listed.refused ? kRefused : listed.points});
    }
  }
  size_t most = others.listed.size() * 2;
  for (const ColumnPoints& column : form_->columns) most += column.listed.size() * 2;
  points_.reserve(most);
  for (size_t c = 0; c < kColumnCount; ++c) spans_[c] = Pack(form_->columns[c]);
  other_sectors_ = Pack(others);
  points_.shrink_to_fit();
}

FlatForm::Span FlatForm::Pack(const ColumnPoints& points) {
  Span span;
  span.otherwise = points.otherwise;
  span.at = static_cast<uint32_t>(points_.size());
  if (points.listed.empty()) return span;
  span.first = points.listed.front().code;
  const size_t width = size_t{points.listed.back().code} - span.first + 1;
  span.dense = width <= points.listed.size() * 2;
  if (span.dense) {
    points_.resize(points_.size() + width, points.otherwise);
    for (const auto& listed : points.listed) points_[span.at + listed.code - span.first] = listed.points;
  } else {
    for (const auto& listed : points.listed) points_.push_back(static_cast<int16_t>(listed.code));
    for (const auto& listed : points.listed) points_.push_back(listed.points);
  }
  span.size = static_cast<uint32_t>(span.dense ? width : points.listed.size());
  return span;
}

}  // namespace tandem::pairing::matching
