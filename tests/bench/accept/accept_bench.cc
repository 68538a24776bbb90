// How long accepting a request takes under load, beside a bare commit of the very rows that it writes.
//
// Each caller asks for a pair of its own and accepts; the acceptance is timed. Beside it, in turns and with as many
// callers, the transactions of one such request and acceptance are committed for other pairs; the second is timed. One
// process, durable stores (SQLite synchronous=FULL, PostgreSQL synchronous_commit=on).
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <sys/utsname.h>
#include <thread>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

#include "common/base/status.h"
#include "common/catalog/fields.h"
#include "common/catalog/names.h"
#include "services/pairing/ledger/ledger.h"
#include "services/pairing/meetings/book/meeting_book.h"
#include "tests/bench/accept/replay.h"
#include "tests/bench/accept/zone.h"
#include "tests/fault/contend/stores.h"

namespace tandem::bench {
namespace {

using pairing::ledger::Command;
using pairing::ledger::Deadline;
using pairing::ledger::Ledger;
using pairing::meetings::MeetingBook;
namespace v1 = pairing::v1;

struct Flags {
  double seconds = 1;
  int rounds = 7;
  std::string store = "all";
  std::vector<int> callers = {8, 64};
};

class Everybody final : public pairing::ledger::PartyDirectory {
 public:
  absl::StatusOr<pairing::ledger::PartyStates> Look(const std::string&, const std::string&, Deadline) override {
    return pairing::ledger::PartyStates();
  }
};

// A ledger and its book over a store.
struct Replica {
  explicit Replica(RecordStore* store, const KeyRing* keys) {
    MeetingBook::Options meetings;
    meetings.store = store;
    meetings.keys = keys;
    book = *MeetingBook::Open(std::move(meetings));
    Ledger::Options options;
    options.store = store;
    options.keys = keys;
    options.parties = &everybody;
    options.extend = [this](const Command& command, const v1::Pairing& before, v1::Pairing* after,
                            Transaction* transaction) { return book->Join(command, before, after, transaction); };
    ledger = *Ledger::Open(std::move(options));
  }
  Everybody everybody;
  std::unique_ptr<MeetingBook> book;
  std::unique_ptr<Ledger> ledger;
};

// Milliseconds.
struct Times {
  std::vector<double> all;

  double At(double share) {
    std::sort(all.begin(), all.end());
    return all.empty() ? 0
                       : all[std::min(all.size() - 1, static_cast<size_t>(share * static_cast<double>(all.size())))];
  }
};

class Bench {
 public:
  Bench(const Flags& flags, RecordStore* store) : flags_(flags), store_(store), replica_(store, &keys_) {}

  absl::Status Run(const std::string& name) {
    for (const bool in_slots : {false, true}) {
      TANDEM_ASSIGN_OR_RETURN(Tapped tapped, Tap(in_slots));
      TANDEM_ASSIGN_OR_RETURN(const Revision edition, WriteEdition(EditionId('b', 0)));
      const Replay replay(std::move(tapped), EditionId('b', 0), edition);
      for (const int callers : flags_.callers) TANDEM_RETURN_IF_ERROR(Measure(name, in_slots, callers, replay));
    }
    return absl::OkStatus();
  }

 private:
  // What one caller does for one pair; the time that counts, in milliseconds.
  using Act = std::function<absl::StatusOr<double>(int64_t pair)>;

  absl::Status Measure(const std::string& name, bool in_slots, int callers, const Replay& replay) {
    const Act accept = [&](int64_t pair) { return AskAndAccept(*replica_.ledger, pair, in_slots); };
    const Act bare = [&](int64_t pair) { return replay.Commit(store_, pair); };
    std::vector<Times> accepts, bares;
    std::vector<double> ratios;
    // The first of each warms up what is cached, and counts for nothing.
    for (int round = -1; round < flags_.rounds; ++round) {
      // Whoever comes first has no advantage over all rounds.
      Times of_accepts, of_bares;
      const bool bare_first = round % 2 == 0;
      for (const bool is_bare : {bare_first, !bare_first})
        TANDEM_RETURN_IF_ERROR(Load(callers, is_bare ? bare : accept, is_bare ? &of_bares : &of_accepts));
      if (round < 0) continue;
      ratios.push_back(of_accepts.At(0.99) / of_bares.At(0.99));
      accepts.push_back(std::move(of_accepts));
      bares.push_back(std::move(of_bares));
    }
    std::sort(ratios.begin(), ratios.end());
    // Medians of the rounds: what else the machine does spoils some of them.
    const auto median = [](std::vector<Times>& rounds, double share) {
      std::vector<double> of_rounds;
      for (Times& times : rounds) of_rounds.push_back(times.At(share));
      std::sort(of_rounds.begin(), of_rounds.end());
      return of_rounds[of_rounds.size() / 2];
    };
    const auto line = [&](const char* what, std::vector<Times>* rounds) {
      size_t all = 0;
      for (const Times& times : *rounds) all += times.all.size();
      absl::PrintF("%-9s %2d callers  %-22s %6.0f /s   p50 %7.2f ms   p99 %7.2f ms\n", name, callers, what,
                   static_cast<double>(all) / (flags_.seconds * flags_.rounds), median(*rounds, 0.5),
                   median(*rounds, 0.99));
    };
    line(in_slots ? "accept with a slot" : "accept", &accepts);
    line("bare commit", &bares);
    absl::PrintF(
        "%-9s %2d callers  p50 ratio %.2f   p99 ratio %.2f (of single rounds %.2f to %.2f, median %.2f)   %s\n\n", name,
        callers, median(accepts, 0.5) / median(bares, 0.5), median(accepts, 0.99) / median(bares, 0.99), ratios.front(),
        ratios.back(), ratios[ratios.size() / 2], replay.Describe());
    std::fflush(stdout);
    return absl::OkStatus();
  }

  absl::Status Load(int callers, const Act& act, Times* times) {
    std::vector<std::vector<double>> mine(static_cast<size_t>(callers));
    std::vector<absl::Status> failures(static_cast<size_t>(callers));
    std::vector<std::thread> threads;
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(flags_.seconds);
    for (size_t caller = 0; caller < mine.size(); ++caller) {
      threads.emplace_back([&, caller] {
        while (failures[caller].ok() && std::chrono::steady_clock::now() < end) {
          const absl::StatusOr<double> took = act(next_pair_++);
          if (took.ok()) mine[caller].push_back(*took);
          failures[caller] = took.status();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (const absl::Status& failure : failures) TANDEM_RETURN_IF_ERROR(failure);
    for (const std::vector<double>& some : mine) times->all.insert(times->all.end(), some.begin(), some.end());
    return absl::OkStatus();
  }

  absl::StatusOr<double> AskAndAccept(Ledger& ledger, int64_t pair, bool in_slot) {
    TANDEM_ASSIGN_OR_RETURN(const v1::Edition* const edition, EditionOf(pair));
    Caller project, investor;
    project.actor = "ann";
    project.side = CallerSide::kProject;
    investor.actor = "ivo";
    investor.side = CallerSide::kInvestor;
    v1::SendRequestRequest request;
    request.set_project(absl::StrCat(edition->name(), "/projects/", ProjectId(pair)));
    request.set_investor(absl::StrCat(edition->name(), "/investors/", InvestorId(pair)));
    request.set_message("We would like to show you what we have built.");
    if (in_slot) *request.add_slots() = pairing::ledger::ToStamp(SlotOf(*edition, pair));
    TANDEM_ASSIGN_OR_RETURN(const v1::Pairing asked, ledger.SendRequest(project, request, Deadline::max()));
    v1::AcceptRequestRequest accept;
    accept.set_name(asked.name());
    *accept.mutable_slots() = request.slots();
    const auto sent = std::chrono::steady_clock::now();
    TANDEM_ASSIGN_OR_RETURN(const v1::Pairing accepted, ledger.Accept(investor, accept, Deadline::max()));
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - sent;
    if (accepted.state() != v1::Pairing::STATE_MUTUAL || accepted.meeting().empty() == in_slot)
      return absl::InternalError(absl::StrCat("not what was asked for: ", accepted.ShortDebugString()));
    return took.count();
  }

  // A real request and acceptance, as they reach the store.
  absl::StatusOr<Tapped> Tap(bool in_slot) {
    TapStore tap(store_);
    Replica replica(&tap, &keys_);
    const int64_t pair = next_pair_++;
    Tapped tapped;
    tapped.edition = EditionId('a', pair);
    tapped.project = ProjectId(pair);
    tapped.investor = InvestorId(pair);
    TANDEM_ASSIGN_OR_RETURN(const v1::Edition* const edition, EditionOf(pair));
    const pairing::ledger::PairNames names(absl::StrCat(edition->name(), "/projects/", tapped.project),
                                           absl::StrCat(edition->name(), "/investors/", tapped.investor));
    tapped.pairing = names.id;
    v1::SendRequestRequest request;
    Caller project, investor;
    project.actor = "ann";
    project.side = CallerSide::kProject;
    investor.actor = "ivo";
    investor.side = CallerSide::kInvestor;
    request.set_project(names.project);
    request.set_investor(names.investor);
    request.set_message("We would like to show you what we have built.");
    if (in_slot) *request.add_slots() = pairing::ledger::ToStamp(SlotOf(*edition, pair));
    TANDEM_RETURN_IF_ERROR(replica.ledger->SendRequest(project, request, Deadline::max()).status());
    tapped.request = tap.last();
    v1::AcceptRequestRequest accept;
    accept.set_name(names.name);
    *accept.mutable_slots() = request.slots();
    TANDEM_RETURN_IF_ERROR(replica.ledger->Accept(investor, accept, Deadline::max()).status());
    tapped.accept = tap.last();
    tapped.reads = tap.read_for_last();
    return tapped;
  }

  absl::StatusOr<Revision> WriteEdition(const std::string& id) {
    std::vector<Transaction> transactions(1);
    transactions[0].writes.push_back(Write::Put(catalog::RecordKey("editions", {id}),
                                                catalog::SerializeDeterministically(NewEdition(id, absl::Now()))));
    const CommitOutcome outcome = store_->Commit(std::move(transactions)).front();
    TANDEM_RETURN_IF_ERROR(outcome.status);
    return outcome.revision;
  }

  // Of the pair, made when it is first asked for.
  absl::StatusOr<const v1::Edition*> EditionOf(int64_t pair) {
    const std::string id = EditionId('a', pair);
    MutexLock lock(&mutex_);
    auto& edition = editions_[id];
    if (edition == nullptr) {
      TANDEM_RETURN_IF_ERROR(WriteEdition(id).status());
      edition = std::make_unique<v1::Edition>(NewEdition(id, absl::Now()));
    }
    return edition.get();
  }

  const Flags& flags_;
  RecordStore* const store_;
  const KeyRing keys_ = KeyRing::ForTests();
  Replica replica_;
  std::atomic<int64_t> next_pair_{0};
  Mutex mutex_;
  std::map<std::string, std::unique_ptr<v1::Edition>> editions_ ABSL_GUARDED_BY(mutex_);
};

absl::Status RunAll(const Flags& flags) {
  utsname machine{};
  uname(&machine);
  absl::PrintF("machine: %s %s %s, %d cores\n", machine.sysname, machine.release, machine.machine,
               std::thread::hardware_concurrency());
  absl::PrintF("date:    %s\n", absl::FormatTime("%Y-%m-%d %H:%M UTC", absl::Now(), absl::UTCTimeZone()));
  absl::PrintF(
      "input:   pairs of their own, one request for each acceptance, %d slots x %d tables; medians of %d rounds of "
      "%.1f s in "
      "turns\n\n",
      kSlotsOfAnEdition, kTables, flags.rounds, flags.seconds);
  for (const std::string store : {"memory", "sqlite", "postgres"}) {
    if (flags.store == "all" ? store == "memory" : store != flags.store) continue;
    TANDEM_ASSIGN_OR_RETURN(const auto stores, contend::OpenStores(store));
    TANDEM_RETURN_IF_ERROR(Bench(flags, stores->of_replica[0]).Run(store));
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace tandem::bench

int main(int argc, char** argv) {
  CLI::App app("Accepting a request under load, beside a bare commit of the same rows.", "tools/bench accept");
  tandem::bench::Flags flags;
  app.add_option("--seconds", flags.seconds, "Length of each measurement")->capture_default_str();
  app.add_option("--rounds", flags.rounds, "Measurements of each kind")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  app.add_option("--store", flags.store, "sqlite, postgres, memory, or all: the first two")->capture_default_str();
  app.add_option("--callers", flags.callers, "Numbers of callers")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = tandem::bench::RunAll(flags);
  if (!status.ok()) std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return status.ok() ? 0 : 1;
}
