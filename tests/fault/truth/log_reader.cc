#include "tests/fault/truth/log_reader.h"

#include <chrono>
#include <memory>
#include <utility>

#include "common/base/status.h"
#include "tests/fault/truth/record_form.h"

namespace tandem::check {
namespace {

constexpr std::chrono::milliseconds kPause{20};
constexpr int kAtOnce = 4000;

}  // namespace

absl::StatusOr<std::unique_ptr<LogReader>> LogReader::Start(std::unique_ptr<RecordStore> store, History* history,
                                                            Listener listener) {
  TANDEM_ASSIGN_OR_RETURN(const Head head, store->GetHead());
  history->BeginAt(head.revision, head.epoch);
  history->SetLogFloor(head.log_floor);
  std::unique_ptr<LogReader> reader(new LogReader(std::move(store), history, std::move(listener)));
  reader->thread_ = std::thread([raw = reader.get()] { raw->Run(); });
  return reader;
}

LogReader::~LogReader() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void LogReader::Run() {
  int passes = 0;
  while (!stopping_) {
    if (passes++ % 50 == 0) {
      if (const auto head = store_->GetHead(); head.ok()) history_->SetLogFloor(head->log_floor);
    }
    absl::StatusOr<ChangeBatch> batch = store_->Changes(history_->through(), kAtOnce);
    if (!batch.ok() || batch->through == history_->through()) {
      std::this_thread::sleep_for(kPause);
      continue;
    }
    std::vector<Entry> entries;
    entries.reserve(batch->changes.size());
    for (Change& change : batch->changes) {
      std::string name = NameOfKey(change.key);
      if (name.empty()) continue;
      Version version{change.revision, nullptr};
      if (change.value.has_value()) version.bytes = std::make_shared<const std::string>(*std::move(change.value));
      entries.push_back({std::move(name), std::move(version)});
    }
    listener_(entries);
    history_->Append(std::move(entries), batch->through);
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace tandem::check
