#include "common/validation/field_mask.h"

#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/util/message_differencer.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "common/base/status.h"
#include "tandem/investors/v1/deal.pb.h"
#include "tandem/type/v1/types.pb.h"
#include "tests/unit/common/validation/validation_testing.h"

namespace tandem {
namespace {

using google::protobuf::FieldMask;
using google::protobuf::util::MessageDifferencer;
using projects::v1::Project;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

FieldMask Mask(const std::string& paths) {
  FieldMask mask;
  for (const auto path : absl::StrSplit(paths, ',', absl::SkipEmpty())) mask.add_paths(std::string(path));
  return mask;
}

Project Stored() {
  Project project = GoodProject();
  project.set_uid("uid");
  project.set_etag("etag-1");
  project.set_state(Project::STATE_PUBLISHED);
  project.mutable_create_time()->set_seconds(7);
  return project;
}

void ExpectEqual(const google::protobuf::Message& got, const google::protobuf::Message& wanted) {
  EXPECT_TRUE(MessageDifferencer::Equals(got, wanted)) << got.DebugString() << "\nwanted\n" << wanted.DebugString();
}

std::vector<std::string> Refused(const std::string& paths, const Project& from) {
  Project to = Stored();
  const absl::Status status = ApplyUpdate(Mask(paths), from, &to, "project");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << paths;
  EXPECT_EQ(GetErrorDetail(status).reason, "FIELD_INVALID");
  ExpectEqual(to, Stored());
  std::vector<std::string> fields;
  for (const FieldViolation& violation : GetErrorDetail(status).violations) fields.push_back(violation.field);
  return fields;
}

TEST(ApplyUpdate, NamedFieldsAreCopiedAndOthersKept) {
  Project from;
  from.set_trl(7);
  from.set_organisation("not named");
  Project to = Stored();
  Project wanted = to;
  wanted.set_trl(7);
  wanted.clear_keywords();
  ASSERT_TRUE(ApplyUpdate(Mask("trl,keywords"), from, &to).ok());
  ExpectEqual(to, wanted);
}

TEST(ApplyUpdate, ListsAndMessagesAreReplacedWhole) {
  Project from;
  from.add_keywords("new");
  from.mutable_ask()->set_currency_code("EUR");
  Project to = Stored();
  Project wanted = to;
  *wanted.mutable_keywords() = from.keywords();
  *wanted.mutable_ask() = from.ask();
  ASSERT_TRUE(ApplyUpdate(Mask("keywords,ask"), from, &to).ok());
  ExpectEqual(to, wanted);
}

TEST(ApplyUpdate, APathIntoAMessageChangesOneField) {
  Project from;
  from.mutable_ask()->set_target_minor(500);
  from.mutable_ask()->set_currency_code("EUR");
  Project to = Stored();
  Project wanted = to;
  wanted.mutable_ask()->set_target_minor(500);
  wanted.mutable_ask()->clear_min_minor();
  ASSERT_TRUE(ApplyUpdate(Mask("ask.target_minor,ask.min_minor"), from, &to).ok());
  ExpectEqual(to, wanted);

  to.clear_ask();
  ASSERT_TRUE(ApplyUpdate(Mask("ask.target_minor"), from, &to).ok());
  EXPECT_EQ(to.ask().target_minor(), 500);
  EXPECT_EQ(to.ask().currency_code(), "");
}

TEST(ApplyUpdate, AnUnsetMessageIsClearedFieldByFieldAndNeverMade) {
  Project to = Stored();
  ASSERT_TRUE(ApplyUpdate(Mask("ask.min_minor"), Project(), &to).ok());
  EXPECT_EQ(to.ask().min_minor(), 0);
  EXPECT_EQ(to.ask().max_minor(), 1000);
  to.clear_ask();
  ASSERT_TRUE(ApplyUpdate(Mask("ask.min_minor"), Project(), &to).ok());
  EXPECT_FALSE(to.has_ask());
}

TEST(ApplyUpdate, MandateCriteriaCanBeNamed) {
  investors::v1::Investor from;
  from.mutable_mandate()->add_criteria()->mutable_common_language();
  investors::v1::Investor to = GoodInvestor();
  ASSERT_TRUE(ApplyUpdate(Mask("mandate.criteria"), from, &to).ok());
  ASSERT_EQ(to.mandate().criteria_size(), 1);
  EXPECT_TRUE(to.mandate().criteria(0).has_common_language());
  EXPECT_EQ(to.texts_size(), 1);
}

TEST(ApplyUpdate, AnEmptyMaskTakesWhatIsSet) {
  Project from;
  from.set_name(Stored().name());
  from.set_uid("forged");
  from.set_etag("etag-1");
  from.set_state(Project::STATE_DRAFT);
  from.set_trl(9);
  from.mutable_ask()->set_currency_code("EUR");
  Project to = Stored();
  Project wanted = to;
  wanted.set_trl(9);
  *wanted.mutable_ask() = from.ask();
  ASSERT_TRUE(ApplyUpdate(FieldMask(), from, &to).ok());
  ExpectEqual(to, wanted);

  ASSERT_TRUE(ApplyUpdate(FieldMask(), Project(), &to).ok());
  ExpectEqual(to, wanted);
}

TEST(ApplyUpdate, AStarReplacesEverythingWritable) {
  Project from;
  from.set_name(Stored().name());
  from.set_organisation("new");
  from.set_state(Project::STATE_DRAFT);
  Project to = Stored();
  Project wanted;
  wanted.set_name(Stored().name());
  wanted.set_external_id(Stored().external_id());
  wanted.set_uid("uid");
  wanted.set_etag("etag-1");
  wanted.set_state(Project::STATE_PUBLISHED);
  *wanted.mutable_create_time() = Stored().create_time();
  wanted.set_organisation("new");
  ASSERT_TRUE(ApplyUpdate(Mask("*"), from, &to).ok());
  ExpectEqual(to, wanted);
}

TEST(ApplyUpdate, OutputOnlyFieldsAndTheEtagAreIgnoredWhenNamed) {
  Project from;
  from.set_uid("forged");
  from.set_etag("other");
  from.set_state(Project::STATE_DRAFT);
  from.mutable_create_time()->set_seconds(1);
  Project to = Stored();
  ASSERT_TRUE(ApplyUpdate(Mask("uid,etag,state,create_time,create_time.seconds,delete_time.nanos"), from, &to).ok());
  ExpectEqual(to, Stored());
}

TEST(ApplyUpdate, ImmutableFieldsMayBeSentUnchangedOnly) {
  Project from = Stored();
  Project to = Stored();
  ASSERT_TRUE(ApplyUpdate(Mask("name,external_id"), from, &to).ok());
  ExpectEqual(to, Stored());

  from.set_external_id("other");
  EXPECT_THAT(Refused("external_id", from), ElementsAre("project.external_id"));
  EXPECT_THAT(Refused("", from), ElementsAre("project.external_id"));
  EXPECT_THAT(Refused("*", from), ElementsAre("project.external_id"));
  EXPECT_THAT(Refused("external_id", Project()), ElementsAre("project.external_id"));
  ASSERT_TRUE(ApplyUpdate(Mask("trl"), from, &to).ok()) << "not named, not looked at";
}

TEST(ApplyUpdate, APathIntoAnImmutableMessageIsImmutable) {
  investors::v1::Deal to;
  to.mutable_investor()->set_external_id("one");
  investors::v1::Deal from = to;
  EXPECT_TRUE(ApplyUpdate(Mask("investor.external_id"), from, &to).ok());
  from.mutable_investor()->set_external_id("two");
  EXPECT_FALSE(ApplyUpdate(Mask("investor.external_id"), from, &to).ok());
  EXPECT_EQ(to.investor().external_id(), "one");
}

TEST(ApplyUpdate, EveryBadPathIsReportedAndNothingIsChanged) {
  Project from = Stored();
  from.set_trl(9);
  from.set_external_id("other");
  EXPECT_THAT(Refused("trl,nothing,texts.title,ask.nothing,trl.x,external_id,texts[0].title,askTarget,ask.", from),
              ElementsAre("update_mask", "update_mask", "update_mask", "update_mask", "project.external_id",
                          "update_mask", "update_mask", "update_mask"));
  FieldMask empty_path;
  empty_path.add_paths("");
  Project to = Stored();
  EXPECT_FALSE(ApplyUpdate(empty_path, from, &to).ok());
  const absl::Status status = ApplyUpdate(Mask("texts.title"), from, &to);
  EXPECT_THAT(std::string(status.message()), HasSubstr("`texts.title`"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("name the whole list"));
}

TEST(ApplyUpdate, HostilePathsAreBoundedAndEscaped) {
  FieldMask mask;
  Project to = Stored();
  for (int i = 0; i < 101; ++i) mask.add_paths("trl");
  EXPECT_EQ(GetErrorDetail(ApplyUpdate(mask, to, &to)).violations.size(), 1u);
  mask.Clear();
  mask.add_paths(absl::StrCat("\xff\n", std::string(100000, 'x')));
  const absl::Status status = ApplyUpdate(mask, Stored(), &to);
  EXPECT_LT(status.message().size(), 1000u);
  EXPECT_EQ(std::string(status.message()).find('\xff'), std::string::npos);
  std::string deep = "ask";
  for (int i = 0; i < 10000; ++i) deep += ".ask";
  EXPECT_FALSE(ApplyUpdate(Mask(deep), Stored(), &to).ok());
}

TEST(ApplyUpdate, OverlappingAndRepeatedPathsAreOne) {
  Project from;
  from.mutable_ask()->set_currency_code("EUR");
  from.set_trl(3);
  Project to = Stored();
  ASSERT_TRUE(ApplyUpdate(Mask("ask.min_minor,ask,ask,trl,trl"), from, &to).ok());
  ExpectEqual(to.ask(), from.ask());
  EXPECT_EQ(to.trl(), 3);
}

TEST(ApplyUpdate, MembersOfAOneofReplaceEachOther) {
  type::v1::ReadConsistency from;
  from.set_minimize_latency(true);
  type::v1::ReadConsistency to;
  to.set_at_least_as_fresh("token");
  ASSERT_TRUE(ApplyUpdate(Mask("*"), from, &to).ok());
  ExpectEqual(to, from);
  to.set_at_least_as_fresh("token");
  ASSERT_TRUE(ApplyUpdate(Mask("minimize_latency"), type::v1::ReadConsistency(), &to).ok());
  EXPECT_EQ(to.at_least_as_fresh(), "token") << "clearing the member that is not set changes nothing";
}

}  // namespace
}  // namespace tandem
