#include "services/pairing/effects/effect_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/storage/memory/memory_store.h"

namespace tandem::pairing::effects {
namespace {

using testing::ElementsAre;

Effect Of(Revision revision, const std::string& party, Effect::Kind kind = Effect::Kind::kLeft) {
  return {"projects", {"epoch", revision}, kind, "editions/e/projects/" + party, "project withdrawn"};
}

std::vector<std::string> PartiesOf(const std::vector<DueEffect>& due) {
  std::vector<std::string> parties;
  for (const DueEffect& each : due) parties.push_back(each.effect.party);
  return parties;
}

TEST(EffectLog, IsReadAsItWasWrittenInTheOrderOfChanges) {
  const std::unique_ptr<RecordStore> store = NewMemoryStore();
  const EffectLog log(store.get());
  Noted noted = *log.Read("projects");
  EXPECT_FALSE(noted.Covers({"epoch", 0}));
  ASSERT_TRUE(
      log.Note("projects", noted, {"epoch", 12}, {Of(12, "b"), Of(9, "c", Effect::Kind::kMissed), Of(12, "a")}).ok());
  const auto due = log.Due();
  ASSERT_TRUE(due.ok()) << due.status();
  EXPECT_THAT(PartiesOf(*due), ElementsAre("editions/e/projects/c", "editions/e/projects/a", "editions/e/projects/b"));
  const Effect& first = due->front().effect;
  EXPECT_EQ(first.source, "projects");
  EXPECT_EQ(first.at, (Position{"epoch", 9}));
  EXPECT_EQ(first.kind, Effect::Kind::kMissed);
  EXPECT_EQ(first.detail, "project withdrawn");
  noted = *log.Read("projects");
  EXPECT_TRUE(noted.Covers({"epoch", 12}));
  EXPECT_FALSE(noted.Covers({"epoch", 13}));
  EXPECT_FALSE(noted.Covers({"another", 1}));
}

TEST(EffectLog, AChangeIsNotedOnceAndDoneOnce) {
  const std::unique_ptr<RecordStore> store = NewMemoryStore();
  const EffectLog log(store.get());
  const Noted noted = *log.Read("projects");
  ASSERT_TRUE(log.Note("projects", noted, {"epoch", 5}, {Of(5, "a")}).ok());
  EXPECT_EQ(log.Note("projects", noted, {"epoch", 5}, {Of(5, "a")}).code(), absl::StatusCode::kAborted);
  const DueEffect due = log.Due()->front();
  EXPECT_TRUE(store->Commit({due.Guard()}).front().status.ok());
  EXPECT_EQ(store->Commit({due.Guard()}).front().status.code(), absl::StatusCode::kAborted);
  EXPECT_TRUE(log.Due()->empty()) << "nothing gathers";
}

TEST(EffectLog, ManyAreNotedInSeveralTransactionsOfWhichTheLastMovesOn) {
  const std::unique_ptr<RecordStore> store = NewMemoryStore();
  const EffectLog log(store.get());
  std::vector<Effect> effects;
  for (int i = 0; i < 2500; ++i) effects.push_back(Of(1 + i, std::to_string(i)));
  ASSERT_TRUE(log.Note("projects", *log.Read("projects"), {"epoch", 3000}, effects).ok());
  EXPECT_EQ(log.Due()->size(), 2500u);
  EXPECT_EQ(store->GetHead()->revision, 3);
  EXPECT_TRUE(log.Read("projects")->Covers({"epoch", 3000}));
}

}  // namespace
}  // namespace tandem::pairing::effects
