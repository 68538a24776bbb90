#include "common/tokens/key_ring.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "common/base/random_id.h"
#include "common/base/status.h"
#include "common/base/test_switch.h"

namespace tandem {
namespace {

constexpr char kVersion = 1;
constexpr size_t kMacSize = 16;
constexpr size_t kSecretSize = 32;
constexpr size_t kLongestKeyId = 32;
constexpr size_t kMostKeys = 32;
constexpr size_t kLargestFile = 64 * 1024;

// A file descriptor that is closed with its scope.
class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }
  bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

absl::Status FileError(int error, absl::string_view what, const std::string& path) {
  return absl::ErrnoToStatus(error, absl::StrCat("keys file ", path, ": cannot ", what));
}

// Lengths go before the parts, so that no two different (purpose, context, payload) make the same text.
void AppendPart(std::string* out, absl::string_view part) {
  const uint64_t size = part.size();
  for (int shift = 56; shift >= 0; shift -= 8) out->push_back(static_cast<char>((size >> shift) & 0xff));
  out->append(part.data(), part.size());
}

std::string Mac(absl::string_view key_id, absl::string_view secret, absl::string_view purpose,
                absl::string_view context, absl::string_view payload) {
  std::string text;
  text.reserve(64 + purpose.size() + context.size() + payload.size());
  AppendPart(&text, "tandem token 1");
  AppendPart(&text, key_id);
  AppendPart(&text, purpose);
  AppendPart(&text, context);
  AppendPart(&text, payload);
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  // Fails only when memory is gone or the library is broken; an unsigned token must not get out then.
  if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &size) == nullptr ||
      size < kMacSize) {
    std::abort();
  }
  return std::string(reinterpret_cast<const char*>(mac), kMacSize);
}

absl::Status Altered() {
  return absl::InvalidArgumentError("the token was not made here for this use, or it was altered");
}

bool IsKeyId(absl::string_view id) {
  return !id.empty() && id.size() <= kLongestKeyId && std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
  });
}

bool IsSecret(absl::string_view hex) {
  return hex.size() == 2 * kSecretSize && std::all_of(hex.begin(), hex.end(), [](char c) {
           return absl::ascii_isxdigit(static_cast<unsigned char>(c));
         });
}

// The whole of a file that nobody else may read or write. NOT_FOUND when there is none.
absl::StatusOr<std::string> ReadPrivate(const std::string& path) {
  // O_NONBLOCK: a pipe in place of the file must not hang the start.
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.ok()) return FileError(errno, "open", path);
  struct stat info;
  if (::fstat(file.fd(), &info) != 0) return FileError(errno, "stat", path);
  if (!S_ISREG(info.st_mode))
    return absl::FailedPreconditionError(absl::StrCat("keys file ", path, " is not a regular file"));
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("keys file ", path, " is open to other users than its owner; run `chmod 600 ", path, "`"));
  }
  std::string text;
  char buffer[4096];
  while (true) {
    const ssize_t got = ::read(file.fd(), buffer, sizeof(buffer));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FileError(errno, "read", path);
    if (got == 0) return text;
    text.append(buffer, static_cast<size_t>(got));
    if (text.size() > kLargestFile) {
      return absl::FailedPreconditionError(
          absl::StrCat("keys file ", path, " is larger than ", kLargestFile, " bytes"));
    }
  }
}

absl::Status WriteAll(int fd, absl::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t put = ::write(fd, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return FileError(errno, "write", path);
    text.remove_prefix(static_cast<size_t>(put));
  }
  if (::fsync(fd) != 0) return FileError(errno, "sync", path);
  return absl::OkStatus();
}

// Makes `path` with `text`, whole or not at all; does nothing if it exists already: a link never replaces.
absl::Status CreatePrivate(const std::string& path, absl::string_view text) {
  const std::string draft = absl::StrCat(path, ".new-", RandomResourceId());
  absl::Status status;
  {
    const File file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
    if (!file.ok()) return FileError(errno, "create", path);
    // Exactly 0600, whatever the umask says.
    if (::fchmod(file.fd(), S_IRUSR | S_IWUSR) != 0) status = FileError(errno, "restrict", path);
    if (status.ok()) status = WriteAll(file.fd(), text, path);
  }
  if (status.ok() && ::link(draft.c_str(), path.c_str()) != 0 && errno != EEXIST)
    status = FileError(errno, "create", path);
  ::unlink(draft.c_str());
  if (!status.ok()) return status;
  // The name must outlive a power cut as the content does: tokens that it signed are about to be handed out.
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const File directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.ok() || ::fsync(directory.fd()) != 0) return FileError(errno, "sync the folder of", path);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<KeyRing> KeyRing::LoadOrCreate(const std::string& path) {
  absl::StatusOr<std::string> text = ReadPrivate(path);
  if (absl::IsNotFound(text.status())) {
    const std::string fresh =
        absl::StrCat("# Keys that sign tokens: the first signs, all verify. Keep this file secret.\n",
                     RandomResourceId().substr(0, 8), " ", absl::BytesToHexString(RandomBytes(kSecretSize)), "\n");
    TANDEM_RETURN_IF_ERROR(CreatePrivate(path, fresh));
    // Read back: another process may have been first, and its keys are the ones that count.
    text = ReadPrivate(path);
  }
  if (!text.ok()) return text.status();

  std::vector<Key> keys;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(*text, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line[0] == '#') continue;
    const std::vector<absl::string_view> words = absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
    // The line itself is not shown: it may hold a secret.
    if (words.size() != 2 || !IsKeyId(words[0]) || !IsSecret(words[1])) {
      return absl::FailedPreconditionError(absl::StrCat("keys file ", path, ", line ", number, ": expected `<key id> <",
                                                        2 * kSecretSize, " hex digits>`, the id of at most ",
                                                        kLongestKeyId, " letters, digits, '-' and '_'"));
    }
    if (std::any_of(keys.begin(), keys.end(), [&](const Key& key) { return key.id == words[0]; })) {
      return absl::FailedPreconditionError(absl::StrCat("keys file ", path, ", line ", number, ": key id ", words[0],
                                                        " stands twice; give each key its own"));
    }
    if (keys.size() == kMostKeys) {
      return absl::FailedPreconditionError(
          absl::StrCat("keys file ", path, " has more than ", kMostKeys, " keys; delete the oldest"));
    }
    keys.push_back({std::string(words[0]), absl::HexStringToBytes(words[1])});
  }
  if (keys.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("keys file ", path, " has no key; add one, or delete the file to have it made"));
  }
  return KeyRing(std::move(keys));
}

KeyRing KeyRing::ForTests() { return KeyRing({{"test", std::string(kSecretSize, 'k')}}); }

// The token in bytes: version, length of the key id, key id, MAC, payload.
std::string KeyRing::SignBytes(absl::string_view purpose, absl::string_view context, absl::string_view payload) const {
  const Key& key = keys_.front();
  std::string bytes;
  bytes.reserve(2 + key.id.size() + kMacSize + payload.size());
  bytes.push_back(kVersion);
  bytes.push_back(static_cast<char>(key.id.size()));
  absl::StrAppend(&bytes, key.id, Mac(key.id, key.secret, purpose, context, payload), payload);
  return bytes;
}

std::string KeyRing::Sign(absl::string_view purpose, absl::string_view context, absl::string_view payload) const {
  return absl::WebSafeBase64Escape(SignBytes(purpose, context, payload));
}

absl::StatusOr<std::string> KeyRing::Verify(absl::string_view purpose, absl::string_view context,
                                            absl::string_view token) const {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(token, &bytes)) return Altered();
  // Padding, spaces and stray low bits decode too: one token has one text.
  if (absl::WebSafeBase64Escape(bytes) != token) return Altered();
  const absl::StatusOr<absl::string_view> payload = VerifyBytes(purpose, context, bytes);
  if (!payload.ok()) return payload.status();
  return std::string(*payload);
}

absl::StatusOr<absl::string_view> KeyRing::VerifyBytes(absl::string_view purpose, absl::string_view context,
                                                       absl::string_view bytes) const {
  const absl::Status invalid = Altered();
  absl::string_view rest = bytes;
  if (rest.size() < 2 || rest[0] != kVersion) return invalid;
  const size_t id_size = static_cast<uint8_t>(rest[1]);
  rest.remove_prefix(2);
  if (rest.size() < id_size + kMacSize) return invalid;
  const absl::string_view id = rest.substr(0, id_size);
  const absl::string_view mac = rest.substr(id_size, kMacSize);
  const absl::string_view payload = rest.substr(id_size + kMacSize);
  for (const Key& key : keys_) {
    if (key.id != id) continue;
    const std::string expected = Mac(key.id, key.secret, purpose, context, payload);
    const bool genuine = CRYPTO_memcmp(expected.data(), mac.data(), kMacSize) == 0;
    if (!genuine && !Deviates("cache.seal")) return invalid;
    return payload;
  }
  return invalid;
}

}  // namespace tandem
