#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tandem/pairing/v1/representative.pb.h"
#include "tools/tandem/record_parser.h"

namespace tandem::cli {
namespace {

using pairing::v1::Representative;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<std::string> kColumns = {"external_id",   "parties",   "languages",     "attendance",
                                           "virtual_hours", "available", "most_meetings", "time_zone"};

std::unique_ptr<google::protobuf::Message> Read(const std::vector<std::string>& fields, Reasons* reasons) {
  RawRecord record;
  record.line = 2;
  record.fields = fields;
  return ParseRecord(RepresentativeKind(), record, kColumns, reasons);
}

TEST(CsvRepresentativesTest, ReadsEveryColumn) {
  Reasons reasons;
  const auto message = Read({"crm-1", "projects/p;investors/i", "zh-Hans;en", "hybrid", "22:30-6:00",
                             "2026-11-14T09:00:00+08:00/2026-11-14T12:00+08:00", "8", "Europe/Berlin"},
                            &reasons);
  EXPECT_THAT(reasons, IsEmpty());
  ASSERT_NE(message, nullptr);
  const auto& representative = static_cast<const Representative&>(*message);
  EXPECT_THAT(representative.parties(), ElementsAre("projects/p", "investors/i"));
  EXPECT_THAT(representative.languages(), ElementsAre("zh-Hans", "en"));
  EXPECT_EQ(representative.attendance(), pairing::v1::ATTENDANCE_HYBRID);
  EXPECT_EQ(representative.virtual_hours().start_minute(), 22 * 60 + 30);
  EXPECT_EQ(representative.virtual_hours().end_minute(), 6 * 60);
  ASSERT_EQ(representative.available_size(), 1);
  EXPECT_EQ(representative.available(0).start_time().seconds(), 1794618000);
  EXPECT_EQ(representative.available(0).end_time().seconds(), 1794618000 + 3 * 3600);
  EXPECT_EQ(representative.most_meetings(), 8);
}

TEST(CsvRepresentativesTest, EveryMistakeIsNamed) {
  Reasons reasons;
  EXPECT_EQ(Read({"crm-1", "projects/p", "", "sometimes", "8-18", "2026-11-14/2026-11-15", "few", ""}, &reasons),
            nullptr);
  ASSERT_EQ(reasons.size(), 4u);
  EXPECT_THAT(reasons, testing::Contains(HasSubstr("virtual_hours")));
  EXPECT_THAT(reasons, testing::Contains(HasSubstr("START/END")));
  EXPECT_THAT(reasons, testing::Contains(HasSubstr("attendance")));
  EXPECT_THAT(reasons, testing::Contains(HasSubstr("most_meetings")));
}

}  // namespace
}  // namespace tandem::cli
