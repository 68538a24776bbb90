#include "tests/fault/load/import.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/catalog/names.h"
#include "services/pairing/market_feed/market_followers.h"

namespace tandem::check {
namespace {

using pairing::kInvestorsSource;
using pairing::kProjectsSource;

// What an answer promises of `items`: its token is that of the newest of them.
template <typename Items, typename Response>
std::vector<Effect> EffectsOf(const WriteSession& session, const std::string& source, const Items& items,
                              const Response& response) {
  std::vector<Effect> effects;
  const Revision newest = session.RevisionOf(source, response.consistency_token());
  for (int i = 0; i < response.results_size() && i < items.size(); ++i) {
    const auto& result = response.results(i);
    if (result.status().code() != 0) continue;
    Effect effect;
    effect.name = result.name();
    effect.at_most = newest;
    effect.sent = SentForm(items.at(i));
    effects.push_back(std::move(effect));
  }
  return effects;
}

// The names that new records get; a deal's is found by its answer alone.
template <typename Items>
std::vector<std::string> NamesOf(const std::string& parent, const char* plural, const Items& items) {
  std::vector<std::string> names;
  for (const auto& item : items) {
    names.push_back(item.name().empty()
                        ? absl::StrCat(parent, "/", plural, "/", catalog::ResourceIdFor(item.external_id()))
                        : item.name());
  }
  return names;
}

template <typename Stub, typename Request, typename Response, typename Items>
absl::optional<Response> Send(WriteSession* session, const std::string& source, Stub* stub,
                              grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                              Request request, const Items& items, std::vector<std::string> names) {
  request.set_parent(session->world()->edition);
  request.set_consistency_token(session->world()->edition_token);
  return session->Send<Stub, Request, Response>(
      source, stub, method, std::move(request), std::move(names),
      [&](const Response& response) { return EffectsOf(*session, source, items, response); });
}

}  // namespace

bool ImportProjects(WriteSession* session, const std::vector<projects::v1::Project>& items) {
  using Stub = projects::v1::ProjectService::Stub;
  projects::v1::BatchUpsertProjectsRequest request;
  for (const auto& item : items) *request.add_projects() = item;
  request.set_publish(true);
  const google::protobuf::RepeatedPtrField<projects::v1::Project> sent = request.projects();
  return Send(session, kProjectsSource, session->clients().projects(), &Stub::BatchUpsertProjects, std::move(request),
              sent, NamesOf(session->world()->edition, "projects", sent))
      .has_value();
}

bool ImportInvestors(WriteSession* session, const std::vector<investors::v1::Investor>& items) {
  using Stub = investors::v1::InvestorService::Stub;
  investors::v1::BatchUpsertInvestorsRequest request;
  for (const auto& item : items) *request.add_investors() = item;
  request.set_verify(true);
  const google::protobuf::RepeatedPtrField<investors::v1::Investor> sent = request.investors();
  return Send(session, kInvestorsSource, session->clients().investors(), &Stub::BatchUpsertInvestors,
              std::move(request), sent, NamesOf(session->world()->edition, "investors", sent))
      .has_value();
}

bool ImportDeals(WriteSession* session, const std::vector<investors::v1::Deal>& items) {
  using Stub = investors::v1::InvestorService::Stub;
  investors::v1::BatchUpsertDealsRequest request;
  for (const auto& item : items) *request.add_deals() = item;
  const google::protobuf::RepeatedPtrField<investors::v1::Deal> sent = request.deals();
  std::vector<std::string> names;
  for (const auto& deal : sent) {
    const std::string investor = deal.investor().name().empty()
                                     ? absl::StrCat(session->world()->edition, "/investors/",
                                                    catalog::ResourceIdFor(deal.investor().external_id()))
                                     : deal.investor().name();
    names.push_back(absl::StrCat(investor, "/deals/", catalog::ResourceIdFor(deal.external_id())));
  }
  const auto response = Send(session, kInvestorsSource, session->clients().investors(), &Stub::BatchUpsertDeals,
                             std::move(request), sent, std::move(names));
  if (!response.has_value()) return false;
  for (int i = 0; i < response->results_size() && i < sent.size(); ++i) {
    if (response->results(i).status().code() != 0) continue;
    investors::v1::Deal deal = sent.at(i);
    deal.set_name(response->results(i).name());
    session->world()->deals.Put(deal, 0);
  }
  return true;
}

}  // namespace tandem::check
