#include "common/storage/archive/archive_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

#include "common/base/status.h"

namespace tandem::archive {
namespace {

constexpr absl::string_view kMagic = "tandem-export ";
constexpr int kVersion = 1;
constexpr absl::string_view kHeaderEnd = "end\n";
constexpr size_t kMostHeaderBytes = 64 << 10;
constexpr size_t kMostStores = 100;
constexpr size_t kLengths = 8;  // bytes before each record
constexpr size_t kVerifiedAtOnce = 1 << 20;

constexpr int64_t kDigestBytes = 32;

// SHA-256 of what is added. Its calls fail only when there is no memory, and then at the comparison.
class Digest {
 public:
  Digest() : context_(EVP_MD_CTX_new()) { EVP_DigestInit_ex(context_, EVP_sha256(), nullptr); }
  ~Digest() { EVP_MD_CTX_free(context_); }
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;

  void Add(absl::string_view bytes) { EVP_DigestUpdate(context_, bytes.data(), bytes.size()); }
  std::string Take() {
    std::string digest(kDigestBytes, '\0');
    EVP_DigestFinal_ex(context_, reinterpret_cast<unsigned char*>(digest.data()), nullptr);
    return digest;
  }

 private:
  EVP_MD_CTX* const context_;
};

std::string DigestOf(absl::string_view header, absl::string_view records_digest) {
  Digest digest;
  digest.Add(header);
  digest.Add(records_digest);
  return digest.Take();
}

// Numbers have a fixed width, so that the header can be written again over itself.
std::string HeaderText(const std::vector<StoreHeader>& stores) {
  std::string text = absl::StrCat(kMagic, kVersion, "\n");
  for (const StoreHeader& store : stores) {
    absl::StrAppendFormat(&text, "store %s epoch %s revision %020d records %020d bytes %020d\n", store.name,
                          store.epoch, store.revision, store.records, store.bytes);
  }
  absl::StrAppend(&text, kHeaderEnd);
  return text;
}

bool ParseStore(absl::string_view line, StoreHeader* store) {
  const std::vector<std::string> words = absl::StrSplit(line, ' ');
  if (words.size() != 10 || words[0] != "store" || words[2] != "epoch" || words[4] != "revision" ||
      words[6] != "records" || words[8] != "bytes") {
    return false;
  }
  store->name = words[1];
  store->epoch = words[3];
  return !store->name.empty() && !store->epoch.empty() && absl::SimpleAtoi(words[5], &store->revision) &&
         absl::SimpleAtoi(words[7], &store->records) && absl::SimpleAtoi(words[9], &store->bytes) &&
         store->revision >= 0 && store->records >= 0 && store->bytes >= 0;
}

void AppendLength(size_t length, std::string* out) {
  for (int shift = 0; shift < 32; shift += 8) out->push_back(static_cast<char>((length >> shift) & 0xff));
}

size_t LengthAt(absl::string_view bytes) {
  size_t length = 0;
  for (size_t i = 4; i > 0; --i) length = (length << 8) | static_cast<uint8_t>(bytes[i - 1]);
  return length;
}

// A file that takes the place of another one when it is complete, and vanishes when it does not get there.
class Draft {
 public:
  explicit Draft(const std::string& path) : path_(path), draft_(path + ".new") {}
  ~Draft() {
    if (fd_ < 0) return;
    close(fd_);
    unlink(draft_.c_str());
  }

  absl::Status Open() {
    unlink(draft_.c_str());
    fd_ = open(draft_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    return fd_ < 0 ? Failed("made") : absl::OkStatus();
  }
  absl::Status Write(absl::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = write(fd_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return Failed("written");
      bytes.remove_prefix(static_cast<size_t>(written));
    }
    return absl::OkStatus();
  }
  absl::Status WriteAtBeginning(absl::string_view bytes) {
    if (lseek(fd_, 0, SEEK_SET) != 0) return Failed("written");
    return Write(bytes);
  }
  absl::Status Keep() {
    if (fsync(fd_) != 0) return Failed("written");
    if (rename(draft_.c_str(), path_.c_str()) != 0) return Failed("renamed");
    close(std::exchange(fd_, -1));
    return absl::OkStatus();
  }

 private:
  absl::Status Failed(absl::string_view verb) const {
    const std::string cause(absl::ErrnoToStatus(errno, "").message());
    return absl::FailedPreconditionError(absl::StrCat(draft_, " cannot be ", verb, cause));
  }

  const std::string path_;
  const std::string draft_;
  int fd_ = -1;
};

}  // namespace

absl::StatusOr<std::vector<StoreHeader>> WriteArchive(const std::string& path, std::vector<Source> sources,
                                                      WriteProgress progress) {
  std::vector<StoreHeader> stores;
  for (const Source& source : sources) {
    const Head& head = source.snapshot->head();
    stores.push_back({source.name, head.epoch, head.revision, 0, 0});
  }
  Draft draft(path);
  TANDEM_RETURN_IF_ERROR(draft.Open());
  TANDEM_RETURN_IF_ERROR(draft.Write(HeaderText(stores)));
  Digest digest;
  int64_t written = 0;
  for (size_t i = 0; i < sources.size(); ++i) {
    while (true) {
      TANDEM_ASSIGN_OR_RETURN(const std::vector<Record> page, sources[i].snapshot->Next());
      if (page.empty()) break;
      std::string bytes;
      for (const Record& record : page) {
        AppendLength(record.key.size(), &bytes);
        AppendLength(record.value.size(), &bytes);
        absl::StrAppend(&bytes, record.key, record.value);
      }
      digest.Add(bytes);
      TANDEM_RETURN_IF_ERROR(draft.Write(bytes));
      stores[i].records += static_cast<int64_t>(page.size());
      stores[i].bytes += static_cast<int64_t>(bytes.size());
      written += static_cast<int64_t>(page.size());
      progress(written);
    }
    sources[i].snapshot.reset();  // it may hold something open in a server
  }
  const std::string header = HeaderText(stores);
  TANDEM_RETURN_IF_ERROR(draft.Write(DigestOf(header, digest.Take())));
  TANDEM_RETURN_IF_ERROR(draft.WriteAtBeginning(header));
  TANDEM_RETURN_IF_ERROR(draft.Keep());
  return stores;
}

absl::Status ArchiveReader::Damaged(absl::string_view what) const {
  return absl::DataLossError(absl::StrCat(path_, " is not a whole archive (", what, "): take another copy of it"));
}

absl::StatusOr<std::unique_ptr<ArchiveReader>> ArchiveReader::Open(const std::string& path, VerifyProgress progress) {
  auto reader = std::unique_ptr<ArchiveReader>(new ArchiveReader(path));
  reader->file_.open(path, std::ios::binary | std::ios::ate);
  if (!reader->file_) return absl::NotFoundError(absl::StrCat(path, " cannot be opened for reading"));
  reader->file_size_ = static_cast<int64_t>(reader->file_.tellg());
  if (reader->file_size_ < 0) return absl::NotFoundError(absl::StrCat(path, " is not a file that can be read"));
  reader->file_.seekg(0);
  TANDEM_RETURN_IF_ERROR(reader->ReadHeader());
  TANDEM_RETURN_IF_ERROR(reader->Verify(progress));
  return reader;
}

absl::StatusOr<std::string> ArchiveReader::ReadLine() {
  std::string line;
  char c = 0;
  while (file_.get(c)) {
    header_.push_back(c);
    if (c == '\n') return line;
    line.push_back(c);
    if (header_.size() > kMostHeaderBytes) break;
  }
  return Damaged("its header does not end");
}

absl::Status ArchiveReader::ReadHeader() {
  const absl::StatusOr<std::string> first = ReadLine();
  int version = 0;
  if (!first.ok() || first->compare(0, kMagic.size(), kMagic.data(), kMagic.size()) != 0 ||
      !absl::SimpleAtoi(first->substr(kMagic.size()), &version) || version < 1) {
    return Damaged("it does not begin as one");
  }
  if (version > kVersion) {
    return absl::FailedPreconditionError(absl::StrCat(path_, " is an archive of form ", version,
                                                      ", this program knows up to ", kVersion,
                                                      ": use the newer program that wrote it"));
  }
  while (true) {
    TANDEM_ASSIGN_OR_RETURN(const std::string line, ReadLine());
    if (absl::StrCat(line, "\n") == kHeaderEnd) return absl::OkStatus();
    StoreHeader store;
    if (!ParseStore(line, &store) || stores_.size() >= kMostStores) return Damaged("its header cannot be understood");
    stores_.push_back(std::move(store));
  }
}

absl::Status ArchiveReader::Verify(VerifyProgress progress) {
  const auto header_size = static_cast<int64_t>(header_.size());
  int64_t records_size = file_size_ - header_size - kDigestBytes;
  for (const StoreHeader& store : stores_) {
    if (store.bytes > records_size) return Damaged("it is too short");
    records_size -= store.bytes;
  }
  if (records_size != 0) return Damaged("its length is wrong");

  Digest digest;
  int64_t done = header_size;
  const int64_t end = file_size_ - kDigestBytes;
  std::string bytes;
  while (done < end) {
    const auto size = static_cast<size_t>(std::min<int64_t>(end - done, kVerifiedAtOnce));
    TANDEM_RETURN_IF_ERROR(Read(size, &bytes));
    digest.Add(bytes);
    done += static_cast<int64_t>(size);
    progress(done, file_size_);
  }
  TANDEM_RETURN_IF_ERROR(Read(kDigestBytes, &bytes));
  if (bytes != DigestOf(header_, digest.Take())) return Damaged("its checksum does not fit");

  // The checksum says that it is as it was written; that the counts fit is asked as well before anything is.
  Record record;
  for (size_t i = 0; i < stores_.size(); ++i) {
    TANDEM_RETURN_IF_ERROR(Seek(i));
    int64_t sum = 0;
    absl::StatusOr<bool> more = Next(&record);
    for (; more.ok() && *more; more = Next(&record)) {
      sum += static_cast<int64_t>(kLengths + record.key.size() + record.value.size());
    }
    TANDEM_RETURN_IF_ERROR(more.status());
    if (sum != stores_[i].bytes) return Damaged("its records do not fit its header");
  }
  return absl::OkStatus();
}

absl::Status ArchiveReader::Seek(size_t index) {
  auto offset = static_cast<int64_t>(header_.size());
  for (size_t i = 0; i < index; ++i) offset += stores_[i].bytes;
  file_.clear();
  file_.seekg(offset);
  left_ = stores_[index].records;
  return file_ ? absl::OkStatus() : Damaged("it cannot be read");
}

absl::StatusOr<bool> ArchiveReader::Next(Record* record) {
  if (left_ == 0) return false;
  std::string lengths;
  TANDEM_RETURN_IF_ERROR(Read(kLengths, &lengths));
  const size_t key = LengthAt(lengths);
  const size_t value = LengthAt(absl::string_view(lengths).substr(4));
  if (key == 0 || key > kMaxKeyBytes || value > kMaxValueBytes) return Damaged("a record is too large");
  TANDEM_RETURN_IF_ERROR(Read(key, &record->key));
  TANDEM_RETURN_IF_ERROR(Read(value, &record->value));
  --left_;
  return true;
}

absl::Status ArchiveReader::Read(size_t size, std::string* bytes) {
  bytes->resize(size);
  file_.read(bytes->data(), static_cast<std::streamsize>(size));
  return file_ ? absl::OkStatus() : Damaged("it is cut short");
}

}  // namespace tandem::archive
