#include "tests/bench/engine/report.h"

#include <chrono>
#include <cstdio>
#include <sys/utsname.h>
#include <thread>

#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace tandem::bench {
namespace {

double Seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

std::string Processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  }
  return "unknown processor";
}

// What else runs: figures of a busy machine are worth less.
std::string Load() {
  std::ifstream file("/proc/loadavg");
  std::string load;
  file >> load;
  return load;
}

}  // namespace

Report::Report(const std::string& json_path) : begin_(Seconds()) {
  if (json_path.empty()) return;
  json_.open(json_path);
  fine_ = json_.is_open();
}

void Report::Header(const std::string& input, double bandwidth) {
  utsname machine{};
  uname(&machine);
  const std::string date = absl::FormatTime("%Y-%m-%d %H:%M", absl::Now(), absl::UTCTimeZone());
  const unsigned cores = std::thread::hardware_concurrency();
  Say(absl::StrFormat("%s %s, %s, %u cores, load %s, %s UTC", machine.sysname, machine.machine, Processor(), cores,
                      Load(), date));
  Say(absl::StrFormat("one thread reads %.1f GB/s", bandwidth / 1e9));
  Say(input);
  Record({{"record", "header"},
          {"processor", Processor()},
          {"cores", cores},
          {"load", Load()},
          {"date", date},
          {"bytes_per_second", bandwidth},
          {"input", input}});
}

void Report::Say(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

void Report::Record(const nlohmann::ordered_json& record) {
  if (json_.is_open()) json_ << record.dump() << std::endl;
}

void Report::Progress(const std::string& what) { absl::FPrintF(stderr, "[%6.1f s] %s\n", Seconds() - begin_, what); }

}  // namespace tandem::bench
