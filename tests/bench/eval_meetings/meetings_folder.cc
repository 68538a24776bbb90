#include "tests/bench/eval_meetings/meetings_folder.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "common/base/status.h"

namespace tandem::eval_meetings {
namespace {

using breaks::BreakProblem;
using breaks::Meeting;
using breaks::Session;

// `key = value;` of the file, by key; comments dropped.
std::map<std::string, std::string> Assignments(absl::string_view text) {
  std::string plain;
  for (absl::string_view line : absl::StrSplit(text, '\n'))
    absl::StrAppend(&plain, line.substr(0, line.find('%')), "\n");
  std::map<std::string, std::string> assignments;
  for (absl::string_view item : absl::StrSplit(plain, ';')) {
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(item, absl::MaxSplits('=', 1));
    assignments[std::string(absl::StripAsciiWhitespace(parts.first))] =
        std::string(absl::StripAsciiWhitespace(parts.second));
  }
  return assignments;
}

class Instance {
 public:
  explicit Instance(absl::string_view text) : assignments_(Assignments(text)) {}

  absl::StatusOr<int> Number(const std::string& key) const {
    TANDEM_ASSIGN_OR_RETURN(const absl::string_view text, Text(key));
    int number = 0;
    if (!absl::SimpleAtoi(text, &number))
      return absl::InvalidArgumentError(absl::StrCat(key, " = ", text, " is no number"));
    return number;
  }

  // All numbers between the brackets.
  absl::StatusOr<std::vector<int>> Numbers(const std::string& key) const {
    TANDEM_ASSIGN_OR_RETURN(const absl::string_view text, Text(key));
    return NumbersIn(key, text);
  }

  // `[{1,2}, {}, ...]`
  absl::StatusOr<std::vector<std::vector<int>>> Sets(const std::string& key) const {
    TANDEM_ASSIGN_OR_RETURN(absl::string_view text, Text(key));
    std::vector<std::vector<int>> sets;
    for (std::size_t open = text.find('{'); open != absl::string_view::npos; open = text.find('{')) {
      const std::size_t close = text.find('}', open);
      if (close == absl::string_view::npos)
        return absl::InvalidArgumentError(absl::StrCat(key, " has a set without an end"));
      TANDEM_ASSIGN_OR_RETURN(std::vector<int> set, NumbersIn(key, text.substr(open + 1, close - open - 1)));
      sets.push_back(std::move(set));
      text.remove_prefix(close + 1);
    }
    return sets;
  }

 private:
  absl::StatusOr<absl::string_view> Text(const std::string& key) const {
    const auto found = assignments_.find(key);
    if (found == assignments_.end()) return absl::InvalidArgumentError(absl::StrCat("`", key, " = ...;` is missing"));
    return absl::string_view(found->second);
  }

  static absl::StatusOr<std::vector<int>> NumbersIn(const std::string& key, absl::string_view text) {
    std::vector<int> numbers;
    for (absl::string_view word : absl::StrSplit(text, absl::ByAnyChar("[]|, \t\r\n"), absl::SkipEmpty())) {
      int number = 0;
      if (!absl::SimpleAtoi(word, &number))
        return absl::InvalidArgumentError(absl::StrCat(key, " has ", word, ", which is no number"));
      numbers.push_back(number);
    }
    return numbers;
  }

  std::map<std::string, std::string> assignments_;
};

absl::Status ReadMeetings(const Instance& instance, int meetings, BreakProblem* problem) {
  TANDEM_ASSIGN_OR_RETURN(const std::vector<int> requested, instance.Numbers("requested"));
  TANDEM_ASSIGN_OR_RETURN(const std::vector<int> fixed, instance.Numbers("fixed"));
  TANDEM_ASSIGN_OR_RETURN(const std::vector<std::vector<int>> before, instance.Sets("precedences"));
  const std::size_t count = static_cast<std::size_t>(std::max(meetings, 0));
  if (requested.size() < 3 * count || fixed.size() < count || before.size() < count) {
    return absl::InvalidArgumentError(absl::StrCat("nMeetings = ", meetings,
                                                   ", but requested, fixed and precedences have ", requested.size() / 3,
                                                   ", ", fixed.size(), " and ", before.size()));
  }
  for (std::size_t m = 0; m < count; ++m) {
    Meeting meeting;
    meeting.a = requested[3 * m] - 1;
    meeting.b = requested[3 * m + 1] - 1;
    const int session = requested[3 * m + 2];
    if (session < 1 || session > 3)
      return absl::InvalidArgumentError(absl::StrCat("session ", session, " is none of 1, 2 and 3"));
    meeting.session = session == 1 ? Session::kMorning : session == 2 ? Session::kAfternoon : Session::kAny;
    meeting.fixed_slot = fixed[m] - 1;
    for (int earlier : before[m]) {
      if (earlier != 0) meeting.predecessors.push_back(earlier - 1);
    }
    problem->meetings.push_back(std::move(meeting));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<BreakProblem> ParseInstance(absl::string_view text) {
  const Instance instance(text);
  BreakProblem problem;
  TANDEM_ASSIGN_OR_RETURN(problem.people, instance.Number("nBusiness"));
  TANDEM_ASSIGN_OR_RETURN(problem.tables, instance.Number("nTables"));
  TANDEM_ASSIGN_OR_RETURN(problem.slots, instance.Number("nTotalSlots"));
  TANDEM_ASSIGN_OR_RETURN(problem.morning_slots, instance.Number("nMorningSlots"));
  TANDEM_ASSIGN_OR_RETURN(const int meetings, instance.Number("nMeetings"));
  TANDEM_RETURN_IF_ERROR(ReadMeetings(instance, meetings, &problem));
  TANDEM_ASSIGN_OR_RETURN(const std::vector<std::vector<int>> forbidden, instance.Sets("forbidden"));
  for (const std::vector<int>& slots : forbidden) {
    problem.forbidden_slots.emplace_back();
    for (int slot : slots) {
      // 0 says "none"; a slot beyond the last cannot be used anyway.
      if (slot >= 1 && slot <= problem.slots) problem.forbidden_slots.back().push_back(slot - 1);
    }
  }
  TANDEM_RETURN_IF_ERROR(ValidateBreakProblem(problem));
  return problem;
}

std::string FormatSchedule(const breaks::Schedule& schedule) {
  std::string text;
  for (int slot : schedule) absl::StrAppend(&text, slot + 1, "\n");
  return text;
}

absl::StatusOr<std::vector<InstanceFile>> ListInstances(const std::string& folder, absl::string_view only) {
  std::error_code error;
  std::vector<InstanceFile> files;
  for (std::filesystem::directory_iterator entry(std::filesystem::path(folder) / "instances", error), end;
       !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() != ".dzn" || !absl::StrContains(entry->path().stem().string(), only)) continue;
    files.push_back({entry->path().stem().string(), entry->path().string()});
  }
  if (error) return absl::NotFoundError(absl::StrCat(folder, "/instances: ", error.message()));
  std::sort(files.begin(), files.end(), [](const InstanceFile& a, const InstanceFile& b) { return a.name < b.name; });
  return files;
}

absl::StatusOr<std::string> ReadWholeFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
  return text.str();
}

absl::StatusOr<std::map<std::string, std::string>> ParseBestKnown(absl::string_view csv) {
  std::map<std::string, std::string> best;
  std::size_t name_column = 0, best_column = 0;
  bool header = true;
  for (absl::string_view line : absl::StrSplit(csv, '\n')) {
    const std::vector<std::string> cells = absl::StrSplit(absl::StripAsciiWhitespace(line), ',');
    if (std::exchange(header, false)) {
      name_column = static_cast<std::size_t>(std::find(cells.begin(), cells.end(), "instance") - cells.begin());
      best_column =
          static_cast<std::size_t>(std::find(cells.begin(), cells.end(), "best_known_breaks") - cells.begin());
      if (std::max(name_column, best_column) < cells.size()) continue;
      return absl::InvalidArgumentError("the best values have no column `instance` or `best_known_breaks`");
    }
    if (std::max(name_column, best_column) >= cells.size()) continue;
    best[std::string(absl::StripSuffix(cells[name_column], ".dzn"))] = cells[best_column];
  }
  return best;
}

}  // namespace tandem::eval_meetings
