// AllInOneTest: the three services in this process, with a loaded edition.
#ifndef TANDEM_TESTS_INTEGRATION_PAIRING_ALL_IN_ONE_FIXTURE_H_
#define TANDEM_TESTS_INTEGRATION_PAIRING_ALL_IN_ONE_FIXTURE_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "common/rpc/call_context.h"
#include "common/rpc/channel.h"
#include "common/storage/record_store.h"
#include "services/all_in_one/all_in_one.h"
#include "tandem/pairing/v1/edition.pb.h"
#include "tests/integration/pairing/scratch_folder.h"
#include "tests/integration/pairing/zone_client.h"

namespace tandem {

inline std::chrono::steady_clock::time_point In(std::chrono::seconds time) {
  return std::chrono::steady_clock::now() + time;
}

// Somebody who speaks for a side.
inline Caller CallerOf(CallerSide side) {
  Caller caller;
  caller.side = side;
  caller.actor = side == CallerSide::kProject ? "ann" : side == CallerSide::kInvestor ? "ivo" : "olga";
  return caller;
}
inline const Caller kProject = CallerOf(CallerSide::kProject), kInvestor = CallerOf(CallerSide::kInvestor),
                    kOrganiser = CallerOf(CallerSide::kOrganiser);

class AllInOneTest : public testing::Test {
 protected:
  AllInOneOptions OptionsOf(const ScratchFolder& folder) {
    AllInOneOptions options;
    options.folder.path = folder.path();
    options.folder.store = "memory";
    options.server.addresses = {"127.0.0.1:0"};
    return options;
  }

  // Starts with `options` and loads an edition of so many records.
  void StartWith(AllInOneOptions options, int projects, int investors) {
    auto started = StartAllInOne(std::move(options));
    ASSERT_TRUE(started.ok()) << started.status();
    all_ = *std::move(started);
    ASSERT_TRUE(all_->WaitUntilReady(In(std::chrono::seconds(30))).ok());
    client_ = std::make_unique<ZoneClient>(NewChannel());
    if (projects == 0) return;
    auto loaded = client_->LoadDemo("e", projects, investors);
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    edition_ = *std::move(loaded);
    const absl::Status applied = client_->AwaitApplied(edition_);
    ASSERT_TRUE(applied.ok()) << applied;
  }

  // A project or investor that has at least `most` matches, or "".
  std::string SubjectWithMatches(const std::vector<std::string>& subjects, int least) {
    for (const std::string& subject : subjects) {
      const auto found = client_->Find(subject);
      if (found.ok() && found->metadata().total_size() >= least) return subject;
    }
    return "";
  }

  std::shared_ptr<grpc::Channel> NewChannel() const {
    return rpc::NewChannel(absl::StrCat("127.0.0.1:", all_->port()));
  }

  // Any unary call, as `caller`.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(const Caller& caller, Stub* stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                const Request& request) const {
    return client_->Call(caller, stub, method, request);
  }

  // Writes the edition's record past its service, which would refuse some of what a test needs.
  void ChangeEdition(const std::function<void(pairing::v1::Edition*)>& change) {
    RecordStore* const store = all_->store("editions");
    const std::string key = absl::StrCat("r/", edition_.name);
    const auto record = store->Get(key);
    ASSERT_TRUE(record.ok() && record->has_value()) << record.status();
    pairing::v1::Edition edition;
    ASSERT_TRUE(edition.ParseFromString((*record)->value));
    change(&edition);
    ASSERT_TRUE(store->Commit({{{}, {Write::Put(key, edition.SerializeAsString())}}}).front().status.ok());
  }

  ScratchFolder folder_;
  std::unique_ptr<AllInOne> all_;
  std::unique_ptr<ZoneClient> client_;
  LoadedEdition edition_;
};

}  // namespace tandem

#endif  // TANDEM_TESTS_INTEGRATION_PAIRING_ALL_IN_ONE_FIXTURE_H_
