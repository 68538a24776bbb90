// Tables on a terminal, straight also where Chinese takes two columns a character.
#ifndef TANDEM_TOOLS_TANDEM_TABLE_H_
#define TANDEM_TOOLS_TANDEM_TABLE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "common/text/display_width.h"

namespace tandem::cli {

struct Column {
  std::string title;
  Align align = Align::kLeft;
};

// Not thread-safe.
class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // REQUIRES: one cell for each column. Line breaks in a cell become spaces.
  void AddRow(std::vector<std::string> cells);

  // The lines, each ended by a line break. When they would be wider than `width`, the widest columns give way until
  // they fit, down to 6 columns each; 0 is no limit. The last column is not filled up with spaces.
  std::string Render(size_t width) const;

  size_t rows() const { return rows_.size(); }

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_TABLE_H_
