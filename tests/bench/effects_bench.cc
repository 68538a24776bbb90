// How long after a change in the projects service has been acknowledged its effect is seen here: the meetings of a
// project that is withdrawn or deleted are cancelled, as read and as told to who watches. And whether each happens
// once, in one transaction.
//
// The three services run in this process on SQLite in a fresh folder, called over loopback. Every project that leaves
// has two booked meetings and a request that nobody has answered. They leave one after the other while others ask and
// take back at a steady rate. One thread reads one of the meetings and the list of the project's meetings, in turns,
// until both show it; another follows WatchPairings.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <sys/utsname.h>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "common/base/mutex.h"
#include "common/base/status.h"
#include "common/rpc/call_context.h"
#include "common/rpc/channel.h"
#include "services/all_in_one/all_in_one.h"
#include "services/pairing/ledger/decision.h"
#include "tandem/pairing/v1/ledger_service.grpc.pb.h"
#include "tandem/pairing/v1/meeting_service.grpc.pb.h"
#include "tests/integration/pairing/scratch_folder.h"
#include "tests/integration/pairing/zone_client.h"

namespace tandem {
namespace {

using Clock = std::chrono::steady_clock;
using pairing::v1::LedgerService;
using pairing::v1::MeetingService;
namespace v1 = pairing::v1;

constexpr int kInvestors = 300;
constexpr int kOthers = 200;  // projects that stay
constexpr int kTables = 40;
constexpr auto kBetweenWrites = std::chrono::milliseconds(20);  // of each of the two who write meanwhile
constexpr auto kBetweenReads = std::chrono::milliseconds(1);
constexpr double kMostMs = 30'000;

double Since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

Caller Of(CallerSide side) {
  Caller caller;
  caller.side = side;
  caller.actor = side == CallerSide::kProject ? "ann" : side == CallerSide::kInvestor ? "ivo" : "olga";
  return caller;
}

// Calls in the name of somebody.
class Stubs {
 public:
  explicit Stubs(const std::shared_ptr<grpc::Channel>& channel)
      : ledger(LedgerService::NewStub(channel)), meetings(MeetingService::NewStub(channel)) {}

  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(CallerSide side, const std::unique_ptr<Stub>& stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                const Request& request) const {
    grpc::ClientContext context;
    rpc::SetCaller(&context, Of(side));
    rpc::SetDeadline(&context, absl::Seconds(30));
    Response response;
    const grpc::Status status = ((*stub).*method)(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpc(status);
    return response;
  }
  absl::StatusOr<v1::Pairing> Ask(const std::string& project, const std::string& investor) const {
    v1::SendRequestRequest request;
    request.set_project(project);
    request.set_investor(investor);
    return Call(CallerSide::kProject, ledger, &LedgerService::Stub::SendRequest, request);
  }
  absl::StatusOr<v1::Pairing> TakeBack(const std::string& pairing) const {
    v1::WithdrawRequestRequest request;
    request.set_name(pairing);
    return Call(CallerSide::kProject, ledger, &LedgerService::Stub::WithdrawRequest, request);
  }
  // Asks, accepts and books; the meeting's name.
  absl::StatusOr<std::string> Meet(const std::string& project, const std::string& investor) const {
    TANDEM_ASSIGN_OR_RETURN(const v1::Pairing asked, Ask(project, investor));
    v1::AcceptRequestRequest accept;
    accept.set_name(asked.name());
    TANDEM_RETURN_IF_ERROR(Call(CallerSide::kInvestor, ledger, &LedgerService::Stub::AcceptRequest, accept).status());
    v1::BookMeetingRequest book;
    book.set_pairing(asked.name());
    TANDEM_ASSIGN_OR_RETURN(const v1::Meeting meeting,
                            Call(CallerSide::kProject, meetings, &MeetingService::Stub::BookMeeting, book));
    return meeting.name();
  }

  const std::unique_ptr<LedgerService::Stub> ledger;
  const std::unique_ptr<MeetingService::Stub> meetings;
};

// Hears what is told of pairings and meetings, and when.
class Watcher {
 public:
  Watcher(const Stubs& stubs, const std::string& edition) {
    rpc::SetCaller(&context_, Of(CallerSide::kOrganiser));
    v1::WatchPairingsRequest request;
    request.set_parent(edition);
    reader_ = stubs.ledger->WatchPairings(&context_, request);
    v1::WatchPairingsResponse stretch;
    while (reader_->Read(&stretch) && stretch.phase() != type::v1::WATCH_PHASE_PROGRESS) {
    }
    thread_ = std::thread([this] { Listen(); });
  }
  ~Watcher() {
    context_.TryCancel();
    thread_.join();
  }

  // What was told of meetings that a party's leaving has cancelled, and of pairings that it has closed.
  struct Told {
    Clock::time_point at;
    Revision revision = 0;
    int times = 0;
  };
  // Nothing before it was told.
  Told ToldOf(const std::string& name) {
    MutexLock lock(&mutex_);
    return told_[name];
  }

 private:
  void Listen() {
    v1::WatchPairingsResponse stretch;
    while (reader_->Read(&stretch)) {
      const auto now = Clock::now();
      MutexLock lock(&mutex_);
      for (const auto& change : stretch.changes()) {
        if (change.has_meeting() && change.meeting().change().cause() == v1::MeetingChange::CAUSE_PARTY_LEFT)
          Note(change.meeting().name(), now, change.revision());
        if (change.has_pairing() && change.pairing().change().cause() == v1::Change::CAUSE_PARTY_LEFT)
          Note(change.pairing().name(), now, change.revision());
      }
    }
  }
  void Note(const std::string& name, Clock::time_point now, Revision revision) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    Told& told = told_[name];
    if (++told.times == 1) told.at = now, told.revision = revision;
  }

  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchPairingsResponse>> reader_;
  Mutex mutex_;
  std::map<std::string, Told> told_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

// A project that is going to leave.
struct Leaver {
  std::string project;
  std::vector<std::string> pairings;  // that leaving closes
  std::vector<std::string> meetings;  // that it cancels
};

struct Figures {
  std::vector<double> change_ms;   // until acknowledged
  std::vector<double> read_ms;     // from then on until GetMeeting shows it
  std::vector<double> listed_ms;   // until ListMeetings does
  std::vector<double> watched_ms;  // until the watch told of it; of every meeting
  v1::EffectsStatus counted;       // by the service
  int whole = 0;                   // of whom everything was told once, and of one revision
};

void Print(const char* what, std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto at = [&](double part) {
    return values[std::min(values.size() - 1, static_cast<size_t>(part * static_cast<double>(values.size())))];
  };
  std::printf("%-48s p50 %8.2f ms   p99 %8.2f ms   max %8.2f ms\n", what, at(0.50), at(0.99), values.back());
}

// Two who ask and take back, of projects that stay.
class Others {
 public:
  Others(const Stubs& stubs, const std::vector<std::string>& projects, const std::vector<std::string>& investors) {
    for (size_t half = 0; half < 2; ++half) {
      threads_.emplace_back([&, half] {
        for (size_t i = half; !stopping_; i += 2) {
          const auto next = Clock::now() + kBetweenWrites;
          const auto asked =
              stubs.Ask(projects[i % projects.size()], investors[i / projects.size() % investors.size()]);
          if (asked.ok()) ++writes_;
          if (asked.ok() && stubs.TakeBack(asked->name()).ok()) ++writes_;
          std::this_thread::sleep_until(next);
        }
      });
    }
  }
  ~Others() {
    stopping_ = true;
    for (std::thread& thread : threads_) thread.join();
  }
  int64_t writes() const { return writes_; }

 private:
  std::atomic<bool> stopping_{false};
  std::atomic<int64_t> writes_{0};
  std::vector<std::thread> threads_;
};

absl::StatusOr<LoadedEdition> LoadEdition(ZoneClient* client, int projects) {
  TANDEM_ASSIGN_OR_RETURN(LoadedEdition loaded, client->LoadDemo("bench", projects, kInvestors));
  v1::UpdateEditionRequest update;
  v1::Edition* edition = update.mutable_edition();
  edition->set_name(loaded.name);
  v1::Agenda* agenda = edition->mutable_agenda();
  const absl::Time first = absl::FromUnixSeconds((absl::ToUnixSeconds(absl::Now()) / 86400 + 30) * 86400);
  for (int day = 0; day < 3; ++day) {
    v1::Session* session = agenda->add_sessions();
    session->set_id(absl::StrCat("day-", day));
    session->set_slot_minutes(25);
    session->set_buffer_minutes(5);
    *session->mutable_start_time() = pairing::ledger::ToStamp(first + absl::Hours(24 * day));
    *session->mutable_end_time() = pairing::ledger::ToStamp(first + absl::Hours(24 * day + 10));
  }
  for (int table = 0; table < kTables; ++table) {
    v1::MeetingPlace* place = agenda->add_places();
    place->set_id(absl::StrCat("table-", table));
    place->set_hall("main");
  }
  update.mutable_update_mask()->add_paths("agenda");
  TANDEM_ASSIGN_OR_RETURN(const v1::Edition updated,
                          client->Call(client->editions(), &v1::EditionService::Stub::UpdateEdition, update));
  loaded.tokens.push_back(updated.consistency_token());
  TANDEM_RETURN_IF_ERROR(client->AwaitApplied(loaded));
  return loaded;
}

// Each with two meetings and a request.
absl::StatusOr<std::vector<Leaver>> BookAll(const Stubs& stubs, const LoadedEdition& edition, size_t count) {
  std::vector<Leaver> leavers(count);
  for (size_t i = 0; i < count; ++i) {
    Leaver& leaver = leavers[i];
    leaver.project = edition.projects[i];
    const auto investor = [&](size_t number) { return edition.investors[(3 * i + number) % edition.investors.size()]; };
    for (const size_t number : {0, 1}) {
      TANDEM_ASSIGN_OR_RETURN(leaver.meetings.emplace_back(), stubs.Meet(leaver.project, investor(number)));
      v1::GetMeetingRequest get;
      get.set_name(leaver.meetings.back());
      TANDEM_ASSIGN_OR_RETURN(const v1::Meeting meeting, stubs.Call(CallerSide::kOrganiser, stubs.meetings,
                                                                    &MeetingService::Stub::GetMeeting, get));
      leaver.pairings.push_back(meeting.pairing());
    }
    TANDEM_ASSIGN_OR_RETURN(const v1::Pairing asked, stubs.Ask(leaver.project, investor(2)));
    leaver.pairings.push_back(asked.name());
  }
  return leavers;
}

absl::Status Leave(ZoneClient* client, const std::string& project, bool deleted) {
  if (!deleted) return client->Withdraw(project).status();
  projects::v1::DeleteProjectRequest request;
  request.set_name(project);
  return client->Call(client->projects(), &projects::v1::ProjectService::Stub::DeleteProject, request).status();
}

absl::Status Measure(ZoneClient* client, const Stubs& stubs, const std::string& edition,
                     const std::vector<Leaver>& leavers, Watcher* watcher, Figures* figures) {
  for (size_t i = 0; i < leavers.size(); ++i) {
    const Leaver& leaver = leavers[i];
    v1::GetMeetingRequest get;
    get.set_name(leaver.meetings[i % leaver.meetings.size()]);
    v1::ListMeetingsRequest list;
    list.set_parent(edition);
    list.set_attendee(leaver.project);
    list.add_states(v1::Meeting::STATE_CANCELLED);
    const auto begin = Clock::now();
    TANDEM_RETURN_IF_ERROR(Leave(client, leaver.project, i % 2 == 1));
    figures->change_ms.push_back(Since(begin));
    const auto acknowledged = Clock::now();
    for (bool read = false, listed = false; !read || !listed; std::this_thread::sleep_for(kBetweenReads)) {
      if (!read) {
        TANDEM_ASSIGN_OR_RETURN(const v1::Meeting meeting, stubs.Call(CallerSide::kOrganiser, stubs.meetings,
                                                                      &MeetingService::Stub::GetMeeting, get));
        read = meeting.state() == v1::Meeting::STATE_CANCELLED;
        if (read) figures->read_ms.push_back(Since(acknowledged));
      }
      if (!listed) {
        TANDEM_ASSIGN_OR_RETURN(const auto meetings, stubs.Call(CallerSide::kOrganiser, stubs.meetings,
                                                                &MeetingService::Stub::ListMeetings, list));
        listed = static_cast<size_t>(meetings.meetings_size()) == leaver.meetings.size();
        if (listed) figures->listed_ms.push_back(Since(acknowledged));
      }
      if (Since(acknowledged) > kMostMs) return absl::DeadlineExceededError("an effect did not show within 30 s");
    }
    for (const std::string& meeting : leaver.meetings) {
      Watcher::Told told;
      while ((told = watcher->ToldOf(meeting)).times == 0) {
        if (Since(acknowledged) > kMostMs) return absl::DeadlineExceededError("a watch did not tell within 30 s");
        std::this_thread::sleep_for(kBetweenReads);
      }
      // The watch may be before the answer to who made the change.
      const std::chrono::duration<double, std::milli> after = told.at - acknowledged;
      figures->watched_ms.push_back(std::max(0.0, after.count()));
    }
  }
  return absl::OkStatus();
}

// Of how many everything was told once and of one revision, now that all is long over.
int CountWhole(const std::vector<Leaver>& leavers, Watcher* watcher) {
  int whole = 0;
  for (const Leaver& leaver : leavers) {
    std::set<Revision> revisions;
    bool once = true;
    for (const auto* names : {&leaver.pairings, &leaver.meetings}) {
      for (const std::string& name : *names) {
        const Watcher::Told told = watcher->ToldOf(name);
        once = once && told.times == 1;
        revisions.insert(told.revision);
      }
    }
    whole += once && revisions.size() == 1;
  }
  return whole;
}

absl::Status Run(int changes) {
  const ScratchFolder folder;
  AllInOneOptions options;
  options.folder.path = folder.path();
  options.server.addresses = {"127.0.0.1:0"};
  TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<AllInOne> all, StartAllInOne(std::move(options)));
  TANDEM_RETURN_IF_ERROR(all->WaitUntilReady(Clock::now() + std::chrono::seconds(30)));
  const auto channel = rpc::NewChannel(absl::StrCat("127.0.0.1:", all->port()));
  ZoneClient client(channel);
  const Stubs stubs(channel);
  TANDEM_ASSIGN_OR_RETURN(const LoadedEdition edition, LoadEdition(&client, changes + kOthers));
  TANDEM_ASSIGN_OR_RETURN(const std::vector<Leaver> leavers, BookAll(stubs, edition, static_cast<size_t>(changes)));

  Figures figures;
  double writes_per_second = 0;
  {
    Watcher watcher(stubs, edition.name);
    const std::vector<std::string> stay(edition.projects.end() - kOthers, edition.projects.end());
    const auto begin = Clock::now();
    {
      const Others others(stubs, stay, edition.investors);
      TANDEM_RETURN_IF_ERROR(Measure(&client, stubs, edition.name, leavers, &watcher, &figures));
      writes_per_second = static_cast<double>(others.writes()) / Since(begin) * 1000;
    }
    // Whoever would do an effect again has had the time to.
    std::this_thread::sleep_for(std::chrono::seconds(2));
    figures.whole = CountWhole(leavers, &watcher);
    TANDEM_ASSIGN_OR_RETURN(const auto status, client.Call(client.pairing(), &v1::PairingService::Stub::GetIndexStatus,
                                                           v1::GetIndexStatusRequest()));
    figures.counted = status.effects();
  }

  utsname machine{};
  uname(&machine);
  std::printf("machine: %s %s %s, %u cores\n", machine.sysname, machine.release, machine.machine,
              std::thread::hardware_concurrency());
  std::printf("date:    %s\n", absl::FormatTime("%Y-%m-%d %H:%M UTC", absl::Now(), absl::UTCTimeZone()).c_str());
  std::printf("input:   demo data, seed 1: %d projects, %d investors; SQLite, durable\n", changes + kOthers,
              kInvestors);
  std::printf(
      "work:    %d projects withdrawn and deleted in turns, each with two booked meetings and a request; meanwhile "
      "%.0f "
      "other writes of pairings a second\n\n",
      changes, writes_per_second);
  Print("change of the project, until acknowledged", figures.change_ms);
  Print("then until GetMeeting shows the cancellation", figures.read_ms);
  Print("then until ListMeetings shows both", figures.listed_ms);
  Print("then until WatchPairings has told of it", figures.watched_ms);
  std::printf("%-48s %d of %d\n", "all told once, and of one transaction", figures.whole, changes);
  std::printf("%-48s %lld done, %lld attempts failed, %lld due\n", "as GetIndexStatus counts them",
              static_cast<long long>(figures.counted.done_count()),
              static_cast<long long>(figures.counted.failure_count()),
              static_cast<long long>(figures.counted.due_count()));
  return figures.whole == changes ? absl::OkStatus() : absl::InternalError("an effect was not whole, or not once");
}

}  // namespace
}  // namespace tandem

int main(int argc, char** argv) {
  int changes = 300;
  if (argc > 2 || (argc == 2 && (!absl::SimpleAtoi(argv[1], &changes) || changes < 1 || changes > 1000))) {
    std::fprintf(stderr, "usage: tandem-effects-bench [CHANGES]\n");
    return 2;
  }
  const absl::Status status = tandem::Run(changes);
  if (!status.ok()) std::fprintf(stderr, "tandem-effects-bench: %s\n", status.ToString().c_str());
  return status.ok() ? 0 : 1;
}
