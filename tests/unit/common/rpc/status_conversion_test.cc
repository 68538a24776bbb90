#include "common/rpc/status_conversion.h"

#include <cstdint>
#include <iostream>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"

#include "common/base/status.h"
#if __has_include("google/rpc/error_info.pb.h")
#include "google/rpc/error_info.pb.h"
#endif
#include "gtest/gtest.h"

#include "tandem/type/v1/error_reason.pb.h"

namespace tandem::rpc {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

bool SameDetail(const ErrorDetail& a, const ErrorDetail& b) {
  bool same = a.reason == b.reason && a.metadata == b.metadata && a.retry_delay == b.retry_delay &&
              a.violations.size() == b.violations.size();
  for (size_t i = 0; same && i < a.violations.size(); ++i) {
    same = a.violations[i].field == b.violations[i].field && a.violations[i].description == b.violations[i].description;
  }
  return same;
}

template <typename Detail>
int CountOf(const google::rpc::Status& proto, Detail* last) {
  int count = 0;
  for (const auto& any : proto.details()) count += any.UnpackTo(last) ? 1 : 0;
  return count;
}

TEST(StatusConversionTest, OkStaysOk) {
  EXPECT_TRUE(ToGrpc(absl::OkStatus()).ok());
  EXPECT_TRUE(FromGrpc(grpc::Status::OK).ok());
  EXPECT_EQ(ToProto(absl::OkStatus()).ByteSizeLong(), 0u);
  EXPECT_TRUE(FromProto({}).ok());
}

TEST(StatusConversionTest, RandomErrorsComeBackWithEveryDetail) {
  const auto seed = std::random_device{}();
  std::cout << "seed " << seed << "\n";
  std::mt19937 random(seed);
  const auto upto = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
  const auto text = [&](int most) {
    static const char* const kPieces[] = {"a", "Z", "9", ".", "%", "项", "é", " ", "\t"};
    std::string made;
    for (int n = upto(most); n > 0; --n) made += kPieces[upto(8)];
    return made;
  };
  for (int round = 0; round < 2000; ++round) {
    auto code = static_cast<absl::StatusCode>(1 + upto(13));  // CANCELLED to UNAVAILABLE
    if (code == absl::StatusCode::kInternal) code = absl::StatusCode::kAborted;
    ErrorDetail detail;
    detail.reason = std::string(type::v1::ErrorReason_Name(1 + upto(22)).substr(sizeof("ERROR_REASON_") - 1));
    if (detail.reason == "INTERNAL") detail.reason = "CONTENTION";
    for (int n = upto(4); n > 0; --n) detail.metadata.emplace_back(absl::StrCat("key", 9 - n), text(40));
    std::sort(detail.metadata.begin(), detail.metadata.end());
    for (int n = upto(5); n > 0; --n) detail.violations.push_back({text(20), text(60)});
    if (upto(1) == 1) detail.retry_delay = absl::Milliseconds(1 + upto(100'000));
    const absl::Status status = MakeError(code, text(60), detail);

    const absl::Status back = FromGrpc(ToGrpc(status));
    ASSERT_EQ(back.code(), status.code());
    ASSERT_EQ(back.message(), status.message());
    ASSERT_TRUE(SameDetail(GetErrorDetail(back), detail)) << status.ToString();
    ASSERT_EQ(FromProto(ToProto(status)), back);

    google::rpc::ErrorInfo info;
    ASSERT_EQ(CountOf(ToProto(status), &info), 1);
    ASSERT_EQ(info.domain(), "tandem");
  }
}

TEST(StatusConversionTest, EveryCodeWithoutAReasonGetsAListedOne) {
  for (int code = 1; code <= 16; ++code) {
    const grpc::Status sent = ToGrpc(absl::Status(static_cast<absl::StatusCode>(code), "why"));
    const ErrorDetail detail = GetErrorDetail(FromGrpc(sent));
    type::v1::ErrorReason reason;
    EXPECT_TRUE(type::v1::ErrorReason_Parse("ERROR_REASON_" + detail.reason, &reason)) << code;
    if (code != 15 && code != 16) {  // DATA_LOSS, UNAUTHENTICATED
      EXPECT_EQ(sent.error_code(), code);
    }
  }
  EXPECT_EQ(GetErrorDetail(FromProto(ToProto(absl::DeadlineExceededError("")))).reason, "DEADLINE_EXCEEDED");
  const ErrorDetail detail = GetErrorDetail(FromProto(ToProto(absl::UnavailableError("store opens"))));
  EXPECT_EQ(detail.reason, "NOT_READY");
  EXPECT_THAT(detail.metadata, ElementsAre(Pair("cause", "store opens")));
}

TEST(StatusConversionTest, AReasonThatIsNotListedNeverLeaves) {
  const absl::Status status = MakeError(absl::StatusCode::kAborted, "MADE_UP", "why");
  EXPECT_EQ(GetErrorDetail(FromProto(ToProto(status))).reason, "CONTENTION");
}

TEST(StatusConversionTest, InternalErrorsAreMasked) {
  for (const absl::Status& status :
       {absl::InternalError("secret path"), absl::DataLossError("secret path"),
        MakeError(absl::StatusCode::kInternal, "INTERNAL", "secret path", {{"key", "secret path"}})}) {
    const grpc::Status sent = ToGrpc(status);
    EXPECT_EQ(sent.error_code(), grpc::StatusCode::INTERNAL);
    EXPECT_EQ(sent.error_message(), "internal error");
    EXPECT_THAT(sent.error_details(), Not(HasSubstr("secret")));
    EXPECT_EQ(GetErrorDetail(FromGrpc(sent)).reason, "INTERNAL");
  }
}

TEST(StatusConversionTest, ViolationsBeyondTheLimitAreCounted) {
  std::vector<FieldViolation> violations;
  for (int i = 0; i < 1000; ++i) violations.push_back({absl::StrCat("projects[", i, "].title"), "must not be empty"});
  const google::rpc::Status proto = ToProto(InvalidFields(violations));
  EXPECT_LE(proto.ByteSizeLong(), kMostDetailBytes);
  google::rpc::BadRequest bad_request;
  ASSERT_EQ(CountOf(proto, &bad_request), 1);
  const int kept = bad_request.field_violations_size() - 1;
  EXPECT_GT(kept, 20);
  EXPECT_EQ(bad_request.field_violations(kept).description(), absl::StrCat("and ", 1000 - kept, " more violations"));
}

TEST(StatusConversionTest, LongTextsAreCutAtCharactersAndFit) {
  std::string chinese;
  for (int i = 0; i < 5000; ++i) chinese += "项";
  ErrorDetail detail;
  detail.reason = "FIELD_INVALID";
  for (int i = 0; i < 30; ++i) detail.metadata.emplace_back(absl::StrCat("key", i), chinese);
  detail.violations = {{chinese, chinese}};
  const google::rpc::Status proto = ToProto(MakeError(absl::StatusCode::kInvalidArgument, chinese, detail));
  EXPECT_LE(proto.ByteSizeLong(), kMostDetailBytes);
  EXPECT_LE(proto.message().size() * 3, 1024u + 9);
  google::rpc::Status copy;
  EXPECT_TRUE(copy.ParseFromString(proto.SerializeAsString()));  // whole characters: invalid UTF-8 would not parse
}

TEST(StatusConversionTest, WhatOthersSentKeepsCodeAndMessage) {
  const absl::Status plain = FromGrpc(grpc::Status(grpc::StatusCode::UNAVAILABLE, "connection refused"));
  EXPECT_EQ(plain, absl::UnavailableError("connection refused"));
  EXPECT_EQ(GetErrorDetail(plain).reason, "");
  const absl::Status garbled = FromGrpc(grpc::Status(grpc::StatusCode::ABORTED, "x", "\xff\xff not a status"));
  EXPECT_EQ(garbled, absl::AbortedError("x"));
  google::rpc::Status foreign;
  foreign.set_code(5);
  google::rpc::ErrorInfo info;
  info.set_domain("elsewhere.example");
  info.set_reason("GONE");
  foreign.add_details()->PackFrom(info);
  EXPECT_EQ(GetErrorDetail(FromProto(foreign)).reason, "");
  foreign.set_code(99);
  EXPECT_EQ(FromProto(foreign).code(), absl::StatusCode::kUnknown);
}

}  // namespace
}  // namespace tandem::rpc
