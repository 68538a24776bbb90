#include "common/catalog/catalog.h"

#include "absl/strings/str_cat.h"

#include "tests/unit/common/catalog/catalog_fixture.h"

namespace tandem::catalog {
namespace {

using testing::ElementsAre;

INSTANTIATE_TEST_SUITE_P(Store, CatalogTest, testing::Values("memory", "sqlite"), StoreName);

std::vector<std::string> Ids(const pb::ListProjectsResponse& page) {
  std::vector<std::string> ids;
  for (const auto& project : page.projects()) ids.push_back(project.name().substr(project.name().rfind('/') + 1));
  return ids;
}

class ListTest : public CatalogTest {
 protected:
  pb::ListProjectsRequest Request(int page_size) {
    pb::ListProjectsRequest request;
    request.set_parent("editions/e");
    request.set_page_size(page_size);
    return request;
  }
  absl::StatusOr<pb::ListProjectsResponse> List(const pb::ListProjectsRequest& request) {
    pb::ListProjectsResponse page;
    TANDEM_RETURN_IF_ERROR(catalog_->List(operator_, request, &page));
    return page;
  }
  void Delete(const std::string& id) {
    pb::DeleteProjectRequest request;
    request.set_name(absl::StrCat("editions/e/projects/", id));
    pb::Project deleted;
    ASSERT_TRUE(catalog_->Delete(operator_, request, &deleted).ok());
  }
};
INSTANTIATE_TEST_SUITE_P(Store, ListTest, testing::Values("memory", "sqlite"), StoreName);

TEST_P(CatalogTest, GetShowsWhatCreateReturned) {
  const pb::Project made = Make("a");
  const auto read = Get("a");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->SerializeAsString(), made.SerializeAsString());
}

TEST_P(CatalogTest, WhatIsReadEncodedIsWhatIsRead) {
  const pb::Project made = Make("a");
  auto records = store_->Scan("", "", 100);
  ASSERT_TRUE(records.ok());
  for (Record& record : *records) {
    if (catalog_->NameOf(record.key) != made.name()) continue;
    const auto encoded = catalog_->ReadEncoded(record);
    ASSERT_TRUE(encoded.ok()) << encoded.status();
    pb::ProjectChange change;
    AddEncoded(pb::ProjectChange::kProjectFieldNumber, *encoded, &change);
    pb::ProjectChange read;
    ASSERT_TRUE(read.ParseFromString(change.SerializeAsString()));
    EXPECT_EQ(read.project().SerializeAsString(), made.SerializeAsString());
    // Tokens are remembered for 64 revisions.
    for (const Revision further : {1, 64, 0, 128, 64}) {
      Record other = record;
      other.revision += further;
      pb::Project project;
      ASSERT_TRUE(project.ParseFromString(*catalog_->ReadEncoded(other)));
      EXPECT_EQ(project.SerializeAsString(), (*catalog_->Read(other))->SerializeAsString());
    }
    record.value.resize(record.value.size() - 1);
    EXPECT_EQ(ReasonOf(catalog_->ReadEncoded(record).status()), "INTERNAL");
    return;
  }
  FAIL() << "no record of " << made.name();
}

TEST_P(CatalogTest, GetNamesWhatIsMissing) {
  const auto read = Get("nobody");
  EXPECT_EQ(read.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReasonOf(read.status()), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(MetadataOf(read.status(), "resource"), "editions/e/projects/nobody");
}

TEST_P(CatalogTest, GetInAnUnknownEditionSaysSo) {
  pb::GetProjectRequest request;
  request.set_name("editions/unknown/projects/a");
  pb::Project project;
  EXPECT_EQ(ReasonOf(catalog_->Get(operator_, request, &project)), "EDITION_NOT_FOUND");
}

TEST_P(CatalogTest, NobodyReachesAnotherEditionThanTheirOwn) {
  Make("a");
  const Caller stranger{"s", CallerSide::kOrganiser, "editions/other", {}};
  pb::GetProjectRequest request;
  request.set_name("editions/e/projects/a");
  pb::Project project;
  const absl::Status status = catalog_->Get(stranger, request, &project);
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(MetadataOf(status, "method"), "GetProject");
}

TEST_P(CatalogTest, BatchGetReturnsAllInTheOrderAskedFor) {
  Make("a");
  Make("b");
  pb::BatchGetProjectsRequest request;
  request.set_parent("editions/e");
  for (const char* id : {"b", "a", "b"}) request.add_names(absl::StrCat("editions/e/projects/", id));
  pb::BatchGetProjectsResponse response;
  ASSERT_TRUE(catalog_->BatchGet(operator_, request, &response).ok());
  ASSERT_EQ(response.projects_size(), 3);
  EXPECT_EQ(response.projects(0).name(), "editions/e/projects/b");
  EXPECT_EQ(response.projects(1).name(), "editions/e/projects/a");
}

TEST_P(CatalogTest, BatchGetNamesEveryMissingOneAndReturnsNone) {
  Make("a");
  pb::BatchGetProjectsRequest request;
  request.set_parent("editions/e");
  for (const char* id : {"x", "a", "y"}) request.add_names(absl::StrCat("editions/e/projects/", id));
  pb::BatchGetProjectsResponse response;
  const absl::Status status = catalog_->BatchGet(operator_, request, &response);
  EXPECT_EQ(ReasonOf(status), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(MetadataOf(status, "resource"), "editions/e/projects/x,editions/e/projects/y");
  EXPECT_EQ(response.projects_size(), 0);
}

TEST_P(CatalogTest, BatchGetRefusesNamesOfAnotherEdition) {
  pb::BatchGetProjectsRequest request;
  request.set_parent("editions/e");
  request.add_names("editions/f/projects/a");
  pb::BatchGetProjectsResponse response;
  EXPECT_THAT(FieldsOf(catalog_->BatchGet(operator_, request, &response)), ElementsAre("names[0]"));
}

TEST_P(ListTest, PagesAreOrderedByNameAndComplete) {
  for (const char* id : {"d", "b", "a-1", "a", "c"}) Make(id);
  auto request = Request(2);
  std::vector<std::string> seen;
  int pages = 0;
  do {
    const auto page = List(request);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const std::string& id : Ids(*page)) seen.push_back(id);
    request.set_page_token(page->next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_THAT(seen, ElementsAre("a", "a-1", "b", "c", "d"));
  EXPECT_EQ(pages, 3);
}

TEST_P(ListTest, AFullLastPageHasNoNextOne) {
  for (const char* id : {"a", "b"}) Make(id);
  EXPECT_EQ(List(Request(2))->next_page_token(), "");
}

TEST_P(ListTest, DeletedOnesShowOnDemandOnly) {
  for (const char* id : {"a", "b", "c"}) Make(id);
  Delete("b");
  EXPECT_THAT(Ids(*List(Request(2))), ElementsAre("a", "c"));
  EXPECT_EQ(List(Request(2))->next_page_token(), "");
  auto request = Request(0);
  request.set_show_deleted(true);
  EXPECT_THAT(Ids(*List(request)), ElementsAre("a", "b", "c"));
}

TEST_P(ListTest, EditionsDoNotMix) {
  Make("a");
  pb::CreateProjectRequest request;
  request.set_parent("editions/e-2");
  request.set_project_id("z");
  *request.mutable_project() = Valid();
  pb::Project made;
  ASSERT_TRUE(Create(request, &made).ok());
  EXPECT_THAT(Ids(*List(Request(0))), ElementsAre("a"));
}

TEST_P(ListTest, APageTokenIsBoundToItsArguments) {
  for (const char* id : {"a", "b"}) Make(id);
  auto request = Request(1);
  const std::string token = List(request)->next_page_token();
  request.set_page_token(token);
  request.set_show_deleted(true);
  EXPECT_EQ(ReasonOf(List(request).status()), "PAGE_TOKEN_INVALID");
  request = Request(1);
  request.set_page_token(token);
  request.set_parent("editions/f");
  EXPECT_EQ(ReasonOf(List(request).status()), "PAGE_TOKEN_INVALID");
  request.set_parent("editions/e");
  EXPECT_THAT(Ids(*List(request)), ElementsAre("b"));
  request.set_page_token("forged");
  EXPECT_EQ(ReasonOf(List(request).status()), "PAGE_TOKEN_INVALID");
}

TEST_P(ListTest, AnUnknownEditionIsNotAnEmptyOne) {
  auto request = Request(1);
  request.set_parent("editions/unknown");
  EXPECT_EQ(ReasonOf(List(request).status()), "EDITION_NOT_FOUND");
  request.set_parent("editions/known");
  EXPECT_EQ(List(request)->projects_size(), 0);
}

TEST_P(ListTest, PagesStayBelowTheLimitOfAMessage) {
  for (int i = 0; i < 40; ++i) {
    pb::CreateProjectRequest request;
    request.set_parent("editions/e");
    request.set_project_id(absl::StrCat("p", 100 + i));
    *request.mutable_project() = Valid();
    for (const char* language : {"zh", "de", "fr", "es", "it", "pt"}) {
      auto* text = request.mutable_project()->add_texts();
      text->set_language_code(language);
      text->set_title("t");
      text->set_description(std::string(20000, 'x'));
    }
    pb::Project made;
    ASSERT_TRUE(Create(request, &made).ok());
  }
  auto request = Request(500);
  int seen = 0;
  do {
    const auto page = List(request);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_LT(page->ByteSizeLong(), size_t{4} << 20);
    seen += page->projects_size();
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(seen, 40);
}

}  // namespace
}  // namespace tandem::catalog
