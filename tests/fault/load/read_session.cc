#include "tests/fault/load/read_session.h"

#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "services/pairing/market_feed/market_followers.h"
#include "tests/fault/load/record_read.h"

namespace tandem::check {

using pairing::kEditionsSource;
using pairing::kInvestorsSource;
using pairing::kProjectsSource;
using pairing::v1::FindMatchesRequest;
using pairing::v1::FindMatchesResponse;
using pairing::v1::PairingService;

void ReadSession::ReadOne() {
  const size_t what = random_.Below(100);
  if (what < 76) return FindMatches();
  if (what < 84) return FindTwoPages();
  if (what < 87) return FindMany();
  if (what < 97) return GetRecord();
  ListRecords();
}

type::v1::ReadConsistency ReadSession::Demand() {
  type::v1::ReadConsistency demand;
  const size_t what = random_.Below(100);
  if (what < 40) demand.set_at_least_as_fresh(world_->tokens.Take(&random_));
  if (what >= 40 && what < 50) demand.set_at_least_as_fresh(last_);
  if (what >= 50 && what < 60) demand.set_minimize_latency(true);
  if (what % 20 == 0) demand.set_allow_stale(true);
  if (demand.at_least_as_fresh().empty() && !demand.minimize_latency()) demand.clear_requirement();
  return demand;
}

void ReadSession::Note(const absl::Status& status, const FindMatchesRequest& request) {
  if (absl::IsNotFound(status)) {
    return world_->truth->answers()->SubmitMissing(request.subject(), request.consistency().at_least_as_fresh());
  }
  world_->meter.CountFailedRead();
  if (!absl::IsInvalidArgument(status)) return;
  world_->truth->findings()->Add(Broken::kWrong,
                                 absl::StrCat("{", request.ShortDebugString(), "} is refused: ", status.ToString()));
}

void ReadSession::FindMatches() {
  bool fresh = false;
  FindMatchesRequest request = random_.Percent(70) ? questions_->Hot(&random_) : questions_->Fresh(&random_, &fresh);
  *request.mutable_consistency() = Demand();
  const auto begin = std::chrono::steady_clock::now();
  auto response =
      Call(world_->clients->pairing(), &PairingService::Stub::FindMatches, request, world_->options->call_timeout);
  const std::chrono::nanoseconds latency = std::chrono::steady_clock::now() - begin;
  if (!response.ok()) return Note(response.status(), request);
  world_->meter.CountRead(&latency, fresh);
  last_ = response->metadata().consistency_token();
  world_->truth->answers()->Submit({std::move(request), *std::move(response), absl::nullopt, false});
}

void ReadSession::FindTwoPages() {
  FindMatchesRequest request = questions_->Any(&random_);
  request.set_page_size(static_cast<int32_t>(1 + random_.Below(12)));
  *request.mutable_consistency() = Demand();
  PairingService::Stub* const stub = random_.Pick(world_->clients->each_pairing()).get();
  auto first = Call(stub, &PairingService::Stub::FindMatches, request, world_->options->call_timeout);
  // One replica by itself may be down.
  if (!first.ok()) return;
  world_->meter.CountRead(nullptr, false);
  const std::string more = first->next_page_token();
  world_->truth->answers()->Submit({request, *first, absl::nullopt, false});
  if (more.empty()) return;
  FindMatchesRequest next = request;
  next.set_page_token(more);
  // Where the first one was, or wherever it may be.
  PairingService::Stub* const where = random_.Percent(60) ? stub : world_->clients->pairing();
  auto second = Call(where, &PairingService::Stub::FindMatches, next, world_->options->call_timeout);
  if (!second.ok()) return;  // by contract it may be kept no more
  world_->meter.CountRead(nullptr, false);
  world_->truth->answers()->Submit({std::move(request), *std::move(second), *std::move(first), false});
}

void ReadSession::FindMany() {
  pairing::v1::BatchFindMatchesRequest request;
  FindMatchesRequest one = questions_->Any(&random_);
  *one.mutable_consistency() = Demand();
  request.set_parent(world_->edition);
  std::set<std::string> subjects = {one.subject()};
  for (int i = 0; i < 5; ++i) subjects.insert(questions_->Any(&random_).subject());
  for (const std::string& subject : subjects) request.add_subjects(subject);
  request.set_page_size(one.page_size());
  request.set_explain(one.explain());
  request.set_language_code(one.language_code());
  request.set_as_of_date(one.as_of_date());
  if (one.has_options()) *request.mutable_options() = one.options();
  *request.mutable_consistency() = one.consistency();
  grpc::ClientContext context;
  rpc::SetDeadline(&context, world_->options->call_timeout);
  const auto stream = world_->clients->pairing()->BatchFindMatches(&context, request);
  pairing::v1::BatchFindMatchesResponse response;
  while (stream->Read(&response)) {
    one.set_subject(response.subject());
    if (response.status().code() != 0) {
      Note(rpc::FromProto(response.status()), one);
      continue;
    }
    world_->meter.CountRead(nullptr, false);
    FindMatchesResponse answer;
    *answer.mutable_matches() = std::move(*response.mutable_matches());
    *answer.mutable_metadata() = std::move(*response.mutable_metadata());
    world_->truth->answers()->Submit({one, std::move(answer), absl::nullopt, true});
  }
  const grpc::Status end = stream->Finish();
  if (!end.ok()) Note(rpc::FromGrpc(end), one);
}

void ReadSession::GetRecord() {
  const Clients& clients = *world_->clients;
  if (const auto pairing = world_->pairings.Pick(&random_); pairing.record != nullptr && random_.Percent(25)) {
    ReadRecord(world_, kEditionsSource, clients.ledger(), &pairing::v1::LedgerService::Stub::GetPairing,
               pairing.record->name());
  } else if (const auto meeting = world_->meetings.Pick(&random_); meeting.record != nullptr && random_.Percent(15)) {
    ReadRecord(world_, kEditionsSource, clients.meetings(), &pairing::v1::MeetingService::Stub::GetMeeting,
               meeting.record->name());
  } else if (random_.Percent(60)) {
    ReadRecord(world_, kProjectsSource, clients.projects(), &projects::v1::ProjectService::Stub::GetProject,
               world_->projects.Pick(&random_).record->name());
  } else {
    ReadRecord(world_, kInvestorsSource, clients.investors(), &investors::v1::InvestorService::Stub::GetInvestor,
               world_->investors.Pick(&random_).record->name());
  }
}

void ReadSession::ListRecords() {
  // What each was acknowledged as before the list was asked for.
  absl::flat_hash_map<std::string, Revision> told;
  projects::v1::ListProjectsRequest request;
  request.set_parent(world_->edition);
  request.set_page_size(static_cast<int32_t>(5 + random_.Below(30)));
  request.set_show_deleted(random_.Percent(50));
  for (const std::string& name : world_->projects.Names()) {
    told[name] = world_->truth->ledger(kProjectsSource)->Told(name);
  }
  const auto page = Call(world_->clients->projects(), &projects::v1::ProjectService::Stub::ListProjects, request,
                         world_->options->call_timeout);
  if (!page.ok()) return world_->meter.CountFailedRead();
  for (const auto& project : page->projects()) {
    const auto found = told.find(project.name());
    ShowRecord(world_, project.name(), &project, found == told.end() ? 0 : found->second);
  }
}

}  // namespace tandem::check
