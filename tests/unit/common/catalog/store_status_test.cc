#include "common/catalog/store_status.h"

#include <gtest/gtest.h>

#include "common/base/status.h"

namespace tandem::catalog {
namespace {

std::string Reason(const absl::Status& status) { return GetErrorDetail(FromStore(status)).reason; }

TEST(StoreStatusTest, EveryFailureHasItsReason) {
  EXPECT_EQ(Reason(absl::ResourceExhaustedError("full")), "STORE_FULL");
  EXPECT_EQ(Reason(absl::UnavailableError("gone")), "STORE_UNAVAILABLE");
  EXPECT_EQ(Reason(absl::UnknownError("?")), "OUTCOME_UNKNOWN");
  EXPECT_EQ(Reason(absl::InvalidArgumentError("two writes of one key")), "INTERNAL");
  EXPECT_EQ(Reason(absl::DataLossError("damaged")), "INTERNAL");
}

TEST(StoreStatusTest, AReasonThatIsThereStays) {
  EXPECT_EQ(Reason(MakeError(absl::StatusCode::kUnavailable, "NOT_READY", "starting")), "NOT_READY");
}

}  // namespace
}  // namespace tandem::catalog
