#include "tools/tandem/yaml_message.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "yaml-cpp/yaml.h"

#include "tools/tandem/csv_row.h"
#include "tools/tandem/stamps.h"

namespace tandem::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int kDeepest = 32;

int LineAt(const YAML::Node& node) { return node.Mark().line + 1; }

const FieldDescriptor* FindField(const Message& message, const std::string& key) {
  const auto* descriptor = message.GetDescriptor();
  const FieldDescriptor* field = descriptor->FindFieldByName(key);
  return field != nullptr ? field : descriptor->FindFieldByCamelcaseName(key);
}

}  // namespace

class YamlMessage::Reader {
 public:
  explicit Reader(YamlMessage* to) : to_(to) {}

  void ReadMessage(const YAML::Node& node, const std::string& path, int depth, Message* message) {
    if (depth > kDeepest) return Complain(node, path, "is nested too deep");
    if (node.IsNull()) return;
    if (!node.IsMap()) return Complain(node, path, "must be fields with their values");
    for (const auto& entry : node) {
      const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "";
      const FieldDescriptor* field = FindField(*message, key);
      if (field == nullptr) {
        Complain(entry.first, absl::StrCat(path, path.empty() ? "" : ".", key),
                 absl::StrCat("is no field here: ", Names(*message)));
        continue;
      }
      const std::string at = absl::StrCat(path, path.empty() ? "" : ".", field->name());
      if (!to_->lines_.emplace(at, LineAt(entry.first)).second) {
        Complain(entry.first, at, absl::StrCat("stands here twice, first on line ", to_->lines_[at]));
        continue;
      }
      if (!entry.second.IsNull()) ReadField(entry.second, at, depth, field, message);
    }
  }

 private:
  static std::string Names(const Message& message) {
    std::string names = "there are";
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i)
      absl::StrAppend(&names, i == 0 ? " " : ", ", message.GetDescriptor()->field(i)->name());
    return names;
  }

  void Complain(const YAML::Node& node, const std::string& path, std::string why) {
    to_->lines_.emplace(path, LineAt(node));
    to_->problems_.push_back({path, std::move(why)});
  }

  void ReadField(const YAML::Node& node, const std::string& path, int depth, const FieldDescriptor* field,
                 Message* message) {
    if (!field->is_repeated()) return ReadValue(node, path, depth, field, message);
    if (!node.IsSequence()) return Complain(node, path, "must be a list");
    for (size_t i = 0; i < node.size(); ++i) {
      const std::string at = absl::StrCat(path, "[", i, "]");
      to_->lines_.emplace(at, LineAt(node[i]));
      ReadValue(node[i], at, depth, field, message);
    }
  }

  void ReadValue(const YAML::Node& node, const std::string& path, int depth, const FieldDescriptor* field,
                 Message* message) {
    const auto* reflection = message->GetReflection();
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      Message* below =
          field->is_repeated() ? reflection->AddMessage(message, field) : reflection->MutableMessage(message, field);
      if (auto* stamp = dynamic_cast<google::protobuf::Timestamp*>(below)) return ReadTime(node, path, stamp);
      if (auto* duration = dynamic_cast<google::protobuf::Duration*>(below)) return ReadDuration(node, path, duration);
      return ReadMessage(node, path, depth + 1, below);
    }
    if (!node.IsScalar()) return Complain(node, path, "must be one value");
    const std::string text = node.Scalar();
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        field->is_repeated() ? reflection->AddString(message, field, text)
                             : reflection->SetString(message, field, text);
        return;
      case FieldDescriptor::CPPTYPE_INT32: {
        int32_t number = 0;
        if (!absl::SimpleAtoi(text, &number)) break;
        field->is_repeated() ? reflection->AddInt32(message, field, number)
                             : reflection->SetInt32(message, field, number);
        return;
      }
      case FieldDescriptor::CPPTYPE_INT64: {
        int64_t number = 0;
        if (!absl::SimpleAtoi(text, &number)) break;
        field->is_repeated() ? reflection->AddInt64(message, field, number)
                             : reflection->SetInt64(message, field, number);
        return;
      }
      case FieldDescriptor::CPPTYPE_BOOL: {
        bool value = false;
        if (!absl::SimpleAtob(text, &value)) return Complain(node, path, "must be true or false");
        field->is_repeated() ? reflection->AddBool(message, field, value) : reflection->SetBool(message, field, value);
        return;
      }
      case FieldDescriptor::CPPTYPE_ENUM: {
        const int number = FindEnumValue(*field->enum_type(), text);
        if (number < 0) return Complain(node, path, absl::StrCat("'", text, "' is none of ", Values(*field)));
        field->is_repeated() ? reflection->AddEnumValue(message, field, number)
                             : reflection->SetEnumValue(message, field, number);
        return;
      }
      default:
        return Complain(node, path, "cannot be set from a file");
    }
    Complain(node, path, absl::StrCat("'", text, "' is no whole number"));
  }

  static std::string Values(const FieldDescriptor& field) {
    std::string values;
    for (int i = 0; i < field.enum_type()->value_count(); ++i) {
      const std::string text = EnumText(*field.enum_type(), field.enum_type()->value(i)->number());
      if (!text.empty()) absl::StrAppend(&values, values.empty() ? "" : ", ", text);
    }
    return values;
  }

  void ReadTime(const YAML::Node& node, const std::string& path, google::protobuf::Timestamp* stamp) {
    const auto time = node.IsScalar() ? ParseStamp(node.Scalar()) : std::nullopt;
    if (!time.has_value())
      return Complain(node, path, "must be a time with its offset, such as 2026-11-14T09:00:00+08:00");
    stamp->set_seconds(absl::ToUnixSeconds(*time));
    stamp->set_nanos(static_cast<int32_t>((*time - absl::FromUnixSeconds(stamp->seconds())) / absl::Nanoseconds(1)));
  }

  void ReadDuration(const YAML::Node& node, const std::string& path, google::protobuf::Duration* to) {
    absl::Duration duration;
    if (!node.IsScalar() || !absl::ParseDuration(node.Scalar(), &duration) || duration == absl::InfiniteDuration() ||
        duration == -absl::InfiniteDuration())
      return Complain(node, path, "must be a length of time, such as 72h or 90m");
    absl::Duration rest;
    to->set_seconds(absl::IDivDuration(duration, absl::Seconds(1), &rest));
    to->set_nanos(static_cast<int32_t>(rest / absl::Nanoseconds(1)));
  }

  YamlMessage* const to_;
};

absl::Status YamlMessage::Read(const std::string& text, Message* message) {
  problems_.clear();
  lines_.clear();
  try {
    Reader(this).ReadMessage(YAML::Load(text), "", 0, message);
  } catch (const YAML::Exception& exception) {
    return absl::InvalidArgumentError(absl::StrCat("Line ", exception.mark.line + 1, " is no YAML: ", exception.msg));
  }
  return absl::OkStatus();
}

int YamlMessage::LineOf(absl::string_view path) const {
  while (!path.empty()) {
    if (const auto found = lines_.find(path); found != lines_.end()) return found->second;
    const size_t end = path.find_last_of(".[");
    if (end == absl::string_view::npos) break;
    path = path.substr(0, end);
  }
  return 1;
}

}  // namespace tandem::cli
