// Who meets for a party: the representatives of all editions by whom they meet for, kept up with the store.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_PEOPLE_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_PEOPLE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/base/mutex.h"
#include "common/storage/record_store.h"
#include "tandem/pairing/v1/representative.pb.h"

namespace tandem::pairing::meetings {

// A representative as it is stored. Immutable.
struct Person {
  std::string key;  // of its record
  Revision revision = 0;
  v1::Representative representative;
};
using PersonPtr = std::shared_ptr<const Person>;

// Thread-safe.
class People {
 public:
  // `store` must outlive this.
  explicit People(RecordStore* store) : store_(store) {}

  // Takes in what was written since the last time, from the log: what is asked afterwards is as new as the store was at
  // this call. Who calls while that is read shares the next reading. A failure of the store as it is.
  absl::Status Refresh();

  // Who meets for `party` (a name), in order of their names.
  std::vector<PersonPtr> Of(absl::string_view party) const;
  // The representative of that name; null when there is none.
  PersonPtr Named(absl::string_view name) const;

 private:
  // What one reading found. All of it: the log no longer reached back, or nothing was known.
  struct News {
    bool all = false;
    std::vector<Change> changes;
    Revision through = 0;
  };
  absl::StatusOr<News> Read(bool known, Revision after) const;
  absl::Status ReadAll(News* news) const;
  absl::Status Take(News news) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Apply(const std::string& key, const std::string* value, Revision revision)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  RecordStore* const store_;
  mutable Mutex mutex_;
  CondVar done_reading_;
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t begun_ ABSL_GUARDED_BY(mutex_) = 0;  // readings
  uint64_t done_ ABSL_GUARDED_BY(mutex_) = 0;   // the last one that succeeded
  bool read_ ABSL_GUARDED_BY(mutex_) = false;
  Revision through_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, PersonPtr, std::less<>> people_ ABSL_GUARDED_BY(mutex_);  // by key
  std::map<std::string, std::map<std::string, PersonPtr>, std::less<>> by_party_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_PEOPLE_H_
