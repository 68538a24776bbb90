#include "tests/fault/contend/audit.h"

#include <functional>
#include <map>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "services/pairing/ledger/decision.h"
#include "services/pairing/ledger/rows.h"
#include "services/pairing/meetings/book/meeting_rows.h"
#include "services/pairing/meetings/booking_rows.h"

namespace tandem::contend {
namespace {

using pairing::Problems;
using pairing::meetings::Booking;
using pairing::meetings::BookingChanges;

constexpr int kAtOnce = 5000;

using Rows = std::map<std::string, std::string>;

// All rows under `prefix`.
absl::StatusOr<Rows> ReadRows(RecordStore* store, const std::string& prefix) {
  Rows rows;
  std::string begin = prefix;
  for (;;) {
    const auto records = store->Scan(begin, absl::StrCat(prefix, "\xff"), kAtOnce);
    if (!records.ok()) return records.status();
    for (const Record& record : *records) rows[record.key] = record.value;
    if (static_cast<int>(records->size()) < kAtOnce) return rows;
    begin = absl::StrCat(records->back().key, absl::string_view("\0", 1));
  }
}

void Compare(const Rows& expected, const Rows& stored, int64_t Problems::*kind, Problems* problems) {
  for (const auto& [key, value] : expected) {
    const auto row = stored.find(key);
    if (row == stored.end()) {
      problems->Add(kind, absl::StrCat("the row ", key, " is missing"));
    } else if (row->second != value) {
      problems->Add(kind, absl::StrCat("the row ", key, " is not what the log led to"));
    }
  }
  for (const auto& [key, value] : stored) {
    if (expected.count(key) == 0) problems->Add(kind, absl::StrCat("the row ", key, " is of nothing in the log"));
  }
}

bool Stands(const v1::Meeting& meeting) { return meeting.state() != v1::Meeting::STATE_CANCELLED; }

class Auditor {
 public:
  Auditor(RecordStore* store, const Witness& witness, const std::string& prefix, Problems* problems)
      : store_(store), witness_(witness), prefix_(prefix), problems_(problems) {}

  absl::Status Run() {
    TANDEM_RETURN_IF_ERROR(Records());
    TANDEM_RETURN_IF_ERROR(Counts());
    TANDEM_RETURN_IF_ERROR(Expiries());
    return Bookings();
  }

 private:
  absl::Status Records() {
    Rows logged;
    for (const auto& [key, value] : witness_.records()) logged[key] = value;
    TANDEM_ASSIGN_OR_RETURN(Rows stored, ReadRows(store_, absl::StrCat("r/pairings/", prefix_)));
    TANDEM_ASSIGN_OR_RETURN(const Rows meetings, ReadRows(store_, absl::StrCat("r/meetings/", prefix_)));
    stored.insert(meetings.begin(), meetings.end());
    Compare(logged, stored, &Problems::history, problems_);
    return absl::OkStatus();
  }

  absl::Status Counts() {
    Rows counted;
    for (const auto& [party, counts] : witness_.ledger().counts()) {
      if (!(counts == pairing::ledger::PartyCounts()))
        counted[pairing::ledger::PartyKey(party)] = pairing::ledger::Encode(counts);
    }
    TANDEM_ASSIGN_OR_RETURN(Rows stored, ReadRows(store_, absl::StrCat("party/", prefix_)));
    for (auto row = stored.begin(); row != stored.end();) {
      const auto counts = pairing::ledger::DecodePartyCounts(row->second);
      // What never counted anything may have a row, or none.
      row = counts.ok() && *counts == pairing::ledger::PartyCounts() ? stored.erase(row) : std::next(row);
    }
    Compare(counted, stored, &Problems::quotas, problems_);
    return absl::OkStatus();
  }

  // Every open request, and nothing else, waits for its expiry.
  absl::Status Expiries() {
    Rows open;
    for (const auto& [name, pairing] : witness_.ledger().pairings()) {
      if (pairing.state() != v1::Pairing::STATE_REQUESTED) continue;
      const pairing::ledger::PairNames names(pairing.project(), pairing.investor());
      open[pairing::ledger::ExpiryKey(pairing::ledger::FromStamp(pairing.request().expire_time()), names.edition,
                                      names.id)] = "";
    }
    TANDEM_ASSIGN_OR_RETURN(Rows stored, ReadRows(store_, pairing::ledger::kExpiryPrefix));
    for (auto row = stored.begin(); row != stored.end();)
      row = absl::StartsWith(pairing::ledger::ParseExpiryKey(row->first).edition, prefix_) ? std::next(row)
                                                                                           : stored.erase(row);
    Compare(open, stored, &Problems::history, problems_);
    return absl::OkStatus();
  }

  // The meetings that stand are what is booked, and all that is booked is theirs.
  absl::Status Bookings() {
    TANDEM_ASSIGN_OR_RETURN(const Rows rows, ReadRows(store_, absl::StrCat("booking/", prefix_)));
    std::map<std::string, BookingChanges> changes;  // by edition
    std::set<std::string> booked;
    for (const auto& [key, value] : rows) {
      TANDEM_ASSIGN_OR_RETURN(const Booking booking, pairing::meetings::DecodeBooking(value));
      const std::string edition(pairing::meetings::EditionOf(booking.meeting));
      changes.try_emplace(edition, edition).first->second.Claim(booking);
      booked.insert(booking.meeting);
      const auto meeting = witness_.meetings().meetings().find(booking.meeting);
      const bool same = meeting != witness_.meetings().meetings().end() && Stands(meeting->second) &&
                        pairing::ledger::FromStamp(meeting->second.start_time()) == booking.start &&
                        meeting->second.place() == booking.place &&
                        meeting->second.interpreter() == booking.interpreter;
      if (!same) problems_->Add(&Problems::doubled, absl::StrCat("what is booked of ", booking.meeting, " is not so"));
    }
    for (const auto& [name, meeting] : witness_.meetings().meetings()) {
      if (Stands(meeting) && meeting.has_start_time() && booked.count(name) == 0)
        problems_->Add(&Problems::doubled, absl::StrCat(name, " stands, and has booked nothing"));
    }
    Rows claimed, stored;
    for (const auto& [edition, of_edition] : changes) {
      pairing::meetings::Rows none;
      for (const std::string& key : of_edition.keys()) none[key] = std::nullopt;
      Transaction fresh;
      of_edition.Finish(none, &fresh);
      for (const Write& write : fresh.writes) {
        // Of these only the revision counts, and they stay.
        if (!absl::StartsWith(write.key, "busy/") && !absl::StartsWith(write.key, "slot/"))
          claimed[write.key] = write.value.value_or("");
      }
    }
    for (const char* kind : {"booking/", "calendar/", "place/", "interpreter/", "meetings-on/"}) {
      TANDEM_ASSIGN_OR_RETURN(const Rows of_kind, ReadRows(store_, absl::StrCat(kind, prefix_)));
      stored.insert(of_kind.begin(), of_kind.end());
    }
    Compare(claimed, stored, &Problems::doubled, problems_);
    return absl::OkStatus();
  }

  RecordStore* const store_;
  const Witness& witness_;
  const std::string prefix_;
  Problems* const problems_;
};

}  // namespace

absl::Status Audit(RecordStore* store, const Witness& witness, const std::string& prefix, Problems* problems) {
  return Auditor(store, witness, prefix, problems).Run();
}

}  // namespace tandem::contend
