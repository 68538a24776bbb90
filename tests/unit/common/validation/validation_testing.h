// Helpers of the validation tests.
#ifndef TANDEM_TESTS_UNIT_COMMON_VALIDATION_VALIDATION_TESTING_H_
#define TANDEM_TESTS_UNIT_COMMON_VALIDATION_VALIDATION_TESTING_H_

#include <google/protobuf/message.h>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

#include "common/validation/validator.h"
#include "tandem/investors/v1/investor.pb.h"
#include "tandem/projects/v1/project.pb.h"

namespace tandem {

// The paths of all violations, in order.
inline std::vector<std::string> Paths(const google::protobuf::Message& message, absl::string_view prefix = "") {
  std::vector<std::string> paths;
  for (const FieldViolation& violation : FindViolations(message, prefix)) {
    EXPECT_FALSE(violation.description.empty());
    paths.push_back(violation.field);
  }
  return paths;
}

// The description of the only violation, or a text that says that there is not exactly one.
inline std::string OnlyProblem(const google::protobuf::Message& message) {
  const std::vector<FieldViolation> violations = FindViolations(message);
  if (violations.size() != 1) return absl::StrCat("not one violation but ", violations.size());
  return violations[0].description;
}

inline projects::v1::Project GoodProject() {
  projects::v1::Project project;
  project.set_name("editions/ciep2027/projects/p1");
  project.set_external_id("ext 1");
  auto* text = project.add_texts();
  text->set_language_code("zh-Hans");
  text->set_title("固态电池");
  text->set_description("第一行\n第二行");
  text->set_original(true);
  text = project.add_texts();
  text->set_language_code("en");
  text->set_title("Solid-state battery");
  auto* sector = project.add_sectors();
  sector->set_scheme("nace");
  sector->set_version("2.1");
  sector->set_code("C27.2");
  project.add_keywords("battery");
  project.set_stage_of_development(type::v1::STAGE_OF_DEVELOPMENT_LAB_TESTED);
  project.set_trl(4);
  project.mutable_ask()->set_currency_code("CNY");
  project.mutable_ask()->set_min_minor(100);
  project.mutable_ask()->set_max_minor(1000);
  project.add_instruments(type::v1::INSTRUMENT_EQUITY);
  project.mutable_place()->set_country_code("CN");
  project.add_languages("zh");
  project.set_founded_date("2020-02-29");
  project.add_prior_investors()->set_display_name("A Fund");
  project.add_wishes()->mutable_countries()->add_codes("150");
  return project;
}

inline investors::v1::Investor GoodInvestor() {
  investors::v1::Investor investor;
  auto* text = investor.add_texts();
  text->set_language_code("en");
  text->set_title("A Fund");
  auto* criterion = investor.mutable_mandate()->add_criteria();
  criterion->set_strength(type::v1::STRENGTH_MUST);
  criterion->mutable_trl()->set_min(3);
  return investor;
}

}  // namespace tandem

#endif  // TANDEM_TESTS_UNIT_COMMON_VALIDATION_VALIDATION_TESTING_H_
