// Truth: what the stores have committed, and the comparison of everything with it, in the background.
#ifndef TANDEM_TESTS_FAULT_TRUTH_TRUTH_H_
#define TANDEM_TESTS_FAULT_TRUTH_TRUTH_H_

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "grpcpp/channel.h"

#include "common/base/mutex.h"
#include "common/tokens/key_ring.h"
#include "tests/fault/truth/answer_check.h"
#include "tests/fault/truth/findings.h"
#include "tests/fault/truth/history.h"
#include "tests/fault/truth/ledger.h"
#include "tests/fault/truth/log_reader.h"
#include "tests/fault/truth/watch_check.h"
#include "tests/fault/truth/watch_follower.h"

namespace tandem::check {

// Thread-safe but for Start, CatchUp and Stop.
class Truth {
 public:
  struct Options {
    std::string edition;                        // its name; does not exist yet
    std::map<std::string, std::string> stores;  // by source: `SCHEMA CONNINFO`; empty: what the first replica sends
    std::map<std::string, std::vector<std::shared_ptr<grpc::Channel>>> replicas;  // by source
    const KeyRing* keys = nullptr;                                                // unowned
    Revision kept = 150'000;  // revisions of each source whose states can be told
  };
  static absl::StatusOr<std::unique_ptr<Truth>> Start(Options options);
  ~Truth();
  Truth(const Truth&) = delete;
  Truth& operator=(const Truth&) = delete;

  Ledger* ledger(const std::string& source) { return ledgers_.at(source).get(); }
  AnswerCheck* answers() { return answers_.get(); }
  Findings* findings() { return &findings_; }
  const History& history(const std::string& source) const { return *histories_.at(source); }
  const Histories& histories() const { return histories_; }

  // Waits until every acknowledged write and every answer is compared and every watch has brought all of it; what is
  // not so at `deadline` is a finding.
  void CatchUp(std::chrono::steady_clock::time_point deadline);
  // With stores: compares rows, those of external ids among them, with the log. After CatchUp, while nothing is
  // written.
  void CompareRows();
  // Ends the comparing. Idempotent.
  void Stop();

  int64_t watched_changes() const;
  int64_t relists() const;

 private:
  explicit Truth(Options options);
  absl::Status Begin();
  void Follow(const std::string& source, int replica, std::shared_ptr<grpc::Channel> channel, bool records);
  // Takes what the first replica sends for what was committed.
  void Record(const std::string& source, const feed::Stretch& stretch);
  void Run();
  void CheckWatches();
  void NoteOwn(const std::string& source, const std::vector<Entry>& entries);

  const Options options_;
  Findings findings_;
  Histories histories_;
  std::map<std::string, std::unique_ptr<Ledger>> ledgers_;
  std::unique_ptr<AnswerCheck> answers_;
  std::map<std::string, std::unique_ptr<LogReader>> readers_;
  std::vector<std::unique_ptr<WatchCheck>> checks_;
  std::vector<const History*> watched_;  // by check
  std::vector<std::unique_ptr<WatchFollower>> followers_;
  Mutex mutex_;
  CondVar stop_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_TRUTH_TRUTH_H_
