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
  size_t most = 0;
  for (const ColumnPoints& column : form_->columns) most += column.listed.size() * 2;
  points_.reserve(most);
  for (size_t c = 0; c < kColumnCount; ++c) {
    const ColumnPoints& column = form_->columns[c];
    Span& span = spans_[c];
    span.otherwise = column.otherwise;
    span.at = static_cast<uint32_t>(points_.size());
    if (column.listed.empty()) continue;
    span.first = column.listed.front().code;
    const size_t width = size_t{column.listed.back().code} - span.first + 1;
    span.dense = width <= column.listed.size() * 2;
    if (span.dense) {
      points_.resize(points_.size() + width, column.otherwise);
      for (const auto& listed : column.listed) points_[span.at + listed.code - span.first] = listed.points;
    } else {
      for (const auto& listed : column.listed) points_.push_back(static_cast<int16_t>(listed.code));
      for (const auto& listed : column.listed) points_.push_back(listed.points);
    }
    span.size = static_cast<uint32_t>(span.dense ? width : column.listed.size());
  }
}

}  // namespace tandem::pairing::matching
