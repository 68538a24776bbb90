#include <algorithm>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"

#include "common/base/random_id.h"
#include "common/base/status.h"
#include "tools/tandem/cli.h"
#include "tools/tandem/decimal.h"
#include "tools/tandem/exit_code.h"
#include "tools/tandem/output.h"

namespace tandem::cli {
namespace {

using pairing::v1::Edition;
using Stub = pairing::v1::EditionService::StubInterface;

constexpr char kFooter[] = R"(
Examples:
  tandem edition create demo --reference-date 2026-11-20 --time-zone Asia/Shanghai \
      --language zh-Hans --language en --base-currency CNY --rate USD=7.1 --title "en=Pairing zone"
  tandem edition update demo --reference-date 2026-11-21
  tandem edition agenda demo --file agenda.yaml
  tandem edition slots demo
  tandem --edition demo edition freeze-statistics --token TOKEN
)";

// The fields of an edition as options; both create and update take them.
struct Fields {
  std::string id;
  std::string file;
  std::string etag;
  std::string reference_date;
  std::string time_zone;
  std::vector<std::string> languages;
  std::string base_currency;
  std::vector<std::string> rates;
  std::vector<std::string> titles;
  std::string ranking_profile;
};

void AddFields(CLI::App* app, Fields* fields) {
  app->add_option("ID", fields->id, "Id of the edition")->required();
  app->add_option("--file", fields->file, "JSON file with the edition; the options below go before it");
  app->add_option("--reference-date", fields->reference_date, "What matching takes for today, YYYY-MM-DD");
  app->add_option("--time-zone", fields->time_zone, "IANA time zone, such as Asia/Shanghai");
  app->add_option("--language", fields->languages, "BCP-47 tag; the first is the main one")->take_all();
  app->add_option("--base-currency", fields->base_currency, "ISO 4217 code in which amounts are compared");
  app->add_option("--rate", fields->rates, "What one unit is worth in the base currency: USD=7.1")->take_all();
  app->add_option("--title", fields->titles, "Name in a language: en=Pairing zone")->take_all();
  app->add_option("--ranking-profile", fields->ranking_profile, "Id of the ranking profile");
}

// Splits KEY=VALUE.
absl::StatusOr<std::pair<std::string, std::string>> SplitPair(const std::string& text, absl::string_view form) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    return absl::InvalidArgumentError(absl::StrCat("'", text, "' is not of the form ", form, "."));
  }
  return std::make_pair(text.substr(0, equals), text.substr(equals + 1));
}

absl::StatusOr<Edition> ToEdition(const Fields& fields) {
  Edition edition;
  if (!fields.file.empty()) {
    std::ifstream stream(fields.file);
    std::stringstream text;
    text << stream.rdbuf();
    if (!stream) return absl::NotFoundError(absl::StrCat("The file '", fields.file, "' cannot be read."));
    const auto parsed = google::protobuf::util::JsonStringToMessage(text.str(), &edition);
    if (!parsed.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("The file '", fields.file, "' is no edition: ", std::string(parsed.message())));
    }
  }
  edition.set_name(EditionNameOf(fields.id));
  if (!fields.etag.empty()) edition.set_etag(fields.etag);
  if (!fields.reference_date.empty()) edition.set_reference_date(fields.reference_date);
  if (!fields.time_zone.empty()) edition.set_time_zone(fields.time_zone);
  if (!fields.base_currency.empty()) edition.set_base_currency_code(fields.base_currency);
  if (!fields.ranking_profile.empty()) edition.set_ranking_profile(fields.ranking_profile);
  if (!fields.languages.empty()) edition.clear_languages();
  for (const std::string& language : fields.languages) edition.add_languages(language);
  if (!fields.rates.empty()) edition.clear_exchange_rates();
  for (const std::string& rate : fields.rates) {
    TANDEM_ASSIGN_OR_RETURN(const auto pair, SplitPair(rate, "CURRENCY=RATE, such as USD=7.1"));
    TANDEM_ASSIGN_OR_RETURN(const int64_t nanos, ParseDecimal(pair.second, 9));
    auto* exchange = edition.add_exchange_rates();
    exchange->set_currency_code(pair.first);
    exchange->set_rate_nanos(nanos);
  }
  if (!fields.titles.empty()) edition.clear_texts();
  for (const std::string& title : fields.titles) {
    TANDEM_ASSIGN_OR_RETURN(const auto pair, SplitPair(title, "LANGUAGE=TITLE, such as en=Pairing zone"));
    auto* text = edition.add_texts();
    text->set_language_code(pair.first);
    text->set_title(pair.second);
    text->set_original(edition.texts_size() == 1);
  }
  return edition;
}

int Write(const Session& session, const Edition& edition) {
  if (!WriteMessage(session, edition)) *session.terminal().out << ToYaml(edition);
  return kExitOk;
}

absl::StatusOr<int> Create(Session* session, const Fields& fields) {
  pairing::v1::CreateEditionRequest request;
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_edition(), ToEdition(fields));
  request.set_edition_id(LastPart(request.edition().name()));
  request.set_request_id(RandomUuid());
  TANDEM_ASSIGN_OR_RETURN(const Edition edition, session->Call(session->editions(), &Stub::CreateEdition, request));
  return Write(*session, edition);
}

absl::StatusOr<int> Update(Session* session, const Fields& fields) {
  pairing::v1::UpdateEditionRequest request;
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_edition(), ToEdition(fields));
  request.set_request_id(RandomUuid());
  TANDEM_ASSIGN_OR_RETURN(const Edition edition, session->Call(session->editions(), &Stub::UpdateEdition, request));
  return Write(*session, edition);
}

absl::StatusOr<int> Get(Session* session, const std::string& id) {
  pairing::v1::GetEditionRequest request;
  request.set_name(EditionNameOf(id));
  TANDEM_ASSIGN_OR_RETURN(const Edition edition, session->Call(session->editions(), &Stub::GetEdition, request));
  return Write(*session, edition);
}

absl::StatusOr<int> List(Session* session) {
  pairing::v1::ListEditionsRequest request;
  request.set_page_size(500);
  Table table({{"ID"}, {"REFERENCE DATE"}, {"TIME ZONE"}, {"CURRENCY"}, {"TITLE"}});
  do {
    TANDEM_ASSIGN_OR_RETURN(const auto page, session->Call(session->editions(), &Stub::ListEditions, request));
    for (const Edition& edition : page.editions()) {
      if (WriteMessage(*session, edition)) continue;
      table.AddRow({LastPart(edition.name()), edition.reference_date(), edition.time_zone(),
                    edition.base_currency_code(), TitleOf(edition.texts())});
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (session->options().output == "table") WriteTable(*session, table);
  return kExitOk;
}

absl::StatusOr<int> Freeze(Session* session) {
  pairing::v1::FreezeStatisticsRequest request;
  TANDEM_ASSIGN_OR_RETURN(const std::string edition, session->EditionName());
  request.set_parent(edition);
  request.set_consistency_token(session->options().token);
  request.set_request_id(RandomUuid());
  TANDEM_ASSIGN_OR_RETURN(const auto statistics, session->Call(session->editions(), &Stub::FreezeStatistics, request));
  if (!WriteMessage(*session, statistics)) {
    *session->terminal().out << "Statistics " << statistics.number() << " of " << edition << ": "
                             << statistics.project_count() << " projects, " << statistics.deal_count() << " deals, "
                             << statistics.features_size() << " features\nfingerprint " << statistics.fingerprint()
                             << "\ntoken " << statistics.consistency_token() << "\n";
  }
  return kExitOk;
}

}  // namespace

void AddEditionCommands(CLI::App* parent, Command* command) {
  CLI::App* app = parent->add_subcommand("edition", "Editions of the conference");
  app->require_subcommand(1);
  app->fallthrough();
  app->footer(kFooter);

  auto created = std::make_shared<Fields>();
  CLI::App* create = app->add_subcommand("create", "Creates an edition");
  AddFields(create, created.get());
  create->callback([=] { command->action = [=](Session* session) { return Create(session, *created); }; });

  auto updated = std::make_shared<Fields>();
  CLI::App* update = app->add_subcommand("update", "Changes the fields that are given");
  AddFields(update, updated.get());
  update->add_option("--etag", updated->etag, "Only if this is the current version");
  update->callback([=] { command->action = [=](Session* session) { return Update(session, *updated); }; });

  auto id = std::make_shared<std::string>();
  CLI::App* get = app->add_subcommand("get", "Shows an edition");
  get->add_option("ID", *id, "Id of the edition")->required();
  get->callback([=] { command->action = [=](Session* session) { return Get(session, *id); }; });

  CLI::App* list = app->add_subcommand("list", "Lists the editions");
  list->callback([=] { command->action = &List; });

  CLI::App* freeze = app->add_subcommand(
      "freeze-statistics", "Counts how rare features are now and freezes it; --token says what must be in");
  freeze->callback([=] { command->action = &Freeze; });

  AddAgendaCommands(app, command);
}

}  // namespace tandem::cli
