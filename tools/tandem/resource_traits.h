// The contract's types behind the commands of projects and investors.
#ifndef TANDEM_TOOLS_TANDEM_RESOURCE_TRAITS_H_
#define TANDEM_TOOLS_TANDEM_RESOURCE_TRAITS_H_

#include "tools/tandem/session.h"

namespace tandem::cli {

struct ProjectTraits {
  using Resource = projects::v1::Project;
  using Stub = projects::v1::ProjectService::StubInterface;
  using GetRequest = projects::v1::GetProjectRequest;
  using ListRequest = projects::v1::ListProjectsRequest;
  using ListResponse = projects::v1::ListProjectsResponse;
  static constexpr char kCollection[] = "projects";
  static constexpr auto kGet = &Stub::GetProject;
  static constexpr auto kList = &Stub::ListProjects;
  static Stub* StubOf(Session* session) { return session->projects(); }
  static const auto& Items(const ListResponse& response) { return response.projects(); }
};

struct InvestorTraits {
  using Resource = investors::v1::Investor;
  using Stub = investors::v1::InvestorService::StubInterface;
  using GetRequest = investors::v1::GetInvestorRequest;
  using ListRequest = investors::v1::ListInvestorsRequest;
  using ListResponse = investors::v1::ListInvestorsResponse;
  static constexpr char kCollection[] = "investors";
  static constexpr auto kGet = &Stub::GetInvestor;
  static constexpr auto kList = &Stub::ListInvestors;
  static Stub* StubOf(Session* session) { return session->investors(); }
  static const auto& Items(const ListResponse& response) { return response.investors(); }
};

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_RESOURCE_TRAITS_H_
