#include "tools/tandem/record_parser.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tandem/investors/v1/deal.pb.h"
#include "tandem/investors/v1/investor.pb.h"
#include "tandem/projects/v1/project.pb.h"

namespace tandem::cli {
namespace {

using testing::Contains;
using testing::HasSubstr;

RawRecord Json(const std::string& text, bool complete = true) {
  RawRecord record;
  record.line = 1;
  record.text = text;
  record.complete = complete;
  return record;
}

TEST(ParseRecordTest, ReadsProtobufJson) {
  Reasons reasons;
  const auto message = ParseRecord(
      ProjectKind(), Json(R"({"externalId":"p-1","texts":[{"languageCode":"en","title":"T"}],"trl":4})"), {}, &reasons);
  ASSERT_NE(message, nullptr);
  EXPECT_EQ(static_cast<const projects::v1::Project&>(*message).trl(), 4);
  EXPECT_EQ(ExternalIdOf(*message), "p-1");
}

TEST(ParseRecordTest, SaysThatTheLastLineIsHalfWritten) {
  Reasons reasons;
  EXPECT_EQ(ParseRecord(ProjectKind(), Json(R"({"externalId":"p-1","te)", false), {}, &reasons), nullptr);
  EXPECT_THAT(reasons.front(), HasSubstr("half-written"));
}

TEST(ParseRecordTest, AcceptsAWholeLastLineWithoutALineEnd) {
  Reasons reasons;
  EXPECT_NE(ParseRecord(ProjectKind(), Json(R"({"externalId":"p-1"})", false), {}, &reasons), nullptr);
}

TEST(ParseRecordTest, RefusesUnknownFieldsMissingIdsAndIllFormedText) {
  for (const char* text : {R"({"externalId":"p-1","colour":"red"})", R"({"trl":3})", "not json", "[]",
                           "{\"externalId\":\"p-\xC3\x28\"}", "{\"externalId\":\"p\x01\"}"}) {
    Reasons reasons;
    EXPECT_EQ(ParseRecord(ProjectKind(), Json(text), {}, &reasons), nullptr) << text;
    EXPECT_FALSE(reasons.empty()) << text;
  }
}

std::unique_ptr<google::protobuf::Message> FromCsv(const RecordKind& kind, const std::vector<std::string>& columns,
                                                   const std::vector<std::string>& fields, Reasons* reasons) {
  RawRecord record = Json("x");
  record.fields = fields;
  return ParseRecord(kind, record, columns, reasons);
}

TEST(ParseRecordTest, ReadsAProjectFromCsv) {
  Reasons reasons;
  const auto message = FromCsv(
      ProjectKind(),
      {"external_id", "language", "title", "sectors", "stage", "round", "ask_min", "ask_target", "ask_currency",
       "country", "languages"},
      {"p-1", "en", "T", "nace/2.1:C21.2;own:x", "lab-tested", "seed", "100", "250.5", "USD", "CN", "en;zh-Hans"},
      &reasons);
  ASSERT_NE(message, nullptr) << reasons.front();
  const auto& project = static_cast<const projects::v1::Project&>(*message);
  EXPECT_EQ(project.sectors(0).version(), "2.1");
  EXPECT_EQ(project.sectors(1).scheme(), "own");
  EXPECT_EQ(project.ask().min_minor(), 10000);
  EXPECT_EQ(project.ask().target_minor(), 25050);
  EXPECT_EQ(project.stage_of_development(), type::v1::STAGE_OF_DEVELOPMENT_LAB_TESTED);
  EXPECT_EQ(project.languages_size(), 2);
  EXPECT_FALSE(project.texts(0).title().empty());
}

TEST(ParseRecordTest, ReadsAMandateFromCsv) {
  Reasons reasons;
  const auto message =
      FromCsv(InvestorKind(),
              {"external_id", "language", "title", "wants_rounds", "ticket_max", "ticket_currency", "excludes_sectors"},
              {"i-1", "en", "I", "seed;pre-a", "5,000,000", "CNY", "nace/2.1:A"}, &reasons);
  ASSERT_NE(message, nullptr) << reasons.front();
  const auto& mandate = static_cast<const investors::v1::Investor&>(*message).mandate();
  ASSERT_EQ(mandate.criteria_size(), 3);
  EXPECT_EQ(mandate.criteria(0).strength(), type::v1::STRENGTH_MUST_NOT);
  EXPECT_EQ(mandate.criteria(1).rounds().items_size(), 2);
  EXPECT_EQ(mandate.criteria(2).ticket().max_minor(), 500000000);
}

TEST(ParseRecordTest, ReadsADealFromCsv) {
  Reasons reasons;
  const auto message = FromCsv(DealKind(), {"external_id", "investor", "date", "company_name", "ticket", "currency"},
                               {"d-1", "i-1", "2025-01-31", "C", "12", "JPY"}, &reasons);
  ASSERT_NE(message, nullptr);
  const auto& deal = static_cast<const investors::v1::Deal&>(*message);
  EXPECT_EQ(deal.investor().external_id(), "i-1");
  EXPECT_EQ(deal.ticket().amount_minor(), 12);
  EXPECT_FALSE(deal.has_round_size());
}

TEST(ParseRecordTest, ReadsTheOrganisationOfEitherSideFromCsv) {
  Reasons reasons;
  const auto investor = FromCsv(InvestorKind(), {"external_id", "organisation"}, {"i-1", "House of funds"}, &reasons);
  ASSERT_NE(investor, nullptr);
  EXPECT_EQ(static_cast<const investors::v1::Investor&>(*investor).organisation(), "House of funds");
  const auto project = FromCsv(ProjectKind(), {"external_id", "organisation"}, {"p-1", "Lab"}, &reasons);
  ASSERT_NE(project, nullptr);
  EXPECT_EQ(static_cast<const projects::v1::Project&>(*project).organisation(), "Lab");
}

TEST(ParseRecordTest, NamesTheColumnOfAMistake) {
  Reasons reasons;
  EXPECT_EQ(FromCsv(ProjectKind(), {"external_id", "ask_min", "stage"}, {"p-1", "5", "ready"}, &reasons), nullptr);
  EXPECT_THAT(reasons, Contains(HasSubstr("ask_min: ")));
  EXPECT_THAT(reasons, Contains(HasSubstr("stage: ")));
}

TEST(CheckColumnsTest, NamesEveryUnknownColumn) {
  const absl::Status status = CheckColumns(ProjectKind(), {"external_id", "colour", "title:en", "size"});
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("'colour', 'size'"));
  EXPECT_TRUE(CheckColumns(ProjectKind(), {"external_id", "title:en"}).ok());
  EXPECT_FALSE(CheckColumns(ProjectKind(), {"title"}).ok());
  EXPECT_FALSE(CheckColumns(DealKind(), {"external_id", "title:en"}).ok());
}

}  // namespace
}  // namespace tandem::cli
