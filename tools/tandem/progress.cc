#include "tools/tandem/progress.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace tandem::cli {
namespace {

using std::chrono::steady_clock;

constexpr size_t kBarWidth = 30;

}  // namespace

Progress::Progress(const Terminal* terminal, std::string what, uint64_t total)
    : terminal_(terminal), what_(std::move(what)), total_(total), start_(steady_clock::now()), last_(start_) {}

void Progress::Update(uint64_t done, const std::string& note) {
  const auto now = steady_clock::now();
  const auto pause = terminal_->err_is_tty ? std::chrono::milliseconds(100) : std::chrono::milliseconds(5000);
  if (now - last_ < pause) return;
  last_ = now;
  const uint64_t part = total_ == 0 ? 0 : std::min<uint64_t>(done, total_);
  const std::string percent = total_ == 0 ? "" : absl::StrFormat("%3d%% ", part * 100 / total_);
  if (!terminal_->err_is_tty) {
    *terminal_->err << what_ << ": " << percent << note << std::endl;
    return;
  }
  const size_t filled = total_ == 0 ? 0 : static_cast<size_t>(part * kBarWidth / total_);
  *terminal_->err << "\r\x1b[K" << what_ << " [" << std::string(filled, '#') << std::string(kBarWidth - filled, '.')
                  << "] " << percent << note << std::flush;
  shown_ = true;
}

void Progress::Clear() {
  if (shown_) *terminal_->err << "\r\x1b[K" << std::flush;
  shown_ = false;
}

double Progress::Seconds() const {
  return std::max(0.001, std::chrono::duration<double>(steady_clock::now() - start_).count());
}

}  // namespace tandem::cli
