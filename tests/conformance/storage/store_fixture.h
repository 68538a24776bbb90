// One suite for every RecordStore: what the port promises holds for each backend.
#ifndef TANDEM_TESTS_CONFORMANCE_STORAGE_STORE_FIXTURE_H_
#define TANDEM_TESTS_CONFORMANCE_STORAGE_STORE_FIXTURE_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "common/storage/record_store.h"

namespace tandem {

// How to open an empty store; `folder` is fresh and belongs to the test.
struct Backend {
  std::string name;
  std::function<std::unique_ptr<RecordStore>(const std::string& folder)> open;
  // What this machine lacks, in words, or "".
  std::function<std::string()> lacks = [] { return std::string(); };
  // Whether several stores may be open in one folder, as several processes would have them.
  bool shared = false;
};

// Every backend; what cannot run here is skipped by name. One more backend is one more entry.
std::vector<Backend> Backends();
inline std::string BackendName(const testing::TestParamInfo<Backend>& info) { return info.param.name; }

// An empty store per test.
class StoreTest : public testing::TestWithParam<Backend> {
 protected:
  void SetUp() override;
  void TearDown() override;

  // One transaction.
  CommitOutcome Commit(std::vector<Condition> conditions, std::vector<Write> writes);
  // Commits one write and returns its revision, 0 on failure.
  Revision Put(std::string key, std::string value);
  // The value of `key`, or "<absent>".
  std::string ValueOf(const std::string& key);
  Revision HeadRevision();

  std::string folder_;
  std::unique_ptr<RecordStore> store_;
};

// Another store of the same kind in a fresh folder, for tests that compare.
std::string MakeFolder();

// "key=value@revision" for each change, deletes as "key deleted@revision".
std::vector<std::string> Describe(const std::vector<Change>& changes);

inline std::chrono::steady_clock::time_point In(std::chrono::milliseconds delay) {
  return std::chrono::steady_clock::now() + delay;
}

}  // namespace tandem

#endif  // TANDEM_TESTS_CONFORMANCE_STORAGE_STORE_FIXTURE_H_
