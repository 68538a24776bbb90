#include "tests/fault/faults/kills.h"

#include <chrono>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace tandem::check {
namespace {

constexpr std::chrono::milliseconds kLook{2};
constexpr int kMostPasses = 5;

}  // namespace

Killer::Killer(Cluster* cluster, std::vector<std::string> points)
    : cluster_(cluster), points_(std::move(points)), armed_(cluster->processes().size()) {}

Killer::~Killer() {
  for (size_t i = 0; i < armed_.size(); ++i) cluster_->processes().page(i).CrashAt("", 0);
}

std::string Killer::ServiceOf(size_t process) const {
  const std::string& name = cluster_->processes().name(process);
  const size_t dash = name.rfind('-');
  return dash != std::string::npos && name.find_first_not_of("0123456789", dash + 1) == std::string::npos
             ? name.substr(0, dash)
             : name;
}

void Killer::KillAny(Random& random) {
  Supervisor& processes = cluster_->processes();
  std::vector<size_t> ready;
  for (size_t i = 0; i < processes.size(); ++i) {
    if (processes.Ready(i)) ready.push_back(i);
  }
  if (ready.empty()) return;
  const int64_t before = processes.kills();
  if (!processes.Kill(ready[random() % ready.size()])) return;
  while (processes.kills() == before) std::this_thread::sleep_for(kLook);
}

void Killer::ArmAny(Random& random) {
  Count();
  if (points_.empty()) return;
  const size_t process = random() % armed_.size();
  ControlPage& page = cluster_->processes().page(process);
  armed_[process] = {points_[random() % points_.size()], page.crashes()};
  page.CrashAt(armed_[process].point, static_cast<int>(Between(random, 1, kMostPasses)));
}

void Killer::Count() {
  for (size_t i = 0; i < armed_.size(); ++i) {
    const uint64_t crashes = cluster_->processes().page(i).crashes();
    if (armed_[i].point.empty() || crashes == armed_[i].crashes) continue;
    ++at_points_[absl::StrCat(armed_[i].point, " ", ServiceOf(i))];
    armed_[i].point.clear();
  }
}

std::vector<std::string> Killer::Unpassed() const {
  std::vector<std::string> unpassed;
  for (const std::string& point : points_) {
    const auto next = at_points_.lower_bound(point + " ");
    if (next == at_points_.end() || !absl::StartsWith(next->first, point + " ")) unpassed.push_back(point);
  }
  return unpassed;
}

}  // namespace tandem::check
