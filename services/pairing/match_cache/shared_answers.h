// SharedAnswers: answers that all replicas keep in Redis, and what is believed of them.
#ifndef TANDEM_SERVICES_PAIRING_MATCH_CACHE_SHARED_ANSWERS_H_
#define TANDEM_SERVICES_PAIRING_MATCH_CACHE_SHARED_ANSWERS_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include "common/redis/redis_port.h"
#include "common/tokens/consistency_token.h"
#include "common/tokens/key_ring.h"

namespace tandem::pairing {

// An answer as any replica can prove it right or not: with the date that it is of.
struct SharedAnswer {
  ConsistencyToken date;
  int considered = 0;
  bool has_more = false;  // a page follows
  std::string body;       // as AnswerCache::Answer::body, without the page token
};

// Thread-safe. Redis is never needed: whatever it does is an answer, or none, within the budget.
//
// An entry is signed together with its key, its format and the build of the program, so that one that was swapped, cut,
// altered, forged or written by another build, which may score otherwise, is no answer. That it is an old one is not
// told here.
class SharedAnswers {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  struct Options {
    absl::Duration ttl = absl::Minutes(10);  // a fifth more or less at random
    absl::Duration lease = absl::Milliseconds(300);
    // For all that one question does here.
    std::chrono::steady_clock::duration budget = std::chrono::milliseconds(5);
    std::string program;  // its build (ProgramId): answers of others are not believed
  };
  struct Counters {
    uint64_t found = 0;
    uint64_t absent = 0;
    uint64_t refused = 0;  // entries that were not believed
    uint64_t errors = 0;
  };

  // Unowned; must outlive this.
  SharedAnswers(RedisPort* redis, const KeyRing* keys, Options options);

  // By when everything for one question must be over that begins now.
  Deadline Budget(Deadline deadline) const;

  absl::optional<SharedAnswer> Get(absl::string_view key, Deadline deadline);

  // Whether the caller should compute: false only while another replica has said that it does.
  bool MayCompute(absl::string_view key, Deadline deadline);

  // Some time later, or never.
  void PutLater(absl::string_view key, const SharedAnswer& answer);

  Counters counters() const;
  bool open() const { return redis_->open(); }

 private:
  std::string NameOf(absl::string_view kind, absl::string_view key) const;
  std::string Bound(absl::string_view key) const;

  RedisPort* const redis_;
  const KeyRing* const keys_;
  const Options options_;
  std::atomic<uint64_t> found_{0}, absent_{0}, refused_{0}, errors_{0};
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_MATCH_CACHE_SHARED_ANSWERS_H_
