#include "tests/fault/truth/answer_check.h"

#include "tests/unit/fault/truth/made_history.h"

namespace tandem::check {
namespace {

using pairing::v1::FindMatchesRequest;
using pairing::v1::FindMatchesResponse;

class AnswerCheckTest : public testing::Test {
 protected:
  AnswerCheckTest() {
    AnswerCheck::Options options;
    options.edition = kEdition;
    options.histories = &made_.histories;
    options.keys = &keys_;
    options.findings = &findings_;
    check_ = std::make_unique<AnswerCheck>(std::move(options));
    // The investor with the most to say.
    size_t most = 0;
    for (const auto& investor : made_.investors) {
      FindMatchesRequest request;
      request.set_subject(investor.name());
      request.set_page_size(50);
      const auto matches = static_cast<size_t>(Right(request, made_.Now()).matches_size());
      if (matches <= most) continue;
      most = matches;
      question_ = request;
    }
    question_.set_page_size(3);
    EXPECT_GT(most, 6u);
  }

  // What an honest service answers in the state `at`.
  FindMatchesResponse Right(const FindMatchesRequest& request, const ConsistencyToken& at) {
    EXPECT_TRUE(service_.MoveTo(at).ok());
    const auto answer = service_.FirstPage(request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? *answer : FindMatchesResponse();
  }
  // The same under the date of another state.
  FindMatchesResponse Dated(FindMatchesResponse answer, const ConsistencyToken& at) {
    const FindMatchesResponse there = Right(question_, at);
    *answer.mutable_metadata()->mutable_applied() = there.metadata().applied();
    answer.mutable_metadata()->set_consistency_token(there.metadata().consistency_token());
    answer.mutable_metadata()->set_considered_size(there.metadata().considered_size());
    return answer;
  }
  // Takes the best match out of the edition.
  void PauseTheBest() {
    const std::string best = Right(question_, made_.Now()).matches(0).project();
    for (projects::v1::Project project : made_.projects) {
      if (project.name() != best) continue;
      project.set_state(projects::v1::Project::STATE_PAUSED);
      made_.Put(project);
    }
  }
  void Submit(const FindMatchesResponse& answer) { check_->Submit({question_, answer, absl::nullopt, false}); }
  int64_t Found(Broken broken) {
    while (check_->CheckSome() > 0) {
    }
    return findings_.count(broken);
  }
  std::string Complaints() const {
    std::string all;
    for (const std::string& complaint : findings_.complaints()) absl::StrAppend(&all, complaint, "\n");
    return all;
  }

  const KeyRing keys_ = KeyRing::ForTests();
  MadeHistory made_;
  Oracle service_{kEdition, &made_.histories, &keys_};
  Findings findings_;
  std::unique_ptr<AnswerCheck> check_;
  FindMatchesRequest question_;
};

TEST_F(AnswerCheckTest, IsContentWithRightAnswersOfManyStatesInAnyOrder) {
  std::vector<FindMatchesResponse> answers;
  for (int i = 0; i < 12; ++i) {
    if (i % 3 == 1) PauseTheBest();
    if (i == 6) {
      pairing::v1::Edition edition;
      ASSERT_TRUE(edition.ParseFromString(*made_.histories.at("editions")->Newest(kEdition).bytes));
      edition.set_reference_date("2027-09-01");
      made_.Put(edition);
    }
    answers.push_back(Right(question_, made_.Now()));
  }
  for (size_t i = 0; i < answers.size(); ++i) Submit(answers[i * 5 % answers.size()]);
  EXPECT_EQ(Found(Broken::kWrong), 0) << Complaints();
  EXPECT_EQ(check_->checked(), 12);
}

TEST_F(AnswerCheckTest, FindsAnOldListUnderANewDate) {
  const FindMatchesResponse old = Right(question_, made_.Now());
  PauseTheBest();
  Submit(Dated(old, made_.Now()));
  EXPECT_EQ(Found(Broken::kWrong), 1);
}

TEST_F(AnswerCheckTest, FindsAnAnswerOlderThanItsToken) {
  const FindMatchesResponse old = Right(question_, made_.Now());
  PauseTheBest();
  question_.mutable_consistency()->set_at_least_as_fresh(made_.Now().Encode(keys_));
  Submit(old);
  EXPECT_EQ(Found(Broken::kStale), 1);
  EXPECT_EQ(findings_.count(Broken::kWrong), 0);
}

TEST_F(AnswerCheckTest, FindsAnAnswerOlderThanTheLimit) {
  FindMatchesResponse old = Right(question_, made_.Now());
  old.mutable_metadata()->mutable_age()->set_seconds(40);
  Submit(old);
  EXPECT_EQ(Found(Broken::kStale), 1);
  question_.mutable_consistency()->set_allow_stale(true);
  Submit(old);
  EXPECT_EQ(Found(Broken::kStale), 1);
}

TEST_F(AnswerCheckTest, FindsAWrongScoreAndAMatchTooFewOrTooMany) {
  const FindMatchesResponse right = Right(question_, made_.Now());
  FindMatchesResponse answer = right;
  answer.mutable_matches(1)->set_score(answer.matches(1).score() + 1);
  Submit(answer);
  answer = right;
  answer.mutable_matches()->RemoveLast();
  Submit(answer);
  answer = right;
  *answer.add_matches() = answer.matches(0);
  Submit(answer);
  answer = right;
  answer.mutable_matches()->SwapElements(0, 1);
  Submit(answer);
  EXPECT_EQ(Found(Broken::kWrong), 4) << Complaints();
}

TEST_F(AnswerCheckTest, FindsAnAnswerWithoutADate) {
  FindMatchesResponse answer = Right(question_, made_.Now());
  answer.mutable_metadata()->mutable_applied()->RemoveLast();
  Submit(answer);
  answer.mutable_metadata()->set_consistency_token("forged");
  Submit(answer);
  EXPECT_EQ(Found(Broken::kWrong), 2);
}

TEST_F(AnswerCheckTest, WaitsForTheHistories) {
  ConsistencyToken ahead = made_.Now();
  ahead.Raise("projects", {kEpoch, made_.histories.at("projects")->through() + 1});
  FindMatchesResponse answer = Right(question_, made_.Now());
  answer.mutable_metadata()->set_consistency_token(ahead.Encode(keys_));
  answer.mutable_metadata()->clear_applied();
  for (const auto& [source, position] : ahead.positions()) {
    auto* applied = answer.mutable_metadata()->add_applied();
    applied->set_source(source);
    applied->set_epoch(position.epoch);
    applied->set_revision(position.revision);
  }
  Submit(answer);
  EXPECT_EQ(check_->CheckSome(), 0);
  made_.histories.at("projects")->Append({}, made_.histories.at("projects")->through() + 1);
  EXPECT_EQ(check_->CheckSome(), 1);
  EXPECT_EQ(findings_.count(Broken::kWrong), 0) << Complaints();
}

TEST_F(AnswerCheckTest, FindsASecondPageThatRepeatsOrLosesAMatch) {
  FindMatchesRequest both = question_;
  both.set_page_size(6);
  const FindMatchesResponse all = Right(both, made_.Now());
  const FindMatchesResponse first = Right(question_, made_.Now());
  FindMatchesResponse second = all;
  second.mutable_matches()->DeleteSubrange(0, 3);
  check_->Submit({question_, second, first, false});
  EXPECT_EQ(Found(Broken::kWrong), 0) << Complaints();
  FindMatchesResponse repeating = second;
  *repeating.mutable_matches(0) = all.matches(2);
  check_->Submit({question_, repeating, first, false});
  EXPECT_EQ(Found(Broken::kWrong), 1);
}

TEST_F(AnswerCheckTest, FindsAShownRecordThatIsOldOrWasNeverCommitted) {
  projects::v1::Project project = made_.projects[0];
  const Revision old = made_.histories.at("projects")->Newest(project.name()).revision;
  const auto shown_at = [&](Revision revision) {
    project.set_consistency_token(ConsistencyToken("projects", {kEpoch, revision}).Encode(keys_));
    return std::make_shared<projects::v1::Project>(project);
  };
  check_->Submit(ShownRecord{project.name(), shown_at(old), old});
  EXPECT_EQ(Found(Broken::kStale) + Found(Broken::kWrong), 0) << Complaints();
  check_->Submit(ShownRecord{project.name(), shown_at(old), old + 1});
  EXPECT_EQ(Found(Broken::kStale), 1);
  project.set_trl(project.trl() == 9 ? 1 : 9);
  check_->Submit(ShownRecord{project.name(), shown_at(old), old});
  EXPECT_EQ(Found(Broken::kWrong), 1);
  check_->Submit(ShownRecord{project.name(), nullptr, old});
  EXPECT_EQ(Found(Broken::kStale), 2);
}

TEST_F(AnswerCheckTest, FindsASubjectThatIsSaidNotToBeThere) {
  check_->SubmitMissing(made_.projects[0].name(), made_.Now().Encode(keys_));
  check_->SubmitMissing("editions/t/projects/nobody", made_.Now().Encode(keys_));
  check_->SubmitMissing(made_.projects[1].name(), "");
  EXPECT_EQ(Found(Broken::kStale), 1);
}

}  // namespace
}  // namespace tandem::check
