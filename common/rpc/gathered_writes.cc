#include "common/rpc/gathered_writes.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <filesystem>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"

#include "common/base/mutex.h"

namespace tandem::rpc {
namespace {

// 0 for what is no connection of TCP that somebody else began.
int PortOf(int socket) {
  sockaddr_storage address{};
  socklen_t length = sizeof(address);
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
  int listens = 0;
  length = sizeof(listens);
  if (getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) != 0 || listens != 0) return 0;
  if (address.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  return 0;
}

// Calls `visit` with each open connection that was accepted on one of `ports`, at once: a moment later the number may
// be that of another file.
template <typename Visit>
void ForEachAccepted(const std::vector<int>& ports, const Visit& visit) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc/self/fd", error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename();
    int descriptor = -1;
    if (std::from_chars(name.data(), name.data() + name.size(), descriptor).ec != std::errc()) continue;
    const int port = PortOf(descriptor);
    if (port != 0 && std::find(ports.begin(), ports.end(), port) != ports.end()) visit(descriptor);
  }
}

// Of the process, since its servers share the pools that refuse.
class Gatherer {
 public:
  void NoteRefusal() {
    if (refused_.load(std::memory_order_relaxed) || refused_.exchange(true)) return;
    // It looks by itself within a second, and holds the lock while it looks for connections.
    if (gathering_) return;
    MutexLock lock(&mutex_);
    changed_.SignalAll();
  }

  void Enter(const std::vector<int>& ports) {
    MutexLock lock(&mutex_);
    while (ending_) changed_.Wait(&mutex_);
    for (const int port : ports) ++servers_[port];
    if (users_++ == 0) thread_ = std::thread([this] { Run(); });
  }

  void Leave(const std::vector<int>& ports) {
    std::thread ended;
    {
      MutexLock lock(&mutex_);
      if (gathering_) Switch(ports, false);
      for (const int port : ports) {
        if (--servers_[port] == 0) servers_.erase(port);
      }
      if (--users_ > 0) return;
      ending_ = true;
      ended = std::move(thread_);
      changed_.SignalAll();
    }
    ended.join();
    MutexLock lock(&mutex_);
    ending_ = false;
    gathering_ = false;
    changed_.SignalAll();
  }

 private:
  static void Switch(const std::vector<int>& ports, bool gather) {
    const int no_delay = gather ? 0 : 1;
    ForEachAccepted(ports, [&](int connection) {
      (void)setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &no_delay, sizeof(no_delay));
    });
  }

  void Run() {
    MutexLock lock(&mutex_);
    while (!ending_) {
      if (refused_.exchange(false)) {
        gathering_ = true;
        Switch(Ports(), true);
      } else if (gathering_) {
        Switch(Ports(), false);
        gathering_ = false;
      }
      if (gathering_) {
        const auto until = std::chrono::steady_clock::now() + kRefusalPause;
        while (!ending_ && changed_.WaitUntil(&mutex_, until)) {  // until it is time
        }
      } else {
        while (!ending_ && !refused_) changed_.Wait(&mutex_);
      }
    }
  }

  std::vector<int> Ports() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    std::vector<int> ports;
    for (const auto& [port, servers] : servers_) ports.push_back(port);
    return ports;
  }

  std::atomic<bool> refused_{false};
  std::atomic<bool> gathering_{false};  // written under the lock
  Mutex mutex_;
  CondVar changed_;
  absl::flat_hash_map<int, int> servers_ ABSL_GUARDED_BY(mutex_);  // how many of each port
  int users_ ABSL_GUARDED_BY(mutex_) = 0;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;  // the last has left, and the thread is on its way
  std::thread thread_ ABSL_GUARDED_BY(mutex_);
};

Gatherer& GathererOfProcess() {
  static auto* const gatherer = new Gatherer;
  return *gatherer;
}

}  // namespace

void NoteRefusal() { GathererOfProcess().NoteRefusal(); }

GatheredWrites::GatheredWrites(std::vector<int> ports) : ports_(std::move(ports)) {
  if (!ports_.empty()) GathererOfProcess().Enter(ports_);
}

GatheredWrites::~GatheredWrites() {
  if (!ports_.empty()) GathererOfProcess().Leave(ports_);
}

std::vector<int> AcceptedOn(const std::vector<int>& ports) {
  std::vector<int> connections;
  ForEachAccepted(ports, [&](int connection) { connections.push_back(connection); });
  return connections;
}

}  // namespace tandem::rpc
