#include "services/pairing/server.h"

#include <string>
#include <utility>

#include "common/base/program_id.h"
#include "common/base/status.h"
#include "common/rpc/status_conversion.h"
#include "services/pairing/editions/editions_service.h"
#include "services/pairing/effects/must_haves.h"
#include "services/pairing/match_cache/unchanged.h"
#include "services/pairing/meetings/book/agenda_change.h"
#include "services/pairing/meetings/party.h"
#include "services/pairing/meetings/representatives_service.h"
#include "services/pairing/profiles/profile_service.h"
#include "services/pairing/service/pair_scores.h"

namespace tandem::pairing {
namespace {

std::unique_ptr<SharedAnswers> NewSharedAnswers(const PairingServer::Options& options) {
  if (options.redis == nullptr) return nullptr;
  SharedAnswers::Options shared = options.shared;
  if (shared.program.empty()) shared.program = ProgramId();
  return std::make_unique<SharedAnswers>(options.redis, options.keys, std::move(shared));
}

// The countries that the parties' own records name.
meetings::CountryOf CountriesOf(const MarketStore& markets, absl::string_view edition) {
  return [view = markets.Find(edition)](absl::string_view party) -> std::string {
    if (view == nullptr) return "";
    if (meetings::ParseParty(party).is_project) {
      const auto project = view->FindProject(party);
      return project == nullptr ? "" : project->record.place().country_code();
    }
    const auto investor = view->FindInvestor(party);
    return investor == nullptr || investor->record.places().empty() ? "" : investor->record.places(0).country_code();
  };
}

}  // namespace

PairingServer::PairingServer(Options options)
    : options_(std::move(options)),
      positions_({kProjectsSource, kInvestorsSource, kEditionsSource}),
      markets_([this] {
        MarketStore::Options markets;
        markets.clock = options_.clock;
        return markets;
      }()),
      freshness_(&positions_, options_.keys, options_.stale_after),
      pages_(options_.keys, options_.pages),
      finder_([this] {
        MatchFinder::Options finder;
        finder.markets = &markets_;
        finder.freshness = &freshness_;
        finder.pages = &pages_;
        finder.unchanged_since = [this](absl::string_view subject, const ConsistencyToken& date) {
          return UnchangedSince(markets_, &cache_, subject, date);
        };
        finder.to_proto = rpc::ToProto;
        return finder;
      }()),
      cache_(&markets_, &positions_, options_.keys, options_.cache),
      shared_(NewSharedAnswers(options_)),
      cached_({&markets_, &freshness_, &pages_, &finder_, &cache_, shared_.get()}),
      followers_(&markets_, &positions_, options_.keys, options_.clock),
      pairing_({&finder_, &cached_, &markets_, &followers_, &freshness_, &cache_, shared_.get(), options_.computing,
                [this] { return effects_->counts(); }}) {}

absl::StatusOr<std::unique_ptr<PairingServer>> PairingServer::Create(Options options) {
  auto server = std::unique_ptr<PairingServer>(new PairingServer(std::move(options)));
  EditionsOptions editions;
  editions.store = server->options_.editions;
  editions.keys = server->options_.keys;
  editions.clock = server->options_.clock;
  editions.watches = server->options_.watches;
  editions.count = [finder = &server->finder_](const std::string& edition, const std::string& token,
                                               Deadline deadline) {
    return finder->CountStatistics(edition, token, deadline);
  };
  editions.agenda_change = [store = server->options_.editions, clock = server->options_.clock](
                               const Caller& caller, const v1::Edition& before, const v1::Edition& after, bool force,
                               Transaction* transaction) {
    return meetings::PlanAgendaChange(store, before, after, {v1::SIDE_UNSPECIFIED, caller.actor, clock->Now(), ""},
                                      force, transaction);
  };
  TANDEM_ASSIGN_OR_RETURN(server->editions_, NewEditionsService(std::move(editions)));

  RunQueue::Options runs;
  runs.store = server->options_.editions;
  runs.clock = server->options_.clock;
  runs.to_proto = rpc::ToProto;
  TANDEM_ASSIGN_OR_RETURN(server->runs_, RunQueue::Open(std::move(runs)));

  ProfilesOptions profiles;
  profiles.store = server->options_.editions;
  profiles.keys = server->options_.keys;
  profiles.clock = server->options_.clock;
  profiles.markets = &server->markets_;
  profiles.freshness = &server->freshness_;
  profiles.runs = server->runs_.get();
  TANDEM_ASSIGN_OR_RETURN(server->profiles_, NewProfilesService(std::move(profiles)));

  RepresentativesOptions representatives;
  representatives.store = server->options_.editions;
  representatives.keys = server->options_.keys;
  representatives.clock = server->options_.clock;
  representatives.watches = server->options_.watches;
  TANDEM_ASSIGN_OR_RETURN(server->representatives_, NewRepresentativesService(std::move(representatives)));

  meetings::MeetingBook::Options meetings;
  meetings.store = server->options_.editions;
  meetings.keys = server->options_.keys;
  meetings.clock = server->options_.clock;
  meetings.source = kEditionsSource;
  TANDEM_ASSIGN_OR_RETURN(server->meetings_, meetings::MeetingBook::Open(std::move(meetings)));
  meetings::MeetingReports::Options reports;
  reports.store = server->options_.editions;
  reports.keys = server->options_.keys;
  reports.clock = server->options_.clock;
  reports.source = kEditionsSource;
  reports.countries = [markets = &server->markets_](absl::string_view edition) {
    return CountriesOf(*markets, edition);
  };
  server->meeting_reports_ = std::make_unique<meetings::MeetingReports>(std::move(reports));
  server->meeting_service_ =
      std::make_unique<MeetingServiceAdapter>(server->meetings_.get(), server->meeting_reports_.get());

  ledger::Ledger::Options ledger;
  ledger.store = server->options_.editions;
  ledger.keys = server->options_.keys;
  ledger.clock = server->options_.clock;
  ledger.parties = &server->parties_;
  ledger.source = kEditionsSource;
  ledger.extend = [book = server->meetings_.get()](const ledger::Command& command, const v1::Pairing& before,
                                                   v1::Pairing* after, Transaction* transaction) {
    return book->Join(command, before, after, transaction);
  };
  ledger.extend_all = [book = server->meetings_.get()](
                          const ledger::Command& command, std::vector<ledger::Ledger::Turn>* turns,
                          Transaction* transaction) { return book->JoinAll(command, turns, transaction); };
  ledger.unmet = [markets = &server->markets_](const std::string& project, const std::string& investor) {
    return effects::UnmetMustHaves(*markets, project, investor);
  };
  TANDEM_ASSIGN_OR_RETURN(server->ledger_, ledger::Ledger::Open(std::move(ledger)));
  effects::PartyEffects::Options effects;
  effects.store = server->options_.editions;
  effects.ledger = server->ledger_.get();
  effects.applied = &server->positions_;
  effects.keys = server->options_.keys;
  server->effects_ = std::make_unique<effects::PartyEffects>(effects);
  LedgerServiceAdapter::Options ledger_service;
  ledger_service.ledger = server->ledger_.get();
  ledger_service.meetings = server->meetings_.get();
  ledger_service.store = server->options_.editions;
  ledger_service.source = kEditionsSource;
  ledger_service.keys = server->options_.keys;
  ledger_service.watches = server->options_.watches;
  server->ledger_service_ = std::make_unique<LedgerServiceAdapter>(std::move(ledger_service));
  server->run_service_ = std::make_unique<RunServiceAdapter>(server->runs_.get(), server->options_.keys);

  meetings::Schedules::Options schedules;
  schedules.store = server->options_.editions;
  schedules.keys = server->options_.keys;
  schedules.clock = server->options_.clock;
  schedules.source = kEditionsSource;
  schedules.runs = server->runs_.get();
  schedules.scores = [markets = &server->markets_](const std::string& edition) {
    return PairScores(markets->Find(edition));
  };
  TANDEM_ASSIGN_OR_RETURN(server->schedules_, meetings::Schedules::Open(std::move(schedules)));
  server->schedule_service_ = std::make_unique<ScheduleServiceAdapter>(server->schedules_.get());
  return server;
}

PairingServer::~PairingServer() { Stop(); }

std::vector<rpc::ServedService> PairingServer::services() {
  return {{v1::EditionService::service_full_name(), editions_.get()},
          {v1::LedgerService::service_full_name(), ledger_service_.get()},
          {v1::MeetingService::service_full_name(), meeting_service_.get()},
          {v1::PairingService::service_full_name(), &pairing_},
          {v1::ProfileService::service_full_name(), profiles_.get()},
          {v1::RepresentativeService::service_full_name(), representatives_.get()},
          {v1::RunService::service_full_name(), run_service_.get()},
          {v1::ScheduleService::service_full_name(), schedule_service_.get()},
          {v1::DemoDataService::service_full_name(), &demo_data_}};
}

void PairingServer::Follow(const SourceChannels& channels) {
  parties_.Connect(channels.projects, channels.investors);
  sweeper_ = std::make_unique<ledger::ExpirySweeper>(ledger_.get());
  std::vector<std::unique_ptr<feed::Source>> parties;
  for (std::unique_ptr<feed::Source>& source : WatchSources(channels)) {
    if (source->name() != kEditionsSource) parties.push_back(std::move(source));
  }
  effects_->Start(std::move(parties));
  followers_.Start(WatchSources(channels));
}

void PairingServer::Stop() {
  Shutdown();
  if (runs_ != nullptr) runs_->Stop();
  if (sweeper_ != nullptr) sweeper_->Stop();
  if (effects_ != nullptr) effects_->Stop();
  parties_.Stop();
  followers_.Stop();
}

}  // namespace tandem::pairing
