// Truth: what the stores have committed, and the comparison of everything with it, in the background.
#ifndef TANDEM_TESTS_FAULT_TRUTH_TRUTH_H_
#define TANDEM_TESTS_FAULT_TRUTH_TRUTH_H_

#include <chrono>
#include <map>
#include <memory>
#include <optional>
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
#include "tests/fault/truth/joined_log.h"
#include "tests/fault/truth/ledger.h"
#include "tests/fault/truth/log_reader.h"
#include "tests/fault/truth/meeting_check.h"
#include "tests/fault/truth/overtaken.h"
#include "tests/fault/truth/watch_check.h"
#include "tests/fault/truth/watch_follower.h"

namespace tandem::check {

// Thread-safe but for Start, AwaitEffects, CatchUp and Stop.
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

  // What the stores have committed by now; nullopt without stores, and when one cannot be asked before `deadline`.
  std::optional<Positions> Committed(std::chrono::steady_clock::time_point deadline) const;

  // With stores: waits until every change of projects and investors has had its effect on pairings and meetings, so
  // that nothing is written any more once nobody writes. However many there are: when none is done for `limit`, that is
  // a finding.
  void AwaitEffects(std::chrono::nanoseconds limit);
  // Waits until everything is in the histories that is committed by now. Without stores: for as long as a watch takes.
  void AwaitLog(std::chrono::steady_clock::time_point deadline);
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
  // `records`: what it sends, as that of the watch `index`, is taken for what was committed.
  void Follow(const std::string& who, std::unique_ptr<feed::Source> source, WatchCheck::Covers covers, bool records,
              size_t index);
  void Record(const std::string& source, size_t watch, const feed::Stretch& stretch);
  void Run();
  void CheckWatches();
  // Of all sources as they are by now; without stores, as far as they are known.
  std::map<std::string, Position> Heads(std::chrono::steady_clock::time_point deadline) const;
  void NoteOwn(const std::string& source, const std::vector<Entry>& entries);

  const Options options_;
  Findings findings_;
  Histories histories_;
  std::map<std::string, std::unique_ptr<Ledger>> ledgers_;
  std::unique_ptr<AnswerCheck> answers_;
  MeetingCheck meetings_{&findings_};
  std::map<std::string, std::unique_ptr<LogReader>> readers_;
  std::map<std::string, std::unique_ptr<JoinedLog>> joined_;  // where there are no readers
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
