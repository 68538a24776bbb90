// Creating, editing, reviewing, pausing, deleting and withdrawing projects.
#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"

#include "services/pairing/market_feed/market_followers.h"
#include "tests/fault/load/record_writes.h"
#include "tests/fault/load/write_kind.h"

namespace tandem::check {
namespace {

using projects::v1::Project;
using projects::v1::ProjectService;
using Stub = ProjectService::Stub;
using pairing::kProjectsSource;

// A field that no ranking knows.
void SetStamp(WriteSession* session, Project* project) {
  project->set_team_size(static_cast<int32_t>(1 + session->NextStamp() % 1'000'000));
}

// Gives `project` another value, or none, in one field, and says which.
const char* ChangeField(const Project& other, size_t which, Project* project) {
  switch (which) {
    case 0:
      project->set_trl(1 + (other.trl() + 3) % 9);
      return "trl";
    case 1:
      if (other.has_ask()) *project->mutable_ask() = other.ask();
      return "ask";
    case 2:
      project->set_stage_of_development(other.stage_of_development());
      return "stage_of_development";
    case 3:
      *project->mutable_sectors() = other.sectors();
      return "sectors";
    case 4:
      if (other.has_place()) *project->mutable_place() = other.place();
      return "place";
    case 5:
      *project->mutable_languages() = other.languages();
      return "languages";
    case 6:
      project->set_funding_round(other.funding_round());
      return "funding_round";
    case 7:
      project->set_organisation(other.organisation());
      return "organisation";
    case 8:
      *project->mutable_wishes() = other.wishes();
      return "wishes";
    default:
      *project->mutable_texts() = other.texts();
      return "texts";
  }
}

class UpdateProject final : public WriteKind {
 public:
  int weight() const override { return 50; }
  void WriteOne(WriteSession* session) override {
    World* const world = session->world();
    Random* const random = session->random();
    const bool contended = random->Percent(15);
    const Known<Project> known = world->projects.Pick(random, contended ? kContended : 0);
    if (known.record == nullptr || known.record->has_delete_time()) return;
    projects::v1::UpdateProjectRequest request;
    Project* const project = request.mutable_project();
    project->set_name(known.record->name());
    const bool bound = contended || random->Percent(20);
    if (bound) project->set_etag(known.record->etag());
    SetStamp(session, project);
    request.mutable_update_mask()->add_paths("team_size");
    if (random->Percent(15)) {
      Retitle(*known.record, session->NextStamp(), project);
      request.mutable_update_mask()->add_paths("texts");
    } else if (random->Percent(35)) {
      request.mutable_update_mask()->add_paths(
          ChangeField(random->Pick(world->templates->projects), random->Below(10), project));
    }
    SendForRecord(session, kProjectsSource, session->clients().projects(), &Stub::UpdateProject, std::move(request),
                  known.record->name(), bound ? known.revision : 0, &world->projects);
  }
};

// A step of whatever state the project is in.
class MoveProject final : public WriteKind {
 public:
  int weight() const override { return 12; }
  void WriteOne(WriteSession* session) override {
    World* const world = session->world();
    const Known<Project> known =
        world->projects.Pick(session->random(), session->random()->Percent(20) ? kContended : 0);
    if (known.record == nullptr) return;
    Stub* const stub = session->clients().projects();
    if (known.record->has_delete_time()) {
      Step<projects::v1::UndeleteProjectRequest>(session, stub, &Stub::UndeleteProject, known);
    } else if (known.record->state() == Project::STATE_PAUSED) {
      Step<projects::v1::ResumeProjectRequest>(session, stub, &Stub::ResumeProject, known);
    } else if (known.record->state() == Project::STATE_PUBLISHED) {
      session->random()->Percent(50)
          ? Step<projects::v1::PauseProjectRequest>(session, stub, &Stub::PauseProject, known)
          : Step<projects::v1::DeleteProjectRequest>(session, stub, &Stub::DeleteProject, known);
    } else {
      Publish(session, known);
    }
  }

  // From a draft on.
  static void Publish(WriteSession* session, Known<Project> known) {
    World* const world = session->world();
    Stub* const stub = session->clients().projects();
    if (known.record->state() == Project::STATE_DRAFT || known.record->state() == Project::STATE_REJECTED) {
      Step<projects::v1::SubmitProjectRequest>(session, stub, &Stub::SubmitProject, known);
      return;
    }
    if (known.record->state() != Project::STATE_IN_REVIEW) return;
    projects::v1::ReviewProjectRequest request;
    request.set_name(known.record->name());
    request.set_etag(known.record->etag());
    const bool reject = session->random()->Percent(10);
    request.set_decision(reject ? projects::v1::ReviewProjectRequest::DECISION_REJECT
                                : projects::v1::ReviewProjectRequest::DECISION_PUBLISH);
    if (reject) request.set_reason("not yet");
    SendForRecord(session, kProjectsSource, stub, &Stub::ReviewProject, std::move(request), known.record->name(),
                  known.revision, &world->projects);
  }

 private:
  template <typename Request>
  static void Step(WriteSession* session, Stub* stub,
                   grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Project*),
                   const Known<Project>& known) {
    SendStep(session, kProjectsSource, stub, method, known, &session->world()->projects);
  }
};

// A new project, or the end of one when there are enough.
class ReplaceProject final : public WriteKind {
 public:
  int weight() const override { return 1; }
  void WriteOne(WriteSession* session) override {
    World* const world = session->world();
    if (world->projects.size() > static_cast<size_t>(world->options->projects)) {
      const Known<Project> known = world->projects.Pick(session->random());
      if (known.record == nullptr || known.record->has_delete_time()) return;
      const auto gone = SendStep(session, kProjectsSource, session->clients().projects(), &Stub::WithdrawProject, known,
                                 &world->projects);
      if (gone.has_value()) world->projects.Remove(gone->name());
      return;
    }
    projects::v1::CreateProjectRequest request;
    request.set_parent(world->edition);
    request.set_consistency_token(world->edition_token);
    const int64_t number = session->NextStamp();
    request.set_project_id(absl::StrCat("made-", number));
    *request.mutable_project() = session->random()->Pick(world->templates->projects);
    request.mutable_project()->set_external_id(absl::StrCat("made-", number));
    SetStamp(session, request.mutable_project());
    const std::string name = absl::StrCat(world->edition, "/projects/", request.project_id());
    const auto made = SendForRecord(session, kProjectsSource, session->clients().projects(), &Stub::CreateProject,
                                    std::move(request), name, 0, &world->projects);
    if (made.has_value()) {
      MoveProject::Publish(session, {std::make_shared<const Project>(*made),
                                     session->RevisionOf(kProjectsSource, made->consistency_token())});
    }
  }
};

}  // namespace

void AddProjectWrites(WriteKinds* kinds) {
  kinds->push_back(std::make_unique<UpdateProject>());
  kinds->push_back(std::make_unique<MoveProject>());
  kinds->push_back(std::make_unique<ReplaceProject>());
}

}  // namespace tandem::check
