#include "common/base/program_id.h"

#include <array>
#include <fstream>
#include <memory>
#include <openssl/evp.h>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"

#include "common/base/random_id.h"

namespace tandem {
namespace {

// Empty when the file cannot be read.
std::string DigestOf(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  if (!file || context == nullptr || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) return "";
  std::array<char, 64 * 1024> bytes;
  while (file.read(bytes.data(), bytes.size()), file.gcount() > 0) {
    if (EVP_DigestUpdate(context.get(), bytes.data(), static_cast<size_t>(file.gcount())) != 1) return "";
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  if (file.bad() || EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1) return "";
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(digest.data()), size));
}

}  // namespace

const std::string& ProgramId() {
  static const std::string* const id = [] {
    std::string digest = DigestOf("/proc/self/exe");
    return new std::string(digest.empty() ? RandomUuid() : std::move(digest));
  }();
  return *id;
}

}  // namespace tandem
