#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "common/base/status.h"
#include "tests/fault/faults/fault.h"

namespace tandem::check {
namespace {

using testing::ProxyFault;
using testing::ProxyMode;

constexpr absl::Duration kHold = absl::Milliseconds(600);

absl::Status Tell(Cluster& cluster, const std::vector<std::string>& words) {
  return cluster.redis().Command(words).status();
}

absl::Status Nothing(Cluster& /*cluster*/, Random& /*random*/) { return absl::OkStatus(); }

// What the proxy does to every connection for a while.
Fault OnTheWay(std::string name, ProxyMode mode, std::chrono::microseconds delay = std::chrono::milliseconds(1)) {
  const auto set = [](ProxyMode to, std::chrono::microseconds by) {
    return [to, by](Cluster& cluster, Random& /*random*/) {
      ProxyFault fault;
      fault.mode = to;
      fault.delay = by;
      cluster.redis_proxy().SetFault(fault);
      return absl::OkStatus();
    };
  };
  return {std::move(name), set(mode, delay), set(ProxyMode::kPass, delay), kHold};
}

}  // namespace

std::vector<Fault> RedisFaults() {
  std::vector<Fault> faults;
  faults.push_back({"redis-killed",
                    [](Cluster& cluster, Random&) {
                      cluster.redis().Kill(SIGKILL);
                      return absl::OkStatus();
                    },
                    [](Cluster& cluster, Random&) { return cluster.redis().Restart(); }, kHold});
  faults.push_back(
      {"redis-flushed", [](Cluster& cluster, Random&) { return Tell(cluster, {"FLUSHALL"}); }, Nothing, kHold});
  faults.push_back({"redis-paused",
                    [](Cluster& cluster, Random&) {
                      cluster.redis().Pause();
                      return absl::OkStatus();
                    },
                    [](Cluster& cluster, Random&) {
                      cluster.redis().Resume();
                      return absl::OkStatus();
                    },
                    kHold});
  // Every SET is answered OOM; what is there can be read.
  faults.push_back({"redis-filled",
                    [](Cluster& cluster, Random&) {
                      TANDEM_RETURN_IF_ERROR(Tell(cluster, {"CONFIG", "SET", "maxmemory-policy", "noeviction"}));
                      return Tell(cluster, {"CONFIG", "SET", "maxmemory", "1"});
                    },
                    [](Cluster& cluster, Random&) {
                      return Tell(cluster, {"CONFIG", "SET", "maxmemory", "0"});
                    },
                    kHold});
  faults.push_back({"redis-reset",
                    [](Cluster& cluster, Random&) {
                      cluster.redis_proxy().CutNow();
                      return absl::OkStatus();
                    },
                    Nothing, kHold});
  faults.push_back(OnTheWay("redis-cut", ProxyMode::kCut));
  faults.push_back(OnTheWay("redis-black-hole", ProxyMode::kBlackhole));
  faults.push_back(OnTheWay("redis-delayed", ProxyMode::kDelay, std::chrono::milliseconds(20)));
  faults.push_back(OnTheWay("redis-trickling", ProxyMode::kTrickle, std::chrono::microseconds(500)));
  faults.push_back(OnTheWay("redis-truncated", ProxyMode::kTruncate));
  faults.push_back(OnTheWay("redis-swapped", ProxyMode::kSwap));
  faults.push_back(OnTheWay("redis-bit-flipped", ProxyMode::kFlipBit));
  faults.push_back(OnTheWay("redis-older", ProxyMode::kReplay));
  return faults;
}

}  // namespace tandem::check
