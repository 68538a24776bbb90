#include "services/projects/project_rules.h"

#include "common/catalog/references.h"
#include "tandem/projects/v1/project.pb.h"

namespace tandem::projects {
namespace {

using v1::Project;

class ProjectRules final : public catalog::Rules {
 public:
  void Check(const google::protobuf::Message& resource, absl::string_view path,
             std::vector<FieldViolation>* violations) const override {
    const auto& project = static_cast<const Project&>(resource);
    catalog::CheckOriginal(project.texts(), path, violations);
  }
};

}  // namespace

catalog::Collection ProjectCollection() {
  static const ProjectRules rules;
  catalog::Collection projects;
  projects.singular = "project";
  projects.plural = "projects";
  projects.pattern = "editions/{edition}/projects/{project}";
  projects.prototype = &Project::default_instance();
  projects.writer = CallerSide::kProject;
  projects.initial_state = Project::STATE_DRAFT;
  projects.steps = {
      {"submit", {Project::STATE_DRAFT, Project::STATE_REJECTED}, Project::STATE_IN_REVIEW, false},
      {"publish", {Project::STATE_IN_REVIEW}, Project::STATE_PUBLISHED, true},
      {"reject", {Project::STATE_IN_REVIEW}, Project::STATE_REJECTED, true},
      {"pause", {Project::STATE_PUBLISHED}, Project::STATE_PAUSED, false},
      {"resume", {Project::STATE_PAUSED}, Project::STATE_PUBLISHED, false},
      {"withdraw",
       {Project::STATE_DRAFT, Project::STATE_IN_REVIEW, Project::STATE_PUBLISHED, Project::STATE_REJECTED,
        Project::STATE_PAUSED},
       Project::STATE_WITHDRAWN,
       false},
  };
  projects.live_state = Project::STATE_PUBLISHED;
  projects.promoted = {Project::STATE_DRAFT, Project::STATE_IN_REVIEW};
  projects.rules = &rules;
  return projects;
}

}  // namespace tandem::projects
