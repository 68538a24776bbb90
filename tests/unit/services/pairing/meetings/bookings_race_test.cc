// 64 callers book, move and cancel over few slots, on each store; afterwards every commit is played again, in order,
// before a naive model that knows the hard rules.
#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "services/pairing/meetings/bookings.h"
#include "tests/conformance/storage/store_fixture.h"
#include "tests/unit/services/pairing/meetings/agenda_fixture.h"

namespace tandem::pairing::meetings {
namespace {

constexpr int kCallers = 64;
constexpr int kSteps = 60;  // of each caller
constexpr int kMeetings = 36;

// What one commit did.
struct Event {
  Revision revision = 0;
  std::string meeting;
  std::optional<Booking> now;  // nothing: it was freed
};

struct Who {
  std::unique_ptr<Calendar> calendar;
  std::string party;
  int most_per_day = 0;
};

class Zone {
 public:
  Zone() {
    v1::Edition edition = EditionIn("Asia/Shanghai");
    AddSession("one", "2026-11-14T01:00:00Z", "2026-11-14T02:30:00Z", 25, 5, &edition);
    AddSession("two", "2026-11-15T01:00:00Z", "2026-11-15T02:30:00Z", 25, 5, &edition);
    edition.mutable_agenda()->MergeFrom(Parse<v1::Agenda>(R"pb(
      places { id: "t1" hall: "east" }
      places { id: "t2" hall: "west" }
      places { id: "t3" hall: "west" sessions: "two" }
      places { id: "b1" kind: PLACE_KIND_BOOTH hall: "east" owner: "editions/e/projects/p0" }
      places { id: "v1" kind: PLACE_KIND_VIRTUAL_ROOM capacity: 2 }
      travel_times { hall: "east" other_hall: "west" minutes: 10 }
      interpreters {
        id: "i1"
        languages: [ "zh", "en" ]
      }
      interpreters {
        id: "i2"
        languages: [ "zh", "en", "de" ]
        sessions: "two"
      }
    )pb"));
    agenda_ = Made(edition);
    for (int i = 0; i < 6; ++i) {
      // Representative 5 speaks for the investor 4 as well.
      Add(absl::StrCat("representatives/l", i), absl::StrCat("projects/p", i),
          i % 2 == 0 ? "languages: 'zh' attendance: ATTENDANCE_HYBRID most_meetings: 3"
                     : "languages: ['zh', 'en'] most_meetings_per_day: 2",
          2, &left_);
      Add(absl::StrCat("representatives/r", std::min(i, 4)), absl::StrCat("investors/i", i),
          i % 2 == 0 ? "languages: 'en' attendance: ATTENDANCE_HYBRID most_meetings_per_day: 2" : "languages: 'en'",
          i == 1 ? 1 : 0, &right_);
    }
  }

  MeetingWish Wish(int meeting) const {
    MeetingWish wish;
    wish.edition = "e";
    wish.meeting = absl::StrCat("editions/e/meetings/m", meeting);
    wish.agenda = agenda_.get();
    const Who& left = left_[static_cast<size_t>(meeting / 6)];
    const Who& right = right_[static_cast<size_t>(meeting % 6)];
    wish.attendees = {Attendee{left.calendar.get(), left.party, left.most_per_day},
                      Attendee{right.calendar.get(), right.party, right.most_per_day}};
    return wish;
  }
  const Agenda& agenda() const { return *agenda_; }

 private:
  void Add(const std::string& person, const std::string& party, const std::string& text, int most_per_day,
           std::vector<Who>* to) {
    v1::Representative representative = Parse<v1::Representative>(text);
    representative.set_name("editions/e/" + person);
    auto calendar = Calendar::Of(representative, *agenda_);
    ASSERT_TRUE(calendar.ok()) << calendar.status();
    to->push_back({std::make_unique<Calendar>(*std::move(calendar)), "editions/e/" + party, most_per_day});
  }

  std::shared_ptr<const Agenda> agenda_;
  std::vector<Who> left_, right_;
};

class Caller {
 public:
  Caller(RecordStore* store, const Zone* zone, unsigned seed) : store_(store), zone_(zone), random_(seed) {}

  void Run() {
    for (int step = 0; step < kSteps; ++step) {
      MeetingWish wish = zone_->Wish(Pick(0, kMeetings - 1));
      for (int left = Pick(0, 2); left > 0; --left)
        wish.slots.push_back(Pick(0, static_cast<int>(zone_->agenda().slots().size()) - 1));
      if (Pick(0, 3) == 0) {
        Cancel(wish.meeting);
      } else {
        Book(std::move(wish));
      }
    }
  }

  std::vector<Event> events;
  int aborted = 0;
  int refused = 0;

 private:
  int Pick(int from, int to) { return std::uniform_int_distribution<int>(from, to)(random_); }

  // Whether it is done; false: somebody was faster.
  bool Commit(Transaction rows, Event event) {
    const bool nothing = rows.writes.empty();
    const CommitOutcome outcome = store_->Commit({std::move(rows)}).front();
    if (outcome.status.code() == absl::StatusCode::kAborted) {
      ++aborted;
      return false;
    }
    EXPECT_TRUE(outcome.status.ok()) << outcome.status;
    event.revision = outcome.revision;
    if (!nothing) events.push_back(std::move(event));
    return true;
  }

  void Book(MeetingWish wish) {
    for (int attempt = 0; attempt < 10000; ++attempt) {
      auto plan = PlanBooking(store_, wish);
      if (!plan.ok()) {
        ASSERT_EQ(plan.status().code(), absl::StatusCode::kFailedPrecondition) << plan.status();
        wish.moves = !wish.moves;
        continue;
      }
      if (!plan->claim.has_value()) {
        ++refused;
        return;
      }
      if (Commit(std::move(plan->claim->rows), {0, wish.meeting, plan->claim->booking})) return;
    }
    ADD_FAILURE() << "it never came to an end";
  }

  void Cancel(const std::string& meeting) {
    for (int attempt = 0; attempt < 10000; ++attempt) {
      auto rows = PlanRelease(store_, "e", {meeting}, nullptr);
      ASSERT_TRUE(rows.ok()) << rows.status();
      if (Commit(*std::move(rows), {0, meeting, std::nullopt})) return;
    }
    ADD_FAILURE() << "it never came to an end";
  }

  RecordStore* const store_;
  const Zone* const zone_;
  std::mt19937 random_;
};

// Every hard rule, of all that is booked at one time.
class Model {
 public:
  explicit Model(const Zone* zone) : zone_(zone) {}

  void Apply(const Event& event) {
    SCOPED_TRACE(absl::StrCat("revision ", event.revision, ", ", event.meeting));
    if (!event.now.has_value()) {
      EXPECT_EQ(booked_.erase(event.meeting), 1u) << "freed twice";
      return;
    }
    const Booking& now = *event.now;
    booked_.erase(event.meeting);
    int number = 0;
    ASSERT_TRUE(absl::SimpleAtoi(event.meeting.substr(event.meeting.rfind('m') + 1), &number));
    const MeetingWish wish = zone_->Wish(number);
    for (size_t side = 0; side < 2; ++side) CheckPerson(now, wish.attendees[side]);
    for (const auto& [meeting, other] : booked_) {
      if (other.start != now.start) continue;
      EXPECT_FALSE(other.place == now.place && other.number == now.number) << "two at " << now.place;
      EXPECT_FALSE(!now.interpreter.empty() && other.interpreter == now.interpreter) << now.interpreter << " twice";
    }
    const Place& place = zone_->agenda().places()[static_cast<size_t>(zone_->agenda().FindPlace(now.place))];
    EXPECT_LT(now.number, place.capacity);
    if (place.kind == v1::PLACE_KIND_BOOTH) {
      EXPECT_EQ(place.owner, now.parties[0]);
    }
    EXPECT_EQ(now.interpreter.empty(), !NeedsInterpreter(*wish.attendees[0].calendar, *wish.attendees[1].calendar));
    booked_[event.meeting] = now;
  }

  const std::map<std::string, Booking>& booked() const { return booked_; }

 private:
  void CheckPerson(const Booking& now, const Attendee& attendee) {
    int of_day = 0;
    int all = 0;
    int of_party = 0;
    for (const auto& [meeting, other] : booked_) {
      if (other.date == now.date)
        of_party += static_cast<int>(std::count(other.parties.begin(), other.parties.end(), attendee.party));
      if (std::count(other.people.begin(), other.people.end(), attendee.calendar->name()) == 0) continue;
      ++all;
      of_day += other.date == now.date ? 1 : 0;
      const bool ways = !now.is_virtual() && !other.is_virtual() && now.hall != other.hall;
      const absl::Duration gap = std::max(now.start - other.end, other.start - now.end);
      EXPECT_GE(gap, absl::Minutes(ways ? 10 : 0)) << attendee.calendar->name() << " is in two places";
    }
    const Calendar& calendar = *attendee.calendar;
    EXPECT_TRUE(calendar.most_meetings() == 0 || all < calendar.most_meetings()) << calendar.name();
    EXPECT_TRUE(calendar.most_meetings_per_day() == 0 || of_day < calendar.most_meetings_per_day()) << calendar.name();
    EXPECT_TRUE(attendee.most_per_day == 0 || of_party < attendee.most_per_day) << attendee.party;
  }

  const Zone* const zone_;
  std::map<std::string, Booking> booked_;
};

void Race(RecordStore* store) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  const Zone zone;
  std::vector<std::unique_ptr<Caller>> callers;
  for (unsigned i = 0; i < kCallers; ++i) callers.push_back(std::make_unique<Caller>(store, &zone, seed + i));
  std::vector<std::thread> threads;
  for (const auto& caller : callers) threads.emplace_back([&caller] { caller->Run(); });
  for (std::thread& thread : threads) thread.join();

  std::vector<Event> events;
  int aborted = 0;
  int refused = 0;
  for (const auto& caller : callers) {
    events.insert(events.end(), caller->events.begin(), caller->events.end());
    aborted += caller->aborted;
    refused += caller->refused;
  }
  std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.revision < b.revision; });
  Model model(&zone);
  for (const Event& event : events) model.Apply(event);
  EXPECT_GT(aborted, 0) << "nobody raced";
  EXPECT_GT(refused, 0) << "there was room for all";

  // What is stored is what the history ends with, row by row.
  BookingChanges changes("e");
  for (const auto& [meeting, booking] : model.booked()) changes.Claim(booking);
  Rows none;
  for (const std::string& key : changes.keys()) none[key] = std::nullopt;
  Transaction fresh;
  changes.Finish(none, &fresh);
  std::map<std::string, std::string> expected;
  for (const Write& write : fresh.writes) expected[write.key] = *write.value;
  std::map<std::string, std::string> stored;
  const auto records = store->Scan("", "", 10000);
  ASSERT_TRUE(records.ok());
  for (const Record& record : *records) stored[record.key] = record.value;
  for (auto* rows : {&expected, &stored}) {
    // Whoever ever booked, and every slot that ever was, has these rows, and only their revisions count.
    for (auto row = rows->begin(); row != rows->end();) {
      const bool stays = row->first.rfind("busy/", 0) == 0 || row->first.rfind("slot/", 0) == 0;
      row = stays ? rows->erase(row) : std::next(row);
    }
  }
  EXPECT_EQ(stored, expected);
}

using BookingsRaceTest = StoreTest;
INSTANTIATE_TEST_SUITE_P(Store, BookingsRaceTest, testing::ValuesIn(Backends()), BackendName);

TEST_P(BookingsRaceTest, NobodyAndNothingIsTwiceAnywhere) { Race(store_.get()); }

}  // namespace
}  // namespace tandem::pairing::meetings
