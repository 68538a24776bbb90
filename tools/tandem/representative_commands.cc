// `representative`: the people who meet for projects and investors.
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "tools/tandem/csv_row.h"
#include "tools/tandem/import_command.h"
#include "tools/tandem/resource_commands.h"
#include "tools/tandem/resource_traits.h"

namespace tandem::cli {
namespace {

using pairing::v1::Representative;

constexpr char kFooter[] = R"(
A party is written projects/ID or investors/ID, or as its whole name.

Examples:
  tandem --edition demo representative import representatives.csv
  tandem --edition demo representative list
  tandem --edition demo representative show ms-li
)";

std::vector<std::string> Row(const Representative& representative) {
  std::vector<std::string> parties;
  for (const std::string& party : representative.parties()) {
    const size_t edition = party.find('/', party.find('/') + 1);
    parties.push_back(edition == std::string::npos ? party : party.substr(edition + 1));
  }
  const std::string attendance = EnumText(*pairing::v1::Attendance_descriptor(), representative.attendance());
  const auto cap = [](int most) { return most == 0 ? std::string("-") : absl::StrCat(most); };
  return {LastPart(representative.name()),
          representative.external_id(),
          attendance.empty() ? "on-site" : attendance,
          absl::StrJoin(representative.languages(), ", "),
          representative.time_zone(),
          cap(representative.most_meetings_per_day()),
          cap(representative.most_meetings()),
          absl::StrJoin(parties, ", ")};
}

}  // namespace

void AddRepresentativeCommands(CLI::App* parent, Command* command) {
  CLI::App* app = parent->add_subcommand("representative", "People who meet for projects and investors");
  app->require_subcommand(1);
  app->fallthrough();
  app->footer(kFooter);
  AddListCommand<RepresentativeTraits>(app, command,
                                       {{"ID"},
                                        {"EXTERNAL ID"},
                                        {"ATTENDANCE"},
                                        {"LANGUAGES"},
                                        {"TIME ZONE"},
                                        {"A DAY", Align::kRight},
                                        {"IN ALL", Align::kRight},
                                        {"PARTIES"}},
                                       &Row);
  AddGetCommand<RepresentativeTraits>(app, command);
  app->get_subcommand("get")->alias("show");
  AddImportCommand(app, command, RepresentativeKind(), "", &RepresentativeSender);
}

}  // namespace tandem::cli
