#include "common/rpc/call_context.h"

#include <map>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "common/base/status.h"
#include "tandem/projects/v1/project_service.pb.h"

namespace tandem::rpc {
namespace {

using ::testing::ElementsAre;
using Metadata = std::multimap<grpc::string_ref, grpc::string_ref>;

TEST(CallerOfTest, NobodyNamedIsAnOperator) {
  const auto caller = CallerOf(Metadata{});
  ASSERT_TRUE(caller.ok());
  EXPECT_EQ(caller->side, CallerSide::kOperator);
  EXPECT_EQ(caller->actor, "");
  EXPECT_EQ(caller->edition, "");
}

TEST(CallerOfTest, ReadsEveryKey) {
  const auto caller = CallerOf(Metadata{{kActorKey, "people/7"},
                                        {kSideKey, "investor"},
                                        {kEditionKey, "editions/ciep2027"},
                                        {kRolesKey, "analyst, head_of.desk"},
                                        {"user-agent", "x"}});
  ASSERT_TRUE(caller.ok()) << caller.status();
  EXPECT_EQ(caller->actor, "people/7");
  EXPECT_EQ(caller->side, CallerSide::kInvestor);
  EXPECT_EQ(caller->edition, "editions/ciep2027");
  EXPECT_THAT(caller->roles, ElementsAre("analyst", "head_of.desk"));
}

TEST(CallerOfTest, NamesEveryBadValueAtOnce) {
  const std::string long_actor(129, 'a');
  const auto caller = CallerOf(
      Metadata{{kActorKey, long_actor}, {kSideKey, "Investor"}, {kEditionKey, "editions/-"}, {kRolesKey, "a,,b"}});
  EXPECT_EQ(caller.status().code(), absl::StatusCode::kInvalidArgument);
  const ErrorDetail detail = GetErrorDetail(caller.status());
  EXPECT_EQ(detail.reason, "FIELD_INVALID");
  ASSERT_EQ(detail.violations.size(), 4u);
  EXPECT_EQ(detail.violations[0].field, kActorKey);
  EXPECT_EQ(detail.violations[3].field, kRolesKey);
}

TEST(CallerOfTest, RefusesWhatCouldBeReadInTwoWays) {
  EXPECT_FALSE(CallerOf(Metadata{{kSideKey, "project"}, {kSideKey, "operator"}}).ok());
  for (const char* edition : {"editions/A", "editions/", "editions/a/b", "ciep2027", "editions/a-", "editions/1a"}) {
    EXPECT_FALSE(CallerOf(Metadata{{kEditionKey, edition}}).ok()) << edition;
  }
}

TEST(CheckEditionTest, OnlyTheOwnEditionIsAllowed) {
  Caller caller;
  EXPECT_TRUE(CheckEdition(caller, "editions/other/projects/p").ok());
  caller.edition = "editions/a";
  EXPECT_TRUE(CheckEdition(caller, "editions/a").ok());
  EXPECT_TRUE(CheckEdition(caller, "editions/a/projects/p").ok());
  for (const char* name : {"editions/ab", "editions/ab/projects/p", "editions/-", "", "editions"}) {
    const absl::Status status = CheckEdition(caller, name, "GetProject");
    EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied) << name;
    EXPECT_EQ(GetErrorDetail(status).reason, "PERMISSION_DENIED");
  }
}

TEST(CheckEditionsTest, FindsNamesAtAnyDepth) {
  Caller caller;
  caller.edition = "editions/a";
  projects::v1::BatchGetProjectsRequest batch;
  batch.set_parent("editions/a");
  batch.add_names("editions/a/projects/p");
  EXPECT_TRUE(CheckEditions(caller, batch).ok());
  batch.add_names("editions/b/projects/p");
  EXPECT_FALSE(CheckEditions(caller, batch).ok());
  projects::v1::WatchProjectsRequest watch;
  watch.set_parent("editions/-");
  EXPECT_FALSE(CheckEditions(caller, watch).ok());
  caller.edition.clear();
  EXPECT_TRUE(CheckEditions(caller, watch).ok());
  EXPECT_TRUE(CheckEditions(caller, batch).ok());
}

}  // namespace
}  // namespace tandem::rpc
