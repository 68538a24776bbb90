// Pages of one query, while writes go on.
#include <atomic>
#include <gtest/gtest.h>
#include <set>
#include <thread>
#include <vector>

#include "tests/integration/pairing/all_in_one_fixture.h"

namespace tandem {
namespace {

class PairingPagingTest : public AllInOneTest {
 protected:
  void SetUp() override { ASSERT_NO_FATAL_FAILURE(StartWith(OptionsOf(folder_), 200, 40)); }
};

TEST_F(PairingPagingTest, PagesNeitherRepeatNorLoseAnItemWhileWritesGoOn) {
  const std::string investor = SubjectWithMatches(edition_.investors, 20);
  ASSERT_FALSE(investor.empty());
  std::atomic<bool> stop{false};
  std::atomic<int> writes{0};
  std::thread writer([&] {
    for (size_t i = 0; !stop; ++i) {
      const std::string& project = edition_.projects[i % edition_.projects.size()];
      absl::Status written;
      switch (i % 4) {
        case 0:
          written = client_->SetTrl(project, static_cast<int>(i / 4 % 9) + 1).status();
          break;
        case 1:
          written = client_->Pause(project).status();
          if (written.ok()) written = client_->Resume(project).status();
          break;
        case 2:
          written = client_->Pause(project).status();
          break;
        default:
          if (i % 20 == 3) written = client_->Withdraw(project).status();
      }
      if (written.ok()) ++writes;
    }
  });
  int multi_page = 0;
  for (int round = 0; round < 20; ++round) {
    std::set<std::string> seen;
    std::string page_token;
    int total = 0;
    int rank = 0;
    int pages = 0;
    int64_t last_score = 0;
    const int writes_before = writes;
    do {
      const auto page = client_->Find(investor, "", 5, page_token);
      ASSERT_TRUE(page.ok()) << page.status();
      // A first page may be one that was given before, with the count of then.
      if (pages++ <= 1) total = page->metadata().total_size();
      EXPECT_EQ(page->metadata().total_size(), total) << "all later pages speak of one ranking";
      for (const pairing::v1::Match& match : page->matches()) {
        EXPECT_TRUE(seen.insert(match.project()).second) << match.project() << " came twice";
        EXPECT_EQ(match.rank(), ++rank);
        if (rank > 1) {
          EXPECT_LE(match.score(), last_score);
        }
        last_score = match.score();
      }
      page_token = page->next_page_token();
    } while (!page_token.empty());
    EXPECT_EQ(static_cast<int>(seen.size()), total) << "an item was lost";
    if (pages > 1 && writes > writes_before) ++multi_page;
  }
  stop = true;
  writer.join();
  EXPECT_GT(multi_page, 0) << "no write fell between two pages: the test has shown nothing";
}

TEST_F(PairingPagingTest, APageTokenServesItsOwnQueryOnly) {
  const std::string investor = SubjectWithMatches(edition_.investors, 10);
  ASSERT_FALSE(investor.empty());
  const auto first = client_->Find(investor, "", 3);
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_FALSE(first->next_page_token().empty());
  EXPECT_EQ(ReasonOf(client_->Find(edition_.projects[0], "", 3, first->next_page_token()).status()),
            "PAGE_TOKEN_INVALID");
  EXPECT_EQ(ReasonOf(client_->Find(investor, "", 3, first->next_page_token() + "A").status()), "PAGE_TOKEN_INVALID");
  EXPECT_EQ(ReasonOf(client_->Find(investor, "", 3, "nonsense").status()), "PAGE_TOKEN_INVALID");
}

TEST_F(PairingPagingTest, ABatchAnswersEverySubjectAsFindMatchesDoes) {
  pairing::v1::BatchFindMatchesRequest request;
  request.set_parent(edition_.name);
  request.set_page_size(5);
  for (int i = 0; i < 30; ++i) request.add_subjects(edition_.projects[static_cast<size_t>(i)]);
  request.add_subjects(edition_.name + "/projects/none");
  grpc::ClientContext context;
  rpc::SetDeadline(&context, absl::Seconds(30));
  const auto stream = client_->pairing()->BatchFindMatches(&context, request);
  std::set<std::string> answered;
  pairing::v1::BatchFindMatchesResponse answer;
  while (stream->Read(&answer)) {
    EXPECT_TRUE(answered.insert(answer.subject()).second);
    if (answer.subject() == edition_.name + "/projects/none") {
      EXPECT_EQ(ReasonOf(rpc::FromProto(answer.status())), "RESOURCE_NOT_FOUND");
      continue;
    }
    EXPECT_EQ(answer.status().code(), 0);
    const auto single = client_->Find(answer.subject(), "", 5);
    ASSERT_TRUE(single.ok()) << single.status();
    ASSERT_EQ(answer.matches_size(), single->matches_size());
    for (int i = 0; i < answer.matches_size(); ++i) {
      EXPECT_EQ(answer.matches(i).SerializeAsString(), single->matches(i).SerializeAsString());
    }
  }
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(answered.size(), 31u);
}

}  // namespace
}  // namespace tandem
