// From a YAML (or JSON, which is YAML too) file written by people to a message of a contract, with every mistake and
// the line it is on.
#ifndef TANDEM_TOOLS_TANDEM_YAML_MESSAGE_H_
#define TANDEM_TOOLS_TANDEM_YAML_MESSAGE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

#include "common/base/status.h"

namespace tandem::cli {

// Reads one document into one message. Not thread-safe.
//
// Keys are names of fields, as in the contract (`start_time`) or in its JSON form (`startTime`). Times are RFC 3339
// with an offset (`2026-11-14T09:00:00+08:00`, seconds may be left out), durations as `72h` or `90m`, values of enums
// by their name in any case, with or without the enum's prefix.
class YamlMessage {
 public:
  // INVALID_ARGUMENT when the text is no YAML, with its line. What cannot be read into the message is in problems().
  absl::Status Read(const std::string& text, google::protobuf::Message* message);

  // Fields are paths such as `sessions[1].start_time`.
  const std::vector<FieldViolation>& problems() const { return problems_; }

  // The line, from 1, on which the field stands, or the nearest one around it that is written.
  int LineOf(absl::string_view path) const;

 private:
  class Reader;

  std::vector<FieldViolation> problems_;
  std::map<std::string, int, std::less<>> lines_;
};

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_YAML_MESSAGE_H_
