// An import that may be cut short at any moment, and knows afterwards what must be there, what may be, and what must
// not.
#ifndef TANDEM_TESTS_E2E_IMPORT_WRITER_H_
#define TANDEM_TESTS_E2E_IMPORT_WRITER_H_

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gtest/gtest.h"

#include "tests/e2e/clients.h"
#include "tests/e2e/import_traits.h"
#include "tests/e2e/records.h"

namespace tandem::e2e {

// What is known of one record. Contents are as ContentOf says them.
struct KnownRecord {
  std::string name;                 // once an answer or a list gave it
  std::string acknowledged;         // the newest content that was acknowledged; empty: none
  std::set<std::string> attempted;  // what was sent since without an answer: any of it may be there
  int version = -1;                 // of the newest content that was sent
  std::string parent;               // external id of a deal's investor
};

// Imports records of one resource and edition: batches of many sizes, single creations and updates, as the seed
// decides. For one thread.
template <typename Traits>
class ImportWriter {
 public:
  using Record = typename Traits::Record;

  struct Options {
    std::string edition;
    std::string key_prefix;  // of external ids
    unsigned seed = 0;
    size_t most_records = 3000;                  // then only updates
    std::function<std::string()> choose_parent;  // external id of the investor of a new deal; empty: none yet
  };
  explicit ImportWriter(Options options) : options_(std::move(options)), random_(options_.seed) {}

  // One write. Not OK: it was not acknowledged, and nothing else may be sent before Verify.
  absl::Status WriteOnce(Clients* clients) {
    Write write = ChooseWrite();
    if (write.sent.empty()) return absl::OkStatus();
    for (const Sent& sent : write.sent) {
      KnownRecord& known = known_[sent.external_id];
      known.parent = sent.parent;
      known.version = sent.version;
      known.attempted.insert(sent.content);
    }
    absl::Status status = Send(clients, &write);
    if (!status.ok() || !write.request_id.empty()) writes_.push_back(std::move(write));
    return status;
  }

  // Reads everything back. Fails the test for what is lost, half there or unknown; then what was read is what is known.
  void Verify(Clients* clients) {
    const auto records = Traits::List(clients, options_.edition);
    ASSERT_TRUE(records.ok()) << records.status();
    std::set<std::string> seen;
    for (const Record& record : *records) {
      if (ignored_.count(record.external_id()) > 0) continue;
      EXPECT_TRUE(seen.insert(record.external_id()).second) << "two of " << record.external_id();
      const auto found = known_.find(record.external_id());
      if (found == known_.end()) {
        ADD_FAILURE() << Traits::kName << " " << record.name() << " was never sent";
        continue;
      }
      VerifyRecord(record, &found->second);
    }
    for (auto entry = known_.begin(); entry != known_.end();) {
      if (seen.count(entry->first) > 0) {
        ++entry;
        continue;
      }
      EXPECT_EQ(entry->second.acknowledged, "") << "lost the acknowledged " << Traits::kName << " " << entry->first;
      entry = known_.erase(entry);
    }
  }

  // Repeats writes with a request id: acknowledged ones give their first answer again, the one that was cut short is
  // done now if it was not. To be called after Verify.
  void RepeatWrites(Clients* clients) {
    constexpr size_t kMost = 10;
    std::shuffle(writes_.begin(), writes_.end(), random_);
    std::vector<Write> kept;
    size_t repeated = 0;
    for (Write& write : writes_) {
      const bool was_cut = write.answer.empty();
      if (was_cut && write.request_id.empty()) continue;  // Verify has seen what became of it
      if (!was_cut && ++repeated > kMost) continue;
      const std::string first = write.answer;
      const absl::Status status = Send(clients, &write);
      ASSERT_TRUE(status.ok()) << "repeating " << write.what << ": " << status;
      EXPECT_TRUE(was_cut || write.answer == first) << write.what << " was answered differently";
      if (kept.size() < 2) kept.push_back(std::move(write));  // to be repeated after the next kills too
    }
    writes_ = std::move(kept);
  }

  // Sends some of what is there once more: nothing may change.
  void UpsertUnchanged(Clients* clients) {
    typename Traits::UpsertRequest request;
    request.set_parent(options_.edition);
    std::vector<std::pair<std::string, std::string>> names;  // by external id
    std::vector<std::string> ids;
    for (const auto& [external_id, known] : known_) ids.push_back(external_id);
    std::shuffle(ids.begin(), ids.end(), random_);
    for (const std::string& external_id : ids) {
      if (names.size() == 200) break;
      const KnownRecord& known = known_[external_id];
      *Traits::Add(&request) = RecordOf(external_id, known);
      names.emplace_back(external_id, known.name);
    }
    if (names.empty()) return;
    const auto response = Traits::Upsert(clients, request);
    ASSERT_TRUE(response.ok()) << response.status();
    ASSERT_EQ(static_cast<size_t>(response->results_size()), names.size());
    for (size_t i = 0; i < names.size(); ++i) {
      const auto& result = response->results(static_cast<int>(i));
      EXPECT_EQ(result.outcome(), std::decay_t<decltype(result)>::OUTCOME_UNCHANGED)
          << Traits::kName << " " << names[i].first << ": " << result.status().message();
      EXPECT_EQ(result.name(), names[i].second);
    }
  }

  // External id of a record that was acknowledged; empty when there is none.
  std::string AnyAcknowledged() {
    for (int attempt = 0; attempt < 10 && !known_.empty(); ++attempt) {
      const auto entry = std::next(known_.begin(), Below(known_.size()));
      if (!entry->second.acknowledged.empty()) return entry->first;
    }
    return "";
  }

  // Not of this import.
  void Ignore(const std::string& external_id) { ignored_.insert(external_id); }

  const std::map<std::string, KnownRecord>& known() const { return known_; }
  const std::string& newest_token() const { return newest_token_; }
  const std::string& oldest_token() const { return oldest_token_; }
  int acknowledged_writes() const { return acknowledged_writes_; }

 private:
  struct Sent {
    std::string external_id;
    int version = 0;
    std::string parent;
    std::string content;
  };
  enum class Kind { kBatch, kCreate, kUpdate };
  struct Write {
    Kind kind = Kind::kBatch;
    std::string what;
    std::string request_id;
    bool promote = false;
    std::string name;  // of what is updated
    std::vector<Sent> sent;
    std::string answer;  // the serialized answer; empty: none came
  };

  ptrdiff_t Below(size_t bound) { return static_cast<ptrdiff_t>(random_() % bound); }

  Record RecordOf(const std::string& external_id, const KnownRecord& known) const {
    return Traits::New(external_id, known.version, known.parent);
  }

  // A record that is there, for its next version; or none.
  const std::pair<const std::string, KnownRecord>* Existing() {
    if (known_.empty()) return nullptr;
    const auto entry = std::next(known_.begin(), Below(known_.size()));
    return entry->second.acknowledged.empty() ? nullptr : &*entry;
  }

  Sent Next(const std::string& external_id, int version, const std::string& parent) const {
    return {external_id, version, parent, ContentOf(Traits::New(external_id, version, parent))};
  }

  // Half of the keys can become names, half cannot.
  Sent NewOne() {
    const std::string parent = options_.choose_parent ? options_.choose_parent() : "";
    if (options_.choose_parent && parent.empty()) return {};
    const std::string id = absl::StrFormat("%06d", next_id_++);
    return Next(next_id_ % 2 == 0 ? absl::StrCat(options_.key_prefix, id) : absl::StrCat(options_.key_prefix, "/", id),
                0, parent);
  }

  Write ChooseWrite() {
    Write write;
    if (random_() % 5 != 0) write.request_id = NewRequestId();
    const bool room = known_.size() < options_.most_records;
    const auto dice = random_() % 10;
    const auto* existing = Existing();
    if (Traits::kHasSingleWrites && dice < 2 && room) {
      write.kind = Kind::kCreate;
      write.sent.push_back(NewOne());
    } else if (Traits::kHasSingleWrites && dice < 4 && existing != nullptr) {
      write.kind = Kind::kUpdate;
      write.name = existing->second.name;
      write.sent.push_back(Next(existing->first, existing->second.version + 1, existing->second.parent));
    } else {
      write.promote = random_() % 2 == 0;
      FillBatch(room, &write);
    }
    write.what = absl::StrCat(Traits::kName, write.kind == Kind::kBatch ? " batch of " : " single write of ",
                              write.sent.size(), " with request id \"", write.request_id, "\"");
    return write;
  }

  void FillBatch(bool room, Write* write) {
    const size_t size = 1 + (random_() % 200) * (random_() % 200) / 200;  // rather small
    std::set<std::string> used;
    for (size_t i = 0; i < size; ++i) {
      const auto* existing = random_() % 4 == 0 || !room ? Existing() : nullptr;
      if (existing != nullptr && used.insert(existing->first).second) {
        const int version = existing->second.version + (random_() % 8 == 0 ? 0 : 1);
        write->sent.push_back(Next(existing->first, version, existing->second.parent));
      } else if (room) {
        Sent sent = NewOne();
        if (!sent.external_id.empty()) write->sent.push_back(std::move(sent));
      }
    }
  }

  absl::Status Send(Clients* clients, Write* write) {
    if constexpr (Traits::kHasSingleWrites) {
      if (write->kind != Kind::kBatch) return SendSingle(clients, write);
    }
    typename Traits::UpsertRequest request;
    request.set_parent(options_.edition);
    request.set_request_id(write->request_id);
    SetPromote(write->promote, &request);
    for (const Sent& sent : write->sent)
      *Traits::Add(&request) = Traits::New(sent.external_id, sent.version, sent.parent);
    const auto response = Traits::Upsert(clients, request);
    if (!response.ok()) return response.status();
    EXPECT_EQ(static_cast<size_t>(response->results_size()), write->sent.size());
    for (size_t i = 0; i < write->sent.size() && i < static_cast<size_t>(response->results_size()); ++i) {
      const auto& result = response->results(static_cast<int>(i));
      EXPECT_EQ(result.status().code(), 0) << write->what << ": " << result.status().message();
      if (result.status().code() == 0) Acknowledge(write->sent[i], result.name(), !write->answer.empty());
    }
    NoteAnswer(Serialized(*response), response->consistency_token(), write);
    return absl::OkStatus();
  }

  absl::Status SendSingle(Clients* clients, Write* write) {
    const Sent& sent = write->sent.front();
    Record record = Traits::New(sent.external_id, sent.version, sent.parent);
    record.set_name(write->name);
    const auto answer = write->kind == Kind::kCreate
                            ? Traits::Create(clients, options_.edition, record, write->request_id)
                            : Traits::Update(clients, record, write->request_id);
    if (!answer.ok()) return answer.status();
    EXPECT_EQ(ContentOf(*answer), sent.content) << write->what;
    Acknowledge(sent, answer->name(), !write->answer.empty());
    NoteAnswer(Serialized(*answer), answer->consistency_token(), write);
    return absl::OkStatus();
  }

  static void SetPromote(bool promote, projects::v1::BatchUpsertProjectsRequest* request) {
    request->set_publish(promote);
  }
  static void SetPromote(bool promote, investors::v1::BatchUpsertInvestorsRequest* request) {
    request->set_verify(promote);
  }
  static void SetPromote(bool, investors::v1::BatchUpsertDealsRequest*) {}

  // A repeated answer acknowledges nothing anew: the record may have moved on since.
  void Acknowledge(const Sent& sent, const std::string& name, bool repeated) {
    KnownRecord& known = known_[sent.external_id];
    EXPECT_TRUE(known.name.empty() || name == known.name)
        << sent.external_id << " was " << known.name << ", is " << name;
    known.name = name;
    if (repeated) return;
    known.acknowledged = sent.content;
    known.attempted.clear();
    known.version = sent.version;
    known.parent = sent.parent;
  }

  void NoteAnswer(std::string answer, const std::string& token, Write* write) {
    if (write->answer.empty()) {
      ++acknowledged_writes_;
      newest_token_ = token;
      if (oldest_token_.empty()) oldest_token_ = token;
    }
    write->answer = std::move(answer);
  }

  void VerifyRecord(const Record& record, KnownRecord* known) {
    const std::string content = ContentOf(record);
    EXPECT_TRUE(content == known->acknowledged || known->attempted.count(content) > 0)
        << Traits::kName << " " << record.name()
        << " has a content that was not sent last: " << record.ShortDebugString();
    EXPECT_TRUE(known->name.empty() || record.name() == known->name) << record.name() << " was " << known->name;
    EXPECT_NE(record.uid(), "") << record.name();
    EXPECT_NE(record.etag(), "") << record.name();
    EXPECT_TRUE(record.has_create_time() && record.has_update_time()) << record.name();
    known->name = record.name();
    // A cut write that did not arrive leaves the version before.
    if (content == known->acknowledged && known->attempted.count(content) == 0 && !known->attempted.empty()) {
      --known->version;
    }
    known->acknowledged = content;
    known->attempted.clear();
  }

  const Options options_;
  std::mt19937 random_;
  std::map<std::string, KnownRecord> known_;
  std::set<std::string> ignored_;
  std::vector<Write> writes_;  // sent since, to be repeated
  int next_id_ = 0;
  std::string newest_token_;
  std::string oldest_token_;
  int acknowledged_writes_ = 0;
};

}  // namespace tandem::e2e

#endif  // TANDEM_TESTS_E2E_IMPORT_WRITER_H_
