#include "common/catalog/references.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tandem/projects/v1/project.pb.h"

namespace tandem::catalog {
namespace {

using projects::v1::Project;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Foreign(const Project& project) {
  std::vector<FieldViolation> violations;
  CheckReferences(project, "e", "p", &violations);
  std::vector<std::string> fields;
  for (const auto& violation : violations) fields.push_back(violation.field);
  return fields;
}

TEST(ReferencesTest, NamesOfOtherEditionsAreFoundAtAnyDepth) {
  Project project;
  project.set_name("editions/e/projects/a");
  project.add_prior_investors()->set_name("editions/e/investors/a");
  EXPECT_THAT(Foreign(project), IsEmpty());
  project.add_prior_investors()->set_name("editions/e-2/investors/a");
  project.add_wishes()->mutable_investors()->add_investors()->set_name("editions/f/investors/a");
  EXPECT_THAT(Foreign(project), ElementsAre("p.prior_investors[1].name", "p.wishes[0].investors.investors[0].name"));
}

TEST(ReferencesTest, TextThatOnlyLooksLikeANameIsFree) {
  Project project;
  project.set_organisation("editions/f");
  EXPECT_THAT(Foreign(project), IsEmpty());
}

TEST(ReferencesTest, ExactlyOneOfSeveralTextsIsTheOriginal) {
  Project project;
  const auto wrong = [&] {
    std::vector<FieldViolation> violations;
    CheckOriginal(project.texts(), "p", &violations);
    return !violations.empty();
  };
  EXPECT_FALSE(wrong());
  project.add_texts();
  EXPECT_FALSE(wrong());
  project.add_texts();
  EXPECT_TRUE(wrong());
  project.mutable_texts(0)->set_original(true);
  EXPECT_FALSE(wrong());
  project.mutable_texts(1)->set_original(true);
  EXPECT_TRUE(wrong());
}

}  // namespace
}  // namespace tandem::catalog
