#include "services/pairing/meetings/representative_rules.h"

#include <google/protobuf/text_format.h>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/pairing/meetings/party.h"
#include "tandem/pairing/v1/representative.pb.h"

namespace tandem::pairing::meetings {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

v1::Representative Parse(const std::string& text) {
  v1::Representative representative;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &representative)) << text;
  return representative;
}

std::vector<std::string> Fields(const v1::Representative& representative) {
  std::vector<FieldViolation> violations;
  RepresentativeCollection().rules->Check(representative, "r", &violations);
  std::vector<std::string> fields;
  for (const FieldViolation& violation : violations) fields.push_back(violation.field);
  return fields;
}

TEST(PartyTest, AProjectOrAnInvestorIsAParty) {
  EXPECT_TRUE(ParseParty("editions/e/projects/p").ok);
  EXPECT_TRUE(ParseParty("editions/e/projects/p").is_project);
  EXPECT_FALSE(ParseParty("editions/e/investors/i").is_project);
  EXPECT_EQ(ParseParty("editions/e/investors/i").id, "i");
  EXPECT_EQ(ParseParty("editions/e/investors/i").edition, "e");
  for (const char* name : {"", "editions/e", "editions/e/deals/d", "editions/e/investors/i/deals/d",
                           "editions/e/projects/", "editions/E/projects/p", "x/e/projects/p", "/editions/e/projects"}) {
    EXPECT_FALSE(ParseParty(name).ok) << name;
    EXPECT_THAT(PartyProblem(name, ""), HasSubstr("project or an investor"));
  }
  EXPECT_EQ(PartyProblem("editions/e/projects/p", "e"), "");
  EXPECT_EQ(PartyProblem("editions/e/projects/p", ""), "");
  EXPECT_THAT(PartyProblem("editions/e/projects/p", "f"), HasSubstr("nothing crosses editions"));
}

TEST(RepresentativeRulesTest, AGoodOnePasses) {
  EXPECT_THAT(Fields(Parse(R"pb(
                name: "editions/e/representatives/r"
                parties: [ "editions/e/projects/p", "editions/e/investors/i" ]
                attendance: ATTENDANCE_HYBRID
                virtual_hours { start_minute: 1320 end_minute: 360 }
                available {
                  start_time { seconds: 100 }
                  end_time { seconds: 200 }
                }
                available {
                  start_time { seconds: 200 }
                  end_time { seconds: 300 }
                }
              )pb")),
              IsEmpty());
}

TEST(RepresentativeRulesTest, PartiesAreProjectsAndInvestorsOfItsEdition) {
  const auto fields = Fields(Parse(R"pb(
    name: "editions/e/representatives/r"
    parties: [ "editions/e/deals/p", "editions/f/investors/i", "editions/e/investors/i" ]
  )pb"));
  EXPECT_THAT(fields, ElementsAre("r.parties[0]", "r.parties[1]"));
}

TEST(RepresentativeRulesTest, ANewOneIsOfTheEditionItIsMadeIn) {
  v1::Representative representative = Parse(R"pb(parties: "editions/f/investors/i")pb");
  EXPECT_THAT(Fields(representative), IsEmpty());
  catalog::Candidate candidate{&representative, "representative", {"e"}, {}, absl::OkStatus()};
  catalog::Candidate* const candidates[] = {&candidate};
  ASSERT_TRUE(RepresentativeCollection().rules->Resolve(nullptr, "e", candidates).ok());
  const ErrorDetail detail = GetErrorDetail(candidate.status);
  ASSERT_EQ(detail.violations.size(), 1u);
  EXPECT_EQ(detail.violations[0].field, "representative.parties[0]");
}

TEST(RepresentativeRulesTest, RangesStartBeforeTheyEndAndFollowOneAnother) {
  const auto fields = Fields(Parse(R"pb(
    available {
      start_time { seconds: 200 }
      end_time { seconds: 100 }
    }
    unavailable {
      start_time { seconds: 100 }
      end_time { seconds: 200 }
    }
    unavailable {
      start_time { seconds: 199 }
      end_time { seconds: 200 }
    }
    virtual_hours { start_minute: 60 }
  )pb"));
  EXPECT_THAT(fields, ElementsAre("r.available[0].end_time", "r.unavailable[1].start_time", "r.virtual_hours"));
}

}  // namespace
}  // namespace tandem::pairing::meetings
