#include "services/pairing/matching/index/query_tables.h"

#include <memory>
#include <vector>

#include "gtest/gtest.h"

namespace tandem::pairing::matching {
namespace {

const uint16_t kNorms[kOtherCode] = {1024, 512};

std::unique_ptr<PreparedForm> Prepared(const InvestorForm& form, uint32_t sectors_end = 10, bool extras = false) {
  auto prepared = std::make_unique<PreparedForm>();
  PrepareForm(form, kNorms, kOtherCode, sectors_end, extras, *prepared);
  return prepared;
}

TEST(QueryTables, CodesPastAByteGetTheMostThatTheyCanGet) {
  InvestorForm form;
  form.columns[kCityColumn].otherwise = 3;
  form.columns[kCityColumn].listed = {{4, 9}, {300, 70}, {400, -5}};
  const auto prepared = Prepared(form);
  const size_t column = kCityColumn - 1;
  EXPECT_EQ(RowColumn(column), kCityColumn);
  EXPECT_EQ(prepared->tables.points[column][4], 9);
  EXPECT_EQ(prepared->tables.points[column][5], 3);
  EXPECT_EQ(prepared->tables.points[column][kOtherCode], 70);
  EXPECT_FALSE(prepared->other_codes_open);
}

TEST(QueryTables, CodesPastAByteThatArePartlyRefusedAreOpen) {
  InvestorForm form;
  form.columns[kCityColumn].listed = {{300, kRefused}};
  EXPECT_TRUE(Prepared(form)->other_codes_open);
  form.columns[kCityColumn].listed = {{30, kRefused}};
  EXPECT_FALSE(Prepared(form)->other_codes_open);
  form.columns[kCityColumn].otherwise = kRefused;
  form.columns[kCityColumn].listed = {{300, 1}};
  EXPECT_TRUE(Prepared(form)->other_codes_open);
  form.columns[kCityColumn].listed = {{30, 1}};
  EXPECT_FALSE(Prepared(form)->other_codes_open);
}

TEST(QueryTables, OnlyColumnsThatRefuseAreGates) {
  InvestorForm form;
  form.columns[kTrlColumn].listed = {{1, 5}};
  EXPECT_EQ(Prepared(form)->tables.gate_count, 0);
  form.columns[kTrlColumn].listed = {{1, kRefused}};
  const auto prepared = Prepared(form);
  ASSERT_EQ(prepared->tables.gate_count, 1);
  EXPECT_EQ(RowColumn(static_cast<size_t>(prepared->tables.gates[0])), kTrlColumn);
}

TEST(QueryTables, RequiredSectorsVisitTheirCellsAndTheUnstatedOneBestFirst) {
  InvestorForm form;
  form.sectors.required = true;
  form.sectors.listed = {{2, 50, true, false}, {3, 90, false, false}, {4, 70, true, true}, {5, 60, true, false}};
  form.columns[kStageColumn].otherwise = kRefused;
  form.columns[kStageColumn].listed = {{1, 0}};
  const auto prepared = Prepared(form);
  std::vector<uint32_t> sectors;
  for (const CellAddress& address : prepared->cells) sectors.push_back(address.sector);
  EXPECT_EQ(sectors, (std::vector<uint32_t>{6, 3, 0})) << "one more than the sector; 0: not stated";
  EXPECT_EQ(prepared->tables.needed_flags, 0);
  form.sectors.refuse_unstated = true;
  EXPECT_EQ(Prepared(form)->cells.size(), 2u);
}

TEST(QueryTables, FormsThatRequireNoSectorMeetEachProjectInItsPrimaryCell) {
  const auto prepared = Prepared(InvestorForm(), 3);
  EXPECT_EQ(prepared->cells.size(), 4 * kStageClasses);
  EXPECT_EQ(prepared->tables.needed_flags, kPrimary);
}

TEST(QueryTables, ShortAsksKeepTheirOrderAndLeaveRoomForTheUnstated) {
  EXPECT_GT(ShortAsk(INT32_MIN), INT16_MIN);
  EXPECT_LT(ShortAsk(INT32_MAX), INT16_MAX);
  EXPECT_LE(ShortAsk(11'000'000), ShortAsk(11'000'001));
  EXPECT_LT(ShortAsk(11'000'000), ShortAsk(11'010'000));
}

}  // namespace
}  // namespace tandem::pairing::matching
