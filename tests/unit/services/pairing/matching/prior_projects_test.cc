#include "services/pairing/matching/prior_projects.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::pairing::matching {
namespace {

using ::testing::UnorderedElementsAre;

projects::v1::Project Naming(const std::string& name, const std::string& external_id) {
  projects::v1::Project project;
  auto* ref = project.add_prior_investors();
  ref->set_name(name);
  ref->set_external_id(external_id);
  return project;
}

absl::flat_hash_set<uint32_t> ByName(const PriorProjects& prior, const std::string& name) {
  absl::flat_hash_set<uint32_t> slots;
  prior.FindByName(name, &slots);
  return slots;
}

absl::flat_hash_set<uint32_t> ByExternalId(const PriorProjects& prior, const std::string& id) {
  absl::flat_hash_set<uint32_t> slots;
  prior.FindByExternalId(id, &slots);
  return slots;
}

TEST(PriorProjectsTest, FindsWhoNamesAnInvestorUntilItDoesNoMore) {
  PriorProjects prior;
  prior.Add(1, Naming("a", ""));
  prior.Add(2, Naming("a", "x"));
  prior.Add(3, Naming("", "x"));
  EXPECT_THAT(ByName(prior, "a"), UnorderedElementsAre(1, 2));
  EXPECT_THAT(ByExternalId(prior, "x"), UnorderedElementsAre(3)) << "a name prevails";
  prior.Remove(1, Naming("a", ""));
  prior.Remove(3, Naming("", "x"));
  EXPECT_THAT(ByName(prior, "a"), UnorderedElementsAre(2));
  EXPECT_THAT(ByExternalId(prior, "x"), UnorderedElementsAre());
}

TEST(PriorProjectsTest, ARefThatOnlyShowsANameIsNobodys) {
  PriorProjects prior;
  projects::v1::Project project;
  project.add_prior_investors()->set_display_name("Somebody");
  prior.Add(1, project);
  EXPECT_THAT(ByName(prior, ""), UnorderedElementsAre());
  EXPECT_THAT(ByExternalId(prior, ""), UnorderedElementsAre());
  prior.Remove(1, project);
}

}  // namespace
}  // namespace tandem::pairing::matching
