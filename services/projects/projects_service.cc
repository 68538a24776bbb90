#include "services/projects/projects_service.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "common/rpc/serve.h"
#include "common/rpc/watch.h"
#include "common/rpc/worker_service.h"
#include "services/projects/project_rules.h"

namespace tandem::projects {
namespace {

using catalog::Catalog;
using ServerContext = grpc::ServerContextBase;
using grpc::Status;
using v1::Project;

class ProjectsService final : public rpc::WorkerService<v1::ProjectService> {
 public:
  ProjectsService(std::unique_ptr<Catalog> catalog, const Options& options)
      : WorkerService(rpc::WorkersFor(options.watches)), catalog_(std::move(catalog)), options_(options) {
    On("CreateProject", &ProjectsService::CreateProject, Pool::kWaiting);
    On("GetProject", &ProjectsService::GetProject);
    On("BatchGetProjects", &ProjectsService::BatchGetProjects);
    On("ListProjects", &ProjectsService::ListProjects);
    On("UpdateProject", &ProjectsService::UpdateProject);
    On("DeleteProject", &ProjectsService::DeleteProject);
    On("UndeleteProject", &ProjectsService::UndeleteProject);
    On("SubmitProject", &ProjectsService::SubmitProject);
    On("ReviewProject", &ProjectsService::ReviewProject);
    On("PauseProject", &ProjectsService::PauseProject);
    On("ResumeProject", &ProjectsService::ResumeProject);
    On("WithdrawProject", &ProjectsService::WithdrawProject);
    On("BatchUpsertProjects", &ProjectsService::BatchUpsertProjects, Pool::kWaiting);
    On("WatchProjects", &ProjectsService::WatchProjects, Pool::kWatches);
  }

  Status CreateProject(ServerContext* context, const v1::CreateProjectRequest* request, Project* response) {
    return Serve(context, request, response, [&](const Caller& caller) {
      return catalog_->Create(caller, rpc::DeadlineOf(*context), *request, response);
    });
  }
  Status GetProject(ServerContext* context, const v1::GetProjectRequest* request, Project* response) {
    return Serve(context, request, response,
                 [&](const Caller& caller) { return catalog_->Get(caller, *request, response); });
  }
  Status BatchGetProjects(ServerContext* context, const v1::BatchGetProjectsRequest* request,
                          v1::BatchGetProjectsResponse* response) {
    return Serve(context, request, response,
                 [&](const Caller& caller) { return catalog_->BatchGet(caller, *request, response); });
  }
  Status ListProjects(ServerContext* context, const v1::ListProjectsRequest* request,
                      v1::ListProjectsResponse* response) {
    return Serve(context, request, response,
                 [&](const Caller& caller) { return catalog_->List(caller, *request, response); });
  }
  Status UpdateProject(ServerContext* context, const v1::UpdateProjectRequest* request, Project* response) {
    return Serve(context, request, response,
                 [&](const Caller& caller) { return catalog_->Update(caller, *request, response); });
  }
  Status DeleteProject(ServerContext* context, const v1::DeleteProjectRequest* request, Project* response) {
    return Serve(context, request, response,
                 [&](const Caller& caller) { return catalog_->Delete(caller, *request, response); });
  }
  Status UndeleteProject(ServerContext* context, const v1::UndeleteProjectRequest* request, Project* response) {
    return Serve(context, request, response,
                 [&](const Caller& caller) { return catalog_->Undelete(caller, *request, response); });
  }
  Status SubmitProject(ServerContext* context, const v1::SubmitProjectRequest* request, Project* response) {
    return Step(context, "submit", request, response);
  }
  Status ReviewProject(ServerContext* context, const v1::ReviewProjectRequest* request, Project* response) {
    return Serve(context, request, response, [&](const Caller& caller) {
      const bool reject = request->decision() == v1::ReviewProjectRequest::DECISION_REJECT;
      std::vector<FieldViolation> violations;
      if (reject && request->reason().empty())
        violations.push_back({"reason", "is required to reject: the owner reads it"});
      return catalog_->TakeStep(caller, reject ? "reject" : "publish", *request, response, request->reason(),
                                std::move(violations));
    });
  }
  Status PauseProject(ServerContext* context, const v1::PauseProjectRequest* request, Project* response) {
    return Step(context, "pause", request, response);
  }
  Status ResumeProject(ServerContext* context, const v1::ResumeProjectRequest* request, Project* response) {
    return Step(context, "resume", request, response);
  }
  Status WithdrawProject(ServerContext* context, const v1::WithdrawProjectRequest* request, Project* response) {
    return Step(context, "withdraw", request, response);
  }
  Status BatchUpsertProjects(ServerContext* context, const v1::BatchUpsertProjectsRequest* request,
                             v1::BatchUpsertProjectsResponse* response) {
    return Serve(context, request, response, [&](const Caller& caller) {
      return catalog_->BatchUpsert(caller, rpc::DeadlineOf(*context), request->publish(), *request, response);
    });
  }

  Status WatchProjects(ServerContext* context, const v1::WatchProjectsRequest* request,
                       rpc::StreamWriter<v1::WatchProjectsResponse>* writer) {
    const auto caller = rpc::Admit(*context, *request);
    if (!caller.ok()) return rpc::ToGrpc(caller.status());
    const auto prefix = catalog_->WatchPrefix(*caller, *request);
    if (!prefix.ok()) return rpc::ToGrpc(prefix.status());
    feed::WatchCursor::Options watch;
    watch.store = options_.store;
    watch.source = kSource;
    watch.keys = options_.keys;
    watch.prefixes = {*prefix};
    watch.resume_token = request->resume_token();
    feed::WatchCursor cursor(std::move(watch));
    return rpc::ServeWatch(context, writer, &cursor, options_.watches,
                           [this](std::vector<feed::RawItem> items, v1::WatchProjectsResponse* response) {
                             return Convert(std::move(items), response);
                           });
  }

 private:
  // The catalog reports what breaks the contract's rules together with what breaks its own, so it validates.
  template <typename Request, typename Response, typename Work>
  static Status Serve(ServerContext* context, const Request* request, Response* response, const Work& work) {
    rpc::ServeOptions options;
    options.validated_by_work = true;
    return rpc::Serve(
        context, *request, response, [&](const Caller& caller, const Request&) { return work(caller); }, options);
  }

  template <typename Request>
  Status Step(ServerContext* context, absl::string_view step, const Request* request, Project* response) {
    return Serve(context, request, response,
                 [&](const Caller& caller) { return catalog_->TakeStep(caller, step, *request, response); });
  }

  absl::Status Convert(std::vector<feed::RawItem> items, v1::WatchProjectsResponse* response) const {
    for (feed::RawItem& item : items) {
      if (!item.value.has_value()) continue;  // projects are never removed
      auto* change = response->add_changes();
      change->set_revision(item.revision);
      TANDEM_ASSIGN_OR_RETURN(std::string project,
                              catalog_->ReadEncoded({std::move(item.key), *std::move(item.value), item.revision, 0}));
      catalog::AddEncoded(v1::ProjectChange::kProjectFieldNumber, std::move(project), change);
    }
    return absl::OkStatus();
  }

  const std::unique_ptr<Catalog> catalog_;
  const Options options_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<v1::ProjectService::Service>> NewProjectsService(Options options) {
  Catalog::Options of_catalog;
  of_catalog.collection = ProjectCollection();
  of_catalog.store = options.store;
  of_catalog.keys = options.keys;
  of_catalog.clock = options.clock;
  of_catalog.source = kSource;
  of_catalog.edition_check = options.edition_check;
  of_catalog.status_to_proto = [](const absl::Status& status) { return rpc::ToProto(status); };
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<Catalog> opened, Catalog::Open(std::move(of_catalog)));
  return std::unique_ptr<v1::ProjectService::Service>(std::make_unique<ProjectsService>(std::move(opened), options));
}

}  // namespace tandem::projects
