#include "tests/unit/common/catalog/catalog_fixture.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"

#include "common/storage/memory/memory_store.h"
#include "common/storage/sqlite/sqlite_store.h"

namespace tandem::catalog {
namespace {

class ProjectRules final : public Rules {
 public:
  void Check(const Message& resource, absl::string_view path, std::vector<FieldViolation>* violations) const override {
    const auto& project = static_cast<const pb::Project&>(resource);
    if (project.organisation() == "forbidden")
      violations->push_back({absl::StrCat(path, ".organisation"), "is forbidden"});
  }
  // A new TRL is noted beside the project, by whom; one of 9 is refused.
  absl::Status Effects(RecordStore* /*store*/, const PlannedChange& change, Transaction* transaction) const override {
    const int trl = static_cast<const pb::Project&>(*change.after).trl();
    if (trl == static_cast<const pb::Project&>(*change.before).trl()) return absl::OkStatus();
    if (trl == 9) return MakeError(absl::StatusCode::kFailedPrecondition, "STATE_CONFLICT", "not at once", {});
    transaction->writes.push_back(Write::PutUnlogged("noted", absl::StrCat(change.caller->actor, ":", trl)));
    return absl::OkStatus();
  }
};

Collection Projects() {
  static const ProjectRules rules;
  Collection projects;
  projects.singular = "project";
  projects.plural = "projects";
  projects.pattern = "editions/{edition}/projects/{project}";
  projects.prototype = &pb::Project::default_instance();
  projects.writer = CallerSide::kProject;
  projects.initial_state = pb::Project::STATE_DRAFT;
  projects.live_state = pb::Project::STATE_PUBLISHED;
  projects.promoted = {pb::Project::STATE_DRAFT, pb::Project::STATE_IN_REVIEW};
  projects.steps = {
      {"submit", {pb::Project::STATE_DRAFT, pb::Project::STATE_REJECTED}, pb::Project::STATE_IN_REVIEW, false},
      {"publish", {pb::Project::STATE_IN_REVIEW}, pb::Project::STATE_PUBLISHED, true},
      {"pause", {pb::Project::STATE_PUBLISHED}, pb::Project::STATE_PAUSED, false},
  };
  projects.rules = &rules;
  return projects;
}

}  // namespace

absl::StatusOr<std::optional<Record>> InterruptedStore::Get(absl::string_view key) {
  ++reads;
  auto record = store_->Get(key);
  if (after_get) {
    const auto callback = std::exchange(after_get, nullptr);
    callback(key);
    after_get = callback;
  }
  return record;
}

std::vector<CommitOutcome> InterruptedStore::Commit(std::vector<Transaction> transactions) {
  ++commits;
  if (before_commit) {
    const auto callback = std::exchange(before_commit, nullptr);
    callback();
    before_commit = callback;
  }
  if (!fail_commits.ok()) return std::vector<CommitOutcome>(transactions.size(), CommitOutcome{fail_commits, 0, -1});
  std::vector<CommitOutcome> outcomes;
  std::vector<Transaction> good;
  std::vector<size_t> places;
  for (size_t i = 0; i < transactions.size(); ++i) {
    outcomes.push_back({fail_each ? fail_each(i) : absl::OkStatus(), 0, -1});
    if (!outcomes.back().status.ok()) continue;
    good.push_back(std::move(transactions[i]));
    places.push_back(i);
  }
  const std::vector<CommitOutcome> committed = store_->Commit(std::move(good));
  for (size_t i = 0; i < places.size(); ++i) outcomes[places[i]] = committed[i];
  return outcomes;
}

void CatalogTest::SetUp() {
  std::unique_ptr<RecordStore> store;
  if (GetParam() == std::string("memory")) {
    store = NewMemoryStore();
  } else {
    std::string folder = testing::TempDir() + "catalog_XXXXXX";
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    SqliteOptions options;
    options.path = folder + "/store.db";
    auto opened = OpenSqliteStore(options);
    ASSERT_TRUE(opened.ok()) << opened.status();
    store = *std::move(opened);
  }
  store_ = std::make_unique<InterruptedStore>(std::move(store));
  catalog_ = Open();
}

std::unique_ptr<Catalog> CatalogTest::Open() {
  Catalog::Options options;
  options.collection = Projects();
  options.store = store_.get();
  options.keys = &keys_;
  options.clock = &clock_;
  options.source = "projects";
  options.edition_check = [](absl::string_view edition, absl::string_view, Deadline) {
    if (edition != "unknown") return absl::OkStatus();
    return MakeError(absl::StatusCode::kNotFound, "EDITION_NOT_FOUND", "no such edition",
                     {{"edition", "editions/unknown"}});
  };
  auto catalog = Catalog::Open(std::move(options));
  EXPECT_TRUE(catalog.ok()) << catalog.status();
  return *std::move(catalog);
}

pb::Project CatalogTest::Valid(const std::string& title) {
  pb::Project project;
  auto* text = project.add_texts();
  text->set_language_code("en");
  text->set_title(title);
  return project;
}

pb::Project CatalogTest::Make(const std::string& id, const std::string& external_id) {
  pb::CreateProjectRequest request;
  request.set_parent("editions/e");
  request.set_project_id(id);
  *request.mutable_project() = Valid();
  request.mutable_project()->set_external_id(external_id);
  pb::Project made;
  const absl::Status status = Create(request, &made);
  EXPECT_TRUE(status.ok()) << status;
  return made;
}

absl::Status CatalogTest::Create(const pb::CreateProjectRequest& request, pb::Project* response) {
  return catalog_->Create(operator_, Soon(), request, response);
}

absl::StatusOr<pb::Project> CatalogTest::Get(const std::string& id) {
  pb::GetProjectRequest request;
  request.set_name(absl::StrCat("editions/e/projects/", id));
  pb::Project project;
  TANDEM_RETURN_IF_ERROR(catalog_->Get(operator_, request, &project));
  return project;
}

absl::Status CatalogTest::Step(const std::string& verb, const std::string& id, pb::Project* response) {
  pb::SubmitProjectRequest request;
  request.set_name(absl::StrCat("editions/e/projects/", id));
  return catalog_->TakeStep(operator_, verb, request, response);
}

absl::StatusOr<pb::BatchUpsertProjectsResponse> CatalogTest::Import(const pb::BatchUpsertProjectsRequest& request,
                                                                    bool promote) {
  pb::BatchUpsertProjectsResponse response;
  TANDEM_RETURN_IF_ERROR(catalog_->BatchUpsert(operator_, Soon(), promote, request, &response));
  return response;
}

pb::BatchUpsertProjectsRequest CatalogTest::Batch(const std::vector<std::string>& external_ids,
                                                  const std::string& title) {
  pb::BatchUpsertProjectsRequest request;
  request.set_parent("editions/e");
  for (const std::string& external_id : external_ids) {
    *request.add_projects() = Valid(title);
    request.mutable_projects()->rbegin()->set_external_id(external_id);
  }
  return request;
}

int CatalogTest::Changes() {
  const auto changes = store_->Changes(0, 1000000);
  EXPECT_TRUE(changes.ok()) << changes.status();
  return static_cast<int>(changes->changes.size());
}

std::string ReasonOf(const absl::Status& status) { return GetErrorDetail(status).reason; }

std::string MetadataOf(const absl::Status& status, const std::string& key) {
  for (const auto& [name, value] : GetErrorDetail(status).metadata) {
    if (name == key) return value;
  }
  return "<none>";
}

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const auto& violation : GetErrorDetail(status).violations) fields.push_back(violation.field);
  return fields;
}

}  // namespace tandem::catalog
