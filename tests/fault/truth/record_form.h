// The forms of a record: as it is stored, as it was sent, and what its key names.
#ifndef TANDEM_TESTS_FAULT_TRUTH_RECORD_FORM_H_
#define TANDEM_TESTS_FAULT_TRUTH_RECORD_FORM_H_

#include <google/protobuf/message.h>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace tandem::check {

// Sources by their names in tokens, in the order in which this folder goes through them.
const std::vector<std::string>& AllSources();

// The source that keeps the record `name`; empty for a name of no kind that is followed here.
std::string SourceOf(absl::string_view name);

// Whether `name` is of a meeting: those are in WatchPairings only, and no ranking depends on them.
bool IsMeeting(absl::string_view name);
// The record whose writes also write `name`: a meeting's is its pairing, any other's is itself.
std::string OwnerOf(absl::string_view name);

// The resource name of a row of a store; empty for rows that no watch sends.
std::string NameOfKey(absl::string_view key);

// The bytes that a store keeps of a record, made from what a service shows of it.
std::string StoredForm(const google::protobuf::Message& record);

// What of a record its writer decides, in bytes that are equal when that is.
std::string SentForm(const google::protobuf::Message& record);

// The record `name` from its stored form; null when it cannot be read.
std::shared_ptr<google::protobuf::Message> ParseRecord(absl::string_view name, const std::string& stored);

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_TRUTH_RECORD_FORM_H_
