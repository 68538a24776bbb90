// A source of projects or investors that is a store in this process.
#ifndef TANDEM_TESTS_UNIT_SERVICES_PAIRING_EFFECTS_SOURCE_OF_STORE_H_
#define TANDEM_TESTS_UNIT_SERVICES_PAIRING_EFFECTS_SOURCE_OF_STORE_H_

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "common/feed/feed.h"
#include "common/feed/watch_cursor.h"
#include "tandem/investors/v1/investor.pb.h"
#include "tandem/projects/v1/project.pb.h"

namespace tandem::pairing::effects {

// Records lie under their names.
class SourceOfStore final : public feed::Source {
 public:
  SourceOfStore(std::string name, RecordStore* store, const KeyRing* keys)
      : name_(std::move(name)), store_(store), keys_(keys) {}

  std::string name() const override { return name_; }
  std::unique_ptr<feed::Stream> Open(const std::string& resume_token) override {
    feed::WatchCursor::Options options;
    options.store = store_;
    options.source = name_;
    options.keys = keys_;
    options.prefixes = {"editions/"};
    options.resume_token = resume_token;
    options.progress_interval = std::chrono::milliseconds(20);
    return std::make_unique<OfStore>(name_ == "projects", std::move(options));
  }

 private:
  class OfStore final : public feed::Stream {
   public:
    OfStore(bool projects, feed::WatchCursor::Options options) : projects_(projects), cursor_(std::move(options)) {}
    absl::StatusOr<feed::Stretch> Next() override {
      while (!cancelled_) {
        auto next = cursor_.Next(std::chrono::steady_clock::now() + std::chrono::milliseconds(10));
        if (!next.ok()) return next.status();
        if (!next->has_value()) continue;
        feed::Stretch stretch;
        stretch.phase = (*next)->phase;
        stretch.resume_token = (*next)->resume_token;
        for (const feed::RawItem& item : (*next)->items) {
          std::shared_ptr<google::protobuf::Message> message;
          if (item.value.has_value()) {
            if (projects_) {
              message = std::make_shared<projects::v1::Project>();
            } else {
              message = std::make_shared<investors::v1::Investor>();
            }
            if (!message->ParseFromString(*item.value)) return absl::InternalError("no such record");
          }
          stretch.items.push_back({item.key, std::move(message), item.revision});
        }
        return stretch;
      }
      return absl::CancelledError("cancelled");
    }
    void Cancel() override { cancelled_ = true; }

   private:
    const bool projects_;
    feed::WatchCursor cursor_;
    std::atomic<bool> cancelled_{false};
  };

  const std::string name_;
  RecordStore* const store_;
  const KeyRing* const keys_;
};

}  // namespace tandem::pairing::effects

#endif  // TANDEM_TESTS_UNIT_SERVICES_PAIRING_EFFECTS_SOURCE_OF_STORE_H_
