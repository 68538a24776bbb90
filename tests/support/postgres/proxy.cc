#include "tests/support/postgres/proxy.h"

#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "absl/strings/string_view.h"

namespace tandem {
namespace {

// How libpq and the server name a socket of the port 5432 in a folder.
std::string SocketIn(const std::string& folder) { return folder + "/.s.PGSQL.5432"; }

sockaddr_un Address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  return address;
}

bool SendAll(int to, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

// What of the client's stream a cut goes by: the binding of the statement `commit` after that of `mark`.
bool CommitsAMark(absl::string_view stream) {
  const size_t mark = stream.find(absl::string_view("\0mark\0", 6));
  return mark != absl::string_view::npos &&
         stream.find(absl::string_view("\0commit\0", 8), mark) != absl::string_view::npos;
}

}  // namespace

PostgresProxy::PostgresProxy(const std::string& server_folder, const std::string& folder)
    : server_(SocketIn(server_folder)), listener_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const sockaddr_un address = Address(SocketIn(folder));
  bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  listen(listener_, 64);
  accepting_ = std::thread([this] { Accept(); });
}

PostgresProxy::~PostgresProxy() {
  stop_ = true;
  accepting_.join();
  {
    MutexLock lock(&mutex_);
    while (open_ > 0) ended_.Wait(&mutex_);
  }
  close(listener_);
}

void PostgresProxy::Accept() {
  while (!stop_) {
    pollfd waiting{listener_, POLLIN, 0};
    if (poll(&waiting, 1, 20) <= 0) continue;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    {
      MutexLock lock(&mutex_);
      ++open_;
    }
    std::thread([this, client] {
      if (!closed_) Forward(client);
      close(client);
      MutexLock lock(&mutex_);
      --open_;
      ended_.SignalAll();
    }).detach();
  }
}

void PostgresProxy::Forward(int client) {
  const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = Address(server_);
  if (connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    close(server);
    return;
  }
  std::string asked, answered;  // since the last cut was ordered
  Cut cutting = Cut::kNone;     // the commit is on its way, its answer is to be lost
  char buffer[1 << 16];
  bool silent = false;  // a dead connection that nobody learns of
  while (!stop_) {
    pollfd waiting[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    if (silent) waiting[1].fd = -1;
    if (poll(waiting, 2, 20) <= 0) continue;
    if (waiting[0].revents != 0) {
      const ssize_t got = recv(client, buffer, sizeof(buffer), 0);
      if (got <= 0 && silent) {  // the server does not learn that its client is gone
        while (!stop_) poll(nullptr, 0, 20);
        break;
      }
      if (got <= 0) break;
      const absl::string_view bytes(buffer, static_cast<size_t>(got));
      const Cut ordered = cut_;
      if (ordered != Cut::kNone) asked.append(bytes.data(), bytes.size());
      if (ordered != Cut::kNone && CommitsAMark(asked)) {
        if (close_at_cut_) closed_ = true;
        cut_ = Cut::kNone;
        cutting = ordered;
        if (ordered == Cut::kRequest) break;
        silent = ordered == Cut::kRequestHang || ordered == Cut::kRequestOrphan;
        if (ordered == Cut::kRequestOrphan) shutdown(client, SHUT_RDWR);
      }
      if (!silent && !SendAll(server, bytes)) break;
    }
    if (waiting[1].revents != 0) {
      const ssize_t got = recv(server, buffer, sizeof(buffer), 0);
      if (got <= 0) break;
      const absl::string_view bytes(buffer, static_cast<size_t>(got));
      if (cutting == Cut::kNone) {
        if (!SendAll(client, bytes)) break;
        continue;
      }
      answered.append(bytes.data(), bytes.size());
      if (answered.find("COMMIT") == std::string::npos) continue;
      if (cutting == Cut::kAnswer) break;
      silent = true;
    }
  }
  close(server);
}

}  // namespace tandem
