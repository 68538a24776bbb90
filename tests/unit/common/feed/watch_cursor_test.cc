#include "common/feed/watch_cursor.h"

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "common/base/status.h"
#include "common/storage/memory/memory_store.h"
#include "tests/unit/common/feed/feed_fakes.h"

namespace tandem::feed {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;

class WatchCursorTest : public ::testing::Test {
 protected:
  Revision Put(const std::string& key, const std::string& value) { return Commit({{}, {Write::Put(key, value)}}); }
  Revision Commit(Transaction transaction) {
    const auto outcomes = store_->Commit({std::move(transaction)});
    EXPECT_TRUE(outcomes[0].status.ok()) << outcomes[0].status;
    return outcomes[0].revision;
  }

  WatchCursor::Options Options(std::vector<std::string> prefixes, std::string resume_token = "") {
    WatchCursor::Options options;
    options.store = store_.get();
    options.source = "things";
    options.keys = &keys_;
    options.prefixes = std::move(prefixes);
    options.resume_token = std::move(resume_token);
    options.page = 2;
    options.progress_interval = seconds(3600);
    return options;
  }

  // The next stretch, which must be there without waiting.
  static RawStretch Next(WatchCursor* cursor) {
    auto next = cursor->Next(In(seconds(60)));
    EXPECT_TRUE(next.ok()) << next.status();
    return next.ok() && next->has_value() ? **std::move(next) : RawStretch{Phase::kProgress, {}, "none"};
  }
  // `S:a,b` `E@3` `C:a,-b@5` `P@5`.
  std::string Text(const RawStretch& stretch) const {
    std::string text(1, "SECP"[static_cast<int>(stretch.phase)]);
    for (const RawItem& item : stretch.items) {
      absl::StrAppend(&text, text.size() == 1 ? ":" : ",", item.value.has_value() ? "" : "-", item.key);
    }
    if (!stretch.resume_token.empty()) absl::StrAppend(&text, "@", RevisionOf(stretch.resume_token));
    return text;
  }
  Revision RevisionOf(const std::string& token) const {
    const auto decoded = ConsistencyToken::Decode(keys_, token);
    EXPECT_TRUE(decoded.ok());
    return decoded->positions().at("things").revision;
  }
  std::string Token(Revision revision, const std::string& epoch = "") const {
    return ConsistencyToken("things", Position{epoch.empty() ? store_->GetHead()->epoch : epoch, revision})
        .Encode(keys_);
  }
  absl::Status StatusOf(const std::string& resume_token) {
    WatchCursor cursor(Options({""}, resume_token));
    return cursor.Next(In(milliseconds(0))).status();
  }

  KeyRing keys_ = KeyRing::ForTests();
  std::unique_ptr<RecordStore> store_ = NewMemoryStore();
};

TEST_F(WatchCursorTest, SendsASnapshotInPagesThenProgressThenChanges) {
  for (const char* key : {"a/1", "a/2", "a/3", "b/1", "c/1"}) Put(key, key);
  WatchCursor cursor(Options({"a/", "c/"}));
  EXPECT_EQ(Text(Next(&cursor)), "S:a/1,a/2");
  EXPECT_EQ(Text(Next(&cursor)), "S:a/3");
  EXPECT_EQ(Text(Next(&cursor)), "S:c/1");
  EXPECT_EQ(Text(Next(&cursor)), "E@5");
  EXPECT_EQ(Text(Next(&cursor)), "P@5");
  EXPECT_FALSE(cursor.Next(In(milliseconds(1)))->has_value());
  Put("b/2", "x");
  Commit({{}, {Write::Put("a/2", "y"), Write::Delete("a/1"), Write::Put("b/1", "z")}});
  EXPECT_EQ(Text(Next(&cursor)), "C:a/2,-a/1@7");
}

TEST_F(WatchCursorTest, AnEmptyStoreHasAnEmptySnapshot) {
  WatchCursor cursor(Options({""}));
  EXPECT_EQ(Text(Next(&cursor)), "E@0");
  EXPECT_EQ(Text(Next(&cursor)), "P@0");
}

TEST_F(WatchCursorTest, ProgressComesOnlyAfterWhatTheSnapshotMayHaveSeen) {
  for (const char* key : {"a", "b", "c", "d"}) Put(key, key);
  WatchCursor cursor(Options({""}));
  EXPECT_EQ(Text(Next(&cursor)), "S:a,b");
  Put("a", "new");  // behind the page: not in the snapshot
  Put("d", "new");  // before it: in the snapshot, and again in the changes
  EXPECT_EQ(Text(Next(&cursor)), "S:c,d");
  Put("b", "new");
  EXPECT_EQ(Text(Next(&cursor)), "E@4");
  Put("e", "later");
  EXPECT_EQ(Text(Next(&cursor)), "C:a,d@6");
  EXPECT_EQ(Text(Next(&cursor)), "C:b,e@8");
  EXPECT_EQ(Text(Next(&cursor)), "P@8");
}

TEST_F(WatchCursorTest, ABusyStoreCannotPutOffTheFirstProgress) {
  Put("a", "1");
  WatchCursor cursor(Options({""}));
  EXPECT_EQ(Text(Next(&cursor)), "S:a");
  EXPECT_EQ(Text(Next(&cursor)), "E@1");
  // There is always something new, yet what the snapshot saw is complete.
  Put("b", "1");
  EXPECT_EQ(Text(Next(&cursor)), "P@1");
  EXPECT_EQ(Text(Next(&cursor)), "C:b@2");
}

TEST_F(WatchCursorTest, ResumesAfterItsToken) {
  for (const char* key : {"a", "b", "c"}) Put(key, key);
  WatchCursor cursor(Options({""}, Token(1)));
  EXPECT_EQ(Text(Next(&cursor)), "C:b,c@3");
  EXPECT_EQ(Text(Next(&cursor)), "P@3");
}

TEST_F(WatchCursorTest, WritesThatAreNotLoggedMoveThePositionOnly) {
  Put("a", "a");
  WatchCursor cursor(Options({""}, Token(1)));
  EXPECT_EQ(Text(Next(&cursor)), "P@1");
  Commit({{}, {Write::PutUnlogged("x", "x")}});
  WatchCursor later(Options({""}, Token(1)));
  EXPECT_EQ(Text(Next(&later)), "P@2");
}

TEST_F(WatchCursorTest, WritesThatAreNotLoggedAreToldLongBeforeTheNextIdleProgress) {
  Put("a", "a");
  WatchCursor::Options options = Options({""}, Token(1));
  options.progress_interval = std::chrono::hours(1);
  WatchCursor cursor(options);
  EXPECT_EQ(Text(Next(&cursor)), "P@1");
  for (int revision = 2; revision < 5; ++revision) {
    Commit({{}, {Write::PutUnlogged("x", absl::StrCat(revision))}});
    EXPECT_EQ(Text(Next(&cursor)), absl::StrCat("P@", revision));
  }
}

TEST_F(WatchCursorTest, IdleProgressCarriesThePositionOfWhatWasFilteredOut) {
  WatchCursor::Options options = Options({"a/"});
  options.progress_interval = milliseconds(1);
  WatchCursor cursor(options);
  EXPECT_EQ(Text(Next(&cursor)), "E@0");
  for (int i = 0; i < 10; ++i) Put("b/1", absl::StrCat(i));
  std::string last;
  for (int i = 0; i < 100 && last != "P@10"; ++i) last = Text(Next(&cursor));
  EXPECT_EQ(last, "P@10");
}

TEST_F(WatchCursorTest, RefusesToResumeWhatItCannotContinue) {
  for (int i = 0; i < 5; ++i) Put("a", absl::StrCat(i));
  ASSERT_TRUE(store_->CompactLog(3).ok());
  EXPECT_TRUE(StatusOf(Token(3)).ok());
  EXPECT_TRUE(StatusOf(Token(5)).ok());
  for (const std::string& token : {Token(2), Token(6), Token(4, "another-epoch")}) {
    const absl::Status status = StatusOf(token);
    EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
    EXPECT_EQ(GetErrorDetail(status).reason, "RESUME_TOKEN_EXPIRED");
    EXPECT_THAT(GetErrorDetail(status).metadata,
                ElementsAre(testing::Pair("oldest", "3"),
                            testing::Pair("cause", token == Token(2) ? kLogCompacted : "history")));
  }
  EXPECT_EQ(StatusOf("forged").code(), absl::StatusCode::kInvalidArgument);
  const std::string other = ConsistencyToken("others", Position{store_->GetHead()->epoch, 4}).Encode(keys_);
  EXPECT_EQ(StatusOf(other).code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(WatchCursorTest, ASlowReaderReadsTheLogOrLearnsThatItIsGone) {
  WatchCursor cursor(Options({""}));
  EXPECT_EQ(Text(Next(&cursor)), "E@0");
  EXPECT_EQ(Text(Next(&cursor)), "P@0");
  for (int i = 0; i < 1000; ++i) Put(absl::StrCat("k", i), "v");
  Revision seen = 0;
  while (seen < 500) {
    const RawStretch stretch = Next(&cursor);
    ASSERT_EQ(stretch.phase, Phase::kChanges);
    EXPECT_LE(stretch.items.size(), 4u);
    for (const RawItem& item : stretch.items) EXPECT_EQ(item.revision, ++seen);
    EXPECT_EQ(RevisionOf(stretch.resume_token), seen);
  }
  ASSERT_TRUE(store_->CompactLog(900).ok());
  absl::Status status;
  for (int i = 0; i < 3 && status.ok(); ++i) status = cursor.Next(In(milliseconds(0))).status();
  EXPECT_EQ(GetErrorDetail(status).reason, "RESUME_TOKEN_EXPIRED");
}

TEST_F(WatchCursorTest, LargeRevisionsComeInPartsThatDoNotMoveThePosition) {
  Put("a", "a");
  Transaction large;
  for (int i = 0; i < 6; ++i) large.writes.push_back(Write::Put(absl::StrCat("b", i), std::string(1 << 20, 'x')));
  Commit(large);
  Put("c", "c");
  WatchCursor cursor(Options({""}, Token(0)));
  std::vector<std::string> texts;
  while (texts.empty() || texts.back()[0] != 'P') texts.push_back(Text(Next(&cursor)));
  EXPECT_THAT(texts, ElementsAre("C:a,b0,b1,b2,b3@1", "C:b4,b5@2", "C:c@3", "P@3"));
  WatchCursor snapshot(Options({""}));
  EXPECT_EQ(Text(Next(&snapshot)), "S:a,b0");
  EXPECT_EQ(Text(Next(&snapshot)), "S:b1");
}

TEST_F(WatchCursorTest, WakesForAChange) {
  WatchCursor cursor(Options({""}));
  EXPECT_EQ(Text(Next(&cursor)), "E@0");
  EXPECT_EQ(Text(Next(&cursor)), "P@0");
  std::thread writer([&] { Put("a", "a"); });
  EXPECT_EQ(Text(Next(&cursor)), "C:a@1");
  writer.join();
}

TEST_F(WatchCursorTest, EndsWhenTheStoreShutsDown) {
  WatchCursor cursor(Options({""}));
  EXPECT_EQ(Text(Next(&cursor)), "E@0");
  EXPECT_EQ(Text(Next(&cursor)), "P@0");
  store_->Shutdown();
  EXPECT_EQ(cursor.Next(In(seconds(60))).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace tandem::feed
