// Answers in the form that was asked for.
#ifndef TANDEM_TOOLS_TANDEM_OUTPUT_H_
#define TANDEM_TOOLS_TANDEM_OUTPUT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "google/protobuf/repeated_ptr_field.h"

#include "tandem/type/v1/types.pb.h"
#include "tools/tandem/session.h"
#include "tools/tandem/table.h"

namespace tandem::cli {

// One line of JSON in protobuf's mapping, as imports read it.
std::string ToJson(const google::protobuf::Message& message);
// A YAML document of the same fields, beginning with `---`.
std::string ToYaml(const google::protobuf::Message& message);
std::string JsonToYaml(const std::string& json);

// Writes one object, given as JSON, as JSON or YAML; false when a table is asked for, which is the caller's to write.
bool WriteJson(const Session& session, const std::string& json);
// Writes a message as JSON or YAML; false when a table is asked for, which is the caller's to write.
bool WriteMessage(const Session& session, const google::protobuf::Message& message);
// Columns that a table may take; 0 is no limit.
size_t WidthOf(const Session& session);
// Writes a table, as wide as the terminal.
void WriteTable(const Session& session, const Table& table);

// An error as people read it: a sentence, then one line for each field.
std::string DescribeError(const absl::Status& status);

// Pieces of tables.
std::string LastPart(const std::string& name);
std::string TitleOf(const google::protobuf::RepeatedPtrField<type::v1::LocalizedText>& texts);
std::string PlaceText(const type::v1::Place& place);
std::string RangeText(const type::v1::MoneyRange& range);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_OUTPUT_H_
