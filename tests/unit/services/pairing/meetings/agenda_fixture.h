// Editions with agendas, as tests write them.
#ifndef TANDEM_TESTS_UNIT_SERVICES_PAIRING_MEETINGS_AGENDA_FIXTURE_H_
#define TANDEM_TESTS_UNIT_SERVICES_PAIRING_MEETINGS_AGENDA_FIXTURE_H_

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "services/pairing/meetings/agenda.h"

namespace tandem::pairing::meetings {

// A time as RFC 3339 has it, such as 2026-11-14T01:00:00Z.
inline absl::Time At(absl::string_view text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << error;
  return time;
}

inline void SetStamp(absl::Time time, google::protobuf::Timestamp* stamp) {
  stamp->set_seconds(absl::ToUnixSeconds(time));
}
inline void SetStamp(absl::string_view text, google::protobuf::Timestamp* stamp) { SetStamp(At(text), stamp); }

inline v1::Session* AddSession(absl::string_view id, absl::string_view start, absl::string_view end, int slot,
                               int buffer, v1::Edition* edition) {
  v1::Session* session = edition->mutable_agenda()->add_sessions();
  session->set_id(std::string(id));
  SetStamp(start, session->mutable_start_time());
  SetStamp(end, session->mutable_end_time());
  session->set_slot_minutes(slot);
  session->set_buffer_minutes(buffer);
  return session;
}

inline v1::Edition EditionIn(absl::string_view time_zone) {
  v1::Edition edition;
  edition.set_name("editions/e");
  edition.set_time_zone(std::string(time_zone));
  return edition;
}

inline std::shared_ptr<const Agenda> Made(const v1::Edition& edition) {
  auto agenda = Agenda::Make(edition);
  EXPECT_TRUE(agenda.ok()) << agenda.status();
  return *agenda;
}

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_TESTS_UNIT_SERVICES_PAIRING_MEETINGS_AGENDA_FIXTURE_H_
