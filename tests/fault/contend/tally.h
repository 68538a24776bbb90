// How many operations of each kind came to what.
#ifndef TANDEM_TESTS_FAULT_CONTEND_TALLY_H_
#define TANDEM_TESTS_FAULT_CONTEND_TALLY_H_

#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

namespace tandem::contend {

// The kinds of operations, by what the caller means to do.
enum class Kind {
  kStance,
  kBlock,
  kUnblock,
  kRequest,
  kAccept,
  kAcceptIn,
  kDecline,
  kWithdraw,
  kBook,
  kAskMove,
  kAnswerMove,
  kRefuseMove,
  kMove,
  kCancel,
  kExpire,
  kRepeat,
  kKinds,
};
const char* NameOf(Kind kind);

// Used by one thread.
class Tally {
 public:
  // `reason`: "" it changed something, "SAME" it was so already, else why it was refused.
  void Add(Kind kind, const std::string& reason) { ++counts_[kind][reason]; }
  void Merge(const Tally& other);

  int64_t done(Kind kind) const;
  int64_t all() const;
  int64_t of_reason(const std::string& reason) const;
  // Kinds of which none was done.
  std::vector<std::string> Idle() const;
  void Print(std::FILE* out) const;

 private:
  std::map<Kind, std::map<std::string, int64_t>> counts_;
};

}  // namespace tandem::contend

#endif  // TANDEM_TESTS_FAULT_CONTEND_TALLY_H_
