// Whether texts earn their place in matching: how often a project's nearest neighbours by text are of its kind, against
// chance, in English and in Chinese, and what each part of the vectors adds to it.
//
// Kinds are coarse (who funds it, which discipline) and fine (the same firm, a keyword in common). What would give the
// kind away is kept out: neighbours of the same firm where the kind is the agency, names of the firm where it is the
// firm, keywords where they are the kind. `without agency words` also drops the agencies' names and phrases.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <sys/utsname.h>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"

#include "tests/bench/text/neighbours.h"

namespace tandem::text_bench {
namespace {

using nlohmann::json;
using Words = absl::flat_hash_set<std::string>;

constexpr char kEnglish[] = "sbir_awards.jsonl";
constexpr char kChinese[] = "csl_zh.jsonl";

absl::StatusOr<std::vector<json>> ReadLines(const std::string& path) {
  std::ifstream file(path);
  std::vector<json> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty()) continue;
    rows.push_back(json::parse(line, nullptr, false));
    if (!rows.back().is_object()) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": line ", rows.size(), " is no JSON object"));
    }
  }
  if (rows.empty()) return absl::NotFoundError(absl::StrCat(path, " is missing or empty"));
  return rows;
}

std::string TextOf(const json& row, const char* key) {
  const auto it = row.find(key);
  return it != row.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::vector<std::string> TextsOf(const json& row, const char* key) {
  std::vector<std::string> texts;
  const auto it = row.find(key);
  if (it == row.end() || !it->is_array()) return texts;
  for (const json& text : *it) {
    if (text.is_string()) texts.push_back(text.get<std::string>());
  }
  return texts;
}

// ASCII letters and digits, in lower case.
std::vector<std::string> WordsOf(const std::string& text) {
  std::string plain = absl::AsciiStrToLower(text);
  for (char& c : plain) c = absl::ascii_isalnum(static_cast<unsigned char>(c)) ? c : ' ';
  return absl::StrSplit(plain, ' ', absl::SkipEmpty());
}

// `text` with `words` left out.
std::string Without(const std::string& text, const Words& words) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    size_t limit = at;
    while (limit < text.size() && absl::ascii_isalnum(static_cast<unsigned char>(text[limit]))) ++limit;
    const std::string word = text.substr(at, limit - at);
    out += words.contains(absl::AsciiStrToLower(word)) ? "," : word;
    if (limit < text.size()) out += text[limit++];
    at = limit;
  }
  return out;
}

// Agencies are named in any order of their parts.
std::string AgencyOf(const json& row) {
  const std::vector<std::string> parts = TextsOf(row, "agency");
  return absl::StrJoin(std::set<std::string>(parts.begin(), parts.end()), ", ");
}

// Names and phrases by which texts tell who funds them, whatever they are about.
Words AgencyWords(const std::vector<json>& rows) {
  Words words = {"sbir",       "sttr",      "nasa",      "nih",        "nsf",          "doe",        "dod",
                 "usda",       "epa",       "dhs",       "darpa",      "mda",          "nist",       "noaa",
                 "usaf",       "phase",     "i",         "ii",         "small",        "business",   "award",
                 "innovation", "broader",   "impact",    "impacts",    "proposal",     "proposed",   "propose",
                 "firm",       "applicant", "objective", "objectives", "commercial",   "program",    "project",
                 "projects",   "topic",     "provided",  "awarded",    "solicitation", "description"};
  // Words of names that also say what a project is about stay.
  const Words about = {"energy", "agriculture", "education", "health", "space", "missile", "standards"};
  for (const json& row : rows) {
    for (const std::string& word : WordsOf(AgencyOf(row))) {
      if (!about.contains(word)) words.insert(word);
    }
  }
  return words;
}

void PrintHead(const char* kind, const std::vector<Document>& documents) {
  std::printf("\n%s (%zu projects)\n%-24s %9s %7s %8s %6s %18s %7s %9s\n", kind, documents.size(), "", "same kind",
              "+-", "chance", "times", "against all parts", "terms", "texts/s");
}

void Measure(const std::vector<Document>& documents, const std::string& language, const Variant& variant,
             std::vector<double>* all_parts) {
  const Neighbourhood found = FindNeighbours(documents, language, variant);
  const Estimate share = Bootstrap(found.shares);
  double chance = 0;
  for (const double value : found.chances) chance += value / static_cast<double>(found.chances.size());
  std::string against;
  if (all_parts->empty()) {
    *all_parts = found.shares;
  } else {
    std::vector<double> differences;
    for (size_t i = 0; i < found.shares.size(); ++i) differences.push_back(found.shares[i] - (*all_parts)[i]);
    const Estimate difference = Bootstrap(differences);
    against = absl::StrFormat("%+.2f%% +- %.2f", 100 * difference.mean, 100 * difference.error);
  }
  std::printf("%-24s %8.2f%% %7.2f %7.2f%% %6.1f %18s %7.0f %9.0f\n", variant.name.c_str(), 100 * share.mean,
              100 * share.error, 100 * chance, share.mean / chance, against.c_str(), found.terms, found.texts_second);
  std::fflush(stdout);
}

void MeasureAll(const char* kind, const std::vector<Document>& documents, const std::string& language,
                const std::vector<Document>* masked) {
  PrintHead(kind, documents);
  std::vector<double> all_parts;
  Measure(documents, language, {.name = "all parts"}, &all_parts);
  Measure(documents, language, {.name = "title only", .abstracts = false}, &all_parts);
  Measure(documents, language, {.name = "abstract only", .titles = false}, &all_parts);
  if (language == "zh") Measure(documents, language, {.name = "without Chinese pairs", .pairs = false}, &all_parts);
  Measure(documents, language, {.name = "without rarity", .rarity = false}, &all_parts);
  if (masked == nullptr) return;
  std::vector<double> masked_parts;
  Measure(*masked, language, {.name = "without agency words"}, &masked_parts);
  std::printf("of these, against that line:\n");
  Measure(*masked, language, {.name = "  nor rarity", .rarity = false}, &masked_parts);
}

void MeasureEnglish(const std::vector<json>& rows) {
  const Words agency_words = AgencyWords(rows);
  std::vector<Document> coarse, masked, fine;
  for (const json& row : rows) {
    Document document{TextOf(row, "title"), TextOf(row, "abstract"), {}, {AgencyOf(row)}, TextOf(row, "firm")};
    coarse.push_back(document);
    document.title = Without(document.title, agency_words);
    document.abstract = Without(document.abstract, agency_words);
    masked.push_back(document);
    const std::vector<std::string> firm_words = WordsOf(document.group);
    const Words names(firm_words.begin(), firm_words.end());
    fine.push_back(
        {Without(document.title, names), Without(document.abstract, names), {}, {document.group}, std::string()});
  }
  MeasureAll("English, the same agency; neighbours of the same firm left out", coarse, "en", &masked);
  MeasureAll("English, the same firm; without agency words and names of firms", fine, "en", nullptr);
}

void MeasureChinese(const std::vector<json>& rows) {
  std::vector<Document> coarse, fine;
  for (const json& row : rows) {
    const std::vector<std::string> keywords = TextsOf(row, "keywords");
    coarse.push_back({TextOf(row, "title"), TextOf(row, "abstract"), keywords, {TextOf(row, "discipline")}, ""});
    fine.push_back({TextOf(row, "title"), TextOf(row, "abstract"), {}, keywords, ""});
  }
  MeasureAll("Chinese, the same discipline (of 67)", coarse, "zh", nullptr);
  MeasureAll("Chinese, a keyword in common; without the keywords", fine, "zh", nullptr);
}

int Run(const std::string& folder) {
  bool skipped = false;
  for (const char* name : {kEnglish, kChinese}) {
    if (std::filesystem::exists(folder + "/" + name)) continue;
    std::printf("SKIPPED: %s/%s is not there; name the folder that has it as the argument\n", folder.c_str(), name);
    skipped = true;
  }
  if (skipped) return 0;
  const auto english = ReadLines(folder + "/" + kEnglish);
  const auto chinese = ReadLines(folder + "/" + kChinese);
  for (const auto* rows : {&english, &chinese}) {
    if (rows->ok()) continue;
    std::fprintf(stderr, "%s\n", std::string(rows->status().message()).c_str());
    return 1;
  }
  utsname machine{};
  uname(&machine);
  std::printf(
      "%s %s, %u cores, %s; %s: %s, %s\n", machine.sysname, machine.machine, std::thread::hardware_concurrency(),
      absl::FormatTime("%Y-%m-%d", absl::Now(), absl::UTCTimeZone()).c_str(), folder.c_str(), kEnglish, kChinese);
  std::printf(
      "Share of the %zu nearest neighbours that are of the same kind, its standard error (bootstrap), chance,\n"
      "how many times chance that is, and the paired difference to all parts.\n",
      kNeighbours);
  MeasureEnglish(*english);
  MeasureChinese(*chinese);
  return 0;
}

}  // namespace
}  // namespace tandem::text_bench

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: tandem-text-bench FOLDER   with sbir_awards.jsonl and csl_zh.jsonl\n");
    return 2;
  }
  return tandem::text_bench::Run(argv[1]);
}
