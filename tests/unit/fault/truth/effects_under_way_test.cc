#include "tests/fault/truth/effects_under_way.h"

#include "gtest/gtest.h"

#include "common/storage/memory/memory_store.h"
#include "services/pairing/effects/effect_log.h"

namespace tandem::check {
namespace {

using pairing::effects::Effect;
using pairing::effects::EffectLog;

constexpr char kEpoch[] = "epoch";

class EffectsUnderWayTest : public testing::Test {
 protected:
  void Note(const std::string& source, Revision to, const std::vector<Effect>& effects) {
    const auto noted = log_.Read(source);
    ASSERT_TRUE(noted.ok()) << noted.status();
    ASSERT_TRUE(log_.Note(source, *noted, {kEpoch, to}, effects).ok());
  }
  void DoAll() {
    const auto due = log_.Due();
    ASSERT_TRUE(due.ok()) << due.status();
    for (const auto& each : *due) ASSERT_TRUE(store_->Commit({each.Guard()}).front().status.ok());
  }
  std::string Left() {
    const auto left = EffectsUnderWay(store_.get(), {{"projects", {kEpoch, 7}}, {"investors", {kEpoch, 3}}});
    EXPECT_TRUE(left.ok()) << left.status();
    return left.value_or("");
  }
  static Effect Leaving(Revision revision) {
    return {"projects", {kEpoch, revision}, Effect::Kind::kLeft, "editions/t/projects/a", "project withdrawn"};
  }

  const std::unique_ptr<RecordStore> store_ = NewMemoryStore();
  const EffectLog log_{store_.get()};
};

TEST_F(EffectsUnderWayTest, WaitsForEverySourceToBeNoted) {
  EXPECT_NE(Left(), "") << "nothing is noted at all";
  Note("projects", 7, {});
  EXPECT_NE(Left(), "");
  Note("investors", 2, {});
  EXPECT_NE(Left(), "") << "one change is not noted yet";
  Note("investors", 3, {});
  EXPECT_EQ(Left(), "");
}

TEST_F(EffectsUnderWayTest, WaitsForWhatIsNotedToBeDone) {
  Note("investors", 5, {});
  Note("projects", 8, {Leaving(6), Leaving(8)});
  EXPECT_NE(Left().find("2 effects are due"), std::string::npos) << Left();
  DoAll();
  EXPECT_EQ(Left(), "");
}

}  // namespace
}  // namespace tandem::check
