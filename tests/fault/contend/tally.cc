#include "tests/fault/contend/tally.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace tandem::contend {

const char* NameOf(Kind kind) {
  static constexpr const char* kNames[] = {
      "stance",          "block",    "unblock", "request",         "accept",           "accept in slot",
      "decline",         "withdraw", "book",    "reschedule: ask", "reschedule: move", "reschedule: refuse",
      "organiser moves", "cancel",   "expire",  "repeat"};
  static_assert(sizeof(kNames) / sizeof(kNames[0]) == static_cast<size_t>(Kind::kKinds));
  return kNames[static_cast<size_t>(kind)];
}

void Tally::Merge(const Tally& other) {
  for (const auto& [kind, reasons] : other.counts_) {
    for (const auto& [reason, count] : reasons) counts_[kind][reason] += count;
  }
}

int64_t Tally::done(Kind kind) const {
  const auto of_kind = counts_.find(kind);
  if (of_kind == counts_.end()) return 0;
  const auto count = of_kind->second.find("");
  return count == of_kind->second.end() ? 0 : count->second;
}

int64_t Tally::all() const {
  int64_t all = 0;
  for (const auto& [kind, reasons] : counts_) {
    for (const auto& [reason, count] : reasons) all += count;
  }
  return all;
}

int64_t Tally::of_reason(const std::string& reason) const {
  int64_t all = 0;
  for (const auto& [kind, reasons] : counts_) {
    if (const auto count = reasons.find(reason); count != reasons.end()) all += count->second;
  }
  return all;
}

std::vector<std::string> Tally::Idle() const {
  std::vector<std::string> idle;
  for (int kind = 0; kind < static_cast<int>(Kind::kKinds); ++kind) {
    if (done(static_cast<Kind>(kind)) == 0) idle.push_back(NameOf(static_cast<Kind>(kind)));
  }
  return idle;
}

void Tally::Print(std::FILE* out) const {
  for (const auto& [kind, reasons] : counts_) {
    std::string refused;
    int64_t calls = 0;
    for (const auto& [reason, count] : reasons) {
      calls += count;
      if (!reason.empty()) absl::StrAppend(&refused, "  ", reason, " ", count);
    }
    absl::FPrintF(out, "%-20s %9d calls %9d done %s\n", NameOf(kind), calls, done(kind), refused);
  }
}

}  // namespace tandem::contend
