#include "services/projects/project_rules.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tandem/projects/v1/project.pb.h"

namespace tandem::projects {
namespace {

using testing::ElementsAre;
using v1::Project;

std::vector<std::string> Check(const Project& project) {
  std::vector<FieldViolation> violations;
  ProjectCollection().rules->Check(project, "project", &violations);
  std::vector<std::string> fields;
  for (const auto& violation : violations) fields.push_back(violation.field);
  return fields;
}

// Whether `step` leads from `from`.
bool Allows(const std::string& step, int from) {
  for (const auto& candidate : ProjectCollection().steps) {
    if (candidate.name == step) return std::count(candidate.from.begin(), candidate.from.end(), from) > 0;
  }
  ADD_FAILURE() << "no step " << step;
  return false;
}

TEST(ProjectRulesTest, SeveralTextsNeedOneOriginal) {
  Project project;
  project.add_texts();
  project.add_texts();
  EXPECT_THAT(Check(project), ElementsAre("project.texts"));
  project.mutable_texts(1)->set_original(true);
  EXPECT_THAT(Check(project), ElementsAre());
}

TEST(ProjectRulesTest, StepsAreThoseOfTheContract) {
  EXPECT_TRUE(Allows("submit", Project::STATE_DRAFT) && Allows("submit", Project::STATE_REJECTED));
  EXPECT_FALSE(Allows("submit", Project::STATE_PUBLISHED));
  EXPECT_TRUE(Allows("publish", Project::STATE_IN_REVIEW) && Allows("reject", Project::STATE_IN_REVIEW));
  EXPECT_FALSE(Allows("publish", Project::STATE_DRAFT));
  EXPECT_TRUE(Allows("pause", Project::STATE_PUBLISHED) && Allows("resume", Project::STATE_PAUSED));
  for (int state = Project::STATE_DRAFT; state < Project::STATE_WITHDRAWN; ++state)
    EXPECT_TRUE(Allows("withdraw", state)) << state;
  for (const auto& step : ProjectCollection().steps)
    EXPECT_FALSE(Allows(step.name, Project::STATE_WITHDRAWN)) << step.name;
}

TEST(ProjectRulesTest, OnlyTheReviewIsTheOrganisers) {
  for (const auto& step : ProjectCollection().steps)
    EXPECT_EQ(step.organiser_only, step.name == "publish" || step.name == "reject") << step.name;
}

}  // namespace
}  // namespace tandem::projects
