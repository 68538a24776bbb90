#include "tools/tandem/upsert.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/rpc/status_conversion.h"

namespace tandem::cli {
namespace {

template <typename Response>
BatchAnswer ToAnswer(const Response& response) {
  using Result = typename std::decay_t<decltype(response.results(0))>;
  BatchAnswer answer;
  answer.consistency_token = response.consistency_token();
  for (const Result& result : response.results()) {
    ItemAnswer item;
    item.name = result.name();
    if (result.status().code() != 0) {
      item.status = rpc::FromProto(result.status());
    } else if (result.outcome() == Result::OUTCOME_CREATED) {
      item.outcome = ItemOutcome::kCreated;
    } else if (result.outcome() == Result::OUTCOME_UPDATED) {
      item.outcome = ItemOutcome::kUpdated;
    } else {
      item.outcome = ItemOutcome::kUnchanged;
    }
    answer.items.push_back(std::move(item));
  }
  return answer;
}

template <typename Request>
Request NewRequest(const UpsertOptions& options, const std::string& request_id) {
  Request request;
  request.set_parent(options.edition);
  request.set_request_id(request_id);
  request.set_validate_only(options.validate_only);
  request.set_consistency_token(options.consistency_token);
  return request;
}

}  // namespace

BatchPipeline::Send ProjectSender(Session* session, UpsertOptions options) {
  return [session, options](const std::vector<BatchItem>& items,
                            const std::string& request_id) -> absl::StatusOr<BatchAnswer> {
    using Stub = projects::v1::ProjectService::StubInterface;
    auto request = NewRequest<projects::v1::BatchUpsertProjectsRequest>(options, request_id);
    request.set_publish(options.take_decision);
    for (const BatchItem& item : items) request.add_projects()->CopyFrom(*item.message);
    TANDEM_ASSIGN_OR_RETURN(const auto response,
                            session->Call(session->projects(), &Stub::BatchUpsertProjects, request));
    return ToAnswer(response);
  };
}

BatchPipeline::Send InvestorSender(Session* session, UpsertOptions options) {
  return [session, options](const std::vector<BatchItem>& items,
                            const std::string& request_id) -> absl::StatusOr<BatchAnswer> {
    using Stub = investors::v1::InvestorService::StubInterface;
    auto request = NewRequest<investors::v1::BatchUpsertInvestorsRequest>(options, request_id);
    request.set_verify(options.take_decision);
    for (const BatchItem& item : items) request.add_investors()->CopyFrom(*item.message);
    TANDEM_ASSIGN_OR_RETURN(const auto response,
                            session->Call(session->investors(), &Stub::BatchUpsertInvestors, request));
    return ToAnswer(response);
  };
}

BatchPipeline::Send DealSender(Session* session, UpsertOptions options) {
  return [session, options](const std::vector<BatchItem>& items,
                            const std::string& request_id) -> absl::StatusOr<BatchAnswer> {
    using Stub = investors::v1::InvestorService::StubInterface;
    auto request = NewRequest<investors::v1::BatchUpsertDealsRequest>(options, request_id);
    for (const BatchItem& item : items) request.add_deals()->CopyFrom(*item.message);
    TANDEM_ASSIGN_OR_RETURN(const auto response, session->Call(session->investors(), &Stub::BatchUpsertDeals, request));
    return ToAnswer(response);
  };
}

BatchPipeline::Send RepresentativeSender(Session* session, UpsertOptions options) {
  return [session, options](const std::vector<BatchItem>& items,
                            const std::string& request_id) -> absl::StatusOr<BatchAnswer> {
    using Stub = pairing::v1::RepresentativeService::StubInterface;
    // It keeps the editions itself: there is no token to wait for.
    pairing::v1::BatchUpsertRepresentativesRequest request;
    request.set_parent(options.edition);
    request.set_request_id(request_id);
    request.set_validate_only(options.validate_only);
    for (const BatchItem& item : items) {
      auto* representative = request.add_representatives();
      representative->CopyFrom(*item.message);
      for (std::string& party : *representative->mutable_parties()) {
        if (!absl::StartsWith(party, "editions/")) party = absl::StrCat(options.edition, "/", party);
      }
    }
    TANDEM_ASSIGN_OR_RETURN(const auto response,
                            session->Call(session->representatives(), &Stub::BatchUpsertRepresentatives, request));
    return ToAnswer(response);
  };
}

}  // namespace tandem::cli
