#include "services/pairing/matching/index/text_query.h"

#include <memory>

#include "gtest/gtest.h"

#include "services/pairing/matching/index/row_codec.h"
#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {
namespace {

TEST(TextQuery, PointsAreThoseOfTheDefinitionAndWithinTheBounds) {
  Random random(1);
  MarketShape shape;
  shape.with_text = 100;
  TextQuery query;
  int met = 0;
  for (int round = 0; round < 5000; ++round) {
    shape.terms = 1 + random.Below(round % 2 == 0 ? 60 : 100'000);
    const InvestorForm form = RandomForm(random, shape);
    const ProjectRow row = RandomRow(random, shape);
    query.Prepare(form.text);
    const int32_t wanted = TextPoints(*row.text, form.text);
    met += wanted != 0;
    ASSERT_EQ(query.Points(EncodeText(*row.text)), wanted) << round;
    ASSERT_LE(wanted, query.Most(TextNorm(*row.text)));
    ASSERT_GE(wanted, query.Least(TextNorm(*row.text)));
  }
  EXPECT_GT(met, 1000);
}

}  // namespace
}  // namespace tandem::pairing::matching
