#include "tests/fault/truth/findings.h"

#include "absl/strings/str_cat.h"

namespace tandem::check {
namespace {

const char* NameOf(Broken broken) {
  switch (broken) {
    case Broken::kLost:
      return "lost";
    case Broken::kHalf:
      return "half";
    case Broken::kStale:
      return "stale";
    case Broken::kWrong:
      return "wrong";
    case Broken::kWatch:
      return "watch";
  }
  return "";
}

}  // namespace

void Findings::Add(Broken broken, std::string complaint) {
  MutexLock lock(&mutex_);
  ++counts_[static_cast<size_t>(broken)];
  if (complaints_.size() < kMostComplaints) complaints_.push_back(absl::StrCat(NameOf(broken), ": ", complaint));
}

int64_t Findings::count(Broken broken) const {
  MutexLock lock(&mutex_);
  return counts_[static_cast<size_t>(broken)];
}

std::vector<std::string> Findings::complaints() const {
  MutexLock lock(&mutex_);
  return complaints_;
}

}  // namespace tandem::check
