#include "common/storage/postgres/head_listener.h"

#include <algorithm>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "common/base/status.h"
#include "common/storage/postgres/reader_pool.h"

namespace tandem::postgres {
namespace {

constexpr std::chrono::milliseconds kShortest(20);
constexpr std::chrono::milliseconds kLongest(500);
constexpr std::chrono::milliseconds kBetweenNotifications(10);

}  // namespace

HeadListener::HeadListener(Place place, HeadWatch* watch)
    : place_(std::move(place)),
      session_(ListenerSession(place_)),
      watch_(watch),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      interval_(kShortest),
      thread_([this] { Loop(); }) {}

HeadListener::~HeadListener() {
  stop_ = true;
  Wake();
  thread_.join();
  close(wake_);
}

void HeadListener::NoteCommit() {
  if (!committed_.exchange(true)) Wake();
}

void HeadListener::Wake() {
  const uint64_t one = 1;
  // Fails only when it is full of wake-ups already.
  [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof(one));
}

void HeadListener::Loop() {
  while (!stop_) {
    if (!Turn().ok()) {
      connection_.reset();
      interval_ = std::clamp(2 * interval_, kShortest, kLongest);
      next_question_ = Clock::now() + interval_;
    }
    Wait();
  }
}

absl::Status HeadListener::Turn() {
  const Clock::time_point now = Clock::now();
  if (connection_ == nullptr) {
    if (now < next_question_) return absl::OkStatus();
    TANDEM_ASSIGN_OR_RETURN(connection_, Connection::Open(place_.conninfo, session_, place_.limit()));
  }
  if (connection_->TakeNotifications() || now >= next_question_) TANDEM_RETURN_IF_ERROR(ReadHead());
  if (committed_ && now >= next_notification_) TANDEM_RETURN_IF_ERROR(Notify());
  return connection_->lost() ? absl::UnavailableError("lost") : absl::OkStatus();
}

absl::Status HeadListener::ReadHead() {
  TANDEM_ASSIGN_OR_RETURN(const std::vector<Result> results, connection_->Run({{kHead, {}}}));
  TANDEM_ASSIGN_OR_RETURN(const Head head, HeadFrom(results[0]));
  const bool news = head.revision > watch_->head();
  if (news) watch_->Publish(head.revision);
  interval_ = news ? kShortest : std::min(2 * interval_, kLongest);
  next_question_ = Clock::now() + interval_;
  return absl::OkStatus();
}

absl::Status HeadListener::Notify() {
  committed_ = false;  // a commit from now on is told the next time
  TANDEM_RETURN_IF_ERROR(connection_->Run({{kNotify, Parameters().Bytes(place_.schema)}}).status());
  next_notification_ = Clock::now() + kBetweenNotifications;
  return absl::OkStatus();
}

void HeadListener::Wait() {
  Clock::time_point until = next_question_;
  const bool connected = connection_ != nullptr;
  if (connected && committed_) until = std::min(until, next_notification_);
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
  pollfd waiting[2] = {{wake_, POLLIN, 0}, {connected ? connection_->socket() : -1, POLLIN, 0}};
  // While a notification is already due the wake-up would not let it sleep: it is drained first.
  uint64_t wakes = 0;
  poll(waiting, 2, static_cast<int>(std::clamp<int64_t>(left, 0, kLongest.count())));
  [[maybe_unused]] const ssize_t drained = read(wake_, &wakes, sizeof(wakes));
}

}  // namespace tandem::postgres
