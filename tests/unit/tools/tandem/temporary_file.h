// Files that go away with the test.
#ifndef TANDEM_TESTS_UNIT_TOOLS_TANDEM_TEMPORARY_FILE_H_
#define TANDEM_TESTS_UNIT_TOOLS_TANDEM_TEMPORARY_FILE_H_

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "common/base/random_id.h"

namespace tandem::cli {

// A folder of its own below the system's temporary one.
class TemporaryFolder {
 public:
  TemporaryFolder() : path_(std::filesystem::temp_directory_path() / ("tandem-test-" + RandomResourceId())) {
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  // Writes a file and returns its path.
  std::string Write(const std::string& name, const std::string& content) const {
    std::ofstream(path_ / name, std::ios::binary | std::ios::trunc) << content;
    return (path_ / name).string();
  }
  std::string Read(const std::string& path) const {
    std::ifstream stream(path, std::ios::binary);
    std::stringstream content;
    content << stream.rdbuf();
    return content.str();
  }

 private:
  std::filesystem::path path_;
};

}  // namespace tandem::cli

#endif  // TANDEM_TESTS_UNIT_TOOLS_TANDEM_TEMPORARY_FILE_H_
