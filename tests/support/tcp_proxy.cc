#include "tests/support/tcp_proxy.h"

#include <algorithm>
#include <cerrno>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "tests/support/resp.h"

namespace tandem::testing {

using std::chrono::steady_clock;

namespace {

// Of the history; a proxy that lives long forgets no key it has seen, and learns no more.
constexpr size_t kMostKeys = 100'000;

// What was read of a socket and is on its way to the other.
struct Chunk {
  steady_clock::time_point due;
  std::string bytes;
  bool then_end = false;
};

struct Connection {
  Socket client, server;
  std::string commands, replies;      // not yet whole frames
  std::deque<std::string> questions;  // the key of each GET, "" for other commands
  std::deque<Chunk> to_server, to_client;
  bool dead = false;
};

// Empty when nothing is there now; nullopt at the end.
std::optional<std::string> Read(const Socket& socket) {
  char buffer[64 << 10];
  const ssize_t count = recv(socket.fd(), buffer, sizeof buffer, MSG_DONTWAIT);
  if (count > 0) return std::string(buffer, static_cast<size_t>(count));
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return "";
  return std::nullopt;
}

}  // namespace

// The state of the proxy's thread.
class ProxyLoop {
 public:
  explicit ProxyLoop(TcpProxy* proxy) : proxy_(proxy) {}

  void Run() {
    while (Adopt()) {
      Wait();
      if (fault_.mode == ProxyMode::kBlackhole) continue;
      for (Connection& each : connections_) Move(&each);
      connections_.remove_if([](const Connection& each) { return each.dead; });
    }
  }

 private:
  // Takes over what was set meanwhile; false at the end.
  bool Adopt() {
    bool cut = false;
    {
      MutexLock lock(&proxy_->mutex_);
      if (proxy_->stopping_) return false;
      fault_ = proxy_->fault_;
      cut = std::exchange(proxy_->cut_now_, false);
    }
    if (cut || fault_.mode == ProxyMode::kCut) {
      for (Connection& each : connections_) {
        each.client.Reset();
        each.server.Reset();
      }
      connections_.clear();
    }
    return true;
  }

  void Wait() {
    std::vector<pollfd> polls = {{proxy_->listener_.fd(), POLLIN, 0}, {proxy_->event_.fd(), POLLIN, 0}};
    auto due = steady_clock::time_point::max();
    if (fault_.mode != ProxyMode::kBlackhole) {
      for (const Connection& each : connections_) {
        polls.push_back(
            {each.client.fd(), static_cast<short>(POLLIN | (each.to_client.empty() ? 0 : Ready(each, &due))), 0});
        polls.push_back({each.server.fd(), static_cast<short>(POLLIN | (each.to_server.empty() ? 0 : POLLOUT)), 0});
      }
    }
    const auto left = std::clamp(due - steady_clock::now(), steady_clock::duration::zero(),
                                 steady_clock::duration(std::chrono::seconds(1)));
    const timespec wait{.tv_sec = left.count() / 1'000'000'000, .tv_nsec = left.count() % 1'000'000'000};
    ppoll(polls.data(), polls.size(), &wait, nullptr);
    uint64_t count;
    if ((polls[1].revents & POLLIN) != 0) {
      [[maybe_unused]] const ssize_t size = read(proxy_->event_.fd(), &count, sizeof count);
    }
    if ((polls[0].revents & POLLIN) != 0) Accept();
  }

  // POLLOUT when the first chunk for the client is due; else lowers `due` to when it is.
  static int Ready(const Connection& connection, steady_clock::time_point* due) {
    if (connection.to_client.front().due <= steady_clock::now()) return POLLOUT;
    *due = std::min(*due, connection.to_client.front().due);
    return 0;
  }

  void Accept() {
    Socket client = AcceptFrom(proxy_->listener_);
    if (!client.valid()) return;
    ++proxy_->accepted_;
    const TcpProxy::Target& target = proxy_->target_;
    Socket server = fault_.mode == ProxyMode::kCut ? Socket()
                    : target.socket.empty()        ? ConnectToPort(target.port)
                                                   : ConnectToPath(target.socket);
    if (!server.valid()) return client.Reset();
    MakeNonBlocking(client);
    MakeNonBlocking(server);
    Connection& connection = connections_.emplace_back();
    connection.client = std::move(client);
    connection.server = std::move(server);
  }

  void Move(Connection* connection) {
    const std::optional<std::string> asked = Read(connection->client);
    const std::optional<std::string> answered = Read(connection->server);
    if (asked) TakeCommands(connection, *asked);
    if (answered) TakeReplies(connection, *answered);
    const bool sent =
        Flush(connection->server, &connection->to_server) && Flush(connection->client, &connection->to_client);
    const bool ended = (!asked || !answered) && connection->to_client.empty();
    connection->dead = connection->dead || !sent || ended;
  }

  void TakeCommands(Connection* connection, const std::string& bytes) {
    if (bytes.empty()) return;
    connection->to_server.push_back({steady_clock::now(), bytes});
    connection->commands += bytes;
    while (true) {
      const size_t size = RespFrameSize(connection->commands).value_or(connection->commands.size());
      if (size == 0) return;
      const std::vector<std::string> words = RespWords(connection->commands.substr(0, size));
      connection->questions.push_back(words.size() == 2 && words[0] == "GET" ? words[1] : "");
      connection->commands.erase(0, size);
    }
  }

  void TakeReplies(Connection* connection, const std::string& bytes) {
    connection->replies += bytes;
    while (true) {
      const size_t size = RespFrameSize(connection->replies).value_or(connection->replies.size());
      if (size == 0) return;
      Chunk chunk{steady_clock::now(), connection->replies.substr(0, size)};
      connection->replies.erase(0, size);
      std::string key;
      if (!connection->questions.empty()) {
        key = std::move(connection->questions.front());
        connection->questions.pop_front();
      }
      if (!key.empty()) Change(key, &chunk);
      if (fault_.mode == ProxyMode::kDelay) chunk.due += fault_.delay;
      Queue(std::move(chunk), &connection->to_client);
    }
  }

  void Queue(Chunk chunk, std::deque<Chunk>* queue) const {
    if (fault_.mode != ProxyMode::kTrickle) return queue->push_back(std::move(chunk));
    auto due = std::max(chunk.due, queue->empty() ? chunk.due : queue->back().due);
    for (const char byte : chunk.bytes) queue->push_back({due += fault_.delay, std::string(1, byte)});
    queue->back().then_end = chunk.then_end;
  }

  // Does to the reply to GET `key` what the fault says, and remembers what it was.
  void Change(const std::string& key, Chunk* chunk) {
    const std::optional<absl::string_view> bulk = RespBulk(chunk->bytes);
    if (!bulk || bulk->empty()) return;
    const std::string value(*bulk);
    std::optional<std::string> other = Other(key);
    if (first_.size() < kMostKeys) first_.try_emplace(key, value);
    if (last_.empty() || last_.back().first != key) last_.push_back({key, value});
    last_.back().second = value;
    if (last_.size() > 2) last_.pop_front();

    const bool changes = fault_.mode >= ProxyMode::kTruncate && ++values_ % static_cast<uint64_t>(fault_.every) == 0;
    if (!changes) return;
    std::string changed = value;
    switch (fault_.mode) {
      case ProxyMode::kTruncate:
        chunk->bytes.resize(chunk->bytes.size() - value.size() / 2 - 2);
        chunk->then_end = true;
        ++proxy_->faults_;
        return;
      case ProxyMode::kFlipBit: {
        // Any of the bits in turn, without a pattern that a value could share.
        char& byte = changed[(values_ * 7919) % changed.size()];
        byte = static_cast<char>(byte ^ (1 << (values_ % 8)));
        break;
      }
      case ProxyMode::kSwap:
        if (other) changed = *std::move(other);
        break;
      case ProxyMode::kReplay:
        if (const auto it = first_.find(key); it != first_.end()) changed = it->second;
        break;
      default:
        break;
    }
    if (changed == value) return;
    ++proxy_->faults_;
    chunk->bytes = BulkFrame(changed);
  }

  // The value last read of another key.
  std::optional<std::string> Other(const std::string& key) const {
    for (auto it = last_.rbegin(); it != last_.rend(); ++it) {
      if (it->first != key) return it->second;
    }
    return std::nullopt;
  }

  // Sends what is due; false when the connection is over.
  static bool Flush(const Socket& socket, std::deque<Chunk>* queue) {
    while (!queue->empty() && queue->front().due <= steady_clock::now()) {
      Chunk& chunk = queue->front();
      const ssize_t count = send(socket.fd(), chunk.bytes.data(), chunk.bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (count < 0) return errno == EAGAIN || errno == EINTR;
      chunk.bytes.erase(0, static_cast<size_t>(count));
      if (!chunk.bytes.empty()) return true;
      if (chunk.then_end) return false;
      queue->pop_front();
    }
    return true;
  }

  TcpProxy* const proxy_;
  ProxyFault fault_;
  std::list<Connection> connections_;
  std::map<std::string, std::string> first_;              // per key, the first value that was read
  std::deque<std::pair<std::string, std::string>> last_;  // the last two keys that were read, each with its value
  uint64_t values_ = 0;
};

TcpProxy::TcpProxy(Target target, Socket listener)
    : target_(std::move(target)),
      listener_(std::move(listener)),
      event_(MakeEvent()),
      port_(PortOf(listener_)),
      thread_([this] { ProxyLoop(this).Run(); }) {}

absl::StatusOr<std::unique_ptr<TcpProxy>> TcpProxy::Start(Target target) {
  Socket listener = ListenOnLoopback();
  if (!listener.valid()) return absl::UnavailableError("no free port on loopback");
  MakeNonBlocking(listener);
  return std::unique_ptr<TcpProxy>(new TcpProxy(std::move(target), std::move(listener)));
}

TcpProxy::~TcpProxy() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  Signal(event_);
  thread_.join();
}

void TcpProxy::SetFault(const ProxyFault& fault) {
  {
    MutexLock lock(&mutex_);
    fault_ = fault;
    fault_.every = std::max(1, fault.every);
  }
  Signal(event_);
}

void TcpProxy::CutNow() {
  {
    MutexLock lock(&mutex_);
    cut_now_ = true;
  }
  Signal(event_);
}

}  // namespace tandem::testing
