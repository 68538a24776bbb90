// The services that keep records, each on a port of its own in this process, over memory stores.
#ifndef TANDEM_TESTS_INTEGRATION_SERVICES_SERVERS_FIXTURE_H_
#define TANDEM_TESTS_INTEGRATION_SERVICES_SERVERS_FIXTURE_H_

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "common/base/status.h"
#include "common/edition/edition_directory.h"
#include "common/feed/follower.h"
#include "common/rpc/server.h"
#include "common/storage/record_store.h"
#include "common/tokens/key_ring.h"
#include "services/investors/investors_service.h"
#include "services/pairing/editions/editions_service.h"
#include "services/pairing/meetings/representatives_service.h"
#include "services/projects/projects_service.h"

namespace tandem {

// One service over one store.
struct ServedStore {
  std::unique_ptr<RecordStore> store;
  std::unique_ptr<EditionDirectory> directory;  // not for the editions themselves
  std::unique_ptr<feed::Source> source;
  std::unique_ptr<feed::Follower> follower;
  std::unique_ptr<rpc::WatchGate> watches;
  std::unique_ptr<grpc::Service> service;
  std::unique_ptr<grpc::Service> beside;  // one more on the same port, if any
  std::unique_ptr<rpc::Server> server;
  std::shared_ptr<grpc::Channel> channel;

  Revision Head() const { return store->GetHead()->revision; }
};

class ServersTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  // A call's context with a deadline, and the metadata of a caller when given.
  static std::unique_ptr<grpc::ClientContext> Context(const std::string& side = "", const std::string& edition = "");
  // Creates `editions/<id>` and returns its token.
  std::string MakeEdition(const std::string& id);
  static pairing::v1::Edition ValidEdition();
  static projects::v1::Project ValidProject(const std::string& title = "Perovskite cells");
  static investors::v1::Investor ValidInvestor(const std::string& title = "Green Fund");

  KeyRing keys_ = KeyRing::ForTests();
  ServedStore editions_at_, projects_at_, investors_at_;
  std::unique_ptr<pairing::v1::EditionService::Stub> editions_;
  std::unique_ptr<pairing::v1::RepresentativeService::Stub> representatives_;
  std::unique_ptr<projects::v1::ProjectService::Stub> projects_;
  std::unique_ptr<investors::v1::InvestorService::Stub> investors_;
};

std::string ReasonOf(const grpc::Status& status);
std::string MetadataOf(const grpc::Status& status, const std::string& key);
std::vector<std::string> FieldsOf(const grpc::Status& status);

}  // namespace tandem

#endif  // TANDEM_TESTS_INTEGRATION_SERVICES_SERVERS_FIXTURE_H_
