#include "tests/bench/eval/invest_folder.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"

#include "common/base/status.h"
#include "common/vocab/country.h"

namespace tandem::eval {
namespace {

using nlohmann::json;

constexpr char kScheme[] = "tags";
constexpr char kCurrency[] = "USD";

type::v1::FundingRound RoundOf(const std::string& stage) {
  static const auto* const rounds = new std::map<std::string, type::v1::FundingRound>{
      {"seed", type::v1::FUNDING_ROUND_SEED},         {"preA", type::v1::FUNDING_ROUND_PRE_A},
      {"A", type::v1::FUNDING_ROUND_SERIES_A},        {"B", type::v1::FUNDING_ROUND_SERIES_B},
      {"C+", type::v1::FUNDING_ROUND_SERIES_C},       {"venture", type::v1::FUNDING_ROUND_SERIES_UNKNOWN},
      {"pe", type::v1::FUNDING_ROUND_PRIVATE_EQUITY}, {"debt", type::v1::FUNDING_ROUND_DEBT},
      {"grant", type::v1::FUNDING_ROUND_GRANT},       {"crowd", type::v1::FUNDING_ROUND_CROWDFUNDING},
      {"postipo", type::v1::FUNDING_ROUND_POST_IPO},  {"strategic", type::v1::FUNDING_ROUND_STRATEGIC},
      {"other", type::v1::FUNDING_ROUND_OTHER},
  };
  const auto it = rounds->find(stage);
  return it == rounds->end() ? type::v1::FUNDING_ROUND_UNSPECIFIED : it->second;
}

// Members that are missing, null or of another type count as not stated.
std::string TextOf(const json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

double NumberOf(const json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_number() ? it->get<double>() : 0;
}

json ObjectOf(const json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_object() ? *it : json::object();
}

std::vector<std::string> TextsOf(const json& object, const char* key) {
  std::vector<std::string> texts;
  const auto it = object.find(key);
  if (it == object.end() || !it->is_array()) return texts;
  for (const json& text : *it) {
    if (text.is_string()) texts.push_back(text.get<std::string>());
  }
  return texts;
}

int64_t Minor(double usd) { return usd > 0 && usd < 1e12 ? std::llround(usd * 100) : 0; }

void SetSector(const std::string& tag, type::v1::SectorCode* sector) {
  sector->set_scheme(kScheme);
  sector->set_code(tag);
}

// Fills a place from a startup's country and region; leaves it unset without a known country.
template <typename Record>
void SetPlace(const json& startup, Record* record) {
  const auto country = Alpha2FromAlpha3(TextOf(startup, "country"));
  if (!country.has_value()) return;
  record->mutable_place()->set_country_code(*country);
  record->mutable_place()->set_region(TextOf(startup, "region"));
  record->mutable_place()->set_city(TextOf(startup, "city"));
}

template <typename Record>
void SetSectors(const json& startup, Record* record) {
  std::set<std::string> seen;
  for (const std::string& tag : TextsOf(startup, "tags")) {
    if (!tag.empty() && seen.insert(tag).second) SetSector(tag, record->add_sectors());
  }
}

template <typename Record>
void SetTitle(const json& source, Record* record) {
  type::v1::LocalizedText* text = record->add_texts();
  const std::string name = TextOf(source, "name");
  text->set_language_code(
      std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }) ? "zh-Hans"
                                                                                                          : "en");
  text->set_title(name.empty() ? TextOf(source, "id") : name);
  text->set_summary(TextOf(source, "description"));
  text->set_original(true);
}

// The mandate as counted from past deals: each list with its counts as weights.
investors::v1::Mandate MandateOf(const json& counted) {
  investors::v1::Mandate mandate;
  const auto criterion = [&] {
    investors::v1::Criterion* added = mandate.add_criteria();
    added->set_strength(type::v1::STRENGTH_SHOULD);
    return added;
  };
  const json sectors = ObjectOf(counted, "sectors");
  if (!sectors.empty()) {
    auto* items = criterion()->mutable_sectors();
    for (const auto& [tag, count] : sectors.items()) {
      if (tag.empty()) continue;
      auto* item = items->add_items();
      SetSector(tag, item->mutable_sector());
      item->set_weight(count.get<int32_t>());
    }
  }
  investors::v1::RoundSet rounds;
  const json stages = ObjectOf(counted, "stages");
  for (const auto& [stage, count] : stages.items()) {
    if (RoundOf(stage) == type::v1::FUNDING_ROUND_UNSPECIFIED) continue;
    auto* item = rounds.add_items();
    item->set_round(RoundOf(stage));
    item->set_weight(count.get<int32_t>());
  }
  if (rounds.items_size() > 0) *criterion()->mutable_rounds() = rounds;
  investors::v1::PlaceSet places;
  const json countries = ObjectOf(counted, "countries");
  for (const auto& [code, count] : countries.items()) {
    const auto country = Alpha2FromAlpha3(code);
    if (!country.has_value()) continue;
    auto* item = places.add_items();
    item->set_country_or_group(*country);
    item->set_weight(count.get<int32_t>());
  }
  if (places.items_size() > 0) *criterion()->mutable_places() = places;
  const json ticket = ObjectOf(counted, "ticket_est_usd");
  if (NumberOf(ticket, "n") > 0) {
    type::v1::MoneyRange* range = criterion()->mutable_ticket();
    range->set_currency_code(kCurrency);
    range->set_min_minor(Minor(NumberOf(ticket, "p10")));
    range->set_target_minor(Minor(NumberOf(ticket, "p50")));
    range->set_max_minor(Minor(NumberOf(ticket, "p90")));
    if (range->max_minor() == 0) mandate.mutable_criteria()->RemoveLast();
  }
  return mandate;
}

absl::Status ReadJsonLines(const std::string& path, const std::function<void(const json&)>& each) {
  std::ifstream in(path);
  if (!in) return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    const json object = json::parse(line, nullptr, false);
    if (!object.is_object()) return absl::InvalidArgumentError(absl::StrCat(path, ":", number, ": not a JSON object"));
    each(object);
  }
  return absl::OkStatus();
}

struct Edge {
  std::string investor, startup, date, stage, round;
  double usd = 0;
};

absl::StatusOr<std::vector<Edge>> ReadEdges(const std::string& path) {
  std::ifstream in(path);
  if (!in) return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
  std::vector<Edge> edges;
  std::string line;
  std::getline(in, line);
  for (int number = 2; std::getline(in, line); ++number) {
    const std::vector<std::string> cells = absl::StrSplit(absl::StripTrailingAsciiWhitespace(line), ',');
    if (cells.size() != 7)
      return absl::InvalidArgumentError(absl::StrCat(path, ":", number, ": seven columns expected"));
    Edge edge{cells[0], cells[1], cells[2], cells[3], cells[6], 0};
    if (!cells[4].empty() && !absl::SimpleAtod(cells[4], &edge.usd)) {
      return absl::InvalidArgumentError(absl::StrCat(path, ":", number, ": round_usd is no number"));
    }
    edges.push_back(std::move(edge));
  }
  return edges;
}

void AddDeals(const std::vector<Edge>& edges, const absl::flat_hash_map<std::string, json>& startups,
              InvestFolder* folder) {
  std::map<std::string, std::vector<std::string>> investors_of_round;
  for (const Edge& edge : edges) investors_of_round[edge.round].push_back(edge.investor);
  std::set<std::string> ids;
  for (const Edge& edge : edges) {
    folder->backed_before.insert(absl::StrCat(edge.investor, "|", edge.startup));
    investors::v1::Deal deal;
    std::string id = absl::StrCat(edge.investor, "@", edge.round);
    for (int copy = 2; !ids.insert(id).second; ++copy) id = absl::StrCat(edge.investor, "@", edge.round, "#", copy);
    deal.set_external_id(id);
    deal.mutable_investor()->set_external_id(edge.investor);
    deal.set_date(edge.date);
    deal.mutable_company()->set_external_id(edge.startup);
    deal.set_funding_round(RoundOf(edge.stage));
    if (Minor(edge.usd) > 0) {
      deal.mutable_round_size()->set_currency_code(kCurrency);
      deal.mutable_round_size()->set_amount_minor(Minor(edge.usd));
    }
    const auto startup = startups.find(edge.startup);
    if (startup != startups.end()) {
      deal.mutable_company()->set_display_name(TextOf(startup->second, "name"));
      SetSectors(startup->second, &deal);
      SetPlace(startup->second, &deal);
    }
    for (const std::string& other : investors_of_round[edge.round]) {
      if (other != edge.investor && deal.co_investors_size() < 200) deal.add_co_investors()->set_external_id(other);
    }
    folder->deals.push_back(std::move(deal));
  }
}

absl::Status AddQueries(const std::vector<Edge>& edges, const absl::flat_hash_map<std::string, json>& startups,
                        InvestFolder* folder) {
  std::map<std::string, Query> task_a, task_b;
  std::map<std::string, Edge> rounds;
  for (const Edge& edge : edges) {
    Query& a = task_a[edge.round];
    a.id = edge.round;
    a.as_of_date = edge.date;
    a.relevant.insert(edge.investor);
    Query& b = task_b[edge.investor];
    b.id = edge.investor;
    b.as_of_date = folder->edition.reference_date();
    b.relevant.insert(edge.startup);
    rounds.emplace(edge.round, edge);
    folder->startup_of_round[edge.round] = edge.startup;
    folder->date_of_round[edge.round] = edge.date;
    std::string& first = folder->backed_in_window[absl::StrCat(edge.investor, "|", edge.startup)];
    if (first.empty() || edge.date < first) first = edge.date;
    std::string& first_round = folder->first_round_of_startup[edge.startup];
    if (first_round.empty() || edge.date < folder->date_of_round[first_round]) first_round = edge.round;
  }
  for (auto& [id, query] : task_a) folder->task_a.push_back(std::move(query));
  for (auto& [id, query] : task_b) folder->task_b.push_back(std::move(query));
  for (const auto& [id, edge] : rounds) {
    const auto startup = startups.find(edge.startup);
    if (startup == startups.end()) return absl::InvalidArgumentError(absl::StrCat("round ", id, ": unknown startup"));
    projects::v1::Project project;
    project.set_external_id(id);
    SetTitle(startup->second, &project);
    SetSectors(startup->second, &project);
    SetPlace(startup->second, &project);
    const std::string founded = TextOf(startup->second, "founded");
    if (founded.size() == 10) project.set_founded_date(founded);
    project.set_funding_round(RoundOf(edge.stage));
    if (Minor(edge.usd) > 0) {
      project.mutable_ask()->set_currency_code(kCurrency);
      project.mutable_ask()->set_target_minor(Minor(edge.usd));
    }
    for (const std::string& prior : TextsOf(startup->second, "prior_investors")) {
      if (project.prior_investors_size() < 200) project.add_prior_investors()->set_external_id(prior);
    }
    folder->projects.push_back(std::move(project));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<InvestFolder> ReadInvestFolder(const std::string& folder, const std::string& edition_id) {
  InvestFolder out;
  std::ifstream stats_file(folder + "/stats.json");
  if (!stats_file) return absl::NotFoundError(absl::StrCat(folder, "/stats.json: cannot be read"));
  const json stats = json::parse(stats_file, nullptr, false);
  if (!stats.is_object() || !stats.contains("cutoff"))
    return absl::InvalidArgumentError(absl::StrCat(folder, "/stats.json: no cutoff"));
  out.edition.set_name(absl::StrCat("editions/", edition_id));
  out.edition.set_reference_date(stats["cutoff"].get<std::string>());
  out.edition.set_time_zone("UTC");
  out.edition.add_languages("en");
  out.edition.add_languages("zh-Hans");
  out.edition.set_base_currency_code(kCurrency);

  absl::flat_hash_map<std::string, json> startups;
  TANDEM_RETURN_IF_ERROR(ReadJsonLines(folder + "/projects.jsonl",
                                       [&](const json& startup) { startups[TextOf(startup, "id")] = startup; }));
  TANDEM_RETURN_IF_ERROR(ReadJsonLines(folder + "/investors.jsonl", [&](const json& source) {
    investors::v1::Investor investor;
    investor.set_external_id(TextOf(source, "id"));
    SetTitle(source, &investor);
    *investor.mutable_mandate() = MandateOf(ObjectOf(source, "mandate"));
    if (source.value("eligible", false)) out.eligible.insert(investor.external_id());
    out.investors.push_back(std::move(investor));
  }));
  TANDEM_ASSIGN_OR_RETURN(const std::vector<Edge> train, ReadEdges(folder + "/train_edges.csv"));
  TANDEM_ASSIGN_OR_RETURN(const std::vector<Edge> test, ReadEdges(folder + "/test_edges.csv"));
  AddDeals(train, startups, &out);
  TANDEM_RETURN_IF_ERROR(AddQueries(test, startups, &out));
  return out;
}

}  // namespace tandem::eval
