#include "tools/tandem/output.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"
#include "nlohmann/json.hpp"
#include "yaml-cpp/yaml.h"

#include "common/base/status.h"
#include "tools/tandem/decimal.h"

namespace tandem::cli {
namespace {

void EmitYaml(const nlohmann::ordered_json& json, YAML::Emitter* yaml) {
  if (json.is_object()) {
    *yaml << YAML::BeginMap;
    for (const auto& [key, value] : json.items()) {
      *yaml << YAML::Key << key << YAML::Value;
      EmitYaml(value, yaml);
    }
    *yaml << YAML::EndMap;
  } else if (json.is_array()) {
    *yaml << YAML::BeginSeq;
    for (const auto& value : json) EmitYaml(value, yaml);
    *yaml << YAML::EndSeq;
  } else if (json.is_string()) {
    // Quoted, so that "no", "1" and "2026-11-20" stay texts.
    *yaml << YAML::DoubleQuoted << json.get<std::string>();
  } else {
    *yaml << json.dump();
  }
}

}  // namespace

std::string ToJson(const google::protobuf::Message& message) {
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json);
  return status.ok() ? json : "{}";
}

std::string JsonToYaml(const std::string& json) {
  YAML::Emitter yaml;
  EmitYaml(nlohmann::ordered_json::parse(json, nullptr, /*allow_exceptions=*/false), &yaml);
  return absl::StrCat("---\n", yaml.c_str(), "\n");
}

std::string ToYaml(const google::protobuf::Message& message) { return JsonToYaml(ToJson(message)); }

bool WriteJson(const Session& session, const std::string& json) {
  if (session.options().output == "json") {
    *session.terminal().out << json << "\n";
  } else if (session.options().output == "yaml") {
    *session.terminal().out << JsonToYaml(json);
  } else {
    return false;
  }
  return true;
}

bool WriteMessage(const Session& session, const google::protobuf::Message& message) {
  return session.options().output != "table" && WriteJson(session, ToJson(message));
}

size_t WidthOf(const Session& session) {
  return session.options().width > 0 ? session.options().width : session.terminal().width;
}

void WriteTable(const Session& session, const Table& table) {
  *session.terminal().out << table.Render(WidthOf(session));
}

std::string DescribeError(const absl::Status& status) {
  const ErrorDetail detail = GetErrorDetail(status);
  std::string text = absl::StrCat("tandem: ", std::string(status.message()));
  if (status.message().empty()) absl::StrAppend(&text, "the call failed");
  absl::StrAppend(&text, " [", absl::StatusCodeToString(status.code()), detail.reason.empty() ? "" : " ", detail.reason,
                  "]\n");
  for (const FieldViolation& violation : detail.violations) {
    const std::string line = absl::StrCat(violation.field, ": ", violation.description);
    if (status.message() != line) absl::StrAppend(&text, "  ", line, "\n");
  }
  if (absl::IsUnavailable(status) && detail.reason.empty()) {
    absl::StrAppend(&text, "  Is the service running there? See --server and TANDEM_SERVER.\n");
  }
  return text;
}

std::string LastPart(const std::string& name) { return name.substr(name.rfind('/') + 1); }

std::string TitleOf(const google::protobuf::RepeatedPtrField<type::v1::LocalizedText>& texts) {
  for (const auto& text : texts) {
    if (text.original()) return text.title();
  }
  return texts.empty() ? "" : texts[0].title();
}

std::string PlaceText(const type::v1::Place& place) {
  return absl::StrCat(place.country_code(), place.city().empty() ? "" : " ", place.city());
}

std::string RangeText(const type::v1::MoneyRange& range) {
  const std::string& currency = range.currency_code();
  if (range.target_minor() > 0) return absl::StrCat(FormatMinorUnits(range.target_minor(), currency), " ", currency);
  if (range.min_minor() == 0 && range.max_minor() == 0) return "";
  return absl::StrCat(range.min_minor() > 0 ? FormatMinorUnits(range.min_minor(), currency) : "", "..",
                      range.max_minor() > 0 ? FormatMinorUnits(range.max_minor(), currency) : "", " ", currency);
}

}  // namespace tandem::cli
