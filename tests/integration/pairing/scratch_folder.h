// ScratchFolder: a folder that is gone at the end of a test.
#ifndef TANDEM_TESTS_INTEGRATION_PAIRING_SCRATCH_FOLDER_H_
#define TANDEM_TESTS_INTEGRATION_PAIRING_SCRATCH_FOLDER_H_

#include <cstdlib>
#include <filesystem>
#include <string>

namespace tandem {

class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tandem-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = pattern;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace tandem

#endif  // TANDEM_TESTS_INTEGRATION_PAIRING_SCRATCH_FOLDER_H_
