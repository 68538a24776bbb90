#include "tests/fault/faults/kills.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace tandem::check {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kRunning = absl::Milliseconds(700);    // for a point that is passed under load
constexpr absl::Duration kStarting = absl::Milliseconds(2000);  // for one that is passed by a start
constexpr int kMostMisses = 2;
constexpr std::chrono::milliseconds kLook{2};

}  // namespace

absl::StatusOr<std::vector<std::string>> FindPoints(const std::string& root, const std::vector<std::string>& folders) {
  const std::regex call("PassPoint\\(\"([^\"]+)\"\\)");
  std::set<std::string> points;
  for (const std::string& folder : folders) {
    std::error_code error;
    for (fs::recursive_directory_iterator file(fs::path(root) / folder, error), end; !error && file != end;
         file.increment(error)) {
      const std::string extension = file->path().extension();
      if (extension != ".cc" && extension != ".h") continue;
      std::stringstream text;
      text << std::ifstream(file->path()).rdbuf();
      const std::string source = text.str();
      for (std::sregex_iterator match(source.begin(), source.end(), call), none; match != none; ++match) {
        points.insert((*match)[1]);
      }
    }
    if (error) return absl::NotFoundError(absl::StrCat("no sources at ", root, "/", folder, ": ", error.message()));
  }
  return std::vector<std::string>(points.begin(), points.end());
}

std::string Killer::ServiceOf(size_t process) const {
  const std::string& name = cluster_->processes().name(process);
  const size_t dash = name.rfind('-');
  return dash != std::string::npos && name.find_first_not_of("0123456789", dash + 1) == std::string::npos
             ? name.substr(0, dash)
             : name;
}

size_t Killer::AnyReady(Random& random) {
  Supervisor& processes = cluster_->processes();
  while (true) {
    std::vector<size_t> ready;
    for (size_t i = 0; i < processes.size(); ++i) {
      if (processes.Ready(i)) ready.push_back(i);
    }
    if (!ready.empty()) return ready[random() % ready.size()];
    std::this_thread::sleep_for(kLook);
  }
}

void Killer::KillAny(Random& random) {
  const size_t process = AnyReady(random);
  const int64_t before = cluster_->processes().kills();
  if (!cluster_->processes().Kill(process)) return;
  while (cluster_->processes().kills() == before) std::this_thread::sleep_for(kLook);
}

bool Killer::WaitForCrash(size_t process, uint64_t before, absl::Duration timeout) {
  const auto deadline = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(timeout);
  while (cluster_->processes().page(process).crashes() == before) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(kLook);
  }
  return true;
}

bool Killer::KillAtAPoint(Random& random) {
  const size_t process = AnyReady(random);
  std::vector<std::string> candidates;
  for (const std::string& point : points_) {
    const auto misses = misses_.find(absl::StrCat(point, " ", ServiceOf(process)));
    if (misses == misses_.end() || misses->second < kMostMisses) candidates.push_back(point);
  }
  if (candidates.empty()) return false;
  const std::string point = candidates[random() % candidates.size()];
  const std::string key = absl::StrCat(point, " ", ServiceOf(process));
  ControlPage& page = cluster_->processes().page(process);
  const uint64_t before = page.crashes();
  page.CrashAt(point, static_cast<int>(Between(random, 1, 5)));
  bool crashed = WaitForCrash(process, before, kRunning);
  if (!crashed) {
    page.CrashAt(point, 1);
    if (cluster_->processes().Kill(process)) crashed = WaitForCrash(process, before, kStarting);
  }
  page.CrashAt("", 0);
  if (crashed) {
    ++at_points_[key];
    misses_[key] = -1'000'000;
  } else {
    ++misses_[key];
  }
  return crashed;
}

std::vector<std::string> Killer::Unpassed() const {
  std::vector<std::string> unpassed;
  for (const std::string& point : points_) {
    if (std::none_of(at_points_.begin(), at_points_.end(),
                     [&](const auto& entry) { return absl::StartsWith(entry.first, point + " "); })) {
      unpassed.push_back(point);
    }
  }
  return unpassed;
}

}  // namespace tandem::check
