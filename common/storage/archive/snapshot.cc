#include "common/storage/archive/snapshot.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"

namespace tandem::archive {
namespace {

constexpr int kPage = 500;

class OwnSnapshot final : public Snapshot {
 public:
  OwnSnapshot(std::unique_ptr<RecordStore> store, Head head) : store_(std::move(store)), head_(std::move(head)) {}

  const Head& head() const override { return head_; }

  absl::StatusOr<std::vector<Record>> Next() override {
    TANDEM_ASSIGN_OR_RETURN(std::vector<Record> page, store_->Scan(next_, "", kPage));
    TANDEM_ASSIGN_OR_RETURN(const Head now, store_->GetHead());
    if (now.epoch != head_.epoch || now.revision != head_.revision) {
      return absl::AbortedError("the store was written to while it was read: try again");
    }
    if (!page.empty()) next_ = absl::StrCat(page.back().key, absl::string_view("\0", 1));
    return page;
  }

 private:
  const std::unique_ptr<RecordStore> store_;
  const Head head_;
  std::string next_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Snapshot>> SnapshotOfOwn(std::unique_ptr<RecordStore> store) {
  TANDEM_ASSIGN_OR_RETURN(Head head, store->GetHead());
  return std::unique_ptr<Snapshot>(std::make_unique<OwnSnapshot>(std::move(store), std::move(head)));
}

}  // namespace tandem::archive
