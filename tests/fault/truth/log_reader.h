// LogReader: brings the log of a store, read beside the service, into a History.
#ifndef TANDEM_TESTS_FAULT_TRUTH_LOG_READER_H_
#define TANDEM_TESTS_FAULT_TRUTH_LOG_READER_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "common/storage/record_store.h"
#include "tests/fault/truth/history.h"

namespace tandem::check {

// Reads from the head on which it was made until it is destroyed. An outage of the store is waited out.
class LogReader {
 public:
  // Called in order by the reader's thread with what is about to be in the history.
  using Listener = std::function<void(const std::vector<Entry>&)>;

  // `history` must outlive this. Fails when the store cannot be read.
  static absl::StatusOr<std::unique_ptr<LogReader>> Start(std::unique_ptr<RecordStore> store, History* history,
                                                          Listener listener);
  ~LogReader();
  LogReader(const LogReader&) = delete;
  LogReader& operator=(const LogReader&) = delete;

  RecordStore* store() const { return store_.get(); }

 private:
  LogReader(std::unique_ptr<RecordStore> store, History* history, Listener listener)
      : store_(std::move(store)), history_(history), listener_(std::move(listener)) {}
  void Run();

  const std::unique_ptr<RecordStore> store_;
  History* const history_;
  const Listener listener_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_TRUTH_LOG_READER_H_
