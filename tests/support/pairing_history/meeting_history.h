// Whether a history of meetings, with their pairings, is one that can have happened.
#ifndef TANDEM_TESTS_SUPPORT_PAIRING_HISTORY_MEETING_HISTORY_H_
#define TANDEM_TESTS_SUPPORT_PAIRING_HISTORY_MEETING_HISTORY_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"

#include "tandem/pairing/v1/edition.pb.h"
#include "tandem/pairing/v1/meeting.pb.h"
#include "tandem/pairing/v1/pairing.pb.h"
#include "tests/support/pairing_history/problems.h"

namespace tandem::pairing::meetings {

// Takes the records of each commit, in commit order: after each commit nobody and nothing is twice at one time, whoever
// meets in another hall has the time to walk there, no party meets more often on a day than it may, a pairing has one
// meeting that stands and names it, only what is mutual (or was forced) has one, and each meeting is cancelled once and
// for good, in the commit that says so of its pairing. REQUIRES: meetings are told of before they begin. Used by one
// thread at a time.
class MeetingHistory {
 public:
  // `problems` gets what is wrong, and must outlive this.
  explicit MeetingHistory(Problems* problems) : problems_(problems) {}

  // What its agenda says of places, ways and meetings a day. Unknown places seat one meeting.
  void Apply(const v1::Edition& edition);
  void Apply(const v1::Meeting& is, const std::string& where);
  void Apply(const v1::Pairing& is);
  // After all records of a commit.
  void EndCommit(const std::string& where);

  const std::map<std::string, v1::Meeting>& meetings() const { return meetings_; }
  // Changes by cause.
  const std::map<v1::MeetingChange::Cause, int64_t>& causes() const { return causes_; }
  int64_t cancelled() const { return cancelled_; }

 private:
  // Adds `by` to what the meeting claims, if it stands.
  void Count(const v1::Meeting& meeting, int by);
  bool Leads(const v1::Meeting& was, const v1::Meeting& is) const;
  void CheckPairing(const std::string& name, const std::string& where);
  void CheckWays(const std::string& person, const std::string& where);
  void CheckDays(const std::string& party, const std::string& where);

  struct OfPairing {
    std::string meeting;  // that the record names
    bool mutual = false;
    std::set<std::string> standing;
  };

  struct OfEdition {
    absl::TimeZone time_zone;
    std::map<std::string, std::string> halls;  // by place
    std::map<std::pair<std::string, std::string>, absl::Duration> ways;
    int project_meetings = 0, investor_meetings = 0;  // a day; 0: no limit
  };
  // Standing meetings with a slot, by people and by the parties that they meet for.
  using Calendars = absl::flat_hash_map<std::string, std::set<std::string>>;

  Problems* const problems_;
  absl::flat_hash_map<std::string, OfEdition> editions_;
  Calendars of_person_, of_party_;
  std::map<std::string, v1::Meeting> meetings_;
  absl::flat_hash_map<std::string, OfPairing> pairings_;
  absl::flat_hash_map<std::string, int> claims_, capacities_;
  // Of the commit that is being told: claims and pairings it moves, pairings it must tell of, and those it tells of.
  std::set<std::string> touched_claims_, touched_people_, touched_parties_, touched_pairings_, owed_pairings_,
      told_pairings_;
  std::map<v1::MeetingChange::Cause, int64_t> causes_;
  int64_t cancelled_ = 0;
};

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_TESTS_SUPPORT_PAIRING_HISTORY_MEETING_HISTORY_H_
