// Records for tests of the market feed.
#ifndef TANDEM_TESTS_UNIT_SERVICES_PAIRING_MARKET_FEED_RECORDS_H_
#define TANDEM_TESTS_UNIT_SERVICES_PAIRING_MARKET_FEED_RECORDS_H_

#include <memory>
#include <string>

#include "common/feed/feed.h"
#include "tandem/investors/v1/deal.pb.h"
#include "tandem/investors/v1/investor.pb.h"
#include "tandem/pairing/v1/edition.pb.h"
#include "tandem/pairing/v1/pairing.pb.h"
#include "tandem/projects/v1/project.pb.h"

namespace tandem::pairing {

inline feed::Item EditionItem(const std::string& name, Revision revision) {
  auto edition = std::make_shared<v1::Edition>();
  edition->set_name(name);
  edition->set_reference_date("2027-04-10");
  edition->set_base_currency_code("USD");
  return {name, std::move(edition), revision};
}

inline feed::Item ProjectItem(const std::string& name, Revision revision, int trl = 0) {
  auto project = std::make_shared<projects::v1::Project>();
  project->set_name(name);
  project->set_state(projects::v1::Project::STATE_PUBLISHED);
  project->set_trl(trl);
  return {name, std::move(project), revision};
}

inline feed::Item InvestorItem(const std::string& name, Revision revision) {
  auto investor = std::make_shared<investors::v1::Investor>();
  investor->set_name(name);
  investor->set_state(investors::v1::Investor::STATE_VERIFIED);
  return {name, std::move(investor), revision};
}

inline feed::Item DealItem(const std::string& name, Revision revision) {
  auto deal = std::make_shared<investors::v1::Deal>();
  deal->set_name(name);
  deal->mutable_investor()->set_name(name.substr(0, name.find("/deals/")));
  deal->set_date("2026-01-01");
  return {name, std::move(deal), revision};
}

inline feed::Item PairingItem(const std::string& name, const std::string& project, const std::string& investor,
                              v1::StanceKind by_project, v1::StanceKind by_investor, Revision revision) {
  auto pairing = std::make_shared<v1::Pairing>();
  pairing->set_name(name);
  pairing->set_project(project);
  pairing->set_investor(investor);
  pairing->mutable_project_stance()->set_kind(by_project);
  pairing->mutable_investor_stance()->set_kind(by_investor);
  return {name, std::move(pairing), revision};
}

inline feed::Item Gone(const std::string& name, Revision revision) { return {name, nullptr, revision}; }

}  // namespace tandem::pairing

#endif  // TANDEM_TESTS_UNIT_SERVICES_PAIRING_MARKET_FEED_RECORDS_H_
