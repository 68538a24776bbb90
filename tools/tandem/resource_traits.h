// The contract's types behind the commands of projects, investors and representatives.
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

struct RepresentativeTraits {
  using Resource = pairing::v1::Representative;
  using Stub = pairing::v1::RepresentativeService::StubInterface;
  using GetRequest = pairing::v1::GetRepresentativeRequest;
  using ListRequest = pairing::v1::ListRepresentativesRequest;
  using ListResponse = pairing::v1::ListRepresentativesResponse;
  static constexpr char kCollection[] = "representatives";
  static constexpr auto kGet = &Stub::GetRepresentative;
  static constexpr auto kList = &Stub::ListRepresentatives;
  static Stub* StubOf(Session* session) { return session->representatives(); }
  static const auto& Items(const ListResponse& response) { return response.representatives(); }
};

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_RESOURCE_TRAITS_H_
