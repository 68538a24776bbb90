#include "common/catalog/fields.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/unknown_field_set.h>
#include <google/protobuf/wire_format_lite.h>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace tandem::catalog {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

const FieldDescriptor* Find(const Message& message, absl::string_view field) {
  return message.GetDescriptor()->FindFieldByName(std::string(field));
}

// What stands before a text field's size.
uint32_t TagOf(const FieldDescriptor& field) {
  return WireFormatLite::MakeTag(field.number(), WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
}

void AppendVarint(uint32_t number, std::string* out) {
  for (; number >= 0x80; number >>= 7) out->push_back(static_cast<char>(0x80 | (number & 0x7f)));
  out->push_back(static_cast<char>(number));
}

}  // namespace

Fields::Fields(const Descriptor* descriptor)
    : name(descriptor->FindFieldByName("name")),
      uid(descriptor->FindFieldByName("uid")),
      external_id(descriptor->FindFieldByName("external_id")),
      etag(descriptor->FindFieldByName("etag")),
      create_time(descriptor->FindFieldByName("create_time")),
      update_time(descriptor->FindFieldByName("update_time")),
      delete_time(descriptor->FindFieldByName("delete_time")),
      consistency_token(descriptor->FindFieldByName("consistency_token")),
      state(descriptor->FindFieldByName("state")),
      review_note(descriptor->FindFieldByName("review_note")) {}

std::string GetText(const Message& message, const FieldDescriptor* field) {
  return field == nullptr ? std::string() : message.GetReflection()->GetString(message, field);
}

void SetText(Message* message, const FieldDescriptor* field, std::string text) {
  if (field != nullptr) message->GetReflection()->SetString(message, field, std::move(text));
}

int GetEnum(const Message& message, const FieldDescriptor* field) {
  return field == nullptr ? 0 : message.GetReflection()->GetEnumValue(message, field);
}

void SetEnum(Message* message, const FieldDescriptor* field, int number) {
  if (field != nullptr) message->GetReflection()->SetEnumValue(message, field, number);
}

bool IsSet(const Message& message, const FieldDescriptor* field) {
  if (field == nullptr) return false;
  if (field->is_repeated()) return message.GetReflection()->FieldSize(message, field) > 0;
  return message.GetReflection()->HasField(message, field);
}

void Clear(Message* message, const FieldDescriptor* field) {
  if (field != nullptr) message->GetReflection()->ClearField(message, field);
}

void SetTime(Message* message, const FieldDescriptor* field, absl::Time time) {
  if (field == nullptr) return;
  const int64_t micros = absl::ToUnixMicros(time);
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(micros / 1000000);
  timestamp.set_nanos(static_cast<int32_t>(micros % 1000000) * 1000);
  message->GetReflection()->MutableMessage(message, field)->CopyFrom(timestamp);
}

void CopyField(const Message& from, const FieldDescriptor* field, Message* to) {
  if (field == nullptr) return;
  if (!IsSet(from, field)) {
    Clear(to, field);
    return;
  }
  if (field->is_repeated()) {
    // No conventional field is repeated; immutable ones may be. Swapping needs a copy of its own.
    const std::unique_ptr<Message> copy(from.New());
    copy->CopyFrom(from);
    to->GetReflection()->SwapFields(to, copy.get(), {field});
  } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    to->GetReflection()->MutableMessage(to, field)->CopyFrom(from.GetReflection()->GetMessage(from, field));
  } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    SetText(to, field, GetText(from, field));
  } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    SetEnum(to, field, GetEnum(from, field));
  } else {
    const std::unique_ptr<Message> copy(from.New());
    copy->CopyFrom(from);
    to->GetReflection()->SwapFields(to, copy.get(), {field});
  }
}

std::string EnumText(const FieldDescriptor* field, int number) {
  if (field == nullptr) return "";
  const auto* value = field->enum_type()->FindValueByNumber(number);
  if (value == nullptr) return absl::StrCat(number);
  std::string prefix = field->enum_type()->name();
  for (char& c : prefix) c = static_cast<char>(absl::ascii_toupper(static_cast<unsigned char>(c)));
  return std::string(absl::StripPrefix(value->name(), absl::StrCat(prefix, "_")));
}

std::string TextOf(const Message& message, absl::string_view field) { return GetText(message, Find(message, field)); }

bool FlagOf(const Message& message, absl::string_view field) {
  const FieldDescriptor* found = Find(message, field);
  return found != nullptr && message.GetReflection()->GetBool(message, found);
}

int NumberOf(const Message& message, absl::string_view field) {
  const FieldDescriptor* found = Find(message, field);
  return found == nullptr ? 0 : message.GetReflection()->GetInt32(message, found);
}

const Message& MessageOf(const Message& message, absl::string_view field) {
  return message.GetReflection()->GetMessage(message, Find(message, field));
}

std::string MethodOf(const Message& request) {
  return std::string(absl::StripSuffix(request.GetDescriptor()->name(), "Request"));
}

bool FindEncodedText(absl::string_view message, const FieldDescriptor* field, std::string* text) {
  text->clear();
  CodedInputStream in(reinterpret_cast<const uint8_t*>(message.data()), static_cast<int>(message.size()));
  while (true) {
    const uint32_t tag = in.ReadTag();
    if (tag == 0) return in.ConsumedEntireMessage();
    if (field == nullptr || tag != TagOf(*field)) {
      if (!WireFormatLite::SkipField(&in, tag)) return false;
      continue;
    }
    uint32_t size = 0;
    if (!in.ReadVarint32(&size) || !in.ReadString(text, static_cast<int>(size))) return false;
  }
}

void AppendEncodedText(const FieldDescriptor* field, absl::string_view text, std::string* message) {
  if (field == nullptr || text.empty()) return;
  AppendVarint(TagOf(*field), message);
  AppendVarint(static_cast<uint32_t>(text.size()), message);
  message->append(text.data(), text.size());
}

void AddEncoded(int field, std::string bytes, Message* message) {
  message->GetReflection()->MutableUnknownFields(message)->AddLengthDelimited(field)->swap(bytes);
}

std::string SerializeDeterministically(const Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream out(&stream);
  out.SetSerializationDeterministic(true);
  message.SerializePartialToCodedStream(&out);
  out.Trim();
  return bytes;
}

}  // namespace tandem::catalog
