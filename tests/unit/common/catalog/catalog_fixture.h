// A catalog of projects over each backend, with a clock that stands still until it is moved.
#ifndef TANDEM_TESTS_UNIT_COMMON_CATALOG_CATALOG_FIXTURE_H_
#define TANDEM_TESTS_UNIT_COMMON_CATALOG_CATALOG_FIXTURE_H_

#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "common/base/status.h"
#include "common/catalog/catalog.h"
#include "common/storage/record_store.h"
#include "common/tokens/consistency_token.h"
#include "tandem/projects/v1/project_service.pb.h"

namespace tandem::catalog {

namespace pb = ::tandem::projects::v1;

class FakeClock final : public Clock {
 public:
  absl::Time Now() const override { return now; }
  absl::Time now = absl::FromUnixSeconds(1800000000);
};

// A store that lets a test step in between a read and a commit.
class InterruptedStore final : public RecordStore {
 public:
  explicit InterruptedStore(std::unique_ptr<RecordStore> store) : store_(std::move(store)) {}

  // Called before each commit, not for the commits it makes itself.
  std::function<void()> before_commit;
  // Called after each Get of a key, not for those it makes itself.
  std::function<void(absl::string_view key)> after_get;
  // Instead of the next commits, when not OK.
  absl::Status fail_commits;
  // Instead of the next scans, when not OK.
  absl::Status fail_scans;
  // What becomes of the transaction at a place of a call, when set and not OK.
  std::function<absl::Status(size_t place)> fail_each;
  int commits = 0;
  int reads = 0;

  std::vector<CommitOutcome> Commit(std::vector<Transaction> transactions) override;
  absl::StatusOr<std::optional<Record>> Get(absl::string_view key) override;
  absl::StatusOr<std::vector<std::optional<Record>>> BatchGet(const std::vector<std::string>& keys) override {
    return ++reads, store_->BatchGet(keys);
  }
  absl::StatusOr<std::vector<Record>> Scan(absl::string_view begin, absl::string_view end, int limit) override {
    if (!fail_scans.ok()) return fail_scans;
    return store_->Scan(begin, end, limit);
  }
  absl::StatusOr<ChangeBatch> Changes(Revision after, int limit) override { return store_->Changes(after, limit); }
  bool WaitForChange(Revision after, std::chrono::steady_clock::time_point deadline) override {
    return store_->WaitForChange(after, deadline);
  }
  absl::StatusOr<Head> GetHead() override { return store_->GetHead(); }
  absl::Status CompactLog(Revision through) override { return store_->CompactLog(through); }
  void Shutdown() override { store_->Shutdown(); }

 private:
  std::unique_ptr<RecordStore> store_;
};

// The store's kind: "memory" or "sqlite".
class CatalogTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override;

  // A new catalog on the same store, as after a restart.
  std::unique_ptr<Catalog> Open();

  static pb::Project Valid(const std::string& title = "Perovskite cells");
  // Writes `Valid()` under `id`, which must succeed.
  pb::Project Make(const std::string& id, const std::string& external_id = "");
  absl::Status Create(const pb::CreateProjectRequest& request, pb::Project* response);
  absl::StatusOr<pb::Project> Get(const std::string& id);
  absl::Status Step(const std::string& verb, const std::string& id, pb::Project* response);
  absl::StatusOr<pb::BatchUpsertProjectsResponse> Import(const pb::BatchUpsertProjectsRequest& request,
                                                         bool promote = false);
  static pb::BatchUpsertProjectsRequest Batch(const std::vector<std::string>& external_ids,
                                              const std::string& title = "Perovskite cells");
  // Logged writes so far: what followers see.
  int Changes();
  Revision Head() { return store_->GetHead()->revision; }
  static Deadline Soon() { return std::chrono::steady_clock::now() + std::chrono::seconds(5); }

  FakeClock clock_;
  KeyRing keys_ = KeyRing::ForTests();
  std::unique_ptr<InterruptedStore> store_;
  std::unique_ptr<Catalog> catalog_;
  Caller operator_{"op", CallerSide::kOperator, "", {}};
  Caller owner_{"owner", CallerSide::kProject, "", {}};
};

// Names the instances of a suite.
inline std::string StoreName(const testing::TestParamInfo<const char*>& kind) { return kind.param; }

std::string ReasonOf(const absl::Status& status);
std::string MetadataOf(const absl::Status& status, const std::string& key);
std::vector<std::string> FieldsOf(const absl::Status& status);

}  // namespace tandem::catalog

#endif  // TANDEM_TESTS_UNIT_COMMON_CATALOG_CATALOG_FIXTURE_H_
