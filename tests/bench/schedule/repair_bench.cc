// What becomes of a schedule through the store, by the verbs behind ScheduleService: made, published in one
// transaction, proved, taken back; then mended after cancellations, no-shows and late arrivals, and published again.
//
// One edition is drawn, agreed to by the real ledger and copied into each store. Wall time, and processor time of this
// process (of PostgreSQL, that of its servers is beside it). Every state that a verb leaves behind is proved.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <sys/utsname.h>
#include <thread>
#include <time.h>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

#include "common/base/status.h"
#include "services/pairing/ledger/decision.h"
#include "services/pairing/meetings/book/meeting_book.h"
#include "services/pairing/meetings/schedules/schedules.h"
#include "services/pairing/service/pair_scores.h"
#include "tests/bench/schedule/stored_edition.h"
#include "tests/fault/contend/local_door.h"
#include "tests/fault/contend/stores.h"

namespace tandem::schedule_bench {
namespace {

using pairing::meetings::MeetingBook;
using pairing::meetings::ReadSnapshot;
using pairing::meetings::Schedules;
using pairing::meetings::Snapshot;
namespace v1 = pairing::v1;

struct Flags {
  EditionSpec edition{"", 2000, 500, 27'000, 0.80, 450, false, false, false};
  uint64_t seed = 1;
  int schedules = 3;
  int repairs = 5;
  std::vector<std::string> stores = {"memory", "sqlite"};
};

Caller OfSide(CallerSide side) {
  Caller caller;
  caller.side = side;
  caller.actor = side == CallerSide::kProject ? "ann" : side == CallerSide::kInvestor ? "ivo" : "olga";
  return caller;
}

double ProcessorSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// The same verb, several times.
class Row {
 public:
  explicit Row(std::string what) : what_(std::move(what)) {}

  absl::Status Time(const std::function<absl::Status()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    const double processor = ProcessorSeconds();
    const absl::Status done = work();
    processor_.push_back(ProcessorSeconds() - processor);
    wall_.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    return done;
  }
  void Count(const v1::Schedule& schedule) {
    added_ += schedule.added();
    moved_ += schedule.moved();
    removed_ += schedule.removed();
  }
  void Print() {
    if (wall_.empty()) return;
    std::sort(wall_.begin(), wall_.end());
    std::sort(processor_.begin(), processor_.end());
    const auto tries = static_cast<double>(wall_.size());
    std::string changes;
    if (added_ + moved_ + removed_ > 0) {
      changes = absl::StrFormat("   each +%.1f, %.1f moved, -%.1f", static_cast<double>(added_) / tries,
                                static_cast<double>(moved_) / tries, static_cast<double>(removed_) / tries);
    }
    absl::PrintF("  %-38s %3d  %8.3f %8.3f   %8.3f %8.3f%s\n", what_, wall_.size(), wall_[wall_.size() / 2],
                 wall_.back(), processor_[wall_.size() / 2], processor_.back(), changes);
    std::fflush(stdout);
  }

 private:
  const std::string what_;
  std::vector<double> wall_, processor_;
  int64_t added_ = 0, moved_ = 0, removed_ = 0;
};

class Bench {
 public:
  Bench(const Flags& flags, const StoredEdition& edition, RecordStore* store)
      : flags_(flags), edition_(edition), store_(store), clock_(absl::Now()) {}
  ~Bench() {
    if (runs_ != nullptr) runs_->Stop();
  }

  absl::Status Run() {
    TANDEM_RETURN_IF_ERROR(Open());
    absl::PrintF("  %-38s %3s  %17s   %17s\n", "", "", "wall s", "processor s");
    absl::PrintF("  %-38s %3s  %8s %8s   %8s %8s\n", "", "", "median", "worst", "median", "worst");
    TANDEM_RETURN_IF_ERROR(MakeAndPublish());
    TANDEM_RETURN_IF_ERROR(AfterCancellations());
    TANDEM_RETURN_IF_ERROR(OnTheDay());
    TANDEM_RETURN_IF_ERROR(ForEverybody());
    verifying_.Print();
    return absl::OkStatus();
  }

 private:
  absl::Status Open() {
    TANDEM_RETURN_IF_ERROR(edition_.CopyTo(store_));
    TANDEM_ASSIGN_OR_RETURN(door_, contend::OpenLocalDoor(store_, &keys_, &clock_));
    MeetingBook::Options book;
    book.store = store_;
    book.keys = &keys_;
    book.clock = &clock_;
    TANDEM_ASSIGN_OR_RETURN(book_, MeetingBook::Open(std::move(book)));
    pairing::RunQueue::Options runs;
    runs.store = store_;
    runs.clock = &clock_;
    runs.to_proto = [](const absl::Status& status) {
      google::rpc::Status proto;
      proto.set_code(static_cast<int>(status.code()));
      proto.set_message(std::string(status.message()));
      return proto;
    };
    TANDEM_ASSIGN_OR_RETURN(runs_, pairing::RunQueue::Open(std::move(runs)));
    Schedules::Options schedules;
    schedules.store = store_;
    schedules.keys = &keys_;
    schedules.clock = &clock_;
    schedules.runs = runs_.get();
    schedules.scores = [this](const std::string&) { return pairing::PairScores(edition_.view()); };
    TANDEM_ASSIGN_OR_RETURN(schedules_, Schedules::Open(std::move(schedules)));
    return absl::OkStatus();
  }

  absl::Status MakeAndPublish() {
    Row making("schedule run, to its preview"), publishing("publish"), taking_back("roll back");
    std::string published;
    for (int i = 0; i < flags_.schedules; ++i) {
      if (!published.empty()) {
        v1::RollBackScheduleRequest request;
        request.set_name(published);
        TANDEM_RETURN_IF_ERROR(taking_back.Time([&] { return schedules_->RollBack(organiser_, request).status(); }));
        TANDEM_RETURN_IF_ERROR(Verify());
      }
      v1::GenerateScheduleRequest generate;
      generate.set_parent(kEditionName);
      TANDEM_RETURN_IF_ERROR(making.Time([&]() -> absl::Status {
        TANDEM_ASSIGN_OR_RETURN(const type::v1::Run submitted, schedules_->Generate(organiser_, generate));
        TANDEM_ASSIGN_OR_RETURN(
            const type::v1::Run run,
            runs_->Wait(submitted.name(), std::chrono::steady_clock::now() + std::chrono::minutes(10)));
        if (run.state() != type::v1::Run::STATE_SUCCEEDED) return absl::InternalError(run.error().message());
        published = run.result();
        return absl::OkStatus();
      }));
      v1::PublishScheduleRequest publish;
      publish.set_name(published);
      v1::Schedule schedule;
      TANDEM_RETURN_IF_ERROR(publishing.Time([&]() -> absl::Status {
        TANDEM_ASSIGN_OR_RETURN(schedule, schedules_->Publish(organiser_, publish));
        return absl::OkStatus();
      }));
      publishing.Count(schedule);
      TANDEM_RETURN_IF_ERROR(Verify());
    }
    for (Row* row : {&making, &publishing, &taking_back}) row->Print();
    return absl::OkStatus();
  }

  // Days before, from all over the schedule.
  absl::Status AfterCancellations() {
    Row row("repair after a cancellation");
    TANDEM_ASSIGN_OR_RETURN(const Snapshot snapshot, ReadSnapshot(store_, "bench"));
    std::vector<const v1::Meeting*> booked;
    for (const auto& [name, booking] : snapshot.bookings) booked.push_back(&snapshot.meetings.at(name).meeting);
    for (int i = 0; i < flags_.repairs; ++i) {
      const size_t at = static_cast<size_t>(i) * booked.size() / static_cast<size_t>(flags_.repairs);
      // An earlier repair may have moved it, but not away.
      v1::CancelMeetingRequest cancel;
      cancel.set_name(booked[at]->name());
      cancel.set_note("ill");
      TANDEM_RETURN_IF_ERROR(door_->Call(OfSide(CallerSide::kProject), cancel).status());
      TANDEM_RETURN_IF_ERROR(Repair({booked[at]->project(), booked[at]->investor()}, &row));
    }
    row.Print();
    return absl::OkStatus();
  }

  // During the first day: an investor who was expected does not come, and one who was not expected does.
  absl::Status OnTheDay() {
    Row absences("repair after a no-show"), arrivals("repair after a late arrival");
    for (int i = 0; i < flags_.repairs; ++i) {
      const size_t slot = static_cast<size_t>(i);
      clock_.Set(edition_.slots()[slot] + absl::Minutes(10));
      TANDEM_ASSIGN_OR_RETURN(const Snapshot snapshot, ReadSnapshot(store_, "bench"));
      TANDEM_ASSIGN_OR_RETURN(const std::string absent, MissSomebody(snapshot, slot));
      TANDEM_RETURN_IF_ERROR(Repair({absent}, &absences));
      const v1::Representative latecomer = edition_.Latecomer(i, slot + 1);
      const std::string& investor = StoredEdition::InvestorOf(latecomer);
      TANDEM_RETURN_IF_ERROR(Write(latecomer));
      for (const std::string& project : edition_.WantedBy(i))
        TANDEM_RETURN_IF_ERROR(Agree(door_.get(), project, investor));
      TANDEM_RETURN_IF_ERROR(Repair({investor}, &arrivals));
    }
    absences.Print();
    arrivals.Print();
    return absl::OkStatus();
  }

  // Whom a meeting in `slot` waits for in vain: that is reported, and nobody expects the investor for the rest of the
  // day.
  absl::StatusOr<std::string> MissSomebody(const Snapshot& snapshot, size_t slot) {
    for (const auto& [name, facts] : snapshot.bookings) {
      if (facts.booking.start != edition_.slots()[slot]) continue;
      const std::string investor = snapshot.meetings.at(name).meeting.investor();
      for (const auto& [unused, of] : snapshot.representatives) {
        if (of.representative.parties(0) != investor || of.representative.available_size() > 0) continue;
        v1::ReportMeetingRequest report;
        report.set_name(name);
        report.set_other_side(v1::PRESENCE_ABSENT);
        TANDEM_RETURN_IF_ERROR(book_->Report(OfSide(CallerSide::kProject), report).status());
        v1::Representative absent = of.representative;
        v1::TimeRange* range = absent.add_unavailable();
        *range->mutable_start_time() = pairing::ledger::ToStamp(edition_.slots()[slot + 1]);
        *range->mutable_end_time() = pairing::ledger::ToStamp(edition_.slots()[0] + absl::Hours(12));
        TANDEM_RETURN_IF_ERROR(Write(absent));
        return investor;
      }
    }
    return absl::InternalError("nobody meets in that slot");
  }

  absl::Status ForEverybody() {
    Row row("repair for all who wish for more");
    TANDEM_RETURN_IF_ERROR(Repair({}, &row));
    row.Print();
    return absl::OkStatus();
  }

  // Published.
  absl::Status Repair(const std::vector<std::string>& attendees, Row* row) {
    v1::RepairScheduleRequest request;
    request.set_parent(kEditionName);
    request.set_publish(true);
    for (const std::string& attendee : attendees) request.add_attendees(attendee);
    v1::Schedule schedule;
    TANDEM_RETURN_IF_ERROR(row->Time([&]() -> absl::Status {
      TANDEM_ASSIGN_OR_RETURN(schedule, schedules_->Repair(organiser_, request));
      return absl::OkStatus();
    }));
    row->Count(schedule);
    return Verify();
  }

  absl::Status Verify() {
    v1::VerifyScheduleRequest request;
    request.set_parent(kEditionName);
    v1::VerifyScheduleResponse verified;
    TANDEM_RETURN_IF_ERROR(verifying_.Time([&]() -> absl::Status {
      TANDEM_ASSIGN_OR_RETURN(verified, schedules_->Verify(organiser_, request));
      return absl::OkStatus();
    }));
    if (verified.violations().empty()) return absl::OkStatus();
    return absl::InternalError(absl::StrCat("a rule is broken: ", verified.violations(0).message()));
  }

  absl::Status Write(const v1::Representative& representative) {
    return store_
        ->Commit({{{}, {tandem::Write::Put(RepresentativeKey(representative), representative.SerializeAsString())}}})
        .front()
        .status;
  }

  const Flags& flags_;
  const StoredEdition& edition_;
  RecordStore* const store_;
  const KeyRing keys_ = KeyRing::ForTests();
  const Caller organiser_ = OfSide(CallerSide::kOrganiser);
  SetClock clock_;
  std::unique_ptr<contend::Door> door_;
  std::unique_ptr<MeetingBook> book_;
  std::unique_ptr<pairing::RunQueue> runs_;
  std::unique_ptr<Schedules> schedules_;
  Row verifying_{"prove all that is booked"};
};

std::string Processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  }
  return "unknown processor";
}

absl::Status RunAll(const Flags& flags) {
  utsname machine{};
  uname(&machine);
  absl::PrintF("machine: %s %s, %s, %u cores\n", machine.sysname, machine.machine, Processor(),
               std::thread::hardware_concurrency());
  absl::PrintF("date:    %s\n", absl::FormatTime("%Y-%m-%d %H:%M UTC", absl::Now(), absl::UTCTimeZone()));
  TANDEM_ASSIGN_OR_RETURN(const auto edition,
                          StoredEdition::Make(flags.edition, flags.seed, flags.repairs, absl::Now()));
  absl::PrintF(
      "input:   seed %d: %d projects x %d investors, %d mutual pairings, %d slots on 2 days, %d tables, each person "
      "there in %.0f %% of the slots\n",
      flags.seed, flags.edition.projects, flags.edition.investors, edition->mutual(), edition->slots().size(),
      flags.edition.tables, 100 * flags.edition.available);
  for (const std::string& store : flags.stores) {
    TANDEM_ASSIGN_OR_RETURN(const auto stores, contend::OpenStores(store));
    absl::PrintF("\n%s\n", store);
    TANDEM_RETURN_IF_ERROR(Bench(flags, *edition, stores->of_replica[0]).Run());
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace tandem::schedule_bench

int main(int argc, char** argv) {
  CLI::App app("Schedules through the store: made, published, proved, taken back and mended.", "tools/bench repair");
  tandem::schedule_bench::Flags flags;
  app.add_option("--store", flags.stores, "memory, sqlite or postgres, in turn")
      ->capture_default_str()
      ->check(CLI::IsMember({"memory", "sqlite", "postgres"}));
  app.add_option("--projects", flags.edition.projects, "Projects")
      ->capture_default_str()
      ->check(CLI::Range(10, 50'000));
  app.add_option("--investors", flags.edition.investors, "Investors")
      ->capture_default_str()
      ->check(CLI::Range(20, 10'000));
  app.add_option("--wishes", flags.edition.wishes, "Mutual pairings, about")->capture_default_str();
  app.add_option("--tables", flags.edition.tables, "Tables")->capture_default_str()->check(CLI::Range(1, 5000));
  app.add_option("--seed", flags.seed, "What the edition is drawn from")->capture_default_str();
  app.add_option("--schedules", flags.schedules, "Schedules made and published")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  app.add_option("--repairs", flags.repairs, "Repairs of each kind")->capture_default_str()->check(CLI::Range(1, 8));
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = tandem::schedule_bench::RunAll(flags);
  if (!status.ok()) std::fprintf(stderr, "tandem-repair-bench: %s\n", std::string(status.message()).c_str());
  return status.ok() ? 0 : 1;
}
