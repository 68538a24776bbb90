#include "absl/strings/str_cat.h"

#include "tests/integration/services/servers_fixture.h"

namespace tandem {
namespace {

namespace pb = projects::v1;
using testing::ElementsAre;

class ProjectsTest : public ServersTest {
 protected:
  void SetUp() override {
    ServersTest::SetUp();
    token_ = MakeEdition("ciep2027");
  }
  pb::Project Make(const std::string& id) {
    pb::CreateProjectRequest request;
    request.set_parent("editions/ciep2027");
    request.set_project_id(id);
    *request.mutable_project() = ValidProject();
    request.set_consistency_token(token_);
    pb::Project made;
    const grpc::Status status = projects_->CreateProject(Context().get(), request, &made);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return made;
  }
  // Any of the requests that carry nothing but a name.
  template <typename Request>
  static Request Named(const std::string& id) {
    Request request;
    request.set_name(absl::StrCat("editions/ciep2027/projects/", id));
    return request;
  }
  grpc::Status Review(const std::string& id, pb::ReviewProjectRequest::Decision decision, const std::string& reason,
                      const std::string& side = "") {
    auto request = Named<pb::ReviewProjectRequest>(id);
    request.set_decision(decision);
    request.set_reason(reason);
    return projects_->ReviewProject(Context(side).get(), request, &project_);
  }

  std::string token_;
  pb::Project project_;
};

TEST_F(ProjectsTest, AProjectGoesItsWay) {
  Make("a");
  ASSERT_TRUE(projects_->SubmitProject(Context("project").get(), Named<pb::SubmitProjectRequest>("a"), &project_).ok());
  EXPECT_EQ(Review("a", pb::ReviewProjectRequest::DECISION_PUBLISH, "", "project").error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_THAT(FieldsOf(Review("a", pb::ReviewProjectRequest::DECISION_REJECT, "")), ElementsAre("reason"));
  ASSERT_TRUE(Review("a", pb::ReviewProjectRequest::DECISION_REJECT, "Please add a summary").ok());
  EXPECT_EQ(project_.state(), pb::Project::STATE_REJECTED);
  EXPECT_EQ(project_.review_note(), "Please add a summary");
  ASSERT_TRUE(projects_->SubmitProject(Context().get(), Named<pb::SubmitProjectRequest>("a"), &project_).ok());
  ASSERT_TRUE(Review("a", pb::ReviewProjectRequest::DECISION_PUBLISH, "", "organiser").ok());
  ASSERT_TRUE(projects_->PauseProject(Context().get(), Named<pb::PauseProjectRequest>("a"), &project_).ok());
  ASSERT_TRUE(projects_->ResumeProject(Context().get(), Named<pb::ResumeProjectRequest>("a"), &project_).ok());
  EXPECT_EQ(project_.state(), pb::Project::STATE_PUBLISHED);
  ASSERT_TRUE(projects_->WithdrawProject(Context().get(), Named<pb::WithdrawProjectRequest>("a"), &project_).ok());
  const grpc::Status status =
      projects_->ResumeProject(Context().get(), Named<pb::ResumeProjectRequest>("a"), &project_);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(MetadataOf(status, "state"), "WITHDRAWN");
}

TEST_F(ProjectsTest, ReadsShowEveryWrite) {
  Make("a");
  Make("b");
  pb::UpdateProjectRequest update;
  update.mutable_project()->set_name("editions/ciep2027/projects/a");
  update.mutable_project()->set_organisation("Helios");
  ASSERT_TRUE(projects_->UpdateProject(Context().get(), update, &project_).ok());
  pb::Project read;
  ASSERT_TRUE(projects_->GetProject(Context().get(), Named<pb::GetProjectRequest>("a"), &read).ok());
  EXPECT_EQ(read.SerializeAsString(), project_.SerializeAsString());
  pb::BatchGetProjectsRequest several;
  several.set_parent("editions/ciep2027");
  several.add_names("editions/ciep2027/projects/b");
  several.add_names("editions/ciep2027/projects/a");
  pb::BatchGetProjectsResponse both;
  ASSERT_TRUE(projects_->BatchGetProjects(Context().get(), several, &both).ok());
  EXPECT_EQ(both.projects(1).organisation(), "Helios");
  ASSERT_TRUE(projects_->DeleteProject(Context().get(), Named<pb::DeleteProjectRequest>("a"), &project_).ok());
  pb::ListProjectsRequest list;
  list.set_parent("editions/ciep2027");
  pb::ListProjectsResponse page;
  ASSERT_TRUE(projects_->ListProjects(Context().get(), list, &page).ok());
  EXPECT_EQ(page.projects_size(), 1);
  ASSERT_TRUE(projects_->UndeleteProject(Context().get(), Named<pb::UndeleteProjectRequest>("a"), &project_).ok());
  ASSERT_TRUE(projects_->ListProjects(Context().get(), list, &page).ok());
  EXPECT_EQ(page.projects_size(), 2);
}

TEST_F(ProjectsTest, AnImportTellsTheDetailsOfEachItem) {
  pb::BatchUpsertProjectsRequest request;
  request.set_parent("editions/ciep2027");
  request.set_publish(true);
  request.set_consistency_token(token_);
  for (const char* id : {"p-1", "p-2"}) {
    *request.add_projects() = ValidProject();
    request.mutable_projects()->rbegin()->set_external_id(id);
  }
  request.mutable_projects(1)->set_trl(12);
  pb::BatchUpsertProjectsResponse response;
  ASSERT_TRUE(projects_->BatchUpsertProjects(Context().get(), request, &response).ok());
  EXPECT_EQ(response.results(0).outcome(), pb::BatchUpsertProjectsResult::OUTCOME_CREATED);
  EXPECT_EQ(response.results(1).status().code(), 3);
  EXPECT_EQ(response.results(1).status().details_size(), 2);  // ErrorInfo and BadRequest
  EXPECT_NE(response.consistency_token(), "");
}

TEST_F(ProjectsTest, AWatchBeginsWithASnapshotAndGoesOnWithChanges) {
  Make("a");
  MakeEdition("other");
  pb::WatchProjectsRequest request;
  request.set_parent("editions/ciep2027");
  auto context = Context();
  auto stream = projects_->WatchProjects(context.get(), request);
  std::vector<std::string> snapshot, changes;
  std::string resume;
  bool written = false;
  pb::WatchProjectsResponse response;
  while (changes.empty() && stream->Read(&response)) {
    for (const auto& change : response.changes()) {
      (response.phase() == type::v1::WATCH_PHASE_SNAPSHOT ? snapshot : changes).push_back(change.project().name());
      EXPECT_NE(change.project().etag(), "");
      EXPECT_GT(change.revision(), 0);
    }
    if (response.phase() == type::v1::WATCH_PHASE_PROGRESS && !std::exchange(written, true)) {
      resume = response.resume_token();
      Make("b");
    }
  }
  context->TryCancel();
  EXPECT_THAT(snapshot, ElementsAre("editions/ciep2027/projects/a"));
  EXPECT_THAT(changes, ElementsAre("editions/ciep2027/projects/b"));

  request.set_resume_token(resume);
  auto again = Context();
  auto resumed = projects_->WatchProjects(again.get(), request);
  ASSERT_TRUE(resumed->Read(&response));
  EXPECT_EQ(response.phase(), type::v1::WATCH_PHASE_CHANGES);
  EXPECT_EQ(response.changes(0).project().name(), "editions/ciep2027/projects/b");
  again->TryCancel();
}

TEST_F(ProjectsTest, AWatchOfAnUnknownEditionIsRefusedAtOnce) {
  Make("a");  // so that the editions are known
  pb::WatchProjectsRequest request;
  request.set_parent("editions/mistyped");
  auto context = Context();
  auto stream = projects_->WatchProjects(context.get(), request);
  pb::WatchProjectsResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(ReasonOf(stream->Finish()), "EDITION_NOT_FOUND");
}

TEST_F(ProjectsTest, AWatchOfAllEditionsIsNotForOneEditionsCaller) {
  pb::WatchProjectsRequest request;
  request.set_parent("editions/-");
  auto context = Context("organiser", "editions/ciep2027");
  auto stream = projects_->WatchProjects(context.get(), request);
  pb::WatchProjectsResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(ProjectsTest, CreationWaitsForTheEditionItIsToldOf) {
  for (int i = 0; i < 20; ++i) {
    pb::CreateProjectRequest request;
    request.set_parent(absl::StrCat("editions/e", i));
    *request.mutable_project() = ValidProject();
    request.set_consistency_token(MakeEdition(absl::StrCat("e", i)));
    const grpc::Status status = projects_->CreateProject(Context().get(), request, &project_);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }
}

}  // namespace
}  // namespace tandem
