// AllInOneTest: the three services in this process, with a loaded edition.
#ifndef TANDEM_TESTS_INTEGRATION_PAIRING_ALL_IN_ONE_FIXTURE_H_
#define TANDEM_TESTS_INTEGRATION_PAIRING_ALL_IN_ONE_FIXTURE_H_

#include <chrono>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "common/rpc/call_context.h"
#include "common/rpc/channel.h"
#include "services/all_in_one/all_in_one.h"
#include "tests/integration/pairing/scratch_folder.h"
#include "tests/integration/pairing/zone_client.h"

namespace tandem {

inline std::chrono::steady_clock::time_point In(std::chrono::seconds time) {
  return std::chrono::steady_clock::now() + time;
}

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
    client_ = std::make_unique<ZoneClient>(rpc::NewChannel(absl::StrCat("127.0.0.1:", all_->port())));
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

  ScratchFolder folder_;
  std::unique_ptr<AllInOne> all_;
  std::unique_ptr<ZoneClient> client_;
  LoadedEdition edition_;
};

}  // namespace tandem

#endif  // TANDEM_TESTS_INTEGRATION_PAIRING_ALL_IN_ONE_FIXTURE_H_
