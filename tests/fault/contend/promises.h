// What callers were told, beside what the change log says: every operation has a number, which is its actor.
#ifndef TANDEM_TESTS_FAULT_CONTEND_PROMISES_H_
#define TANDEM_TESTS_FAULT_CONTEND_PROMISES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "common/storage/record_store.h"
#include "tests/support/pairing_history/problems.h"

namespace tandem::contend {

class Promises {
 public:
  enum class Answer : uint8_t {
    kNone,     // never called, or it names nobody
    kDone,     // it changed something, at a revision that it named
    kAgreed,   // OK, perhaps because it was so already
    kRefused,  // an error that promises that nothing was written
    kUnknown,  // no answer, or one that promises nothing
  };

  explicit Promises(int64_t operations) : operations_(static_cast<size_t>(operations)) {}

  static std::string ActorOf(int64_t operation);
  static std::optional<int64_t> OperationOf(absl::string_view actor);

  // Each operation by one thread at a time. `revision` 0: it named none.
  void Told(int64_t operation, Answer answer, Revision revision);
  // By one thread, which may be another one: the log shows a change of this operation.
  void Seen(int64_t operation, Revision revision, pairing::Problems* problems);

  // When nobody calls and the whole log was seen. Returns how many acknowledged changes were compared.
  int64_t Compare(pairing::Problems* problems) const;

 private:
  struct Operation {
    Answer answer = Answer::kNone;
    Revision told = 0, seen = 0;
  };
  std::vector<Operation> operations_;
};

}  // namespace tandem::contend

#endif  // TANDEM_TESTS_FAULT_CONTEND_PROMISES_H_
