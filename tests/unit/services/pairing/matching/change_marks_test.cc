#include "services/pairing/matching/change_marks.h"

#include "gtest/gtest.h"

namespace tandem::pairing::matching {
namespace {

ProjectRow RowOf(std::initializer_list<uint16_t> sectors) {
  ProjectRow row;
  for (const uint16_t sector : sectors) row.sectors[row.sector_count++] = sector;
  return row;
}

InvestorForm Requires(std::initializer_list<uint16_t> sectors) {
  InvestorForm form;
  form.sectors.required = true;
  for (const uint16_t sector : sectors) form.sectors.listed.push_back({sector, 0, true, false});
  return form;
}

TEST(ChangeMarksTest, AnInvestorIsMarkedByTheSectorsThatItAccepts) {
  const InvestorForm form = Requires({3, 5});
  ChangeMarks marks;
  const ProjectRow other = RowOf({4}), in = RowOf({4, 5}), unstated = RowOf({});
  marks.ProjectChanged(0, nullptr, &other, 1);
  EXPECT_EQ(marks.OfInvestor(0, &form), 0u);
  marks.ProjectChanged(0, &other, &in, 2);
  EXPECT_EQ(marks.OfInvestor(0, &form), 2u);
  marks.ProjectChanged(0, &in, &other, 3);
  EXPECT_EQ(marks.OfInvestor(0, &form), 3u) << "it left the sector";
  marks.ProjectChanged(0, &other, nullptr, 4);
  EXPECT_EQ(marks.OfInvestor(0, &form), 3u);
  marks.ProjectChanged(1, nullptr, &unstated, 5);
  EXPECT_EQ(marks.OfInvestor(0, &form), 5u) << "what states no sector passes";
}

TEST(ChangeMarksTest, WhoRefusesWhatStatesNoSectorIsNotMarkedByIt) {
  InvestorForm form = Requires({3});
  form.sectors.refuse_unstated = true;
  ChangeMarks marks;
  const ProjectRow unstated = RowOf({});
  marks.ProjectChanged(1, nullptr, &unstated, 5);
  EXPECT_EQ(marks.OfInvestor(0, &form), 0u);
}

TEST(ChangeMarksTest, WhoRequiresNoSectorIsMarkedByEveryProjectThatTakesPart) {
  const InvestorForm form;
  ChangeMarks marks;
  const ProjectRow row = RowOf({4});
  marks.ProjectChanged(0, nullptr, nullptr, 1);
  EXPECT_EQ(marks.OfInvestor(0, &form), 0u);
  marks.ProjectChanged(0, nullptr, &row, 2);
  EXPECT_EQ(marks.OfInvestor(0, &form), 2u);
  EXPECT_EQ(marks.OfInvestor(0, nullptr), 0u) << "its list is empty";
}

TEST(ChangeMarksTest, AProjectIsMarkedByItselfAndByEveryInvestor) {
  ChangeMarks marks;
  const ProjectRow row = RowOf({4});
  marks.ProjectChanged(7, nullptr, &row, 1);
  EXPECT_EQ(marks.OfProject(7), 1u);
  EXPECT_EQ(marks.OfProject(8), 0u);
  marks.InvestorChanged(2, 2);
  EXPECT_EQ(marks.OfProject(7), 2u);
  EXPECT_EQ(marks.OfProject(8), 2u);
  EXPECT_EQ(marks.OfInvestor(2, nullptr), 2u);
  EXPECT_EQ(marks.OfInvestor(3, nullptr), 0u);
}

TEST(ChangeMarksTest, WhatIsSharedStaysAsItWas) {
  ChangeMarks marks;
  const ProjectRow row = RowOf({4});
  marks.ProjectChanged(7, nullptr, &row, 1);
  const ChangeMarks shared = marks.Share();
  marks.ProjectChanged(7, &row, &row, 2);
  marks.ProjectChanged(5000, &row, &row, 3);
  marks.InvestorChanged(3, 4);
  marks.EverythingChanged(5);
  EXPECT_EQ(shared.OfProject(7), 1u);
  EXPECT_EQ(shared.OfProject(5000), 0u);
  EXPECT_EQ(shared.OfInvestor(3, nullptr), 0u);
  EXPECT_EQ(marks.OfProject(5000), 5u);
  EXPECT_EQ(marks.Share().OfInvestor(9, nullptr), 5u);
}

}  // namespace
}  // namespace tandem::pairing::matching
