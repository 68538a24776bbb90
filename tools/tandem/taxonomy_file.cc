#include "tools/tandem/taxonomy_file.h"

#include <fstream>
#include <memory>
#include <sstream>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"

#include "common/base/status.h"
#include "tools/tandem/csv_row.h"
#include "tools/tandem/record_file.h"

namespace tandem::cli {
namespace {

using pairing::v1::Sector;
using pairing::v1::Taxonomy;

constexpr absl::string_view kLabel = "label_";

absl::Status CheckHeader(const std::string& path, const std::vector<std::string>& columns) {
  bool code = false;
  for (const std::string& column : columns) {
    code = code || column == "code";
    if (column != "code" && column != "parent" && !absl::StartsWith(column, kLabel)) {
      return absl::InvalidArgumentError(absl::StrCat("Unknown column '", column, "' in '", path,
                                                     "': the columns are code, parent, label_en, label_zh-Hans, ..."));
    }
  }
  if (code) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("There is no column code in '", path, "'."));
}

absl::StatusOr<Taxonomy> ReadCsv(const std::string& path) {
  TANDEM_ASSIGN_OR_RETURN(const auto file, RecordFile::Open(path, RecordFormat::kCsv));
  TANDEM_RETURN_IF_ERROR(CheckHeader(path, file->columns()));
  Taxonomy taxonomy;
  RawRecord record;
  while (file->Next(&record)) {
    if (!record.problem.empty()) {
      return absl::InvalidArgumentError(absl::StrCat("Line ", record.line, " of '", path, "': ", record.problem, "."));
    }
    std::vector<std::string> reasons;
    const CsvRow row(file->columns(), record.fields, &reasons);
    Sector* sector = taxonomy.add_sectors();
    sector->set_code(row.Text("code"));
    sector->set_parent_code(row.Text("parent"));
    if (sector->code().empty()) {
      return absl::InvalidArgumentError(absl::StrCat("Line ", record.line, " of '", path, "' has no code."));
    }
    for (const std::string& column : file->columns()) {
      if (!absl::StartsWith(column, kLabel) || row.Text(column).empty()) continue;
      auto* label = sector->add_labels();
      label->set_language_code(column.substr(kLabel.size()));
      label->set_text(row.Text(column));
    }
  }
  return taxonomy;
}

absl::StatusOr<Taxonomy> ReadJson(const std::string& path) {
  std::ifstream stream(path);
  std::stringstream text;
  text << stream.rdbuf();
  if (!stream) return absl::NotFoundError(absl::StrCat("The file '", path, "' cannot be read."));
  Taxonomy taxonomy;
  const auto parsed = google::protobuf::util::JsonStringToMessage(text.str(), &taxonomy);
  if (parsed.ok()) return taxonomy;
  return absl::InvalidArgumentError(
      absl::StrCat("The file '", path, "' is no taxonomy: ", std::string(parsed.message())));
}

// Puts parents before children and keeps the order otherwise.
absl::StatusOr<Taxonomy> Sorted(const Taxonomy& taxonomy) {
  enum class Mark { kNew, kOpen, kDone };
  absl::flat_hash_map<std::string, int> positions;
  for (int i = 0; i < taxonomy.sectors_size(); ++i) {
    if (!positions.emplace(taxonomy.sectors(i).code(), i).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("The code '", taxonomy.sectors(i).code(), "' stands there twice."));
    }
  }
  std::vector<Mark> marks(static_cast<size_t>(taxonomy.sectors_size()), Mark::kNew);
  Taxonomy sorted = taxonomy;
  sorted.clear_sectors();
  for (int i = 0; i < taxonomy.sectors_size(); ++i) {
    std::vector<int> chain;  // from the sector up to what is done
    for (int at = i; marks[static_cast<size_t>(at)] != Mark::kDone;) {
      const Sector& sector = taxonomy.sectors(at);
      if (marks[static_cast<size_t>(at)] == Mark::kOpen) {
        return absl::InvalidArgumentError(absl::StrCat("The code '", sector.code(), "' is above itself."));
      }
      marks[static_cast<size_t>(at)] = Mark::kOpen;
      chain.push_back(at);
      if (sector.parent_code().empty()) break;
      const auto parent = positions.find(sector.parent_code());
      if (parent == positions.end()) {
        return absl::InvalidArgumentError(
            absl::StrCat("The parent '", sector.parent_code(), "' of '", sector.code(), "' is not there."));
      }
      at = parent->second;
    }
    for (; !chain.empty(); chain.pop_back()) {
      marks[static_cast<size_t>(chain.back())] = Mark::kDone;
      *sorted.add_sectors() = taxonomy.sectors(chain.back());
    }
  }
  return sorted;
}

}  // namespace

absl::StatusOr<Taxonomy> ReadTaxonomy(const std::string& path) {
  TANDEM_ASSIGN_OR_RETURN(const Taxonomy taxonomy,
                          FormatOf(path) == RecordFormat::kCsv ? ReadCsv(path) : ReadJson(path));
  return Sorted(taxonomy);
}

}  // namespace tandem::cli
