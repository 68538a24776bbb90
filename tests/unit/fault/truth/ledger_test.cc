#include "tests/fault/truth/ledger.h"

#include "tests/unit/fault/truth/made_history.h"

namespace tandem::check {
namespace {

constexpr char kName[] = "editions/t/projects/a";

projects::v1::Project Titled(const std::string& title) {
  projects::v1::Project project;
  project.set_name(kName);
  project.set_uid("its own");
  auto* text = project.add_texts();
  text->set_language_code("en");
  text->set_title(title);
  return project;
}

class LedgerTest : public testing::Test {
 protected:
  LedgerTest() { history_.BeginAt(0, kEpoch); }

  void Commit(Revision revision, const std::string& bytes) { Append({{kName, Stored(revision, bytes)}}, revision); }
  void Append(const std::vector<Entry>& entries, Revision through) {
    ledger_.Note(entries);
    history_.Append(entries, through);
  }
  static Effect At(Revision revision, const std::string& bytes) {
    Effect effect;
    effect.name = kName;
    effect.revision = revision;
    effect.stored = bytes;
    return effect;
  }
  // One write from beginning to end.
  void Acknowledged(Effect effect) { ledger_.Acknowledge(ledger_.Open({kName}, "a write"), {std::move(effect)}); }
  int64_t Found(Broken broken) {
    ledger_.CheckAll();
    return findings_.count(broken);
  }
  int64_t All() {
    ledger_.CheckAll();
    return static_cast<int64_t>(findings_.complaints().size());
  }

  History history_{"projects"};
  Findings findings_;
  Ledger ledger_{&history_, &findings_};
};

TEST_F(LedgerTest, IsContentWithWhatTheLogKeeps) {
  Commit(1, "one");
  Acknowledged(At(1, "one"));
  Commit(2, "two");
  Effect bound = At(2, "two");
  bound.based_on = 1;
  Acknowledged(bound);
  EXPECT_EQ(All(), 0) << findings_.complaints()[0];
  EXPECT_EQ(ledger_.acknowledged(), 2);
  EXPECT_EQ(ledger_.Told(kName), 2);
}

TEST_F(LedgerTest, WaitsForTheLog) {
  Acknowledged(At(1, "one"));
  EXPECT_EQ(All(), 0);
  EXPECT_EQ(ledger_.waiting(), 1);
  Commit(1, "one");
  EXPECT_EQ(All(), 0);
  EXPECT_EQ(ledger_.waiting(), 0);
}

TEST_F(LedgerTest, FindsAnAcknowledgedWriteThatIsNotThere) {
  Append({}, 1);
  Acknowledged(At(1, "one"));
  EXPECT_EQ(Found(Broken::kLost), 1);
}

TEST_F(LedgerTest, FindsAnotherContentThanWasAcknowledged) {
  Commit(1, "other");
  Acknowledged(At(1, "one"));
  EXPECT_EQ(Found(Broken::kLost), 1);
}

TEST_F(LedgerTest, FindsTwoWritesThatClaimOneRevision) {
  Commit(1, "one");
  Acknowledged(At(1, "one"));
  Acknowledged(At(1, "one"));
  EXPECT_EQ(Found(Broken::kLost), 1);
}

TEST_F(LedgerTest, FindsAWriteOverWhatItsEtagDidNotName) {
  Commit(1, "one");
  Acknowledged(At(1, "one"));
  Commit(2, "two");
  Acknowledged(At(2, "two"));
  Commit(3, "three");
  Effect bound = At(3, "three");
  bound.based_on = 1;
  Acknowledged(bound);
  EXPECT_EQ(Found(Broken::kLost), 1);
}

TEST_F(LedgerTest, FindsAnEffectOfARefusedWrite) {
  const int64_t write = ledger_.Open({kName}, "a write");
  Commit(1, "one");
  EXPECT_EQ(All(), 0) << "it may still be acknowledged";
  ledger_.Refuse(write);
  EXPECT_EQ(Found(Broken::kHalf), 1);
}

TEST_F(LedgerTest, FindsAnEffectThatHappenedTwice) {
  Commit(1, "one");
  Commit(2, "one");
  Acknowledged(At(1, "one"));
  EXPECT_EQ(Found(Broken::kHalf), 1);
}

TEST_F(LedgerTest, ToleratesWhatNobodyCouldTell) {
  ledger_.GiveUp(ledger_.Open({kName}, "a write"));
  Commit(1, "one");
  EXPECT_EQ(All(), 0);
}

TEST_F(LedgerTest, FindsRemovalsThatDidNotHappen) {
  Commit(1, "one");
  Acknowledged(At(1, "one"));
  Effect removal = At(2, "");
  removal.gone = true;
  Commit(2, "two");
  Acknowledged(removal);
  EXPECT_EQ(Found(Broken::kLost), 1);
}

TEST_F(LedgerTest, FindsAnImportOfWhichAPartIsMissing) {
  Effect kept;
  kept.name = kName;
  kept.at_most = 5;
  kept.sent = SentForm(Titled("one"));
  Effect missing = kept;
  missing.name = "editions/t/projects/b";
  const int64_t import = ledger_.Open({kName, missing.name}, "an import");
  Commit(3, StoredForm(Titled("one")));
  Append({}, 5);
  ledger_.Acknowledge(import, {kept, missing});
  EXPECT_EQ(Found(Broken::kLost), 1);
  EXPECT_NE(findings_.complaints()[0].find("projects/b"), std::string::npos);
  EXPECT_EQ(findings_.count(Broken::kHalf), 0);
  EXPECT_EQ(ledger_.Told(kName), 3);
}

// A booking writes a meeting and its pairing in one commit, but is opened for the pairing, which has the only name that
// is known before.
class MeetingLedgerTest : public testing::Test {
 protected:
  MeetingLedgerTest() { history_.BeginAt(0, kEpoch); }

  static Effect At(const std::string& name, Revision revision) {
    Effect effect;
    effect.name = name;
    effect.revision = revision;
    return effect;
  }
  void Commit(Revision revision, const std::vector<std::string>& names) {
    std::vector<Entry> entries;
    for (const std::string& name : names) entries.push_back({name, Stored(revision, "x")});
    ledger_.Note(entries);
    history_.Append(entries, revision);
  }
  int64_t Found(Broken broken) {
    ledger_.CheckAll();
    return findings_.count(broken);
  }

  const std::string pairing_ = "editions/t/pairings/a-b", meeting_ = "editions/t/meetings/a-b-1";
  History history_{"editions"};
  Findings findings_;
  Ledger ledger_{&history_, &findings_};
};

TEST_F(MeetingLedgerTest, IsContentWithABookingAndTheEndThatItsPairingBrings) {
  const int64_t booking = ledger_.Open({pairing_}, "a booking");
  Commit(1, {meeting_, pairing_});
  EXPECT_EQ(Found(Broken::kHalf), 0) << "it may still be acknowledged";
  ledger_.Acknowledge(booking, {At(meeting_, 1), At(pairing_, 1)});
  Commit(2, {meeting_, pairing_});
  Effect ended = At(meeting_, 2);
  ended.maybe = true;
  ledger_.Acknowledge(ledger_.Open({pairing_}, "a withdrawal"), {At(pairing_, 2), ended});
  EXPECT_EQ(Found(Broken::kHalf) + Found(Broken::kLost), 0) << findings_.complaints()[0];
  EXPECT_EQ(ledger_.acknowledged(), 3);
  EXPECT_EQ(ledger_.Told(meeting_), 1) << "nobody was told of its end";
}

TEST_F(MeetingLedgerTest, FindsABookingThatIsNotThere) {
  Commit(1, {pairing_});
  ledger_.Acknowledge(ledger_.Open({pairing_}, "a booking"), {At(meeting_, 1), At(pairing_, 1)});
  EXPECT_EQ(Found(Broken::kLost), 1);
  EXPECT_NE(findings_.complaints()[0].find(meeting_), std::string::npos);
}

TEST_F(MeetingLedgerTest, FindsAMeetingThatNobodyBooked) {
  ledger_.Refuse(ledger_.Open({pairing_}, "a booking"));
  Commit(1, {meeting_});
  EXPECT_EQ(Found(Broken::kHalf), 1);
}

TEST_F(MeetingLedgerTest, DoesNotAskForAnEndThatCameBefore) {
  Commit(1, {pairing_});
  Effect ended = At(meeting_, 1);
  ended.maybe = true;
  ledger_.Acknowledge(ledger_.Open({pairing_}, "a withdrawal"), {At(pairing_, 1), ended});
  EXPECT_EQ(Found(Broken::kLost), 0);
}

}  // namespace
}  // namespace tandem::check
