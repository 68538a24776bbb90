// Stands between a client and a PostgresServer and loses what a test wants lost.
#ifndef TANDEM_TESTS_SUPPORT_POSTGRES_PROXY_H_
#define TANDEM_TESTS_SUPPORT_POSTGRES_PROXY_H_

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"

#include "common/base/mutex.h"

namespace tandem {

// What happens to the next COMMIT of a batch that left its mark. Once, then everything passes again.
enum class Cut {
  kNone,
  kRequest,        // COMMIT does not reach the server, both connections end
  kAnswer,         // COMMIT reaches the server, its answer is lost, both connections end
  kRequestHang,    // as kRequest, but nobody learns that the connections are dead
  kRequestOrphan,  // as kRequest, but the server does not learn that its client is gone
  kAnswerHang,     // as kAnswer, but nobody learns that the connections are dead
};

// Thread-safe.
class PostgresProxy {
 public:
  // Forwards to the server whose socket is in `server_folder`; its own is in `folder`.
  PostgresProxy(const std::string& server_folder, const std::string& folder);
  ~PostgresProxy();
  PostgresProxy(const PostgresProxy&) = delete;
  PostgresProxy& operator=(const PostgresProxy&) = delete;

  void CutNext(Cut cut) { cut_ = cut; }
  // Whether the cut was made.
  bool made() const { return cut_ == Cut::kNone; }
  // From the cut on nobody gets through until `Reopen`.
  void CloseAtTheCut() { close_at_cut_ = true; }
  void Reopen() { closed_ = false; }

 private:
  void Accept();
  void Forward(int client);

  const std::string server_;
  int listener_ = -1;
  std::atomic<Cut> cut_ = Cut::kNone;
  std::atomic<bool> close_at_cut_ = false, closed_ = false, stop_ = false;
  Mutex mutex_;
  CondVar ended_;
  int open_ ABSL_GUARDED_BY(mutex_) = 0;  // connections, each with a thread
  std::thread accepting_;
};

}  // namespace tandem

#endif  // TANDEM_TESTS_SUPPORT_POSTGRES_PROXY_H_
