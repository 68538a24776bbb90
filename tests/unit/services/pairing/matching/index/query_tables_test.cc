#include "services/pairing/matching/index/query_tables.h"

#include <memory>
#include <vector>

#include "gtest/gtest.h"

#include "services/pairing/matching/index/posting_block.h"

namespace tandem::pairing::matching {
namespace {

const uint16_t kNorms[] = {1024, 512};
constexpr size_t kCity = kCityColumn - 1;

std::unique_ptr<PreparedForm> Prepared(const InvestorForm& form, uint32_t sectors_end = 10, uint32_t codes_end = 1000) {
  IndexRange range = {kNorms, 2, sectors_end, {}};
  range.codes_end.fill(codes_end);
  auto prepared = std::make_unique<PreparedForm>();
  PrepareForm(form, range, false, *prepared);
  return prepared;
}

std::vector<int> Columns(const ColumnList& list) { return {list.columns, list.columns + list.count}; }
bool Has(const uint8_t* bits, uint32_t at) { return ((bits[at / 8] >> (at % 8)) & 1) != 0; }

TEST(QueryTables, SharedBytesGetTheMostThatTheirCodesCanGet) {
  InvestorForm form;
  form.columns[kCityColumn].otherwise = 3;
  form.columns[kCityColumn].listed = {{4, 9}, {200, -1}, {300, 70}, {400, -5}};
  ASSERT_EQ(RowColumn(kCity), kCityColumn);
  const auto prepared = Prepared(form);
  const QueryTables& tables = prepared->tables;
  EXPECT_EQ(tables.points[kCity][4], 9);
  EXPECT_EQ(tables.points[kCity][5], 3);
  EXPECT_EQ(tables.points[kCity][FoldCode(200)], 3);
  EXPECT_EQ(tables.points[kCity][FoldCode(300)], 70);
  EXPECT_EQ(tables.points[kCity][FoldCode(400)], 3);
  EXPECT_EQ(Columns(tables.vague), std::vector<int>{kCity});
  EXPECT_EQ(tables.mixed.count, 0);
  EXPECT_EQ(tables.gates.count, 0);
  EXPECT_TRUE(Has(tables.is_vague[kCity], FoldCode(300)));
  EXPECT_FALSE(Has(tables.is_vague[kCity], FoldCode(301)));
}

TEST(QueryTables, CodesThatNoRowHasLeaveNoDoubt) {
  InvestorForm form;
  form.columns[kCityColumn].listed = {{130, 5}, {300, 70}, {301, kRefused}};
  const auto prepared = Prepared(form, 10, 250);
  EXPECT_EQ(prepared->tables.points[kCity][130], 5);
  EXPECT_EQ(prepared->tables.points[kCity][FoldCode(300)], 0);
  EXPECT_EQ(prepared->tables.vague.count, 0);
  EXPECT_EQ(prepared->tables.gates.count, 0);
}

TEST(QueryTables, ASharedByteWhoseCodesGetTheSameIsNotVague) {
  InvestorForm form;
  form.columns[kCityColumn].listed = {{130, 5}, {258, 5}};
  EXPECT_EQ(Prepared(form, 10, 300)->tables.vague.count, 0) << "both codes of byte 130 are listed";
  EXPECT_EQ(Prepared(form, 10, 387)->tables.vague.count, 1) << "386 is behind that byte, too";
}

TEST(QueryTables, SharedBytesThatArePartlyRefusedAreMixed) {
  InvestorForm form;
  form.columns[kCityColumn].listed = {{300, kRefused}};
  EXPECT_EQ(Columns(Prepared(form)->tables.mixed), std::vector<int>{kCity});
  form.columns[kCityColumn].listed = {{30, kRefused}};
  EXPECT_EQ(Prepared(form)->tables.mixed.count, 0);
  EXPECT_EQ(Prepared(form)->tables.gates.count, 1);
  form.columns[kCityColumn].otherwise = kRefused;
  form.columns[kCityColumn].listed = {{300, 1}};
  const auto prepared = Prepared(form);
  EXPECT_EQ(Columns(prepared->tables.mixed), std::vector<int>{kCity});
  EXPECT_TRUE(Has(prepared->tables.is_mixed[kCity], FoldCode(300)));
  EXPECT_FALSE(Has(prepared->tables.accepted[kCity], FoldCode(301)));
  form.columns[kCityColumn].listed = {{30, 1}};
  EXPECT_EQ(Prepared(form)->tables.mixed.count, 0);
}

TEST(QueryTables, LossesAreWhatACodeLacksToTheBest) {
  InvestorForm form;
  form.columns[kTrlColumn].otherwise = -20'000;
  form.columns[kTrlColumn].listed = {{2, 30'000}};
  const auto prepared = Prepared(form, 10, 20);
  const QueryTables& tables = prepared->tables;
  const size_t trl = kTrlColumn - 1;
  EXPECT_EQ(tables.column_most, 30'000);
  EXPECT_EQ(Columns(tables.differing), std::vector<int>{trl});
  EXPECT_EQ(tables.quarters[trl], 1);
  EXPECT_EQ(tables.loss[trl][0][2] + 256 * tables.loss[trl][1][2], 0);
  EXPECT_EQ(tables.loss[trl][0][3] + 256 * tables.loss[trl][1][3], 50'000);
}

TEST(QueryTables, LargeColumnsKnowWhichCodesAreBetterThanThoseNotListed) {
  InvestorForm form;
  form.columns[kCityColumn].otherwise = -100;
  form.columns[kCityColumn].listed = {{4, 300}, {5, -400}, {300, 50}};
  form.columns[kTrlColumn].listed = {{1, 5}};
  form.columns[kRoundColumn].listed = {{1, -5}};  // nothing is better
  const auto prepared = Prepared(form);
  const QueryTables& tables = prepared->tables;
  EXPECT_EQ(Columns(tables.large), (std::vector<int>{kCity, kTrlColumn - 1}));
  EXPECT_EQ(tables.plain_loss[kCity], 400);
  EXPECT_TRUE(Has(tables.better[kCity], 4));
  EXPECT_FALSE(Has(tables.better[kCity], 5));
  EXPECT_TRUE(Has(tables.better[kCity], FoldCode(300)));
  const auto few = Prepared(form, 10, 40);
  EXPECT_EQ(few->tables.large.count, 0);
  EXPECT_EQ(Columns(few->tables.small), (std::vector<int>{kRoundColumn - 1, kCity, kTrlColumn - 1}));
  EXPECT_EQ(few->tables.sixteens[kCity], 3);
}

TEST(QueryTables, SectorsOfTheSameLowerByteAreMarkedAsMany) {
  InvestorForm form;
  form.sectors.listed = {{3, 1, true, false}, {5, 1, true, true}, {259, 1, true, false}, {300, 1, true, false}};
  const auto prepared = Prepared(form, 400);
  const QueryTables& tables = prepared->tables;
  EXPECT_EQ(tables.accepted_high[3], kManyMarks);
  EXPECT_EQ(tables.accepted_high[5], 0);
  EXPECT_EQ(tables.accepted_high[300 & 255], 1);
  EXPECT_EQ(tables.accepted_high[4], kNoMark);
  EXPECT_TRUE(tables.refuses_sectors);
  EXPECT_EQ(tables.refused_high[5], 0);
  EXPECT_TRUE(tables.bounded);
  form.sectors.otherwise = -7000;
  EXPECT_FALSE(Prepared(form, 400)->tables.bounded) << "five of them do not fit sixteen bits";
}

TEST(QueryTables, OnlyColumnsThatRefuseAreGates) {
  InvestorForm form;
  form.columns[kTrlColumn].listed = {{1, 5}};
  EXPECT_EQ(Prepared(form)->tables.gates.count, 0);
  form.columns[kTrlColumn].listed = {{1, kRefused}};
  const auto prepared = Prepared(form);
  ASSERT_EQ(prepared->tables.gates.count, 1);
  EXPECT_EQ(RowColumn(static_cast<size_t>(prepared->tables.gates.columns[0])), kTrlColumn);
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
  std::vector<bool> first_only;
  for (const CellAddress& address : prepared->cells) first_only.push_back(address.cell.first_only);
  EXPECT_EQ(first_only, (std::vector<bool>{true, false, false})) << "before the first accepted one there is none";
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
