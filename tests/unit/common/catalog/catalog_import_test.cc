#include <chrono>

#include "absl/strings/str_cat.h"

#include "tests/unit/common/catalog/catalog_fixture.h"

namespace tandem::catalog {
namespace {

using testing::ElementsAre;
using Result = pb::BatchUpsertProjectsResult;

class ImportTest : public CatalogTest {
 protected:
  static std::vector<int> Outcomes(const pb::BatchUpsertProjectsResponse& response) {
    std::vector<int> outcomes;
    for (const auto& result : response.results()) outcomes.push_back(result.outcome());
    return outcomes;
  }
};
INSTANTIATE_TEST_SUITE_P(Store, ImportTest, testing::Values("memory", "sqlite"), StoreName);

constexpr char kRequestId[] = "0f8fad5b-d9cb-469f-a165-70867728950e";

TEST_P(ImportTest, CreatesThenUpdatesThenLeavesAlone) {
  const auto created = Import(Batch({"a-1", "ERP 7/2"}));
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_THAT(Outcomes(*created), ElementsAre(Result::OUTCOME_CREATED, Result::OUTCOME_CREATED));
  EXPECT_EQ(created->results(0).name(), "editions/e/projects/a-1");
  EXPECT_EQ(created->results(1).external_id(), "ERP 7/2");
  EXPECT_EQ(ConsistencyToken::Decode(keys_, created->consistency_token())->positions().at("projects").revision, Head());

  const auto updated = Import(Batch({"a-1", "ERP 7/2"}, "Another title"));
  EXPECT_THAT(Outcomes(*updated), ElementsAre(Result::OUTCOME_UPDATED, Result::OUTCOME_UPDATED));
  EXPECT_EQ(updated->results(1).name(), created->results(1).name());
  EXPECT_EQ(Get("a-1")->texts(0).title(), "Another title");

  const Revision before = Head();
  clock_.now += absl::Hours(1);
  const auto unchanged = Import(Batch({"a-1", "ERP 7/2"}, "Another title"));
  EXPECT_THAT(Outcomes(*unchanged), ElementsAre(Result::OUTCOME_UNCHANGED, Result::OUTCOME_UNCHANGED));
  EXPECT_EQ(Head(), before);
  EXPECT_EQ(unchanged->consistency_token(), updated->consistency_token());
}

TEST_P(ImportTest, EachItemStandsAlone) {
  auto request = Batch({"a", "b", "c", "d", ""});
  request.mutable_projects(1)->set_trl(77);
  request.mutable_projects(2)->set_organisation("forbidden");
  const auto response = Import(request);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_THAT(Outcomes(*response), ElementsAre(1, 0, 0, 1, 0));
  for (int i : {1, 2, 4}) EXPECT_EQ(response->results(i).status().code(), 3) << i;
  EXPECT_EQ(response->results(0).status().code(), 0);
  EXPECT_EQ(Changes(), 2);
}

TEST_P(ImportTest, OfTwoWithOneExternalIdBothAreRefused) {
  const auto response = Import(Batch({"a", "b", "a"}));
  EXPECT_THAT(Outcomes(*response), ElementsAre(0, 1, 0));
  EXPECT_FALSE(Get("a").ok());
}

TEST_P(ImportTest, AnIdThatIsTakenByAnotherIsReplacedByARandomOne) {
  Make("a", "other");
  const auto response = Import(Batch({"a"}));
  EXPECT_THAT(Outcomes(*response), ElementsAre(1));
  EXPECT_NE(response->results(0).name(), "editions/e/projects/a");
}

TEST_P(ImportTest, ANameThatIsSentIsKept) {
  auto request = Batch({"x", "y", "z"});
  request.mutable_projects(0)->set_name("editions/e/projects/mine");
  request.mutable_projects(1)->set_name("editions/e/projects/mine");
  request.mutable_projects(2)->set_name("editions/f/projects/mine");
  const auto response = Import(request);
  EXPECT_THAT(Outcomes(*response), ElementsAre(1, 0, 0));
  EXPECT_EQ(response->results(0).name(), "editions/e/projects/mine");
  EXPECT_EQ(response->results(1).status().code(), 6);
  request = Batch({"x"});
  request.mutable_projects(0)->set_name("editions/e/projects/yours");
  EXPECT_EQ(Import(request)->results(0).status().code(), 3);
}

TEST_P(ImportTest, PublishingMovesNewAndReviewedOnesOnly) {
  Make("draft", "draft");
  Make("paused", "paused");
  pb::Project ignored;
  ASSERT_TRUE(Step("submit", "paused", &ignored).ok());
  ASSERT_TRUE(Step("publish", "paused", &ignored).ok());
  ASSERT_TRUE(Step("pause", "paused", &ignored).ok());
  const auto response = Import(Batch({"draft", "new", "paused"}), true);
  EXPECT_THAT(Outcomes(*response), ElementsAre(2, 1, 3));
  EXPECT_EQ(Get("draft")->state(), pb::Project::STATE_PUBLISHED);
  EXPECT_EQ(Get("new")->state(), pb::Project::STATE_PUBLISHED);
  EXPECT_EQ(Get("paused")->state(), pb::Project::STATE_PAUSED);
  pb::BatchUpsertProjectsResponse refused;
  EXPECT_EQ(ReasonOf(catalog_->BatchUpsert(owner_, Soon(), true, Batch({"q"}), &refused)), "PERMISSION_DENIED");
}

TEST_P(ImportTest, DeletedOnesAreRefused) {
  ASSERT_TRUE(Import(Batch({"a"})).ok());
  pb::DeleteProjectRequest request;
  request.set_name("editions/e/projects/a");
  pb::Project ignored;
  ASSERT_TRUE(catalog_->Delete(operator_, request, &ignored).ok());
  EXPECT_EQ(Import(Batch({"a"}, "New title"))->results(0).status().code(), 9);
}

TEST_P(ImportTest, AStaleEtagRefusesItsItemOnly) {
  ASSERT_TRUE(Import(Batch({"a", "b"})).ok());
  auto request = Batch({"a", "b"}, "New title");
  request.mutable_projects(0)->set_etag("stale");
  request.mutable_projects(1)->set_etag(Get("b")->etag());
  EXPECT_THAT(Outcomes(*Import(request)), ElementsAre(0, 2));
}

TEST_P(ImportTest, ValidateOnlyWritesNothing) {
  auto request = Batch({"a", "b"});
  request.set_validate_only(true);
  request.set_request_id(kRequestId);
  EXPECT_THAT(Outcomes(*Import(request)), ElementsAre(1, 1));
  EXPECT_EQ(Head(), 0);
}

TEST_P(ImportTest, RepeatingItReturnsTheFirstAnswer) {
  auto request = Batch({"a", "b", "ERP/3"});
  request.mutable_projects(1)->set_trl(99);
  request.set_request_id(kRequestId);
  const auto first = Import(request);
  ASSERT_TRUE(first.ok()) << first.status();
  const auto again = Import(request);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  EXPECT_EQ(Changes(), 2);
  request.mutable_projects(0)->set_trl(1);
  EXPECT_EQ(ReasonOf(Import(request).status()), "REQUEST_ID_REUSED");
}

TEST_P(ImportTest, TheSameImportAtTheSameMomentActsOnce) {
  auto request = Batch({"a", "ERP/2"});
  request.set_request_id(kRequestId);
  bool once = false;
  absl::StatusOr<pb::BatchUpsertProjectsResponse> rival = absl::UnknownError("not called");
  store_->before_commit = [&] {
    if (!std::exchange(once, true)) rival = Import(request);
  };
  const auto mine = Import(request);
  ASSERT_TRUE(mine.ok() && rival.ok()) << mine.status() << rival.status();
  EXPECT_EQ(mine->SerializeAsString(), rival->SerializeAsString());
  EXPECT_EQ(Changes(), 2);
}

TEST_P(ImportTest, AnImportThatWasCutOffIsFinishedByItsRepetition) {
  auto request = Batch({"a", "b"});
  request.set_request_id(kRequestId);
  // The claim of the request id lands, the items do not.
  store_->before_commit = [&] {
    if (store_->commits == 2) store_->fail_commits = absl::UnavailableError("gone");
  };
  const auto cut = Import(request);
  EXPECT_EQ(cut.status().code(), absl::StatusCode::kUnavailable) << cut.status();
  EXPECT_EQ(ReasonOf(cut.status()), "STORE_UNAVAILABLE");
  store_->fail_commits = absl::OkStatus();
  store_->before_commit = nullptr;
  EXPECT_THAT(Outcomes(*Import(request)), ElementsAre(1, 1));
}

// It had answered, and the same call again answered otherwise.
TEST_P(ImportTest, UnderARequestIdNothingIsAnsweredBeforeEachItemIsDecided) {
  auto request = Batch({"a", "b", "ERP/3"});
  request.mutable_projects(1)->set_trl(99);
  request.set_request_id(kRequestId);
  store_->before_commit = [&] {
    if (store_->commits == 2)
      store_->fail_each = [](size_t i) { return i == 2 ? absl::UnavailableError("gone") : absl::OkStatus(); };
  };
  const auto cut = Import(request);
  EXPECT_EQ(ReasonOf(cut.status()), "STORE_UNAVAILABLE") << cut.status();
  EXPECT_THAT(std::string(cut.status().message()), testing::StartsWith("1 of 3 items"));
  EXPECT_EQ(Changes(), 1);
  store_->before_commit = nullptr;
  store_->fail_each = nullptr;
  const auto whole = Import(request);
  ASSERT_TRUE(whole.ok()) << whole.status();
  EXPECT_THAT(Outcomes(*whole), ElementsAre(1, 0, 1));
  EXPECT_EQ(Changes(), 2);
  EXPECT_EQ(Import(request)->SerializeAsString(), whole->SerializeAsString());
}

TEST_P(ImportTest, WithoutARequestIdWhatTheStoreRefusesIsToldItemByItem) {
  store_->fail_each = [](size_t i) { return i == 1 ? absl::UnavailableError("gone") : absl::OkStatus(); };
  const auto response = Import(Batch({"a", "b"}));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_THAT(Outcomes(*response), ElementsAre(1, 0));
  EXPECT_EQ(response->results(1).status().code(), 14);
}

TEST_P(ImportTest, ItemsThatLoseARaceAreDecidedAgain) {
  ASSERT_TRUE(Import(Batch({"a"})).ok());
  bool once = false;
  store_->before_commit = [&] {
    if (!std::exchange(once, true)) {
      ASSERT_TRUE(Import(Batch({"a", "b"}, "Rival's title")).ok());
    }
  };
  EXPECT_THAT(Outcomes(*Import(Batch({"a", "b", "c"}, "My title"))), ElementsAre(2, 2, 1));
  EXPECT_EQ(Get("b")->texts(0).title(), "My title");
}

TEST_P(ImportTest, EndlessContentionIsTold) {
  int round = 0;
  ASSERT_TRUE(Import(Batch({"a"})).ok());
  store_->before_commit = [&] { ASSERT_TRUE(Import(Batch({"a"}, absl::StrCat("Rival ", ++round))).ok()); };
  EXPECT_EQ(Import(Batch({"a"}, "My title"))->results(0).status().code(), 10);
}

TEST_P(ImportTest, ReadsOncePerKindOfRowNotOncePerItem) {
  std::vector<std::string> ids;
  for (int i = 0; i < 500; ++i) ids.push_back(absl::StrCat("id-", i));
  store_->reads = store_->commits = 0;
  ASSERT_TRUE(Import(Batch(ids)).ok());
  EXPECT_EQ(store_->reads, 2);
  EXPECT_EQ(store_->commits, 1);
}

TEST_P(ImportTest, MoreItemsThanAllowedAreRefusedAsAWhole) {
  std::vector<std::string> ids;
  for (int i = 0; i < 501; ++i) ids.push_back(absl::StrCat("id-", i));
  EXPECT_THAT(FieldsOf(Import(Batch(ids)).status()), ElementsAre("projects"));
  EXPECT_EQ(Head(), 0);
}

}  // namespace
}  // namespace tandem::catalog
