#include "common/edition/edition_directory.h"

#include <gtest/gtest.h>
#include <memory>
#include <thread>

#include "common/base/status.h"
#include "common/tokens/consistency_token.h"
#include "tandem/pairing/v1/edition.pb.h"

namespace tandem {
namespace {

feed::Item Edition(const std::string& name) { return {name, std::make_shared<pairing::v1::Edition>(), 1}; }

std::chrono::steady_clock::time_point In(int milliseconds) {
  return std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
}

class EditionDirectoryTest : public testing::Test {
 protected:
  void Snapshot(const std::vector<feed::Item>& items) {
    directory_.BeginSnapshot();
    directory_.ApplySnapshot(items);
    directory_.EndSnapshot();
    directory_.positions()->Advance(kEditionSource, Position{"epoch", ++revision_});
  }
  std::string Reason(const std::string& edition, const std::string& token = "", int milliseconds = 10) {
    return GetErrorDetail(directory_.Check(edition, token, In(milliseconds))).reason;
  }
  std::string Token(const std::string& source, int64_t revision) {
    return ConsistencyToken(source, Position{"epoch", revision}).Encode(keys_);
  }

  KeyRing keys_ = KeyRing::ForTests();
  EditionDirectory directory_{"things", &keys_};
  int64_t revision_ = 0;
};

TEST_F(EditionDirectoryTest, NothingIsKnownBeforeTheFirstSnapshot) {
  EXPECT_EQ(Reason("e"), "NOT_READY");
  Snapshot({Edition("editions/e")});
  EXPECT_TRUE(directory_.Check("e", "", In(10)).ok());
  EXPECT_EQ(Reason("f"), "EDITION_NOT_FOUND");
}

TEST_F(EditionDirectoryTest, ASnapshotSweepsWhatItDoesNotName) {
  Snapshot({Edition("editions/e")});
  directory_.BeginSnapshot();
  directory_.ApplySnapshot({Edition("editions/f")});
  EXPECT_TRUE(directory_.Exists("editions/e")) << "what is held stays visible until the end";
  directory_.EndSnapshot();
  EXPECT_FALSE(directory_.Exists("editions/e"));
  EXPECT_TRUE(directory_.Exists("editions/f"));
}

TEST_F(EditionDirectoryTest, ATokenIsWaitedFor) {
  Snapshot({});
  std::thread follower([this] {
    directory_.ApplyChanges({Edition("editions/e")}, nullptr);
    directory_.positions()->Advance(kEditionSource, Position{"epoch", 7});
  });
  EXPECT_TRUE(directory_.Check("e", Token(kEditionSource, 7), In(10000)).ok());
  follower.join();
  EXPECT_EQ(Reason("e", Token(kEditionSource, 8)), "CONSISTENCY_TIMEOUT");
}

TEST_F(EditionDirectoryTest, TokensOfTheOwnStoreAreSeenAndOthersAreForeign) {
  Snapshot({Edition("editions/e")});
  EXPECT_TRUE(directory_.Check("e", Token("things", 1000), In(10)).ok());
  EXPECT_EQ(Reason("e", Token("others", 1)), "CONSISTENCY_TOKEN_FOREIGN");
  EXPECT_EQ(Reason("e", "forged"), "CONSISTENCY_TOKEN_INVALID");
}

TEST_F(EditionDirectoryTest, ShutdownWakesWhoWaits) {
  std::thread stopper([this] { directory_.Shutdown(); });
  EXPECT_EQ(Reason("e", "", 60000), "NOT_READY");
  stopper.join();
}

}  // namespace
}  // namespace tandem
