// The fields that every catalogued resource and request has by convention, reached by reflection.
#ifndef TANDEM_COMMON_CATALOG_FIELDS_H_
#define TANDEM_COMMON_CATALOG_FIELDS_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace tandem::catalog {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// The conventional fields of a resource; those that it does not have are null. Immutable.
struct Fields {
  explicit Fields(const Descriptor* descriptor);

  const FieldDescriptor* name;
  const FieldDescriptor* uid;
  const FieldDescriptor* external_id;
  const FieldDescriptor* etag;
  const FieldDescriptor* create_time;
  const FieldDescriptor* update_time;
  const FieldDescriptor* delete_time;
  const FieldDescriptor* consistency_token;
  const FieldDescriptor* state;
  const FieldDescriptor* review_note;
};

// All of these take a null field for one that is never set, so that callers need not ask first.
std::string GetText(const Message& message, const FieldDescriptor* field);
void SetText(Message* message, const FieldDescriptor* field, std::string text);
int GetEnum(const Message& message, const FieldDescriptor* field);
void SetEnum(Message* message, const FieldDescriptor* field, int number);
bool IsSet(const Message& message, const FieldDescriptor* field);
void Clear(Message* message, const FieldDescriptor* field);
// Sets a google.protobuf.Timestamp, cut to microseconds.
void SetTime(Message* message, const FieldDescriptor* field, absl::Time time);
// Makes `field` of `to` what it is in `from`, a message of the same type.
void CopyField(const Message& from, const FieldDescriptor* field, Message* to);
// Name of the enum value that `field` has, without the prefix of its type when there is one: `DRAFT`.
std::string EnumText(const FieldDescriptor* field, int number);

// The same by name; a message without such a field has it unset.
std::string TextOf(const Message& message, absl::string_view field);
bool FlagOf(const Message& message, absl::string_view field);
int NumberOf(const Message& message, absl::string_view field);
// REQUIRES: the message has such a field of message type.
const Message& MessageOf(const Message& message, absl::string_view field);

// The RPC that `request` is of: its type without `Request`.
std::string MethodOf(const Message& request);

// Of the bytes of a message: the text of one of its fields, "" where it is unset (or null). False when they are no
// message; what is inside of fields is not looked at.
bool FindEncodedText(absl::string_view message, const FieldDescriptor* field, std::string* text);
// Sets a text behind the bytes of a message, where it replaces an earlier one; nothing when it is "" or the field null.
void AppendEncodedText(const FieldDescriptor* field, absl::string_view text, std::string* message);
// Adds a submessage by its bytes: on the wire it is as if it had been made there. Readers of `message` itself do not
// see it.
void AddEncoded(int field, std::string bytes, Message* message);

// Bytes that are equal for equal messages.
std::string SerializeDeterministically(const Message& message);

}  // namespace tandem::catalog

#endif  // TANDEM_COMMON_CATALOG_FIELDS_H_
