// What nobody sends by mistake.
#include <google/protobuf/struct.pb.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "common/validation/validator.h"
#include "tests/unit/common/validation/validation_testing.h"

namespace tandem {
namespace {

using projects::v1::Project;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Past the checks of the parser.
void SetRaw(Project* project, const std::string& field, const std::string& value) {
  project->GetReflection()->SetString(project, Project::descriptor()->FindFieldByName(field), value);
}

TEST(HostileInput, TextThatIsNoTextIsRefusedAndNotEchoed) {
  for (const std::string& text :
       {std::string("a\0b", 3), std::string("\xff\xfe"), std::string("\xc0\xaf"), std::string("\xed\xa0\x80"),
        std::string("\xf4\x90\x80\x80"), std::string("cut \xe4\xb8"), std::string("\x1b[31m"), std::string("\x7f"),
        std::string("pdf\xe2\x80\xaegnp.exe"), std::string("\xe2\x81\xa6isolate"), std::string("a\rb"),
        std::string("\xc2\x85")}) {
    Project project = GoodProject();
    SetRaw(&project, "organisation", text);
    ASSERT_THAT(Paths(project), ElementsAre("organisation")) << absl::CHexEscape(text);
    EXPECT_EQ(OnlyProblem(project).find(text), std::string::npos);
    // With a format or a pattern too, and never echoed there either.
    for (const char* field : {"founded_date", "name", "etag"}) {
      project = GoodProject();
      SetRaw(&project, field, text);
      ASSERT_THAT(Paths(project), ElementsAre(field)) << absl::CHexEscape(text);
      EXPECT_EQ(OnlyProblem(project).find(text), std::string::npos);
    }
  }
}

TEST(HostileInput, TextThatOnlyLooksOddIsAccepted) {
  for (const char* text : {"e\xcc\x81t\xc3\xa9" /* not in NFC */, "שלום", "\xf0\x9f\x94\x8b", "𠮷野家", "Ω ≈ 1,5 µF"}) {
    Project project = GoodProject();
    project.set_organisation(text);
    EXPECT_THAT(Paths(project), IsEmpty()) << text;
  }
}

TEST(HostileInput, ViolationsAreCapped) {
  Project project;
  for (int i = 0; i < 100000; ++i) project.add_prior_investors();
  for (int i = 0; i < 100000; ++i) *project.add_keywords() = std::string(1, '\n');
  EXPECT_THAT(FindViolations(project), SizeIs(100));
  EXPECT_EQ(Validate(project).code(), absl::StatusCode::kInvalidArgument);
}

TEST(HostileInput, TextOfMegabytesIsRefusedByItsLength) {
  Project project = GoodProject();
  project.set_organisation(std::string(8 << 20, '\xff'));
  project.set_founded_date(std::string(8 << 20, '1'));
  for (const FieldViolation& violation : FindViolations(project)) EXPECT_LT(violation.description.size(), 200u);
  EXPECT_THAT(FindViolations(project), SizeIs(2));
}

// Struct -> fields -> Value -> list_value -> Value -> ...
google::protobuf::Value Nested(int levels) {
  google::protobuf::Value value;
  value.set_number_value(1);
  for (int i = 0; i < levels; ++i) {
    google::protobuf::Value outer;
    *outer.mutable_list_value()->add_values() = value;
    value = outer;
  }
  return value;
}

TEST(HostileInput, NestingIsBounded) {
  EXPECT_THAT(FindViolations(Nested(7)), IsEmpty());  // 15 messages deep
  const auto violations = FindViolations(Nested(8));  // 17
  ASSERT_THAT(violations, SizeIs(1));
  EXPECT_EQ(violations[0].description, "is nested deeper than 16 messages");
  EXPECT_THAT(FindViolations(Nested(45)), SizeIs(1));
  google::protobuf::Value deep = Nested(45);
  ClearOutputOnly(&deep);
  EXPECT_EQ(deep.SerializeAsString(), Nested(45).SerializeAsString());
}

TEST(HostileInput, MapsAreBoundedAndTheirTextsChecked) {
  google::protobuf::Struct fields;
  for (int i = 0; i < 100; ++i) (*fields.mutable_fields())[absl::StrCat("key ", i)].set_number_value(i);
  EXPECT_THAT(FindViolations(fields), IsEmpty());
  (*fields.mutable_fields())["one more"].set_number_value(1);
  EXPECT_THAT(Paths(fields), ElementsAre("fields"));

  google::protobuf::Struct bad;
  (*bad.mutable_fields())["a\nb"].set_number_value(1);
  EXPECT_THAT(Paths(bad), ElementsAre("fields[0].key"));
}

}  // namespace
}  // namespace tandem
