#include "tests/bench/eval/service_clients.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "common/base/mutex.h"
#include "common/base/status.h"
#include "common/rpc/channel.h"
#include "common/rpc/status_conversion.h"

namespace tandem::eval {
namespace {

constexpr size_t kBatch = 500;
constexpr size_t kStreams = 2;
constexpr absl::Duration kTimeout = absl::Minutes(2);

template <typename Request, typename Record>
void Fill(Request* request, const std::vector<Record>& records, size_t begin, size_t end);

template <>
void Fill(projects::v1::BatchUpsertProjectsRequest* request, const std::vector<projects::v1::Project>& records,
          size_t begin, size_t end) {
  request->set_publish(true);
  for (size_t i = begin; i < end; ++i) *request->add_projects() = records[i];
}

template <>
void Fill(investors::v1::BatchUpsertInvestorsRequest* request, const std::vector<investors::v1::Investor>& records,
          size_t begin, size_t end) {
  request->set_verify(true);
  for (size_t i = begin; i < end; ++i) *request->add_investors() = records[i];
}

template <>
void Fill(investors::v1::BatchUpsertDealsRequest* request, const std::vector<investors::v1::Deal>& records,
          size_t begin, size_t end) {
  for (size_t i = begin; i < end; ++i) *request->add_deals() = records[i];
}

// Sends all batches; `call` is the stub's method.
template <typename Request, typename Response, typename Record, typename Call>
absl::StatusOr<ImportResult> ImportAll(const std::string& parent, const std::vector<Record>& records,
                                       const std::string& token, Call call) {
  ImportResult result;
  absl::Status failed;
  Mutex mutex;
  std::atomic<size_t> next = 0;
  const auto started = std::chrono::steady_clock::now();
  // The streams overtake each other, so the newest write is one of their last ones: their tokens are joined.
  std::vector<std::string> last_tokens(kStreams);
  const auto work = [&](size_t stream) {
    for (size_t begin = next.fetch_add(kBatch); begin < records.size(); begin = next.fetch_add(kBatch)) {
      Request request;
      request.set_parent(parent);
      request.set_consistency_token(token);
      Fill(&request, records, begin, std::min(records.size(), begin + kBatch));
      grpc::ClientContext context;
      rpc::SetDeadline(&context, kTimeout);
      Response response;
      absl::Status status = rpc::FromGrpc(call(&context, request, &response));
      MutexLock lock(&mutex);
      if (!status.ok()) failed.Update(status);
      for (const auto& item : response.results()) {
        if (item.status().code() != 0) {
          failed.Update(absl::Status(static_cast<absl::StatusCode>(item.status().code()),
                                     absl::StrCat(item.external_id(), ": ", item.status().message())));
        }
        result.names[item.external_id()] = item.name();
      }
      if (!response.consistency_token().empty()) last_tokens[stream] = response.consistency_token();
      if (!failed.ok()) return;
    }
  };
  std::vector<std::thread> threads;
  for (size_t i = 0; i < kStreams; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
  TANDEM_RETURN_IF_ERROR(failed);
  last_tokens.erase(std::remove(last_tokens.begin(), last_tokens.end(), ""), last_tokens.end());
  result.consistency_token = absl::StrJoin(last_tokens, ",");
  result.records = static_cast<int>(records.size());
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return result;
}

}  // namespace

ServiceClients::ServiceClients(const std::string& address) {
  const auto channel = rpc::NewChannel(address);
  projects_ = projects::v1::ProjectService::NewStub(channel);
  investors_ = investors::v1::InvestorService::NewStub(channel);
  editions_ = pairing::v1::EditionService::NewStub(channel);
  pairing_ = pairing::v1::PairingService::NewStub(channel);
  profiles_ = pairing::v1::ProfileService::NewStub(channel);
  runs_ = pairing::v1::RunService::NewStub(channel);
}

absl::StatusOr<std::string> ServiceClients::CreateEdition(const pairing::v1::Edition& edition) {
  pairing::v1::CreateEditionRequest request;
  request.set_edition_id(edition.name().substr(edition.name().rfind('/') + 1));
  *request.mutable_edition() = edition;
  request.mutable_edition()->clear_name();
  grpc::ClientContext context;
  rpc::SetDeadline(&context, kTimeout);
  context.set_wait_for_ready(true);
  pairing::v1::Edition created;
  TANDEM_RETURN_IF_ERROR(rpc::FromGrpc(editions_->CreateEdition(&context, request, &created)));
  return created.consistency_token();
}

absl::StatusOr<ImportResult> ServiceClients::Import(const std::string& parent,
                                                    const std::vector<projects::v1::Project>& projects,
                                                    const std::string& token) {
  return ImportAll<projects::v1::BatchUpsertProjectsRequest, projects::v1::BatchUpsertProjectsResponse>(
      parent, projects, token, [&](auto* context, const auto& request, auto* response) {
        return projects_->BatchUpsertProjects(context, request, response);
      });
}

absl::StatusOr<ImportResult> ServiceClients::Import(const std::string& parent,
                                                    const std::vector<investors::v1::Investor>& investors,
                                                    const std::string& token) {
  return ImportAll<investors::v1::BatchUpsertInvestorsRequest, investors::v1::BatchUpsertInvestorsResponse>(
      parent, investors, token, [&](auto* context, const auto& request, auto* response) {
        return investors_->BatchUpsertInvestors(context, request, response);
      });
}

absl::StatusOr<ImportResult> ServiceClients::Import(const std::string& parent,
                                                    const std::vector<investors::v1::Deal>& deals,
                                                    const std::string& token) {
  return ImportAll<investors::v1::BatchUpsertDealsRequest, investors::v1::BatchUpsertDealsResponse>(
      parent, deals, token, [&](auto* context, const auto& request, auto* response) {
        return investors_->BatchUpsertDeals(context, request, response);
      });
}

absl::StatusOr<pairing::v1::Statistics> ServiceClients::FreezeStatistics(const std::string& parent,
                                                                         const std::string& token) {
  pairing::v1::FreezeStatisticsRequest request;
  request.set_parent(parent);
  request.set_consistency_token(token);
  grpc::ClientContext context;
  rpc::SetDeadline(&context, kTimeout);
  pairing::v1::Statistics statistics;
  TANDEM_RETURN_IF_ERROR(rpc::FromGrpc(editions_->FreezeStatistics(&context, request, &statistics)));
  return statistics;
}

absl::StatusOr<pairing::v1::RankingProfile> ServiceClients::TrainProfile(const std::string& parent,
                                                                         const std::string& token) {
  type::v1::Run run;
  {
    pairing::v1::TrainProfileRequest request;
    request.set_parent(parent);
    request.set_consistency_token(token);
    grpc::ClientContext context;
    rpc::SetDeadline(&context, kTimeout);
    const auto writer = profiles_->TrainProfile(&context, &run);
    writer->WriteLast(request, {});
    TANDEM_RETURN_IF_ERROR(rpc::FromGrpc(writer->Finish()));
  }
  while (run.state() < type::v1::Run::STATE_SUCCEEDED) {
    pairing::v1::WaitRunRequest request;
    request.set_name(run.name());
    grpc::ClientContext context;
    rpc::SetDeadline(&context, absl::Seconds(20));
    TANDEM_RETURN_IF_ERROR(rpc::FromGrpc(runs_->WaitRun(&context, request, &run)));
  }
  if (run.has_error()) return rpc::FromProto(run.error());
  pairing::v1::GetProfileRequest request;
  request.set_name(run.result());
  grpc::ClientContext context;
  rpc::SetDeadline(&context, kTimeout);
  pairing::v1::RankingProfile profile;
  TANDEM_RETURN_IF_ERROR(rpc::FromGrpc(profiles_->GetProfile(&context, request, &profile)));
  return profile;
}

absl::StatusOr<std::string> ServiceClients::ChooseProfile(const std::string& name) {
  pairing::v1::ChooseProfileRequest request;
  request.set_name(name);
  request.set_reason("learned");
  grpc::ClientContext context;
  rpc::SetDeadline(&context, kTimeout);
  pairing::v1::Edition edition;
  TANDEM_RETURN_IF_ERROR(rpc::FromGrpc(profiles_->ChooseProfile(&context, request, &edition)));
  return edition.consistency_token();
}

absl::Status ServiceClients::FindMatches(const std::string& subject, const std::string& as_of_date,
                                         const std::string& token,
                                         const std::function<bool(const pairing::v1::Match&)>& take) {
  pairing::v1::FindMatchesRequest request;
  request.set_subject(subject);
  request.set_as_of_date(as_of_date);
  request.set_page_size(200);
  if (!token.empty()) request.mutable_consistency()->set_at_least_as_fresh(token);
  while (true) {
    grpc::ClientContext context;
    rpc::SetDeadline(&context, kTimeout);
    pairing::v1::FindMatchesResponse response;
    TANDEM_RETURN_IF_ERROR(rpc::FromGrpc(pairing_->FindMatches(&context, request, &response)));
    for (const pairing::v1::Match& match : response.matches()) {
      if (!take(match)) return absl::OkStatus();
    }
    if (response.next_page_token().empty()) return absl::OkStatus();
    request.set_page_token(response.next_page_token());
  }
}

}  // namespace tandem::eval
