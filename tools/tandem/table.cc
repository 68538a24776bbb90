#include "tools/tandem/table.h"

#include <algorithm>
#include <utility>

namespace tandem::cli {
namespace {

constexpr size_t kGap = 2;
constexpr size_t kNarrowest = 6;

void Shrink(size_t limit, std::vector<size_t>* widths) {
  size_t total = kGap * (widths->size() - 1);
  for (const size_t width : *widths) total += width;
  while (total > limit) {
    const auto widest = std::max_element(widths->begin(), widths->end());
    if (*widest <= kNarrowest) return;
    --*widest;
    --total;
  }
}

}  // namespace

void Table::AddRow(std::vector<std::string> cells) {
  for (std::string& cell : cells) {
    for (char& c : cell) {
      if (c == '\n' || c == '\r' || c == '\t') c = ' ';
    }
  }
  cells.resize(columns_.size());
  rows_.push_back(std::move(cells));
}

std::string Table::Render(size_t width) const {
  std::vector<size_t> widths;
  for (size_t i = 0; i < columns_.size(); ++i) {
    size_t widest = DisplayWidth(columns_[i].title);
    for (const auto& row : rows_) widest = std::max(widest, DisplayWidth(row[i]));
    widths.push_back(widest);
  }
  if (width > 0) Shrink(width, &widths);

  std::string result;
  const auto add_line = [&](const auto& cell_of) {
    std::string line;
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) line.append(kGap, ' ');
      line += PadToWidth(TruncateToWidth(cell_of(i), widths[i]), widths[i], columns_[i].align);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    result += line + "\n";
  };
  add_line([&](size_t i) { return columns_[i].title; });
  for (const auto& row : rows_) add_line([&](size_t i) { return row[i]; });
  return result;
}

}  // namespace tandem::cli
