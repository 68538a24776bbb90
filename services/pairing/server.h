// PairingServer: everything that the pairing process serves, put together. What main and the all-in-one start.
#ifndef TANDEM_SERVICES_PAIRING_SERVER_H_
#define TANDEM_SERVICES_PAIRING_SERVER_H_

#include <chrono>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "common/base/clock.h"
#include "common/base/worker_pool.h"
#include "common/feed/applied_positions.h"
#include "common/redis/redis_port.h"
#include "common/rpc/server.h"
#include "common/rpc/watch_gate.h"
#include "common/storage/record_store.h"
#include "common/tokens/key_ring.h"
#include "services/pairing/effects/party_effects.h"
#include "services/pairing/ledger/directory_adapter.h"
#include "services/pairing/ledger/expiry_sweeper.h"
#include "services/pairing/ledger/ledger.h"
#include "services/pairing/ledger/ledger_service.h"
#include "services/pairing/market_feed/market_followers.h"
#include "services/pairing/market_feed/market_store.h"
#include "services/pairing/market_feed/watch_adapter.h"
#include "services/pairing/match_cache/answer_cache.h"
#include "services/pairing/match_cache/shared_answers.h"
#include "services/pairing/meetings/book/meeting_book.h"
#include "services/pairing/meetings/book/meeting_service.h"
#include "services/pairing/meetings/report/meeting_reports.h"
#include "services/pairing/meetings/schedules/schedule_service.h"
#include "services/pairing/meetings/schedules/schedules.h"
#include "services/pairing/rankings/ranking_pages.h"
#include "services/pairing/runs/run_queue.h"
#include "services/pairing/runs/run_service.h"
#include "services/pairing/service/cached_finder.h"
#include "services/pairing/service/demo_data_service.h"
#include "services/pairing/service/freshness.h"
#include "services/pairing/service/match_finder.h"
#include "services/pairing/service/pairing_service.h"
#include "tandem/pairing/v1/edition_service.grpc.pb.h"
#include "tandem/pairing/v1/profile_service.grpc.pb.h"
#include "tandem/pairing/v1/representative_service.grpc.pb.h"

namespace tandem::pairing {

// In this order: Create, start an rpc::Server with services(), Follow, WaitUntilReady; at the end Stop, as the server
// drains (rpc::Server::OnDrain): a channel of Follow may lead into that server and must not be called after its end.
// Shutdown, Stop and WaitUntilReady are for any thread, the rest for one.
class PairingServer {
 public:
  // Unowned pointers must outlive this.
  struct Options {
    RecordStore* editions = nullptr;  // the store of editions, taxonomies, statistics, profiles, runs, representatives
    const KeyRing* keys = nullptr;
    rpc::WatchGate* watches = nullptr;
    const Clock* clock = SystemClock();
    RankingPages::Options pages;
    AnswerCache::Options cache;
    RedisPort* redis = nullptr;  // shared by all replicas; null: none
    SharedAnswers::Options shared;
    // Threads for what FindMatches does not find in the cache: as many as keep the cores busy while one waits for Redis
    // or for an equal question, since more would only take turns.
    WorkerPool::Options computing{4, 128};
    std::chrono::steady_clock::duration stale_after = Freshness::kStaleAfter;
  };

  // Fails when the store cannot be read.
  static absl::StatusOr<std::unique_ptr<PairingServer>> Create(Options options);
  ~PairingServer();  // stops

  // EditionService, LedgerService, MeetingService, PairingService, ProfileService, RepresentativeService, RunService,
  // ScheduleService and DemoDataService; they live as long as this.
  std::vector<rpc::ServedService> services();

  // Begins to follow the sources, among them this server's own editions, through the network like everybody's.
  void Follow(const SourceChannels& channels);

  // NOT_READY (UNAVAILABLE) when not every source is applied by `deadline`, or on Shutdown.
  absl::Status WaitUntilReady(Deadline deadline) { return positions_.WaitUntilReady(deadline); }

  // Wakes every call that waits for the sources. Idempotent.
  void Shutdown() { positions_.Shutdown(); }

  // Shuts down, interrupts the runs and ends the following; calls are still answered, from what is applied. Idempotent.
  void Stop();

 private:
  explicit PairingServer(Options options);

  Options options_;
  feed::AppliedPositions positions_;
  MarketStore markets_;
  Freshness freshness_;
  RankingPages pages_;
  MatchFinder finder_;
  AnswerCache cache_;
  std::unique_ptr<SharedAnswers> shared_;  // null: there is no Redis
  CachedFinder cached_;
  MarketFollowers followers_;
  PairingServiceAdapter pairing_;
  DemoDataServiceAdapter demo_data_;
  std::unique_ptr<v1::EditionService::Service> editions_;
  std::unique_ptr<v1::ProfileService::Service> profiles_;
  std::unique_ptr<v1::RepresentativeService::Service> representatives_;
  ledger::DirectoryAdapter parties_;
  std::unique_ptr<meetings::MeetingBook> meetings_;  // before the ledger, whose steps it joins
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<meetings::MeetingReports> meeting_reports_;
  std::unique_ptr<LedgerServiceAdapter> ledger_service_;
  std::unique_ptr<MeetingServiceAdapter> meeting_service_;
  std::unique_ptr<ledger::ExpirySweeper> sweeper_;  // from Follow to Stop
  std::unique_ptr<effects::PartyEffects> effects_;
  std::unique_ptr<RunQueue> runs_;  // before what its work uses
  std::unique_ptr<RunServiceAdapter> run_service_;
  std::unique_ptr<meetings::Schedules> schedules_;
  std::unique_ptr<ScheduleServiceAdapter> schedule_service_;
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_SERVER_H_
