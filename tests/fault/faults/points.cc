#include "tests/fault/faults/points.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace tandem::check {

namespace fs = std::filesystem;

namespace {

constexpr absl::string_view kCall = "PassPoint(\"";

}  // namespace

absl::StatusOr<std::vector<std::string>> FindPoints(const std::string& root, const std::vector<std::string>& folders) {
  std::set<std::string> points;
  for (const std::string& folder : folders) {
    std::error_code error;
    for (fs::recursive_directory_iterator file(fs::path(root) / folder, error), end; !error && file != end;
         file.increment(error)) {
      const std::string extension = file->path().extension();
      if (extension != ".cc" && extension != ".h") continue;
      std::stringstream text;
      text << std::ifstream(file->path()).rdbuf();
      const std::string source = text.str();
      for (size_t at = source.find(kCall.data()); at != std::string::npos; at = source.find(kCall.data(), at)) {
        at += kCall.size();
        points.insert(source.substr(at, source.find('"', at) - at));
      }
    }
    if (error) return absl::NotFoundError(absl::StrCat("no sources at ", root, "/", folder, ": ", error.message()));
  }
  return std::vector<std::string>(points.begin(), points.end());
}

}  // namespace tandem::check
