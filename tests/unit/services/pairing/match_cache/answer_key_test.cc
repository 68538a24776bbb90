#include "services/pairing/match_cache/answer_key.h"

#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace tandem::pairing {
namespace {

v1::FindMatchesRequest Request() {
  v1::FindMatchesRequest request;
  request.set_subject("editions/e/investors/i");
  return request;
}

TEST(AnswerKeyTest, EqualQuestionsHaveEqualKeys) {
  v1::FindMatchesRequest request = Request();
  const std::string key = KeyOf(request).text;
  request.set_page_size(20);
  EXPECT_EQ(KeyOf(request).text, key) << "the default";
  request.mutable_consistency()->set_at_least_as_fresh("token");
  request.mutable_consistency()->set_allow_stale(true);
  EXPECT_EQ(KeyOf(request).text, key) << "how fresh it must be does not change the answer";
  request.mutable_options();
  EXPECT_EQ(KeyOf(request).text, key) << "options that ask for nothing";
}

TEST(AnswerKeyTest, EveryPartOfAQuestionIsInTheKey) {
  std::vector<v1::FindMatchesRequest> requests(9, Request());
  requests[1].set_subject("editions/e/investors/j");
  requests[2].set_as_of_date("2026-01-01");
  requests[3].set_page_size(21);
  requests[4].set_explain(true);
  requests[5].set_language_code("zh");
  requests[6].mutable_options()->set_most_per_owner(1);
  requests[7].mutable_options()->set_spare_spent_capacity(true);
  requests[8].set_subject("editions/e/projects/i");
  std::set<std::string> keys;
  for (const v1::FindMatchesRequest& request : requests) keys.insert(KeyOf(request).text);
  EXPECT_EQ(keys.size(), requests.size());
}

TEST(AnswerKeyTest, PartsDoNotRunIntoOneAnother) {
  v1::FindMatchesRequest a = Request(), b = Request();
  a.set_as_of_date("2026-01-01");
  b.set_language_code("2026-01-01");
  EXPECT_NE(KeyOf(a).text, KeyOf(b).text);
}

TEST(AnswerKeyTest, PlainIsWhatChangesAreNamedFor) {
  v1::FindMatchesRequest request = Request();
  EXPECT_TRUE(KeyOf(request).plain);
  request.set_page_size(50);
  EXPECT_TRUE(KeyOf(request).plain);
  request.set_page_size(51);
  EXPECT_FALSE(KeyOf(request).plain);
  request = Request();
  request.set_as_of_date("2026-01-01");
  EXPECT_FALSE(KeyOf(request).plain);
  request = Request();
  request.mutable_options()->set_most_per_owner(1);
  EXPECT_FALSE(KeyOf(request).plain);
}

}  // namespace
}  // namespace tandem::pairing
