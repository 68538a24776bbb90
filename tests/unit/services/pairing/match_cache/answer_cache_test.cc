#include "services/pairing/match_cache/answer_cache.h"

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "services/pairing/market_feed/market_followers.h"
#include "tandem/pairing/v1/pairing_service.pb.h"
#include "tests/unit/services/pairing/market_feed/records.h"

namespace tandem::pairing {
namespace {

constexpr char kEdition[] = "editions/e";

class AnswerCacheTest : public testing::Test {
 protected:
  AnswerCacheTest() {
    options_.now = [this] { return now_; };
    options_.max_bytes = 4'000;
    cache_ = std::make_unique<AnswerCache>(&store_, &positions_, &keys_, options_);
    Apply(kEditionsSource, {EditionItem(kEdition, 1)});
    Apply(kInvestorsSource, {InvestorItem("editions/e/investors/i", 1), InvestorItem("editions/e/investors/j", 1)});
    Apply(kProjectsSource, {ProjectItem("editions/e/projects/p", 1), ProjectItem("editions/e/projects/q", 1)});
  }

  void Apply(const std::string& source, const std::vector<feed::Item>& items) {
    const Position position{"epoch", ++revision_};
    store_.Apply(items, SourcePosition{source, position});
    positions_.Advance(source, position);
  }
  void AwaitLists() {
    store_.Find(kEdition);
    while (!store_.ActivityOf(kEdition).lists.filled) std::this_thread::yield();
  }

  // An answer for investor `i` that shows project `p`.
  AnswerCache::Answer AnAnswer(const MarketStore::Dated& state, const std::string& body = "body") {
    AnswerCache::Answer answer;
    answer.body = std::make_shared<const std::string>(body);
    answer.subject.slot = *state.view->investor_names->Find("editions/e/investors/i");
    answer.subject.plain = true;
    answer.subject.shown = {*state.view->project_names->Find("editions/e/projects/p")};
    answer.version = answer.more_version = state.view->version;
    return answer;
  }
  void Put(const std::string& key, const std::string& body = "body") {
    const MarketStore::Dated state = store_.FindDated(kEdition);
    cache_->Put(kEdition, key, AnAnswer(state, body), state);
  }
  void PutPlaces(const std::string& key, size_t wanted) {
    const MarketStore::Dated state = store_.FindDated(kEdition);
    AnswerCache::Answer answer = AnAnswer(state);
    answer.subject.wanted = wanted;
    cache_->Put(kEdition, key, std::move(answer), state);
  }
  void Say(const std::string& project, v1::StanceKind by_project, v1::StanceKind by_investor) {
    Apply(kEditionsSource, {PairingItem(absl::StrCat(kEdition, "/pairings/", project, "-i"),
                                        absl::StrCat(kEdition, "/projects/", project), "editions/e/investors/i",
                                        by_project, by_investor, revision_ + 1)});
  }
  bool Has(const std::string& key) { return cache_->Find(kEdition, key).body != nullptr; }

  const KeyRing keys_ = KeyRing::ForTests();
  AnswerCache::TimePoint now_ = std::chrono::steady_clock::now();
  int64_t revision_ = 0;
  MarketStore store_;
  feed::AppliedPositions positions_{{kProjectsSource, kInvestorsSource, kEditionsSource}};
  AnswerCache::Options options_;
  std::unique_ptr<AnswerCache> cache_;
};

TEST_F(AnswerCacheTest, AHitSaysTheDateOfNowThoughTheAnswerIsOlder) {
  AwaitLists();
  Put("k");
  Apply(kInvestorsSource, {InvestorItem("editions/e/investors/j", 2)});
  const AnswerCache::Hit hit = cache_->Find(kEdition, "k");
  ASSERT_NE(hit.body, nullptr);
  EXPECT_EQ(*hit.body, "body");
  v1::FindMatchesResponse date;
  ASSERT_TRUE(date.ParseFromString(*hit.suffix));
  EXPECT_EQ(date.metadata().consistency_token(), positions_.Applied().Encode(keys_));
  EXPECT_EQ(date.metadata().considered_size(), 2);
  EXPECT_EQ(date.metadata().applied_size(), 3);
}

TEST_F(AnswerCacheTest, AChangeOfTheSubjectOfWhatIsShownOrOfTheListEndsIt) {
  AwaitLists();
  Put("k");
  EXPECT_TRUE(Has("k"));
  Apply(kInvestorsSource, {InvestorItem("editions/e/investors/i", 3)});
  EXPECT_FALSE(Has("k")) << "the subject";
  Put("k");
  EXPECT_TRUE(Has("k"));
  auto project = std::make_shared<projects::v1::Project>(
      static_cast<const projects::v1::Project&>(*ProjectItem("editions/e/projects/p", 4).message));
  project->add_texts()->set_title("scores as before");
  Apply(kProjectsSource, {{project->name(), project, 4}});
  EXPECT_FALSE(Has("k")) << "what is shown";
  Put("k");
  Apply(kProjectsSource, {ProjectItem("editions/e/projects/r", 5)});
  EXPECT_FALSE(Has("k")) << "the list";
}

TEST_F(AnswerCacheTest, WhatIsSaidEndsTheAnswersOfTheListsThatItChanges) {
  AwaitLists();
  Put("k");
  Say("q", v1::STANCE_KIND_SKIPPED, v1::STANCE_KIND_INTERESTED);
  EXPECT_TRUE(Has("k")) << "the project's list alone";
  Say("q", v1::STANCE_KIND_UNSPECIFIED, v1::STANCE_KIND_SKIPPED);
  EXPECT_FALSE(Has("k"));
  Put("k");
  Say("q", v1::STANCE_KIND_UNSPECIFIED, v1::STANCE_KIND_UNSPECIFIED);
  EXPECT_FALSE(Has("k")) << "taken back";
  Put("k");
  Say("q", v1::STANCE_KIND_BLOCKED, v1::STANCE_KIND_UNSPECIFIED);
  EXPECT_FALSE(Has("k")) << "by the other side";
}

TEST_F(AnswerCacheTest, AListIsNamedOnlyWhereThereIsRoomForThoseWhoAreGone) {
  std::vector<feed::Item> many;
  for (int i = 0; i < 60; ++i) many.push_back(ProjectItem(absl::StrCat("editions/e/projects/p", 10 + i), 2));
  Apply(kProjectsSource, many);
  Say("p11", v1::STANCE_KIND_UNSPECIFIED, v1::STANCE_KIND_SKIPPED);
  AwaitLists();
  PutPlaces("49", 49);
  PutPlaces("50", 50);
  // Beyond the 50 best, so that no list is named.
  Apply(kProjectsSource, {ProjectItem("editions/e/projects/p69", 3, 5)});
  EXPECT_TRUE(Has("49"));
  EXPECT_FALSE(Has("50")) << "its last place was the 51st, of which nothing is known";
}

TEST_F(AnswerCacheTest, TheReferenceDateEndsEverything) {
  AwaitLists();
  Put("k");
  auto edition = std::make_shared<v1::Edition>(static_cast<const v1::Edition&>(*EditionItem(kEdition, 9).message));
  edition->set_reference_date("2027-04-11");
  Apply(kEditionsSource, {{kEdition, edition, 9}});
  EXPECT_FALSE(Has("k"));
}

TEST_F(AnswerCacheTest, AnAnswerOfAnOlderViewThatComesLateIsAMiss) {
  AwaitLists();
  const MarketStore::Dated before = store_.FindDated(kEdition);
  Apply(kInvestorsSource, {InvestorItem("editions/e/investors/i", 3)});
  cache_->Put(kEdition, "k", AnAnswer(before), before);
  EXPECT_FALSE(Has("k"));
}

TEST_F(AnswerCacheTest, ItIsBoundedAndKeepsWhatIsAskedFor) {
  AwaitLists();
  const std::string body(900, 'x');
  for (const char* key : {"a", "b", "c"}) Put(key, body);
  EXPECT_TRUE(Has("a"));
  Put("d", body);
  EXPECT_TRUE(Has("a"));
  EXPECT_FALSE(Has("b")) << "the one that was not asked for the longest";
  EXPECT_TRUE(Has("d"));
  Put("huge", std::string(5'000, 'x'));
  EXPECT_FALSE(Has("huge"));
  EXPECT_LE(cache_->counters().bytes, options_.max_bytes);
  EXPECT_EQ(cache_->counters().answers, 3u);
}

TEST_F(AnswerCacheTest, NothingIsKeptForEver) {
  AwaitLists();
  Put("k");
  now_ += std::chrono::minutes(9);
  EXPECT_TRUE(Has("k"));
  now_ += std::chrono::minutes(2);
  EXPECT_FALSE(Has("k"));
  EXPECT_EQ(cache_->counters().answers, 0u);
}

TEST_F(AnswerCacheTest, WithoutAllSourcesThereIsNoDateAndNoHit) {
  AwaitLists();
  Put("k");
  positions_.Withdraw(kProjectsSource);
  EXPECT_FALSE(Has("k"));
  positions_.Advance(kProjectsSource, {"other epoch", 1});
  EXPECT_FALSE(Has("k")) << "the marks are of the history before";
}

TEST_F(AnswerCacheTest, AnAnswerOfElsewhereIsBelievedByItsDateOnly) {
  AwaitLists();
  const MarketStore::Dated state = store_.FindDated(kEdition);
  const AnswerSubject subject = AnAnswer(state).subject;
  EXPECT_FALSE(cache_->Prove(kEdition, subject, *state.applied).right) << "no view is known yet";
  Put("k");
  const ConsistencyToken now = *state.applied;
  EXPECT_TRUE(cache_->Prove(kEdition, subject, now).right);
  Apply(kInvestorsSource, {InvestorItem("editions/e/investors/j", 3)});
  EXPECT_TRUE(cache_->Prove(kEdition, subject, now).right) << "nothing of it has changed";
  Apply(kInvestorsSource, {InvestorItem("editions/e/investors/i", 4)});
  EXPECT_FALSE(cache_->Prove(kEdition, subject, now).right);

  ConsistencyToken newer = positions_.Applied();
  newer.Raise(kProjectsSource, {"epoch", 1'000});
  const AnswerCache::Proof ahead = cache_->Prove(kEdition, subject, newer);
  EXPECT_TRUE(ahead.right);
  EXPECT_EQ(ahead.state.view, nullptr) << "of a state that is not here yet";
  ConsistencyToken foreign = newer;
  foreign.Raise(kProjectsSource, {"restored", 1'000});
  EXPECT_FALSE(cache_->Prove(kEdition, subject, foreign).right);
}

TEST_F(AnswerCacheTest, AnAnswerThatIsNewerInOneSourceAndOlderInAnotherIsOfNoState) {
  AwaitLists();
  Put("k");
  const MarketStore::Dated state = store_.FindDated(kEdition);
  const AnswerSubject subject = AnAnswer(state).subject;
  ConsistencyToken mixed = *state.applied;
  mixed.Raise(kProjectsSource, {"epoch", 1'000});
  EXPECT_TRUE(cache_->Prove(kEdition, subject, mixed).right) << "newer in one source only";
  Apply(kInvestorsSource, {InvestorItem("editions/e/investors/j", 3)});
  EXPECT_TRUE(cache_->Prove(kEdition, subject, *state.applied).right) << "nothing of it has changed";
  EXPECT_FALSE(cache_->Prove(kEdition, subject, mixed).right) << "though by the marks it has not changed";
}

}  // namespace
}  // namespace tandem::pairing
