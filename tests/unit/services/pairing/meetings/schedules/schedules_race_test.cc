// People book, cancel, move and leave while schedules are made, published and taken back, on two replicas: nobody and
// nothing is ever twice, and what is published is published whole.
#include <atomic>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include "tests/unit/services/pairing/meetings/schedules/schedules_fixture.h"

namespace tandem::pairing::meetings {
namespace {

using testing::IsEmpty;

constexpr int kParties = 5;

class SchedulesRaceTest : public SchedulesTest {
 protected:
  // One thing that somebody does; on pairs that may not have anything to do it to.
  void Disturb(std::mt19937_64* random) {
    const auto pick = [&](int below) { return static_cast<int>((*random)() % static_cast<uint64_t>(below)); };
    const int p = pick(kParties), i = pick(kParties);
    const auto seen = See(kOrganiser, p, i);
    switch (pick(5)) {
      case 0:
        if (seen.ok() && !seen->meeting().empty()) CancelIt(kProject, seen->meeting()).status().IgnoreError();
        break;
      case 1: {
        if (!seen.ok() || seen->meeting().empty()) break;
        v1::RescheduleMeetingRequest move;
        move.set_name(seen->meeting());
        book_->Reschedule(Olga(), move).status().IgnoreError();
        break;
      }
      case 2:
        if (pick(3) == 0) {
          Withdraw(kInvestor, p, i).status().IgnoreError();
        } else {
          Say(kInvestor, p, i, v1::STANCE_KIND_INTERESTED).status().IgnoreError();
          Say(kProject, p, i, v1::STANCE_KIND_INTERESTED).status().IgnoreError();
        }
        break;
      default:
        BookIt(pick(2) == 0 ? kProject : kInvestor, p, i).status().IgnoreError();
    }
  }

  // Every commit of a published schedule is whole: all meetings that name it first came in one revision.
  void CheckWholes(const std::map<std::string, int>& booked) {
    std::map<std::string, std::pair<Revision, int>> first;
    for (Revision after = 0;;) {
      const auto batch = store_->Changes(after, 1000);
      ASSERT_TRUE(batch.ok()) << batch.status();
      for (const Change& change : batch->changes) {
        if (change.key.rfind("r/meetings/", 0) != 0) continue;
        v1::Meeting meeting;
        ASSERT_TRUE(meeting.ParseFromString(*change.value));
        if (meeting.change().cause() != v1::MeetingChange::CAUSE_SCHEDULED) continue;
        if (meeting.schedule().empty() || meeting.state() == v1::Meeting::STATE_CANCELLED) continue;
        auto& [revision, count] = first[meeting.schedule()];
        if (revision == 0) revision = change.revision;
        EXPECT_EQ(revision, change.revision) << meeting.schedule();
        ++count;
      }
      if (batch->through == after) break;
      after = batch->through;
    }
    for (const auto& [name, count] : booked) EXPECT_EQ(first[name].second, count) << name;
  }
};

std::vector<Backend> RacedBackends() {
  std::vector<Backend> backends;
  for (Backend& backend : Backends()) {
    if (backend.name == "memory" || backend.name == "sqlite") backends.push_back(std::move(backend));
  }
  return backends;
}
INSTANTIATE_TEST_SUITE_P(Store, SchedulesRaceTest, testing::ValuesIn(RacedBackends()), BackendName);

TEST_P(SchedulesRaceTest, PublishedWholeOrNotAtAllWhateverPeopleDo) {
  v1::Representative one;
  one.set_name("editions/e/representatives/r");
  one.add_parties(InvestorName(0));
  one.add_parties(InvestorName(1));
  ASSERT_GT(Put("r/representatives/e/r", one.SerializeAsString()), 0);
  edition_.mutable_agenda()->mutable_project_quotas()->set_meetings_per_day(3);
  edition_.mutable_agenda()->set_most_attempts(20);
  WriteEdition();
  for (int p = 0; p < kParties; ++p) {
    for (int i = 0; i < kParties; ++i) {
      if ((p + i) % 2 == 0) MakeMutual(p, i);
    }
  }
  const std::unique_ptr<Schedules> other = NewSchedules();
  const int rounds = GetParam().name == "memory" ? 60 : 15;
  std::map<std::string, int> published;
  int outdated = 0, back = 0;
  std::atomic<int> steps{0};
  // What chance has not brought by then is waited for.
  const auto all_seen = [&] { return !published.empty() && outdated > 0 && back > 0; };
  for (int round = 0; (round < rounds || (!all_seen() && round < 20 * rounds)) && !HasFailure(); ++round) {
    const v1::Schedule preview = Generated(GenerateRequest());
    std::vector<std::thread> people;
    for (uint64_t who = 0; who < 4; ++who) {
      people.emplace_back([&, who] {
        std::mt19937_64 random(static_cast<uint64_t>(round) * 10 + who);
        // Sometimes few come in between, so that both outcomes are seen.
        for (int step = static_cast<int>(random() % 4); step > 0; --step, ++steps) Disturb(&random);
      });
    }
    std::vector<absl::StatusOr<v1::Schedule>> answers(2, absl::UnknownError(""));
    std::vector<std::thread> publishers;
    for (size_t k = 0; k < answers.size(); ++k) {
      publishers.emplace_back([&, k] {
        v1::PublishScheduleRequest request;
        request.set_name(preview.name());
        answers[k] = (k == 0 ? schedules_.get() : other.get())->Publish(Olga(), request);
      });
    }
    for (std::thread& thread : publishers) thread.join();
    for (std::thread& thread : people) thread.join();
    EXPECT_FALSE(answers[0].ok() && answers[1].ok()) << "published twice";
    for (const auto& answer : answers) {
      if (answer.ok()) {
        published[preview.name()] = preview.added() + preview.moved();
      } else {
        const std::string reason = ledger::ReasonOf(answer);
        EXPECT_TRUE(reason == "SCHEDULE_OUTDATED" || reason == "STATE_CONFLICT") << answer.status();
        outdated += reason == "SCHEDULE_OUTDATED" ? 1 : 0;
      }
    }
    EXPECT_THAT(Broken(), IsEmpty());
    if (published.contains(preview.name()) && round % 3 == 0) {
      const auto taken = RollBackIt(preview.name());
      EXPECT_TRUE(taken.ok() || ledger::ReasonOf(taken) == "SCHEDULE_OUTDATED") << taken.status();
      back += taken.ok() ? 1 : 0;
      EXPECT_THAT(Broken(), IsEmpty());
    }
  }
  CheckWholes(published);
  EXPECT_GT(published.size(), 0u);
  EXPECT_GT(outdated, 0);
  EXPECT_GT(back, 0);
  RecordProperty("steps", steps);
}

}  // namespace
}  // namespace tandem::pairing::meetings
