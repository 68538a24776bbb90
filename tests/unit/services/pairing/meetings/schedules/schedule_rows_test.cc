#include "services/pairing/meetings/schedules/schedule_rows.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"

#include "common/catalog/fields.h"
#include "tandem/pairing/v1/schedule_service.pb.h"

namespace tandem::pairing::meetings {
namespace {

constexpr char kName[] = "editions/e/schedules/s00000001";

// Every third one has no meeting, every fifth is represented.
std::vector<v1::SchedulePlacement> Placements(size_t count) {
  std::vector<v1::SchedulePlacement> placements;
  for (size_t i = 0; i < count; ++i) {
    v1::SchedulePlacement& one = placements.emplace_back();
    one.set_pairing(absl::StrFormat("editions/e/pairings/%06d", i));
    one.set_project(absl::StrCat("editions/e/projects/p", i));
    one.set_investor(absl::StrCat("editions/e/investors/i", i));
    one.set_project_attendee(i % 5 == 0 ? absl::StrCat("editions/e/representatives/r", i) : one.project());
    one.set_investor_attendee(one.investor());
    one.set_value(static_cast<int64_t>(i));
    if (i % 3 == 0) continue;
    one.set_place("t1");
    one.mutable_start_time()->set_seconds(static_cast<int64_t>(1000 + i));
    one.set_meeting(absl::StrFormat("editions/e/meetings/%06d-1", i));
    one.set_change(v1::SchedulePlacement::CHANGE_KEPT);
  }
  return placements;
}

// A row as one message.
std::string WholeRow(const std::vector<v1::SchedulePlacement>& placements) {
  v1::ListPlacementsResponse row;
  const auto shorten = [](std::string* name) { *name = std::string(absl::StripPrefix(*name, "editions/e/")); };
  for (const v1::SchedulePlacement& one : placements) {
    v1::SchedulePlacement* const placement = row.add_placements();
    *placement = one;
    if (one.project_attendee() == one.project()) placement->clear_project_attendee();
    if (one.investor_attendee() == one.investor()) placement->clear_investor_attendee();
    for (std::string* name :
         {placement->mutable_pairing(), placement->mutable_project(), placement->mutable_investor(),
          placement->mutable_project_attendee(), placement->mutable_investor_attendee(), placement->mutable_meeting()})
      shorten(name);
  }
  return catalog::SerializeDeterministically(row);
}

std::map<std::string, std::string> Written(const Transaction& transaction) {
  std::map<std::string, std::string> rows;
  for (const Write& write : transaction.writes) {
    EXPECT_FALSE(write.logged);
    EXPECT_TRUE(rows.emplace(write.key, *write.value).second) << write.key;
  }
  return rows;
}

TEST(ScheduleRowsTest, ARowIsOneMessageOfAllItsPlacementsAndReadsAsThem) {
  const std::vector<v1::SchedulePlacement> placements = Placements(50);
  const std::string row = EncodePlacements("e", placements.data(), placements.data() + placements.size());
  EXPECT_EQ(row, WholeRow(placements));
  const auto read = DecodePlacements("e", row);
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->size(), placements.size());
  for (size_t i = 0; i < placements.size(); ++i)
    EXPECT_EQ((*read)[i].SerializeAsString(), placements[i].SerializeAsString());
}

TEST(ScheduleRowsTest, OnlyRowsOfChangedPlacementsAreWrittenAgainAndTheRestIsTheSame) {
  std::vector<v1::SchedulePlacement> placements = Placements(3 * kPlacementsOfRow + 7);
  Transaction before;
  AddPlacementWrites(kName, placements, &before);
  for (const std::vector<size_t>& changed : std::vector<std::vector<size_t>>{
           {}, {0}, {999, 1000}, {1500, 1501, 1999}, {1, 3 * kPlacementsOfRow}, {3 * kPlacementsOfRow + 6}}) {
    for (const size_t i : changed) placements[i].set_meeting(absl::StrCat("editions/e/meetings/new", i));
    Transaction all, some;
    AddPlacementWrites(kName, placements, &all);
    AddPlacementWritesOf(kName, placements, changed, &some);
    std::map<std::string, std::string> rows = Written(before);
    const std::map<std::string, std::string> written = Written(some);
    for (const auto& [key, value] : written) {
      EXPECT_NE(rows.at(key), value) << key;
      rows[key] = value;
    }
    EXPECT_EQ(rows, Written(all));
    before = all;
  }
}

}  // namespace
}  // namespace tandem::pairing::meetings
