// What a run showed, as text.
#include <algorithm>
#include <cstdio>
#include <string>
#include <sys/utsname.h>
#include <thread>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"

#include "tests/fault/contend/contend.h"

namespace tandem::contend {
namespace {

constexpr int64_t kEachKind = 5000;  // operations of which some of each kind are done

}  // namespace

void PrintHead(const std::string& input) {
  utsname machine{};
  uname(&machine);
  absl::PrintF("machine: %s %s %s, %d cores\n", machine.sysname, machine.release, machine.machine,
               std::thread::hardware_concurrency());
  absl::PrintF("date:    %s\n", absl::FormatTime("%Y-%m-%d %H:%M UTC", absl::Now(), absl::UTCTimeZone()));
  absl::PrintF("input:   %s\n", input);
  std::fflush(stdout);
}

bool Print(const Report& report, const std::string& again) {
  report.tally.Print(stdout);
  absl::PrintF("log: %d commits in %d editions checked:", report.commits, report.editions);
  for (const auto& [cause, count] : report.causes) absl::PrintF(" %s %d", cause, count);
  absl::PrintF(
      "\nacknowledged changes found in the log: %d; refusals for quotas checked: %d; %.1f s of checks at the end\n",
      report.acked, report.refusals, report.check_seconds);
  const auto& problems = report.problems;
  for (const std::string& text : problems.texts) absl::PrintF("VIOLATION %s\n", text);
  std::vector<std::string> idle = report.tally.Idle();
  // Servers let requests expire by themselves.
  if (const auto expired = report.causes.find("CAUSE_EXPIRY"); expired != report.causes.end() && expired->second > 0)
    idle.erase(std::remove(idle.begin(), idle.end(), NameOf(Kind::kExpire)), idle.end());
  const bool all_kinds = idle.empty() || report.options.operations < kEachKind;
  if (!all_kinds) absl::PrintF("VIOLATION nothing was done by: %s\n", absl::StrJoin(idle, ", "));
  if (problems.all() > 0) {
    absl::PrintF("again, as far as timing allows: %s\n", again);
  }
  if (report.kills > 0) absl::PrintF("kills: %d\n", report.kills);
  absl::PrintF("contend operations=%d store=%s double=%d pairs=%d quotas=%d reports=%d history=%d seconds=%.1f\n",
               report.tally.all(), report.options.store, problems.doubled, problems.pairs, problems.quotas,
               problems.reports, problems.history, report.seconds);
  std::fflush(stdout);
  return problems.all() == 0 && all_kinds;
}

}  // namespace tandem::contend
