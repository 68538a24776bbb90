// Learns of other processes' commits and tells them of ours, on a connection and a thread of its own.
//
// The truth is asked for: every 20 to 500 ms, sooner after something was found. A notification only brings the next
// question forward, so that a lost one delays and nothing else.
#ifndef TANDEM_COMMON_STORAGE_POSTGRES_HEAD_LISTENER_H_
#define TANDEM_COMMON_STORAGE_POSTGRES_HEAD_LISTENER_H_

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "absl/status/status.h"

#include "common/storage/head_watch.h"
#include "common/storage/postgres/connection.h"
#include "common/storage/postgres/sessions.h"

namespace tandem::postgres {

class HeadListener {
 public:
  // `watch` is told of every newer head and must outlive this.
  HeadListener(Place place, HeadWatch* watch);
  ~HeadListener();
  HeadListener(const HeadListener&) = delete;
  HeadListener& operator=(const HeadListener&) = delete;

  // This process committed something: others are notified soon, of many commits at once. Thread-safe, cheap.
  void NoteCommit();

 private:
  using Clock = std::chrono::steady_clock;

  void Loop();
  // Any error is the connection's end.
  absl::Status Turn();
  absl::Status ReadHead();
  absl::Status Notify();
  // Until a notification, a commit of ours that may be told, the time for the next question, or the end.
  void Wait();
  void Wake();

  const Place place_;
  const Session session_;
  HeadWatch* const watch_;
  const int wake_;  // an eventfd
  std::atomic<bool> stop_ = false;
  std::atomic<bool> committed_ = false;

  // The thread's own.
  std::unique_ptr<Connection> connection_;
  Clock::time_point next_question_;
  Clock::time_point next_notification_;
  std::chrono::milliseconds interval_;
  std::thread thread_;
};

}  // namespace tandem::postgres

#endif  // TANDEM_COMMON_STORAGE_POSTGRES_HEAD_LISTENER_H_
