// What the writes of single records have in common.
#ifndef TANDEM_TESTS_FAULT_LOAD_RECORD_WRITES_H_
#define TANDEM_TESTS_FAULT_LOAD_RECORD_WRITES_H_

#include <functional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

#include "tests/fault/load/write_session.h"

namespace tandem::check {

// Sends a write whose answer is the record that it made; the roster gets it. `based_on`: the revision that the etag in
// the request is of, 0 without one.
template <typename Stub, typename Request, typename Record>
absl::optional<Record> SendForRecord(WriteSession* session, const std::string& source, Stub* stub,
                                     grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Record*),
                                     Request request, const std::string& name, Revision based_on,
                                     Roster<Record>* roster) {
  absl::optional<Record> answer = session->Send<Stub, Request, Record>(
      source, stub, method, std::move(request), {name},
      [&](const Record& record) { return session->EffectOf(source, record, based_on); });
  if (answer.has_value()) roster->Put(*answer, session->RevisionOf(source, answer->consistency_token()));
  return answer;
}

// The same for requests that have nothing but a name and perhaps an etag.
template <typename Stub, typename Request, typename Record>
absl::optional<Record> SendStep(WriteSession* session, const std::string& source, Stub* stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Record*),
                                const Known<Record>& known, Roster<Record>* roster) {
  Request request;
  request.set_name(known.record->name());
  const bool bound = session->random()->Percent(30);
  if (bound) request.set_etag(known.record->etag());
  return SendForRecord(session, source, stub, method, std::move(request), known.record->name(),
                       bound ? known.revision : 0, roster);
}

// Another title for the record, which lists show, and hardly any ranking minds.
template <typename Record>
void Retitle(const Record& known, int64_t stamp, Record* record) {
  *record->mutable_texts() = known.texts();
  for (auto& text : *record->mutable_texts()) {
    const std::string& title = text.title();
    text.set_title(absl::StrCat(title.substr(0, title.rfind(" (")), " (", stamp, ")"));
  }
}

// The few records that many write at once.
inline constexpr size_t kContended = 6;

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_LOAD_RECORD_WRITES_H_
