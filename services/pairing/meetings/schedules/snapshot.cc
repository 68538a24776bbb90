#include "services/pairing/meetings/schedules/snapshot.h"

#include <algorithm>
#include <google/protobuf/arena.h>
#include <iterator>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/catalog/each_record.h"
#include "common/catalog/names.h"
#include "common/catalog/store_status.h"
#include "services/pairing/ledger/decision.h"
#include "services/pairing/ledger/rows.h"
#include "services/pairing/meetings/book/meeting_rows.h"
#include "services/pairing/meetings/representative_rules.h"
#include "tandem/pairing/v1/edition.pb.h"

namespace tandem::pairing::meetings {
namespace {

// Whole reads until what was read is of one moment.
constexpr int kReads = 2;
// Pairings that are parsed in the same memory.
constexpr size_t kPairingsAtOnce = 256;

absl::Status Unreadable(absl::string_view what) {
  return MakeError(absl::StatusCode::kInternal, "INTERNAL",
                   absl::StrCat("a stored ", what, " cannot be read: restore the store from a backup"));
}

// The slots that a request leaves, among those that are left so far.
void Confine(const v1::Request& request, PairingFacts* facts) {
  if (request.slots().empty()) return;
  std::vector<absl::Time> named;
  for (const auto& slot : request.slots()) named.push_back(ledger::FromStamp(slot));
  std::sort(named.begin(), named.end());
  named.erase(std::unique(named.begin(), named.end()), named.end());
  if (!facts->confined) {
    facts->confined = true;
    facts->slots = std::move(named);
    return;
  }
  std::vector<absl::Time> both;
  std::set_intersection(named.begin(), named.end(), facts->slots.begin(), facts->slots.end(), std::back_inserter(both));
  facts->slots = std::move(both);
}

// Takes the names out of `of`.
PairingFacts FactsOf(v1::Pairing* of, Revision revision) {
  const v1::Pairing& pairing = *of;
  PairingFacts facts;
  facts.name = std::move(*of->mutable_name());
  facts.project = std::move(*of->mutable_project());
  facts.investor = std::move(*of->mutable_investor());
  facts.meeting = std::move(*of->mutable_meeting());
  facts.revision = revision;
  facts.mutual = pairing.state() == v1::Pairing::STATE_MUTUAL;
  for (const v1::Side side : {v1::SIDE_PROJECT, v1::SIDE_INVESTOR})
    facts.must_meet += ledger::StanceOf(pairing, side) == v1::STANCE_KIND_MUST_MEET ? 1 : 0;
  // The request by which it became mutual, and what the other side asked meanwhile.
  const v1::Request& request = pairing.request();
  if (request.has_close_time() && pairing.has_mutual_time() &&
      ledger::FromStamp(request.close_time()) == ledger::FromStamp(pairing.mutual_time()))
    Confine(request, &facts);
  if (pairing.has_counter_request()) Confine(pairing.counter_request(), &facts);
  return facts;
}

// Keys of records are in the order of their names: a new name comes after all that are there. It may be one of `facts`.
template <typename Facts>
void AddLast(const std::string& name, Facts&& facts, std::map<std::string, Facts>* of) {
  of->emplace_hint(of->end(), name, std::move(facts));
}

// The number of a meeting: behind the last `-` of its name.
int NumberOf(absl::string_view meeting) {
  int number = 0;
  return absl::SimpleAtoi(meeting.substr(meeting.rfind('-') + 1), &number) ? number : 0;
}

class Reader {
 public:
  Reader(RecordStore* store, absl::string_view edition) : store_(store) { snapshot_.edition = std::string(edition); }

  absl::StatusOr<Snapshot> Read() {
    TANDEM_RETURN_IF_ERROR(ReadHead(&snapshot_.head));
    TANDEM_RETURN_IF_ERROR(ReadEdition());
    TANDEM_RETURN_IF_ERROR(ReadRepresentatives());
    TANDEM_RETURN_IF_ERROR(ReadPairings());
    TANDEM_RETURN_IF_ERROR(ReadMeetings());
    TANDEM_RETURN_IF_ERROR(ReadBookings());
    return std::move(snapshot_);
  }
  absl::Status ReadHead(Head* head) {
    const auto read = store_->GetHead();
    if (!read.ok()) return catalog::FromStore(read.status());
    *head = *read;
    return absl::OkStatus();
  }

 private:
  std::string Prefix(absl::string_view collection) const {
    return catalog::RecordPrefix(collection, {snapshot_.edition});
  }

  absl::Status ReadEdition() {
    auto record = store_->Get(EditionKey(snapshot_.edition));
    if (!record.ok()) return catalog::FromStore(record.status());
    if (!record->has_value()) {
      const std::string name = absl::StrCat("editions/", snapshot_.edition);
      return MakeError(absl::StatusCode::kNotFound, "EDITION_NOT_FOUND",
                       absl::StrCat("there is no ", name, ": create it first"), {{"edition", name}});
    }
    snapshot_.edition_record = **std::move(record);
    v1::Edition edition;
    if (!edition.ParseFromString(snapshot_.edition_record.value)) return Unreadable("edition");
    TANDEM_ASSIGN_OR_RETURN(snapshot_.agenda, Agenda::Make(edition));
    return absl::OkStatus();
  }

  absl::Status ReadRepresentatives() {
    return catalog::ForEachRecord(store_, Prefix(kRepresentatives), [this](Record& record) {
      RepresentativeFacts facts;
      if (!facts.representative.ParseFromString(record.value)) return Unreadable("representative");
      facts.key = std::move(record.key);
      facts.revision = record.revision;
      AddLast(facts.representative.name(), std::move(facts), &snapshot_.representatives);
      return absl::OkStatus();
    });
  }

  absl::Status ReadPairings() {
    google::protobuf::Arena arena;
    size_t parsed = 0;
    return catalog::ForEachRecord(store_, Prefix(ledger::kPairings), [&](const Record& record) {
      if (++parsed % kPairingsAtOnce == 0) arena.Reset();
      v1::Pairing* const pairing = google::protobuf::Arena::CreateMessage<v1::Pairing>(&arena);
      if (!pairing->ParseFromString(record.value)) return Unreadable("pairing");
      if (pairing->state() != v1::Pairing::STATE_MUTUAL && pairing->meeting().empty()) return absl::OkStatus();
      PairingFacts facts = FactsOf(pairing, record.revision);
      AddLast(facts.name, std::move(facts), &snapshot_.pairings);
      return absl::OkStatus();
    });
  }

  absl::Status ReadMeetings() {
    // By pairing: its number, and whether people cancelled it.
    absl::flat_hash_map<std::string, std::pair<int, bool>> newest;
    TANDEM_RETURN_IF_ERROR(catalog::ForEachRecord(store_, Prefix(kMeetings), [&](const Record& record) -> absl::Status {
      TANDEM_ASSIGN_OR_RETURN(v1::Meeting meeting, ParseMeeting(record));
      const bool cancelled = meeting.state() == v1::Meeting::STATE_CANCELLED;
      auto& [number, called_off] = newest[meeting.pairing()];
      if (const int own = NumberOf(meeting.name()); own > number) {
        number = own;
        called_off = cancelled && meeting.change().cause() == v1::MeetingChange::CAUSE_CANCELLED;
      }
      if (cancelled) return absl::OkStatus();
      MeetingFacts facts{std::move(meeting), record.revision};
      AddLast(facts.meeting.name(), std::move(facts), &snapshot_.meetings);
      return absl::OkStatus();
    }));
    for (const auto& [pairing, last] : newest) {
      const auto found = snapshot_.pairings.find(pairing);
      if (found != snapshot_.pairings.end()) found->second.called_off = last.second;
    }
    return absl::OkStatus();
  }

  absl::Status ReadBookings() {
    return catalog::ForEachRecord(
        store_, absl::StrCat("booking/", snapshot_.edition, "/"), [this](Record& record) -> absl::Status {
          TANDEM_ASSIGN_OR_RETURN(Booking booking, DecodeBooking(record.value));
          const std::string meeting = booking.meeting;
          AddLast(meeting, BookingFacts{std::move(booking), std::move(record.key), record.revision},
                  &snapshot_.bookings);
          return absl::OkStatus();
        });
  }

  RecordStore* const store_;
  Snapshot snapshot_;
};

}  // namespace

absl::StatusOr<Snapshot> ReadSnapshot(RecordStore* store, absl::string_view edition) {
  for (int read = 1;; ++read) {
    Reader reader(store, edition);
    TANDEM_ASSIGN_OR_RETURN(Snapshot snapshot, reader.Read());
    Head after;
    TANDEM_RETURN_IF_ERROR(reader.ReadHead(&after));
    if (after.revision == snapshot.head.revision || read == kReads) return snapshot;
  }
}

}  // namespace tandem::pairing::meetings
