// What a run says: tables for people on stdout, one JSON object a line for programs in a file, progress on stderr.
#ifndef TANDEM_TESTS_BENCH_ENGINE_REPORT_H_
#define TANDEM_TESTS_BENCH_ENGINE_REPORT_H_

#include <fstream>
#include <string>

#include "nlohmann/json.hpp"

namespace tandem::bench {

class Report {
 public:
  // An empty path: no file.
  explicit Report(const std::string& json_path);
  bool ok() const { return fine_; }

  // Machine, date and what was asked for.
  void Header(const std::string& input, double bandwidth);
  void Say(const std::string& line);
  void Record(const nlohmann::ordered_json& record);
  // With the seconds since the beginning.
  void Progress(const std::string& what);

 private:
  std::ofstream json_;
  bool fine_ = true;
  const double begin_;
};

}  // namespace tandem::bench

#endif  // TANDEM_TESTS_BENCH_ENGINE_REPORT_H_
