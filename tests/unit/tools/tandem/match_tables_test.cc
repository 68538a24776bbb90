#include "tools/tandem/match_tables.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::cli {
namespace {

TEST(TermTableTest, EndsWithTheSumOfItsLines) {
  pairing::v1::MatchExplanation explanation;
  auto* term = explanation.add_terms();
  term->set_signal(pairing::v1::SIGNAL_SECTOR);
  term->set_side(type::v1::SIDE_INVESTOR);
  term->set_points(1'500'000);
  term->set_project_value("电池");
  term = explanation.add_terms();
  term->set_signal(pairing::v1::SIGNAL_ACTIVITY);
  term->set_side(type::v1::SIDE_PROJECT);
  term->set_points(-250'001);
  EXPECT_EQ(SumOf(explanation.terms()), 1'249'999);
  EXPECT_EQ(TermTable(explanation.terms()).Render(0),
            "   POINTS  SIGNAL    VIEW OF   PROJECT  INVESTOR\n"
            "+1.500000  sector    investor  电池\n"
            "-0.250001  activity  project\n"
            "+1.249999  total\n");
}

TEST(GateTableTest, ShowsTheRemedy) {
  pairing::v1::MatchExplanation explanation;
  auto* gate = explanation.add_gates();
  gate->set_result(pairing::v1::Gate::RESULT_FAIL);
  gate->set_rule("mandate.criteria[2].rounds");
  gate->set_remedy("raise a seed round");
  EXPECT_THAT(GateTable(explanation.gates()).Render(0), testing::HasSubstr("fail  mandate.criteria[2].rounds"));
  EXPECT_THAT(GateTable(explanation.gates()).Render(0), testing::HasSubstr("raise a seed round"));
}

}  // namespace
}  // namespace tandem::cli
