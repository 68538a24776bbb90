#include "tests/integration/services/servers_fixture.h"

#include <chrono>

#include "absl/strings/str_cat.h"

#include "common/edition/edition_source.h"
#include "common/rpc/call_context.h"
#include "common/rpc/channel.h"
#include "common/rpc/status_conversion.h"
#include "common/storage/memory/memory_store.h"

namespace tandem {
namespace {

void Serve(std::unique_ptr<grpc::Service> service, const char* name, ServedStore* at, const char* beside = nullptr) {
  at->service = std::move(service);
  rpc::ServerOptions options;
  options.addresses = {"127.0.0.1:0"};
  options.services = {{name, at->service.get()}};
  if (beside != nullptr) options.services.push_back({beside, at->beside.get()});
  options.watches = at->watches.get();
  auto server = rpc::Server::Start(std::move(options));
  ASSERT_TRUE(server.ok()) << server.status();
  at->server = *std::move(server);
  at->server->SetReady(true);
  at->channel = rpc::NewChannel(absl::StrCat("127.0.0.1:", at->server->port()));
}

void Follow(std::shared_ptr<grpc::Channel> editions, const char* own_source, const KeyRing* keys, ServedStore* at) {
  at->directory = std::make_unique<EditionDirectory>(own_source, keys);
  at->source = NewEditionSource(std::move(editions), Caller{own_source, CallerSide::kOperator, "", {}});
  feed::Follower::Options options;
  options.source = at->source.get();
  options.sink = at->directory.get();
  options.positions = at->directory->positions();
  options.keys = keys;
  at->follower = std::make_unique<feed::Follower>(std::move(options));
  at->follower->Start();
}

void Prepare(ServedStore* at) {
  at->store = NewMemoryStore();
  at->watches = std::make_unique<rpc::WatchGate>();
}

catalog::EditionCheck CheckOf(ServedStore* at) {
  return [at](absl::string_view edition, absl::string_view token, catalog::Deadline deadline) {
    return at->directory->Check(edition, token, deadline);
  };
}

void Stop(ServedStore* at) {
  if (at->directory != nullptr) at->directory->Shutdown();
  if (at->follower != nullptr) at->follower->Stop();
  if (at->server != nullptr) at->server->Drain();
}

}  // namespace

void ServersTest::SetUp() {
  for (ServedStore* at : {&editions_at_, &projects_at_, &investors_at_}) Prepare(at);
  pairing::EditionsOptions editions;
  editions.store = editions_at_.store.get();
  editions.keys = &keys_;
  editions.watches = editions_at_.watches.get();
  editions.count = [](const std::string&, const std::string&,
                      catalog::Deadline) -> absl::StatusOr<pairing::v1::Statistics> {
    pairing::v1::Statistics counted;
    counted.set_project_count(3);
    counted.add_features()->set_feature("term:b");
    counted.add_features()->set_feature("term:a");
    return counted;
  };
  auto editions_service = pairing::NewEditionsService(std::move(editions));
  ASSERT_TRUE(editions_service.ok()) << editions_service.status();
  pairing::RepresentativesOptions representatives;
  representatives.store = editions_at_.store.get();
  representatives.keys = &keys_;
  representatives.watches = editions_at_.watches.get();
  auto representatives_service = pairing::NewRepresentativesService(representatives);
  ASSERT_TRUE(representatives_service.ok()) << representatives_service.status();
  editions_at_.beside = *std::move(representatives_service);
  Serve(*std::move(editions_service), pairing::v1::EditionService::service_full_name(), &editions_at_,
        pairing::v1::RepresentativeService::service_full_name());

  Follow(editions_at_.channel, "projects", &keys_, &projects_at_);
  projects::Options projects;
  projects.store = projects_at_.store.get();
  projects.keys = &keys_;
  projects.watches = projects_at_.watches.get();
  projects.edition_check = CheckOf(&projects_at_);
  auto projects_service = projects::NewProjectsService(std::move(projects));
  ASSERT_TRUE(projects_service.ok()) << projects_service.status();
  Serve(*std::move(projects_service), projects::v1::ProjectService::service_full_name(), &projects_at_);

  Follow(editions_at_.channel, "investors", &keys_, &investors_at_);
  investors::Options investors;
  investors.store = investors_at_.store.get();
  investors.keys = &keys_;
  investors.watches = investors_at_.watches.get();
  investors.edition_check = CheckOf(&investors_at_);
  auto investors_service = investors::NewInvestorsService(std::move(investors));
  ASSERT_TRUE(investors_service.ok()) << investors_service.status();
  Serve(*std::move(investors_service), investors::v1::InvestorService::service_full_name(), &investors_at_);

  editions_ = pairing::v1::EditionService::NewStub(editions_at_.channel);
  representatives_ = pairing::v1::RepresentativeService::NewStub(editions_at_.channel);
  projects_ = projects::v1::ProjectService::NewStub(projects_at_.channel);
  investors_ = investors::v1::InvestorService::NewStub(investors_at_.channel);
}

void ServersTest::TearDown() {
  // Followers first: the watches they hold are what draining would wait for.
  for (ServedStore* at : {&investors_at_, &projects_at_, &editions_at_}) Stop(at);
}

std::unique_ptr<grpc::ClientContext> ServersTest::Context(const std::string& side, const std::string& edition) {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  if (!side.empty()) context->AddMetadata(rpc::kSideKey, side);
  if (!edition.empty()) context->AddMetadata(rpc::kEditionKey, edition);
  return context;
}

pairing::v1::Edition ServersTest::ValidEdition() {
  pairing::v1::Edition edition;
  edition.set_reference_date("2027-04-15");
  edition.set_time_zone("Asia/Shanghai");
  edition.add_languages("zh-Hans");
  edition.set_base_currency_code("CNY");
  return edition;
}

std::string ServersTest::MakeEdition(const std::string& id) {
  pairing::v1::CreateEditionRequest request;
  request.set_edition_id(id);
  *request.mutable_edition() = ValidEdition();
  pairing::v1::Edition made;
  const grpc::Status status = editions_->CreateEdition(Context().get(), request, &made);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return made.consistency_token();
}

projects::v1::Project ServersTest::ValidProject(const std::string& title) {
  projects::v1::Project project;
  auto* text = project.add_texts();
  text->set_language_code("en");
  text->set_title(title);
  return project;
}

investors::v1::Investor ServersTest::ValidInvestor(const std::string& title) {
  investors::v1::Investor investor;
  auto* text = investor.add_texts();
  text->set_language_code("en");
  text->set_title(title);
  return investor;
}

std::string ReasonOf(const grpc::Status& status) { return GetErrorDetail(rpc::FromGrpc(status)).reason; }

std::string MetadataOf(const grpc::Status& status, const std::string& key) {
  for (const auto& [name, value] : GetErrorDetail(rpc::FromGrpc(status)).metadata) {
    if (name == key) return value;
  }
  return "<none>";
}

std::vector<std::string> FieldsOf(const grpc::Status& status) {
  std::vector<std::string> fields;
  for (const auto& violation : GetErrorDetail(rpc::FromGrpc(status)).violations) fields.push_back(violation.field);
  return fields;
}

}  // namespace tandem
