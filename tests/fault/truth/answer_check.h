// AnswerCheck: compares answers with what was right at the revisions that they claim.
#ifndef TANDEM_TESTS_FAULT_TRUTH_ANSWER_CHECK_H_
#define TANDEM_TESTS_FAULT_TRUTH_ANSWER_CHECK_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <google/protobuf/message.h>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/types/optional.h"

#include "common/base/mutex.h"
#include "common/tokens/consistency_token.h"
#include "common/tokens/key_ring.h"
#include "tandem/pairing/v1/pairing_service.pb.h"
#include "tests/fault/truth/findings.h"
#include "tests/fault/truth/history.h"
#include "tests/fault/truth/oracle.h"

namespace tandem::check {

// A list of matches and the question to it.
struct ShownMatches {
  pairing::v1::FindMatchesRequest request;  // of the first page
  pairing::v1::FindMatchesResponse response;
  // The page that came before this one, if this is a second one.
  absl::optional<pairing::v1::FindMatchesResponse> first;
  bool batch = false;  // has no page token in any case
};

// A record as a read of its service showed it, and the newest revision of it that was acknowledged before the read.
struct ShownRecord {
  std::string name;
  std::shared_ptr<const google::protobuf::Message> record;  // null: it was said not to be there
  Revision told = 0;
};

// Submit is for any thread, the rest for one.
class AnswerCheck {
 public:
  // Unowned pointers must outlive this. `limit`: the age that answers may have unless stale ones were allowed.
  struct Options {
    std::string edition;
    const Histories* histories = nullptr;
    const KeyRing* keys = nullptr;
    Findings* findings = nullptr;
    size_t most_waiting = 4000;
    double most_age_seconds = 30;
  };
  explicit AnswerCheck(Options options);

  // Takes an answer to be checked, waiting while there are too many already. After Close it is dropped.
  void Submit(ShownMatches shown);
  void Submit(ShownRecord shown);
  // A subject was said not to exist by a read that demanded `token`.
  void SubmitMissing(const std::string& subject, const std::string& token);
  void Close();

  // Checks what history has reached, at most some hundred answers; how many it were.
  int CheckSome();

  int64_t checked() const;
  int64_t waiting() const;
  int64_t unchecked() const;  // of states that nobody knows any more

 private:
  struct Dated {
    ConsistencyToken claimed;
    ShownMatches shown;
  };
  struct Missing {
    std::string subject;
    ConsistencyToken wanted;
  };

  bool Reached(const ConsistencyToken& at) const;
  void WaitForRoom() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Complain(Broken broken, const ShownMatches& shown, const std::string& why);
  bool IsFreshEnough(const Dated& dated);
  void CheckMatches(const Dated& dated);
  void CheckRecord(const ShownRecord& shown);
  void CheckMissing(const Missing& missing);

  const Options options_;
  Oracle oracle_;
  mutable Mutex mutex_;
  CondVar room_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::deque<Dated> matches_ ABSL_GUARDED_BY(mutex_);
  std::deque<ShownRecord> records_ ABSL_GUARDED_BY(mutex_);
  std::deque<Missing> missing_ ABSL_GUARDED_BY(mutex_);
  int64_t checked_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t unchecked_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_TRUTH_ANSWER_CHECK_H_
