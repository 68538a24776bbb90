// What every service refuses: with all violations at once, and without changing anything.
#include <functional>
#include <grpcpp/generic/generic_stub.h>

#include "absl/strings/str_cat.h"

#include "tests/integration/services/servers_fixture.h"

namespace tandem {
namespace {

using projects::v1::BatchUpsertProjectsRequest;
using projects::v1::CreateProjectRequest;
using projects::v1::ListProjectsRequest;
using projects::v1::Project;
using projects::v1::UpdateProjectRequest;

constexpr char kRequestId[] = "0f8fad5b-d9cb-469f-a165-70867728950e";

class BadInputTest : public ServersTest {
 protected:
  void SetUp() override {
    ServersTest::SetUp();
    CreateProjectRequest request = Request("a");
    request.set_consistency_token(MakeEdition("ciep2027"));
    request.set_request_id(kRequestId);
    const grpc::Status status = projects_->CreateProject(Context().get(), request, &made_);
    ASSERT_TRUE(status.ok()) << status.error_message();
    head_ = projects_at_.Head();
  }
  void TearDown() override {
    EXPECT_EQ(projects_at_.Head(), head_) << "something was written";
    ServersTest::TearDown();
  }
  static CreateProjectRequest Request(const std::string& id) {
    CreateProjectRequest request;
    request.set_parent("editions/ciep2027");
    request.set_project_id(id);
    *request.mutable_project() = ValidProject();
    return request;
  }
  grpc::Status Create(const CreateProjectRequest& request) {
    return projects_->CreateProject(Context().get(), request, &project_);
  }

  Project made_;
  Project project_;
  Revision head_ = 0;
};

TEST_F(BadInputTest, BadFieldsAreNamed) {
  struct Case {
    const char* field;
    std::function<void(Project*)> spoil;
  };
  const Case cases[] = {
      {"project.stage_of_development",
       [](Project* p) { p->set_stage_of_development(static_cast<type::v1::StageOfDevelopment>(99)); }},
      {"project.organisation", [](Project* p) { p->set_organisation(std::string("a\0b", 3)); }},
      {"project.keywords",
       [](Project* p) {
         for (int i = 0; i < 5000; ++i) p->add_keywords(absl::StrCat("k", i));
       }},
      {"project.ask.target_minor",
       [](Project* p) { p->mutable_ask()->set_currency_code("CNY"), p->mutable_ask()->set_target_minor(-1); }},
      {"project.ask.currency_code", [](Project* p) { p->mutable_ask()->set_currency_code("XXQ"); }},
      {"project.place.country_code", [](Project* p) { p->mutable_place()->set_country_code("QQ"); }},
      {"project.wishes[0]", [](Project* p) { p->add_wishes(); }},
      {"project.prior_investors[0].name",
       [](Project* p) { p->add_prior_investors()->set_name("editions/other/investors/x"); }},
  };
  for (const Case& bad : cases) {
    CreateProjectRequest request = Request("b");
    bad.spoil(request.mutable_project());
    const grpc::Status status = Create(request);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << bad.field;
    EXPECT_EQ(ReasonOf(status), "FIELD_INVALID") << bad.field;
    EXPECT_THAT(FieldsOf(status), testing::ElementsAre(bad.field));
  }
}

TEST_F(BadInputTest, ARangeTheWrongWayRoundIsRefused) {
  CreateProjectRequest request = Request("b");
  request.mutable_project()->mutable_ask()->set_currency_code("CNY");
  request.mutable_project()->mutable_ask()->set_min_minor(10);
  request.mutable_project()->mutable_ask()->set_max_minor(5);
  EXPECT_EQ(ReasonOf(Create(request)), "FIELD_INVALID");
}

TEST_F(BadInputTest, AllViolationsComeAtOnce) {
  CreateProjectRequest request = Request("Bad Id");
  request.set_request_id("no uuid");
  request.mutable_project()->set_trl(12);
  request.mutable_project()->set_founded_date("2027-02-30");
  request.mutable_project()->add_wishes();
  *request.mutable_project()->add_texts() = request.project().texts(0);
  request.mutable_project()->mutable_texts(1)->set_language_code("de");
  EXPECT_THAT(FieldsOf(Create(request)),
              testing::UnorderedElementsAre("project_id", "request_id", "project.trl", "project.founded_date",
                                            "project.wishes[0]", "project.texts"));
}

TEST_F(BadInputTest, PageTokensCannotBeForgedOrBorrowed) {
  ListProjectsRequest request;
  request.set_parent("editions/ciep2027");
  projects::v1::ListProjectsResponse page;
  for (const std::string& token : {std::string("forged"), made_.consistency_token(), made_.etag()}) {
    request.set_page_token(token);
    EXPECT_EQ(ReasonOf(projects_->ListProjects(Context().get(), request, &page)), "PAGE_TOKEN_INVALID") << token;
  }
}

TEST_F(BadInputTest, TokensAreNotInterchangeable) {
  CreateProjectRequest request = Request("b");
  request.set_consistency_token("forged");
  EXPECT_EQ(ReasonOf(Create(request)), "CONSISTENCY_TOKEN_INVALID");
}

TEST_F(BadInputTest, AStaleEtagIsRefused) {
  UpdateProjectRequest request;
  request.mutable_project()->set_name(made_.name());
  request.mutable_project()->set_organisation("Helios");
  request.mutable_project()->set_etag("stale");
  const grpc::Status status = projects_->UpdateProject(Context().get(), request, &project_);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(MetadataOf(status, "current"), made_.etag());
}

TEST_F(BadInputTest, AnUnknownEditionIsNamed) {
  CreateProjectRequest request = Request("b");
  request.set_parent("editions/nowhere");
  const grpc::Status status = Create(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(ReasonOf(status), "EDITION_NOT_FOUND");
  EXPECT_EQ(MetadataOf(status, "edition"), "editions/nowhere");
}

TEST_F(BadInputTest, AReusedRequestIdIsRefused) {
  CreateProjectRequest request = Request("b");
  request.set_request_id(kRequestId);
  EXPECT_EQ(ReasonOf(Create(request)), "REQUEST_ID_REUSED");
}

TEST_F(BadInputTest, ACallerOfAnotherEditionIsRefused) {
  EXPECT_EQ(ReasonOf(projects_->CreateProject(Context("organiser", "editions/other").get(), Request("b"), &project_)),
            "PERMISSION_DENIED");
}

TEST_F(BadInputTest, AnEmptyRequestIsRefusedByEveryMethodThatNeedsMore) {
  EXPECT_EQ(ReasonOf(Create({})), "FIELD_INVALID");
  EXPECT_EQ(ReasonOf(projects_->GetProject(Context().get(), {}, &project_)), "FIELD_INVALID");
  EXPECT_EQ(ReasonOf(projects_->UpdateProject(Context().get(), {}, &project_)), "FIELD_INVALID");
  EXPECT_EQ(ReasonOf(projects_->DeleteProject(Context().get(), {}, &project_)), "FIELD_INVALID");
  EXPECT_EQ(ReasonOf(projects_->ReviewProject(Context().get(), {}, &project_)), "FIELD_INVALID");
  projects::v1::BatchUpsertProjectsResponse imported;
  EXPECT_EQ(ReasonOf(projects_->BatchUpsertProjects(Context().get(), {}, &imported)), "FIELD_INVALID");
  projects::v1::BatchGetProjectsResponse several;
  EXPECT_EQ(ReasonOf(projects_->BatchGetProjects(Context().get(), {}, &several)), "FIELD_INVALID");
}

// Undecodable bytes and messages over the limit never reach a handler.
grpc::Status CallRaw(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                     const std::string& bytes) {
  const grpc::Slice slice(bytes);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer response;
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer> stub(channel);
  auto call = stub.PrepareUnaryCall(&context, method, request, &queue);
  call->StartCall();
  grpc::Status status;
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  return status;
}

TEST_F(BadInputTest, WhatGrpcRefusesKeepsItsOwnStatus) {
  const std::string method = "/tandem.projects.v1.ProjectService/CreateProject";
  CreateProjectRequest request = Request("b");
  request.mutable_project()->set_organisation("valid");
  std::string bytes = request.SerializeAsString();
  bytes.replace(bytes.find("valid"), 5, "\xff\xfe\xff\xfe\xff");
  const grpc::Status invalid_utf8 = CallRaw(projects_at_.channel, method, bytes);
  EXPECT_EQ(invalid_utf8.error_code(), grpc::StatusCode::INTERNAL) << invalid_utf8.error_message();
  EXPECT_EQ(ReasonOf(invalid_utf8), "");
  EXPECT_EQ(CallRaw(projects_at_.channel, method, "\x0a\xff\xff\xff\xff").error_code(), grpc::StatusCode::INTERNAL);

  CreateProjectRequest large = Request("b");
  large.mutable_project()->set_organisation(std::string(5 << 20, 'x'));
  const grpc::Status too_large = Create(large);
  EXPECT_EQ(too_large.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED) << too_large.error_message();
  EXPECT_EQ(ReasonOf(too_large), "");
}

}  // namespace
}  // namespace tandem
