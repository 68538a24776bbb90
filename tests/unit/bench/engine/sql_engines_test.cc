// The databases give the lists of the naive scan on small markets, so that a difference in a benchmark is ours.
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/bench/engine/generator.h"
#include "tests/bench/engine/postgres_engine.h"
#include "tests/bench/engine/scan_engine.h"
#include "tests/bench/engine/sqlite_engine.h"
#include "tests/support/postgres/server.h"

namespace tandem::bench {
namespace {

using pairing::matching::InvestorForm;
using pairing::matching::kCountryColumn;
using pairing::matching::kRefused;
using ::testing::ElementsAreArray;

// Generated, and with what the generator never makes: no sector needed but a stated one, all codes but one refused,
// long negative sums, many ties.
MarketData Market(bool gates, bool text) {
  MarketData market =
      GenerateMarket({.projects = 400, .investors = 60, .spare_projects = 20, .gates = gates, .text = text});
  const auto change = [&](size_t investor, auto edit) {
    auto form = std::make_shared<InvestorForm>(*market.forms[investor]);
    edit(*form);
    market.forms[investor] = form;
  };
  change(0, [](InvestorForm& form) {
    form.sectors.required = false;
    form.sectors.refuse_unstated = true;
  });
  change(1, [](InvestorForm& form) { form.columns[kCountryColumn] = {kRefused, {{1, -3}}}; });
  change(2, [](InvestorForm& form) { form.sectors.otherwise = -4001; });
  change(3, [](InvestorForm& form) { form.sectors = {0, true, false, {}}; });
  change(4, [](InvestorForm& form) {
    form = InvestorForm();
    form.bias = -1;
  });
  for (size_t i = 0; i < market.rows.size(); i += 3) market.rows[i].points = -1;
  return market;
}

void ExpectListsOfTheScan(Engine* engine, const MarketData& market) {
  const auto scan = MakeScanEngine();
  ASSERT_TRUE(scan->Build(market).ok());
  const absl::Status built = engine->Build(market);
  ASSERT_TRUE(built.ok()) << built;
  for (uint32_t investor = 0; investor < market.forms.size(); ++investor) {
    for (const size_t k : {1, 50}) {
      ASSERT_TRUE(engine->Prepare(investor).ok());
      const auto list = engine->Top(investor, k);
      ASSERT_TRUE(list.ok()) << list.status();
      ASSERT_THAT(list->best, ElementsAreArray(scan->Top(investor, k)->best))
          << engine->name() << ", investor " << investor;
    }
  }
}

TEST(SqliteEngine, GivesTheListsOfTheScan) {
  for (const bool gates : {true, false}) {
    for (const bool text : {true, false}) ExpectListsOfTheScan(MakeSqliteEngine().get(), Market(gates, text));
  }
}

TEST(PostgresEngine, GivesTheListsOfTheScan) {
  const auto server = PostgresServer::Start(PostgresEngineSettings());
  if (absl::IsUnavailable(server.status())) GTEST_SKIP() << server.status().message();
  ASSERT_TRUE(server.ok()) << server.status();
  for (const PostgresVariant variant : {PostgresVariant::kGin, PostgresVariant::kExpert}) {
    for (const bool gates : {true, false}) {
      for (const bool text : {true, false}) {
        ExpectListsOfTheScan(MakePostgresEngine(variant, (*server)->connection()).get(), Market(gates, text));
      }
    }
  }
}

TEST(SqlEngines, RefuseAMarketWithExtrasRatherThanAnswerWrongly) {
  class NoExtras : public pairing::matching::PairExtras {
   public:
    std::optional<int32_t> Points(uint32_t, uint32_t) const override { return 0; }
  };
  MarketData market = Market(true, false);
  market.extras = std::make_shared<NoExtras>();
  EXPECT_TRUE(absl::IsUnimplemented(MakeSqliteEngine()->Build(market)));
  EXPECT_TRUE(absl::IsUnimplemented(MakePostgresEngine(PostgresVariant::kGin, "")->Build(market)));
}

}  // namespace
}  // namespace tandem::bench
