// TokenBoard: the consistency tokens that were handed out lately, for those who read after others' writes.
#ifndef TANDEM_TESTS_FAULT_LOAD_TOKEN_BOARD_H_
#define TANDEM_TESTS_FAULT_LOAD_TOKEN_BOARD_H_

#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"

#include "common/base/mutex.h"
#include "common/storage/record_store.h"
#include "tests/fault/load/random.h"

namespace tandem::check {

// Thread-safe.
class TokenBoard {
 public:
  // The token of a write to `source` at `revision`.
  void Post(const std::string& source, Revision revision, const std::string& token) {
    MutexLock lock(&mutex_);
    Newest& newest = newest_[source];
    if (revision < newest.revision) return;
    newest = {revision, token};
  }

  // The newest tokens of some sources, joined.
  std::string Take(Random* random) const {
    MutexLock lock(&mutex_);
    std::string joined;
    for (const auto& [source, newest] : newest_) {
      if (random->Percent(60)) absl::StrAppend(&joined, joined.empty() ? "" : ",", newest.token);
    }
    return joined;
  }

  // Of all sources.
  std::string TakeAll() const {
    MutexLock lock(&mutex_);
    std::string joined;
    for (const auto& [source, newest] : newest_) absl::StrAppend(&joined, joined.empty() ? "" : ",", newest.token);
    return joined;
  }

 private:
  struct Newest {
    Revision revision = 0;
    std::string token;
  };
  mutable Mutex mutex_;
  std::map<std::string, Newest> newest_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_LOAD_TOKEN_BOARD_H_
