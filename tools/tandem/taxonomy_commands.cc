#include <memory>
#include <string>

#include "CLI/CLI.hpp"

#include "common/base/random_id.h"
#include "common/base/status.h"
#include "tools/tandem/cli.h"
#include "tools/tandem/exit_code.h"
#include "tools/tandem/output.h"
#include "tools/tandem/taxonomy_file.h"

namespace tandem::cli {
namespace {

using pairing::v1::Taxonomy;
using Stub = pairing::v1::EditionService::StubInterface;

constexpr char kFooter[] = R"(
A taxonomy comes as CSV with the columns code, parent, label_en, label_zh-Hans, ... or as JSON of the contract.

Examples:
  tandem --edition demo taxonomy import nace.csv --scheme nace --version-of-scheme 2.1
  tandem --edition demo taxonomy list
)";

struct ImportOptions {
  std::string file;
  std::string scheme;
  std::string version;
};

absl::StatusOr<int> Import(Session* session, const ImportOptions& options) {
  TANDEM_ASSIGN_OR_RETURN(const std::string edition, session->EditionName());
  pairing::v1::ImportTaxonomyRequest request;
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_taxonomy(), ReadTaxonomy(options.file));
  request.set_parent(edition);
  if (!options.scheme.empty()) request.mutable_taxonomy()->set_scheme(options.scheme);
  if (!options.version.empty()) request.mutable_taxonomy()->set_version(options.version);
  request.set_request_id(RandomUuid());
  TANDEM_ASSIGN_OR_RETURN(const Taxonomy taxonomy, session->Call(session->editions(), &Stub::ImportTaxonomy, request));
  if (!WriteMessage(*session, taxonomy)) {
    *session->terminal().out << taxonomy.name() << ": " << request.taxonomy().sectors_size() << " sectors\ntoken "
                             << taxonomy.consistency_token() << "\n";
  }
  return kExitOk;
}

absl::StatusOr<int> List(Session* session) {
  TANDEM_ASSIGN_OR_RETURN(const std::string edition, session->EditionName());
  pairing::v1::ListTaxonomiesRequest request;
  request.set_parent(edition);
  request.set_page_size(500);
  Table table({{"ID"}, {"SCHEME"}, {"VERSION"}});
  do {
    TANDEM_ASSIGN_OR_RETURN(const auto page, session->Call(session->editions(), &Stub::ListTaxonomies, request));
    for (const Taxonomy& taxonomy : page.taxonomies()) {
      if (WriteMessage(*session, taxonomy)) continue;
      table.AddRow({LastPart(taxonomy.name()), taxonomy.scheme(), taxonomy.version()});
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (session->options().output == "table") WriteTable(*session, table);
  return kExitOk;
}

}  // namespace

void AddTaxonomyCommands(CLI::App* parent, Command* command) {
  CLI::App* app = parent->add_subcommand("taxonomy", "Classifications of sectors of an edition");
  app->require_subcommand(1);
  app->fallthrough();
  app->footer(kFooter);

  auto options = std::make_shared<ImportOptions>();
  CLI::App* import = app->add_subcommand("import", "Loads a taxonomy, in place of the one with its scheme and version");
  import->add_option("FILE", options->file, "CSV or JSON")->required();
  import->add_option("--scheme", options->scheme, "Scheme of its codes, such as nace; CSV needs it");
  import->add_option("--version-of-scheme", options->version, "Version of the scheme, such as 2.1");
  import->callback([=] { command->action = [=](Session* session) { return Import(session, *options);
};
}  // namespace tandem::cli
);

CLI::App* list = app->add_subcommand("list", "Lists the taxonomies");
list->callback([=] { command->action = &List; });
}

}  // namespace tandem::cli
