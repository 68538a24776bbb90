#ifndef TANDEM_TESTS_BENCH_EVAL_MEETINGS_MEETINGS_FOLDER_H_
#define TANDEM_TESTS_BENCH_EVAL_MEETINGS_MEETINGS_FOLDER_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/pairing/meetings/breaks/break_problem.h"

namespace tandem::eval_meetings {

// One instance from the text of its MiniZinc data file; what the file numbers from 1 is numbered from 0 here.
// InvalidArgument names the key that is missing or wrong.
absl::StatusOr<breaks::BreakProblem> ParseInstance(absl::string_view text);

// The lines of a schedule file: one slot a line, from 1, in meeting order.
std::string FormatSchedule(const breaks::Schedule& schedule);

struct InstanceFile {
  std::string name;  // the file's, without .dzn
  std::string path;
};

// The *.dzn of `folder`/instances, by name, whose name contains `only`. NotFound if the folder is not there.
absl::StatusOr<std::vector<InstanceFile>> ListInstances(const std::string& folder, absl::string_view only);

absl::StatusOr<std::string> ReadWholeFile(const std::string& path);

// Column best_known_breaks by column instance (without .dzn) of a CSV with a header: a number or INFEASIBLE.
// InvalidArgument if a column is not there.
absl::StatusOr<std::map<std::string, std::string>> ParseBestKnown(absl::string_view csv);

}  // namespace tandem::eval_meetings

#endif  // TANDEM_TESTS_BENCH_EVAL_MEETINGS_MEETINGS_FOLDER_H_
