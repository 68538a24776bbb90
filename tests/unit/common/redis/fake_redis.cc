#include "tests/unit/common/redis/fake_redis.h"

#include <poll.h>
#include <sys/socket.h>
#include <utility>

#include "absl/strings/str_join.h"

#include "tests/support/resp.h"

namespace tandem::testing {
namespace {

// True when `socket` is readable, false when `event` is first.
bool WaitFor(const Socket& socket, const Socket& event) {
  pollfd polls[] = {{socket.fd(), POLLIN, 0}, {event.fd(), POLLIN, 0}};
  while (poll(polls, 2, -1) < 0) continue;
  return polls[1].revents == 0;
}

}  // namespace

FakeRedis::FakeRedis(Script script)
    : script_(std::move(script)),
      listener_(ListenOnLoopback()),
      port_(PortOf(listener_)),
      event_(MakeEvent()),
      thread_([this] { Accept(); }) {}

FakeRedis::~FakeRedis() {
  Signal(event_);
  thread_.join();
  for (std::thread& each : threads_) each.join();
}

std::vector<std::string> FakeRedis::commands() const {
  MutexLock lock(&mutex_);
  return commands_;
}

void FakeRedis::Accept() {
  while (WaitFor(listener_, event_)) {
    Socket client = AcceptFrom(listener_);
    if (client.valid()) threads_.emplace_back([this, taken = std::move(client)]() mutable { Serve(std::move(taken)); });
  }
}

void FakeRedis::Serve(Socket client) {
  std::string bytes;
  while (WaitFor(client, event_)) {
    char buffer[64 << 10];
    const ssize_t count = recv(client.fd(), buffer, sizeof buffer, 0);
    if (count <= 0) return;
    bytes.append(buffer, static_cast<size_t>(count));
    for (size_t size = RespFrameSize(bytes).value_or(0); size != 0; size = RespFrameSize(bytes).value_or(0)) {
      const std::vector<std::string> words = RespWords(bytes.substr(0, size));
      bytes.erase(0, size);
      {
        MutexLock lock(&mutex_);
        commands_.push_back(absl::StrJoin(words, " "));
      }
      const FakeAnswer usual{.bytes = !words.empty() && words[0] == "PING" ? "+PONG\r\n" : "+OK\r\n"};
      const FakeAnswer answer = script_(words).value_or(usual);
      if (!Answer(client, answer) || answer.then_close) return;
    }
  }
}

bool FakeRedis::Answer(const Socket& client, const FakeAnswer& answer) {
  if (!Pause(answer.delay)) return false;
  const size_t step = answer.byte_gap.count() > 0 ? 1 : answer.bytes.size();
  for (size_t at = 0; at < answer.bytes.size();) {
    const ssize_t count = send(client.fd(), answer.bytes.data() + at, step, MSG_NOSIGNAL);
    if (count <= 0) return false;
    at += static_cast<size_t>(count);
    if (!Pause(answer.byte_gap)) return false;
  }
  return true;
}

bool FakeRedis::Pause(std::chrono::milliseconds time) {
  pollfd stop{event_.fd(), POLLIN, 0};
  return time.count() == 0 || poll(&stop, 1, static_cast<int>(time.count())) == 0;
}

}  // namespace tandem::testing
