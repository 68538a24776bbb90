// A small edition as three histories, for tests.
#ifndef TANDEM_TESTS_UNIT_FAULT_TRUTH_MADE_HISTORY_H_
#define TANDEM_TESTS_UNIT_FAULT_TRUTH_MADE_HISTORY_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "common/tokens/consistency_token.h"
#include "services/pairing/demo_data/generate.h"
#include "tests/fault/truth/oracle.h"
#include "tests/fault/truth/record_form.h"

namespace tandem::check {

inline constexpr char kEdition[] = "editions/t";
inline constexpr char kEpoch[] = "epoch";

inline Version Stored(Revision revision, std::string bytes) {
  return {revision, std::make_shared<const std::string>(std::move(bytes))};
}

// Fills three histories with demo data, one record a revision.
class MadeHistory {
 public:
  MadeHistory() {
    for (const std::string& source : AllSources()) {
      histories[source] = std::make_unique<History>(source);
      histories[source]->BeginAt(0, kEpoch);
    }
    pairing::v1::GenerateDemoDataRequest request;
    request.set_seed(3);
    request.set_edition_id("t");
    request.set_project_count(30);
    request.set_investor_count(12);
    EXPECT_TRUE(pairing::GenerateDemoData(request, [&](pairing::v1::GenerateDemoDataResponse response) {
                  Take(&response);
                  return true;
                }).ok());
  }

  // Commits one record, or its end.
  template <typename Record>
  Revision Put(const Record& record) {
    return Commit(record.name(), std::make_shared<const std::string>(StoredForm(record)));
  }
  Revision Commit(const std::string& name, std::shared_ptr<const std::string> bytes) {
    History* const history = histories.at(SourceOf(name)).get();
    const Revision revision = history->through() + 1;
    history->Append({{name, {revision, std::move(bytes)}}}, revision);
    return revision;
  }

  ConsistencyToken Now() const {
    ConsistencyToken token;
    for (const auto& [source, history] : histories) token.Raise(source, {kEpoch, history->through()});
    return token;
  }

  Histories histories;
  std::vector<projects::v1::Project> projects;
  std::vector<investors::v1::Investor> investors;

 private:
  void Take(pairing::v1::GenerateDemoDataResponse* response) {
    if (response->has_edition()) {
      response->mutable_edition()->set_name(kEdition);
      Put(response->edition());
    } else if (response->has_taxonomy()) {
      response->mutable_taxonomy()->set_name(absl::StrCat(kEdition, "/taxonomies/demo"));
      Put(response->taxonomy());
    } else if (response->has_investor()) {
      investors::v1::Investor* const investor = response->mutable_investor();
      investor->set_name(absl::StrCat(kEdition, "/investors/", investor->external_id()));
      investor->set_state(investors::v1::Investor::STATE_VERIFIED);
      Put(*investor);
      investors.push_back(*investor);
    } else if (response->has_deal()) {
      investors::v1::Deal* const deal = response->mutable_deal();
      deal->mutable_investor()->set_name(absl::StrCat(kEdition, "/investors/", deal->investor().external_id()));
      deal->set_name(absl::StrCat(deal->investor().name(), "/deals/", deal->external_id()));
      Put(*deal);
    } else if (response->has_project()) {
      projects::v1::Project* const project = response->mutable_project();
      project->set_name(absl::StrCat(kEdition, "/projects/", project->external_id()));
      project->set_state(projects::v1::Project::STATE_PUBLISHED);
      Put(*project);
      projects.push_back(*project);
    }
  }
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_UNIT_FAULT_TRUTH_MADE_HISTORY_H_
