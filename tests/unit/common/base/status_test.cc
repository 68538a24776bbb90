#include "common/base/status.h"

#include <memory>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

TEST(StatusTest, CarriesReasonMetadataViolationsAndRetryDelay) {
  ErrorDetail detail;
  detail.reason = "QUOTA_EXCEEDED";
  detail.metadata = {{"limit", "5"}, {"", ""}};
  detail.violations = {{"project.ask", "is missing"}};
  detail.retry_delay = absl::Milliseconds(1500);
  const absl::Status status = MakeError(absl::StatusCode::kResourceExhausted, "too many", detail);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(status.message(), "too many");
  const ErrorDetail got = GetErrorDetail(status);
  EXPECT_EQ(got.reason, "QUOTA_EXCEEDED");
  EXPECT_THAT(got.metadata, ::testing::ElementsAre(Pair("limit", "5"), Pair("", "")));
  ASSERT_THAT(got.violations, SizeIs(1));
  EXPECT_EQ(got.violations[0].field, "project.ask");
  EXPECT_EQ(got.violations[0].description, "is missing");
  EXPECT_EQ(got.retry_delay, absl::Milliseconds(1500));
}

TEST(StatusTest, TextsThatLookLikeTheEncodingSurvive) {
  const std::string odd("3:abc\0:\n12:", 11);
  const ErrorDetail got = GetErrorDetail(MakeError(absl::StatusCode::kNotFound, odd, "message", {{odd, "语言"}}));
  EXPECT_EQ(got.reason, odd);
  EXPECT_THAT(got.metadata, ::testing::ElementsAre(Pair(odd, "语言")));
}

TEST(StatusTest, AStatusFromElsewhereHasNoReason) {
  for (const absl::Status& status : {absl::OkStatus(), absl::NotFoundError("gone")}) {
    const ErrorDetail detail = GetErrorDetail(status);
    EXPECT_EQ(detail.reason, "");
    EXPECT_THAT(detail.metadata, IsEmpty());
    EXPECT_THAT(detail.violations, IsEmpty());
    EXPECT_EQ(detail.retry_delay, absl::ZeroDuration());
  }
}

TEST(InvalidFieldsTest, NamesEveryViolationAndTheFirstField) {
  const absl::Status status = InvalidFields({{"a.b", "is too long"}, {"c", "is missing"}});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "a.b: is too long; c: is missing");
  const ErrorDetail detail = GetErrorDetail(status);
  EXPECT_EQ(detail.reason, "FIELD_INVALID");
  EXPECT_THAT(detail.metadata, ::testing::ElementsAre(Pair("field", "a.b")));
  EXPECT_THAT(detail.violations, SizeIs(2));
}

TEST(InvalidFieldsTest, ManyViolationsKeepTheMessageShortAndTheDetailsWhole) {
  const absl::Status status = InvalidFields(std::vector<FieldViolation>(300, {"texts[0].title", "is too long"}));
  EXPECT_LT(status.message().size(), 801u);
  EXPECT_THAT(std::string(status.message()), HasSubstr("300 fields"));
  EXPECT_THAT(GetErrorDetail(status).violations, SizeIs(300));
}

absl::Status ReturnIfError(const absl::Status& status, bool* went_on) {
  TANDEM_RETURN_IF_ERROR(status);
  *went_on = true;
  return absl::OkStatus();
}

TEST(MacrosTest, ReturnIfErrorKeepsThePayload) {
  bool went_on = false;
  const absl::Status status =
      ReturnIfError(MakeError(absl::StatusCode::kAborted, "ETAG_MISMATCH", "changed"), &went_on);
  EXPECT_EQ(GetErrorDetail(status).reason, "ETAG_MISMATCH");
  EXPECT_FALSE(went_on);
  EXPECT_TRUE(ReturnIfError(absl::OkStatus(), &went_on).ok());
  EXPECT_TRUE(went_on);
}

absl::StatusOr<std::unique_ptr<int>> MakeNumber(bool ok) {
  if (!ok) return absl::NotFoundError("none");
  return std::make_unique<int>(7);
}

absl::StatusOr<int> Twice(bool ok) {
  TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<int> first, MakeNumber(true));
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<int> second, MakeNumber(ok));
  TANDEM_ASSIGN_OR_RETURN(second, MakeNumber(ok));
  return *first + *second;
}

TEST(MacrosTest, AssignOrReturnMovesTheValueOrReturnsTheStatus) {
  EXPECT_EQ(Twice(true).value(), 14);
  EXPECT_EQ(Twice(false).status(), absl::NotFoundError("none"));
}

}  // namespace
}  // namespace tandem
