// CachedFinder against MatchFinder: whatever changes between two questions and whatever Redis says, an answer is what
// would be computed in the state that it claims to be of, in every field but `total_size`, which is of the moment of
// ranking.
#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "common/base/status.h"
#include "services/pairing/market_feed/market_followers.h"
#include "services/pairing/match_cache/unchanged.h"
#include "services/pairing/service/cached_finder.h"
#include "tests/differential/long_mode.h"
#include "tests/differential/random_edition.h"
#include "tests/differential/said_log.h"

namespace tandem::pairing {
namespace {

using matching::RandomEdition;
using matching::Records;

Deadline Soon() { return std::chrono::steady_clock::now() + std::chrono::seconds(60); }

std::string SourceOf(const std::string& name) {
  if (absl::StrContains(name, "/projects/")) return kProjectsSource;
  return absl::StrContains(name, "/investors/") ? kInvestorsSource : kEditionsSource;
}

// A Redis that forgets, and answers with older, other or altered values.
class LyingRedis final : public RedisPort {
 public:
  explicit LyingRedis(uint64_t seed) : random_(seed) {}

  absl::StatusOr<std::optional<std::string>> Get(absl::string_view key, Deadline) override {
    const auto found = values_.find(std::string(key));
    if (random_.Chance(5)) return absl::UnavailableError("gone");
    if (found == values_.end()) return std::optional<std::string>();
    std::string value = found->second[found->second.size() - 1];
    const uint32_t what = random_.Below(100);
    if (what < 10) value = found->second[random_.Below(static_cast<uint32_t>(found->second.size()))];
    if (what >= 10 && what < 15) {
      auto other = values_.begin();
      std::advance(other, random_.Below(static_cast<uint32_t>(values_.size())));
      value = other->second.back();
    }
    if (what == 15) value.resize(random_.Below(static_cast<uint32_t>(value.size())));
    if (what == 16)
      value[random_.Below(static_cast<uint32_t>(value.size()))] ^= static_cast<char>(1 << random_.Below(8));
    return std::optional<std::string>(std::move(value));
  }
  absl::StatusOr<bool> SetIfAbsent(absl::string_view, absl::string_view, absl::Duration, Deadline) override {
    return true;
  }
  void SetLater(absl::string_view key, absl::string_view value, absl::Duration) override {
    if (!random_.Chance(10)) values_[std::string(key)].emplace_back(value);
  }
  bool open() const override { return false; }
  RedisStats stats() const override { return {}; }

 private:
  matching::Random random_;
  std::map<std::string, std::vector<std::string>> values_;
};

struct Stretch {
  SourcePosition at;
  std::vector<feed::Item> items;
};

// One process, which has applied some of what was written.
class Replica {
 public:
  Replica(RedisPort* redis, bool small) {
    AnswerCache::Options cache;
    if (small) cache.max_bytes = 20'000;
    cache_ = std::make_unique<AnswerCache>(&store_, &positions_, &keys_, cache);
    MatchFinder::Options finder;
    finder.markets = &store_;
    finder.freshness = &freshness_;
    finder.pages = &pages_;
    finder.unchanged_since = [this](absl::string_view subject, const ConsistencyToken& date) {
      return UnchangedSince(store_, cache_.get(), subject, date);
    };
    finder.to_proto = [](const absl::Status&) { return google::rpc::Status(); };
    finder_ = std::make_unique<MatchFinder>(finder);
    SharedAnswers::Options shared;
    shared.budget = std::chrono::seconds(1);
    shared_ = std::make_unique<SharedAnswers>(redis, &keys_, shared);
    cached_ = std::make_unique<CachedFinder>(
        CachedFinder::Options{&store_, &freshness_, &pages_, finder_.get(), cache_.get(), shared_.get()});
  }

  void Apply(const Stretch& stretch, bool snapshot) {
    snapshot ? store_.ApplySnapshot(stretch.items, stretch.at) : store_.Apply(stretch.items, stretch.at);
    positions_.Advance(stretch.at.source, stretch.at.position);
  }
  // Until each change names the lists that it touches.
  void AwaitLists() {
    if (store_.Find(matching::kEdition) == nullptr) return;
    while (!store_.ActivityOf(matching::kEdition).lists.filled) std::this_thread::yield();
  }

  const KeyRing keys_ = KeyRing::ForTests();
  MarketStore store_;
  feed::AppliedPositions positions_{{kProjectsSource, kInvestorsSource, kEditionsSource}};
  // A slow machine is no silent source.
  Freshness freshness_{&positions_, &keys_, std::chrono::hours(24)};
  RankingPages pages_{&keys_, {}};
  std::unique_ptr<MatchFinder> finder_;
  std::unique_ptr<AnswerCache> cache_;
  std::unique_ptr<SharedAnswers> shared_;
  std::unique_ptr<CachedFinder> cached_;
  std::map<std::string, size_t> applied_;  // how many stretches of each source
};

// Two of them over one Redis. Each applies every source's changes in their order, as far and as soon as it likes.
class Compared {
 public:
  explicit Compared(uint64_t seed) : edition_(seed), random_(seed + 7), redis_(seed + 8) {
    for (int i = 0; i < 2; ++i) replicas_.push_back(std::make_unique<Replica>(&redis_, random_.Chance(20)));
    for (const char* source : {kProjectsSource, kInvestorsSource, kEditionsSource}) {
      log_[source].push_back({{source, {"epoch", ++revision_}}, {}});
    }
    Write();
    for (const auto& replica : replicas_) CatchUp(replica.get());
  }

  void Step() {
    const std::string done = edition_.Change();
    SCOPED_TRACE(done);
    Write();
    for (int i = 0; i < 3; ++i) {
      const auto& replica = replicas_[random_.Below(2)];
      if (random_.Chance(70)) {
        CatchUp(replica.get());
      } else {
        Move(replica.get());
      }
      if (random_.Chance(50)) replica->AwaitLists();
      for (int question = 0; question < 4; ++question) Ask(replica.get());
    }
  }

  AnswerCache::Counters Sum() const {
    AnswerCache::Counters sum;
    for (const auto& replica : replicas_) {
      const AnswerCache::Counters counters = replica->cache_->counters();
      sum.hits += counters.hits;
      sum.outdated += counters.outdated;
      sum.evicted += counters.evicted;
    }
    return sum;
  }
  uint64_t shared_found = 0, newer = 0, elsewhere = 0;
  const SaidLog& said() const { return said_; }

 private:
  // What has changed goes into the logs of the sources.
  void Write() {
    Records now = edition_.records();
    std::map<std::string, std::vector<feed::Item>> by_source;
    for (const auto& [name, message] : now) {
      const auto was = records_.find(name);
      if (was != records_.end() && was->second->SerializeAsString() == message->SerializeAsString()) continue;
      by_source[SourceOf(name)].push_back({name, message, 1});
    }
    for (const auto& [name, message] : records_) {
      if (now.count(name) == 0) by_source[SourceOf(name)].push_back({name, nullptr, 1});
    }
    records_ = std::move(now);
    const bool said = by_source.count(kEditionsSource) > 0, moved = by_source.count(kInvestorsSource) > 0;
    if (random_.Chance(10)) log_[kProjectsSource].push_back({{kProjectsSource, {"epoch", ++revision_}}, {}});
    for (auto& [source, items] : by_source) {
      log_[source].push_back({{source, {"epoch", ++revision_}}, std::move(items)});
    }
    if (said) said_.NotePairings(records_, log_[kEditionsSource].back().at.position.revision);
    if (moved) said_.NoteInvestors(records_, log_[kInvestorsSource].back().at.position.revision);
  }

  // Applies the next stretch of one source; false when there is none.
  bool Move(Replica* replica) {
    std::vector<std::string> behind;
    for (const auto& [source, stretches] : log_) {
      if (replica->applied_[source] < stretches.size()) behind.push_back(source);
    }
    if (behind.empty()) return false;
    const std::string& source = behind[random_.Below(static_cast<uint32_t>(behind.size()))];
    replica->Apply(log_[source][replica->applied_[source]++], random_.Chance(5));
    const MarketStore::Dated state = replica->store_.FindDated(matching::kEdition);
    states_[state.applied->ToBytes()] = state;
    return true;
  }
  void CatchUp(Replica* replica) {
    while (Move(replica)) {
    }
  }

  v1::FindMatchesRequest ARequest() {
    v1::FindMatchesRequest request;
    // A few subjects again and again, and a few shapes, so that answers are found.
    auto record = records_.begin();
    std::advance(record, random_.Below(static_cast<uint32_t>(std::min<size_t>(records_.size(), 40))));
    while (record != records_.end() &&
           (SourceOf(record->first) == kEditionsSource || absl::StrContains(record->first, "/deals/"))) {
      ++record;
    }
    if (record == records_.end() || random_.Chance(40)) record = records_.lower_bound("editions/test/projects/");
    if (record == records_.end() || SourceOf(record->first) == kEditionsSource) return request;
    request.set_subject(record->first);
    constexpr int kSizes[] = {0, 3, 50, 120};
    request.set_page_size(kSizes[random_.Below(4)]);
    request.set_explain(random_.Chance(50));
    if (random_.Chance(10)) request.set_language_code("zh");
    if (random_.Chance(10)) request.set_as_of_date("2026-05-05");
    if (random_.Chance(15)) request.mutable_options()->set_most_per_owner(1);
    if (random_.Chance(15)) request.mutable_options()->set_spare_spent_capacity(true);
    return request;
  }

  void Ask(Replica* replica) {
    v1::FindMatchesRequest request = ARequest();
    if (request.subject().empty()) return;
    const std::string token = replica->freshness_.AppliedToken();
    if (random_.Chance(50)) request.mutable_consistency()->set_at_least_as_fresh(token);
    SCOPED_TRACE(request.ShortDebugString());
    const MarketStore::Dated state = replica->store_.FindDated(matching::kEdition);
    const uint64_t shared_before = replica->shared_->counters().found;
    const absl::StatusOr<EncodedAnswer> found = replica->cached_->Find(request, Soon());
    shared_found += replica->shared_->counters().found - shared_before;
    v1::FindMatchesResponse answer;
    ConsistencyToken claimed = *state.applied;
    if (found.ok()) {
      std::string bytes;
      for (const auto& part : {found->body, found->more, found->date, found->age}) {
        absl::StrAppend(&bytes, part == nullptr ? "" : *part);
      }
      ASSERT_TRUE(answer.ParseFromString(bytes));
      const auto decoded = ConsistencyToken::Decode(replica->keys_, answer.metadata().consistency_token());
      ASSERT_TRUE(decoded.ok());
      claimed = *decoded;
      EXPECT_TRUE(claimed.Reaches(*state.applied)) << "older than what is applied";
    }
    if (!state.applied->Reaches(claimed)) ++newer;
    ASSERT_EQ(states_.count(claimed.ToBytes()), 1u) << "a state that never was";
    // The view may be the other replica's: it is asked for what was right there.
    const MarketStore::Dated right = states_[claimed.ToBytes()];
    std::string page_id;
    absl::StatusOr<v1::FindMatchesResponse> wanted = replica->finder_->FirstPage(request, right, Soon(), &page_id);
    ASSERT_EQ(found.ok(), wanted.ok()) << found.status() << " " << wanted.status();
    if (!found.ok()) {
      EXPECT_EQ(found.status(), wanted.status());
      return;
    }
    said_.Check(request, answer, claimed);
    if (answer.metadata().total_size() == wanted->metadata().total_size()) {
      EXPECT_EQ(answer.next_page_token().empty(), wanted->next_page_token().empty());
      CheckNextPage(replica, request, answer.next_page_token(), wanted->next_page_token());
    } else {
      EXPECT_LE(answer.matches_size(), kLongestExactList) << "only plain lists are kept by what they show";
    }
    for (v1::FindMatchesResponse* each : {&answer, &*wanted}) {
      each->mutable_metadata()->clear_total_size();
      each->mutable_metadata()->clear_age();
      each->clear_next_page_token();
    }
    EXPECT_EQ(answer.DebugString(), wanted->DebugString());
  }

  void CheckNextPage(Replica* replica, v1::FindMatchesRequest request, const std::string& token,
                     const std::string& wanted) {
    if (token.empty()) return;
    request.set_page_token(token);
    const auto page = replica->finder_->Find(request, Soon());
    request.set_page_token(wanted);
    const auto right = replica->finder_->Find(request, Soon());
    ASSERT_TRUE(page.ok() && right.ok()) << page.status() << right.status();
    ASSERT_EQ(page->matches_size(), right->matches_size());
    for (int i = 0; i < page->matches_size(); ++i) {
      EXPECT_EQ(page->matches(i).DebugString(), right->matches(i).DebugString());
    }
    for (const auto& other : replicas_) {
      if (other.get() != replica) CheckElsewhere(other.get(), request, *right);
    }
  }

  // The other replica, which may be behind or ahead, goes on with the list or says that it cannot.
  void CheckElsewhere(Replica* other, const v1::FindMatchesRequest& request, const v1::FindMatchesResponse& right) {
    const auto page = other->finder_->Find(request, std::chrono::steady_clock::now());
    if (absl::IsUnavailable(page.status()) || GetErrorDetail(page.status()).reason == "PAGE_TOKEN_EXPIRED") return;
    ASSERT_TRUE(page.ok()) << page.status();
    ASSERT_EQ(page->matches_size(), right.matches_size());
    for (int i = 0; i < page->matches_size(); ++i) {
      EXPECT_EQ(page->matches(i).DebugString(), right.matches(i).DebugString());
    }
    EXPECT_EQ(page->metadata().total_size(), right.metadata().total_size());
    ++elsewhere;
  }

  RandomEdition edition_;
  matching::Random random_;
  LyingRedis redis_;
  SaidLog said_;
  Records records_;
  int64_t revision_ = 0;
  std::map<std::string, std::vector<Stretch>> log_;  // by source
  std::vector<std::unique_ptr<Replica>> replicas_;
  std::map<std::string, MarketStore::Dated> states_;  // all that any replica was in, by their dates
};

TEST(CachedAnswersTest, AreWhatWouldBeComputedWhateverChangesAndWhateverRedisSays) {
  const uint64_t steps = DifferentialQueries(1'500);
  uint64_t seed = DifferentialSeed();
  AnswerCache::Counters sum;
  uint64_t shared = 0, newer = 0, elsewhere = 0, gone_from = 0, spent_shown = 0;
  for (uint64_t done = 0; done < steps; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Compared compared(seed);
    for (int i = 0; i < 60 && done < steps; ++i, ++done) {
      compared.Step();
      if (HasFailure()) return;
    }
    const AnswerCache::Counters counters = compared.Sum();
    sum.hits += counters.hits;
    sum.outdated += counters.outdated;
    sum.evicted += counters.evicted;
    shared += compared.shared_found;
    newer += compared.newer;
    elsewhere += compared.elsewhere;
    gone_from += compared.said().gone_from;
    spent_shown += compared.said().spent_shown;
  }
  std::cout << steps << " changes, " << sum.hits << " hits, " << sum.outdated << " outdated, " << sum.evicted
            << " evicted, " << shared << " read from Redis, " << newer << " newer than here, " << elsewhere
            << " pages of another one's list, " << gone_from << " lists from which somebody is gone, " << spent_shown
            << " shown without a place left, seeds from " << DifferentialSeed() << "\n";
  EXPECT_GT(sum.hits, steps / 4);
  EXPECT_GT(sum.outdated, steps / 10);
  EXPECT_GT(sum.evicted, 0u);
  EXPECT_GT(shared, steps / 10);
  EXPECT_GT(newer, 0u);
  EXPECT_GT(elsewhere, steps / 100);
  EXPECT_GT(gone_from, steps / 10);
  EXPECT_GT(spent_shown, 0u);
}

}  // namespace
}  // namespace tandem::pairing
