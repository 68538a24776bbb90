#include "tests/fault/sabotages/provocation.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace tandem::check {
namespace {

// Has followers take a new snapshot at each 15th stretch: no breach, since a log may be compacted at any time.
constexpr char kRelist[] = "+provoke.relist/15";
constexpr char kComputed[] = "pairing.before-put";
constexpr absl::Duration kCompute = absl::Milliseconds(10);

bool IsSource(const std::string& name) {
  return absl::StartsWith(name, "projects") || absl::StartsWith(name, "investors");
}

std::chrono::milliseconds PauseOf(Provoke provoke) {
  switch (provoke) {
    case Provoke::kKillPairing:
    case Provoke::kKillSources:
      return std::chrono::milliseconds(700);
    case Provoke::kTimeOutRedis:
      return std::chrono::milliseconds(150);
    default:
      return std::chrono::milliseconds(100);
  }
}

}  // namespace

Provocation::Provocation(Cluster* cluster, const Sabotage& sabotage, const std::string& rule)
    : cluster_(cluster), sabotage_(sabotage) {
  Supervisor& processes = cluster->processes();
  for (size_t i = 0; i < processes.size(); ++i) {
    const bool relists = sabotage.provoke == Provoke::kRelist;
    if (Breaks(i)) processes.page(i).BreakRule(absl::StrCat(rule.empty() ? "none" : rule, relists ? kRelist : ""));
    if (Breaks(i) && sabotage.provoke == Provoke::kSlowCompute) processes.page(i).SlowAt(kComputed, kCompute);
  }
  testing::ProxyFault fault;
  fault.every = 2;
  if (sabotage.provoke == Provoke::kSwapRedis) fault.mode = testing::ProxyMode::kSwap;
  if (sabotage.provoke == Provoke::kFlipRedis) fault.mode = testing::ProxyMode::kFlipBit;
  cluster->redis_proxy().SetFault(fault);
}

Provocation::~Provocation() {
  Supervisor& processes = cluster_->processes();
  for (size_t i = 0; i < processes.size(); ++i) {
    processes.page(i).BreakRule("");
    processes.page(i).SlowAt("", absl::ZeroDuration());
  }
  cluster_->redis_proxy().SetFault({});
  cluster_->postgres_proxy().CutNext(Cut::kNone);
}

bool Provocation::Breaks(size_t process) const {
  const std::string& name = cluster_->processes().name(process);
  return sabotage_.where == Where::kPairing ? absl::StartsWith(name, "pairing") : IsSource(name);
}

void Provocation::Step() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + PauseOf(sabotage_.provoke);
  ProvokeOnce();
  ++times_;
}

void Provocation::ProvokeOnce() {
  Supervisor& processes = cluster_->processes();
  switch (sabotage_.provoke) {
    case Provoke::kKillPairing:
      processes.Kill(cluster_->ProcessesOf("pairing")[times_ % 2]);
      return;
    case Provoke::kKillSources: {
      const std::vector<size_t> of = cluster_->ProcessesOf(times_ % 2 == 0 ? "projects" : "investors");
      processes.Kill(of[times_ / 2 % of.size()]);
      return;
    }
    case Provoke::kTimeOutRedis:
      cluster_->redis_proxy().SetFault(times_ % 2 == 0 ? testing::ProxyFault{.mode = testing::ProxyMode::kDelay,
                                                                             .delay = std::chrono::milliseconds(8)}
                                                       : testing::ProxyFault{});
      return;
    case Provoke::kCutCommit:
      if (cluster_->postgres_proxy().made()) cluster_->postgres_proxy().CutNext(Cut::kRequest);
      return;
    default:
      return;
  }
}

uint64_t Provocation::breaks() const {
  uint64_t sum = 0;
  for (size_t i = 0; i < cluster_->processes().size(); ++i) {
    if (Breaks(i)) sum += cluster_->processes().page(i).breaks();
  }
  return sum;
}

}  // namespace tandem::check
