// What Commit promises.
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

#include "common/storage/transaction_rules.h"
#include "tests/conformance/storage/store_fixture.h"

namespace tandem {
namespace {

using CommitTest = StoreTest;
using testing::ElementsAre;
using testing::IsEmpty;
INSTANTIATE_TEST_SUITE_P(Backends, CommitTest, testing::ValuesIn(Backends()), BackendName);

std::vector<absl::StatusCode> Codes(const std::vector<CommitOutcome>& outcomes) {
  std::vector<absl::StatusCode> codes;
  for (const CommitOutcome& outcome : outcomes) codes.push_back(outcome.status.code());
  return codes;
}

TEST_P(CommitTest, ANewStoreIsEmptyAtRevisionZeroWithAnEpoch) {
  const auto head = store_->GetHead();
  ASSERT_TRUE(head.ok()) << head.status();
  EXPECT_EQ(head->revision, 0);
  EXPECT_EQ(head->log_floor, 0);
  EXPECT_FALSE(head->epoch.empty());
  EXPECT_EQ(ValueOf("a"), "<absent>");
}

TEST_P(CommitTest, TwoStoresHaveDifferentEpochs) {
  const std::string folder = MakeFolder();
  auto other = GetParam().open(folder);
  EXPECT_NE(store_->GetHead()->epoch, other->GetHead()->epoch);
  other.reset();
  std::filesystem::remove_all(folder);
}

TEST_P(CommitTest, APutIsReadBackWithItsRevisions) {
  const Revision first = Put("a", "1");
  const Revision second = Put("a", "2");
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 2);
  const auto record = store_->Get("a");
  ASSERT_TRUE(record.ok() && record->has_value());
  EXPECT_EQ((*record)->key, "a");
  EXPECT_EQ((*record)->value, "2");
  EXPECT_EQ((*record)->revision, second);
  EXPECT_EQ((*record)->create_revision, first);
}

TEST_P(CommitTest, ARecordMadeAgainAfterADeleteHasANewCreateRevision) {
  Put("a", "1");
  ASSERT_TRUE(Commit({}, {Write::Delete("a")}).status.ok());
  EXPECT_EQ(ValueOf("a"), "<absent>");
  const Revision again = Put("a", "2");
  EXPECT_EQ((*store_->Get("a"))->create_revision, again);
}

TEST_P(CommitTest, AllWritesOfATransactionShareItsRevision) {
  Put("gone", "x");
  const CommitOutcome outcome = Commit({}, {Write::Put("b", "1"), Write::Put("a", "2"), Write::Delete("gone")});
  ASSERT_TRUE(outcome.status.ok());
  EXPECT_EQ((*store_->Get("a"))->revision, outcome.revision);
  EXPECT_EQ((*store_->Get("b"))->revision, outcome.revision);
  EXPECT_EQ(ValueOf("gone"), "<absent>");
  // The log keeps the order of the writes.
  EXPECT_THAT(Describe(store_->Changes(1, 10)->changes), ElementsAre("b=1@2", "a=2@2", "gone deleted@2"));
}

TEST_P(CommitTest, AbsentHoldsOnlyWithoutARecord) {
  EXPECT_TRUE(Commit({Condition::Absent("a")}, {Write::Put("a", "1")}).status.ok());
  const CommitOutcome second = Commit({Condition::Absent("a")}, {Write::Put("a", "2")});
  EXPECT_TRUE(absl::IsAborted(second.status)) << second.status;
  EXPECT_EQ(second.failed_condition, 0);
  EXPECT_EQ(ValueOf("a"), "1");
  ASSERT_TRUE(Commit({}, {Write::Delete("a")}).status.ok());
  EXPECT_TRUE(Commit({Condition::Absent("a")}, {Write::Put("a", "3")}).status.ok());
}

TEST_P(CommitTest, PresentHoldsOnlyWithARecord) {
  EXPECT_TRUE(absl::IsAborted(Commit({Condition::Present("a")}, {Write::Put("a", "1")}).status));
  Put("a", "1");
  EXPECT_TRUE(Commit({Condition::Present("a")}, {Write::Put("a", "2")}).status.ok());
}

TEST_P(CommitTest, AtRevisionHoldsOnlyAtThatRevision) {
  EXPECT_TRUE(absl::IsAborted(Commit({Condition::AtRevision("a", 0)}, {Write::Put("a", "0")}).status));
  const Revision first = Put("a", "1");
  const CommitOutcome second = Commit({Condition::AtRevision("a", first)}, {Write::Put("a", "2")});
  ASSERT_TRUE(second.status.ok());
  EXPECT_TRUE(absl::IsAborted(Commit({Condition::AtRevision("a", first)}, {Write::Put("a", "3")}).status));
  EXPECT_TRUE(absl::IsAborted(Commit({Condition::AtRevision("a", second.revision + 1)}, {}).status));
  ASSERT_TRUE(Commit({}, {Write::Delete("a")}).status.ok());
  EXPECT_TRUE(absl::IsAborted(Commit({Condition::AtRevision("a", second.revision)}, {Write::Put("a", "4")}).status));
  EXPECT_EQ(ValueOf("a"), "<absent>");
}

TEST_P(CommitTest, TheFirstFailedConditionIsNamedAndNothingIsWritten) {
  Put("here", "1");
  const CommitOutcome outcome = Commit(
      {Condition::Present("here"), Condition::Absent("gone"), Condition::Present("gone"), Condition::Absent("here")},
      {Write::Put("x", "1"), Write::Delete("here")});
  EXPECT_TRUE(absl::IsAborted(outcome.status));
  EXPECT_EQ(outcome.failed_condition, 2);
  EXPECT_EQ(ValueOf("x"), "<absent>");
  EXPECT_EQ(ValueOf("here"), "1");
  EXPECT_EQ(HeadRevision(), 1);
}

TEST_P(CommitTest, ConditionsMayBeOnKeysThatAreNotWritten) {
  const Revision guard = Put("guard", "1");
  EXPECT_TRUE(
      Commit({Condition::AtRevision("guard", guard), Condition::Absent("other")}, {Write::Put("a", "1")}).status.ok());
  Put("guard", "2");
  EXPECT_TRUE(absl::IsAborted(Commit({Condition::AtRevision("guard", guard)}, {Write::Put("a", "2")}).status));
}

TEST_P(CommitTest, ATransactionSeesTheOnesBeforeItInTheSameCall) {
  const auto outcomes = store_->Commit({
      {{Condition::Absent("a")}, {Write::Put("a", "1")}},
      {{Condition::Absent("a")}, {Write::Put("a", "2")}},
      {{Condition::AtRevision("a", 1)}, {Write::Put("a", "3")}},
      {{Condition::Present("a")}, {Write::Delete("a")}},
      {{Condition::Absent("a")}, {Write::Put("b", "4")}},
  });
  EXPECT_THAT(Codes(outcomes), ElementsAre(absl::StatusCode::kOk, absl::StatusCode::kAborted, absl::StatusCode::kOk,
                                           absl::StatusCode::kOk, absl::StatusCode::kOk));
  EXPECT_EQ(outcomes[0].revision, 1);
  EXPECT_EQ(outcomes[2].revision, 2);
  EXPECT_EQ(outcomes[3].revision, 3);
  EXPECT_EQ(outcomes[4].revision, 4);
  EXPECT_EQ(outcomes[1].failed_condition, 0);
  EXPECT_THAT(Describe(store_->Changes(0, 100)->changes), ElementsAre("a=1@1", "a=3@2", "a deleted@3", "b=4@4"));
}

TEST_P(CommitTest, AnInvalidTransactionDoesNotStopItsNeighbours) {
  const auto outcomes = store_->Commit({
      {{}, {Write::Put("a", "1")}},
      {{}, {Write::Put("b", "1"), Write::Put("b", "2")}},
      {{}, {Write::Put("c", "1")}},
  });
  EXPECT_THAT(Codes(outcomes),
              ElementsAre(absl::StatusCode::kOk, absl::StatusCode::kInvalidArgument, absl::StatusCode::kOk));
  EXPECT_EQ(ValueOf("b"), "<absent>");
  EXPECT_EQ(outcomes[2].revision, 2);
}

TEST_P(CommitTest, SizesAreBounded) {
  const std::string longest(kMaxKeyBytes, 'k');
  EXPECT_TRUE(Commit({}, {Write::Put(longest, "1")}).status.ok());
  EXPECT_TRUE(absl::IsInvalidArgument(Commit({}, {Write::Put(longest + "k", "1")}).status));
  EXPECT_TRUE(absl::IsInvalidArgument(Commit({}, {Write::Put("", "1")}).status));
  EXPECT_TRUE(absl::IsInvalidArgument(Commit({}, {Write::Delete("")}).status));
  EXPECT_TRUE(absl::IsInvalidArgument(Commit({Condition::Absent("")}, {Write::Put("a", "1")}).status));
  EXPECT_TRUE(absl::IsInvalidArgument(Commit({}, {Write::Put("a", std::string(kMaxValueBytes + 1, 'v'))}).status));
  EXPECT_TRUE(absl::IsInvalidArgument(Commit({}, std::vector<Write>(kMaxBulkWrites + 1, Write::Put("a", ""))).status));
}

TEST_P(CommitTest, AHundredThousandWritesAndMoreAreOneCommitOrNone) {
  std::vector<Write> writes;
  for (size_t i = 0; i < kMaxTransactionWrites + 5000; ++i) {
    const std::string key = absl::StrCat("bulk/", i);
    writes.push_back(i % 2 == 0 ? Write::Put(key, "1") : Write::PutUnlogged(key, "1"));
  }
  EXPECT_TRUE(absl::IsAborted(Commit({Condition::Present("none")}, writes).status));
  EXPECT_TRUE(store_->Scan("bulk/", "bulk0", 1)->empty());
  const CommitOutcome outcome = Commit({Condition::Absent("none")}, writes);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  for (const size_t i : {size_t{0}, size_t{1}, writes.size() - 1})
    EXPECT_EQ((*store_->Get(writes[i].key))->revision, outcome.revision);
  const auto batch = store_->Changes(outcome.revision - 1, 1);
  ASSERT_TRUE(batch.ok()) << batch.status();
  EXPECT_EQ(batch->changes.size(), writes.size() / 2) << "all of a revision in one batch";
}

TEST_P(CommitTest, TheBiggestValueIsKept) {
  std::string big(kMaxValueBytes, 'v');
  for (size_t i = 0; i < big.size(); i += 4093) big[i] = static_cast<char>(i);
  Put("big", big);
  EXPECT_TRUE(ValueOf("big") == big);
  EXPECT_TRUE(store_->Changes(0, 1)->changes.at(0).value == big);
}

TEST_P(CommitTest, ALargeTransactionIsOneRevision) {
  std::vector<Write> writes;
  for (int i = 0; i < 20000; ++i) writes.push_back(Write::Put(absl::StrCat("key/", i), "v"));
  const CommitOutcome outcome = Commit({}, std::move(writes));
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.revision, 1);
  const auto batch = store_->Changes(0, 1);
  EXPECT_EQ(batch->changes.size(), 20000u);
  EXPECT_EQ(batch->through, 1);
}

TEST_P(CommitTest, KeysAndValuesAreBytes) {
  using namespace std::string_literals;
  const std::vector<std::string> keys = {"a"s, "a\0"s, "a\0b"s, "\0"s, "\xff\xfe"s, "a\0\0"s, "'; DROP TABLE records"s};
  for (size_t i = 0; i < keys.size(); ++i) Put(keys[i], "value\0"s + keys[i]);
  for (const std::string& key : keys) EXPECT_EQ(ValueOf(key), "value\0"s + key);
  Put("empty", "");
  EXPECT_EQ(ValueOf("empty"), "");
  const auto changes = store_->Changes(static_cast<Revision>(keys.size()), 10);
  ASSERT_EQ(changes->changes.size(), 1u);
  EXPECT_EQ(changes->changes[0].value, "") << "an empty value is not a delete";
}

TEST_P(CommitTest, UnloggedWritesAreKeptButNotLogged) {
  ASSERT_TRUE(Commit({}, {Write::Put("a", "1"), Write::PutUnlogged("index", "2")}).status.ok());
  ASSERT_TRUE(Commit({}, {Write::PutUnlogged("other", "3")}).status.ok());
  ASSERT_TRUE(Commit({}, {Write::DeleteUnlogged("index")}).status.ok());
  EXPECT_EQ(ValueOf("other"), "3");
  EXPECT_EQ(ValueOf("index"), "<absent>");
  const auto batch = store_->Changes(0, 100);
  EXPECT_THAT(Describe(batch->changes), ElementsAre("a=1@1"));
  EXPECT_EQ(batch->through, 3) << "revisions without a logged change are passed as well";
}

TEST_P(CommitTest, WhatChangesNothingTakesNoRevision) {
  Put("a", "1");
  const CommitOutcome absent = Commit({}, {Write::Delete("nobody"), Write::DeleteUnlogged("nothing")});
  EXPECT_TRUE(absent.status.ok());
  EXPECT_EQ(absent.revision, 1);
  const CommitOutcome check = Commit({Condition::Present("a")}, {});
  EXPECT_TRUE(check.status.ok());
  EXPECT_EQ(check.revision, 1);
  EXPECT_EQ(HeadRevision(), 1);
  EXPECT_THAT(Describe(store_->Changes(0, 100)->changes), ElementsAre("a=1@1"));
  EXPECT_EQ(Put("b", "2"), 2);
  EXPECT_THAT(store_->Commit({}), IsEmpty());
}

TEST_P(CommitTest, AfterShutdownCommitsAreRefusedAndReadsGoOn) {
  Put("a", "1");
  store_->Shutdown();
  store_->Shutdown();
  EXPECT_TRUE(absl::IsUnavailable(Commit({}, {Write::Put("a", "2")}).status));
  EXPECT_TRUE(absl::IsUnavailable(store_->CompactLog(1)));
  EXPECT_EQ(ValueOf("a"), "1");
  EXPECT_EQ(HeadRevision(), 1);
}

}  // namespace
}  // namespace tandem
