#include "services/pairing/market_feed/record_name.h"

#include "gtest/gtest.h"

namespace tandem::pairing {
namespace {

TEST(RecordNameTest, KindComesFromTheShapeOfTheName) {
  EXPECT_EQ(KindOf("editions/e"), RecordKind::kEdition);
  EXPECT_EQ(KindOf("editions/e/statistics"), RecordKind::kStatistics);
  EXPECT_EQ(KindOf("editions/e/taxonomies/nace-2.1"), RecordKind::kTaxonomy);
  EXPECT_EQ(KindOf("editions/e/profiles/trained-1"), RecordKind::kProfile);
  EXPECT_EQ(KindOf("editions/e/pairings/p,i"), RecordKind::kPairing);
  EXPECT_EQ(KindOf("editions/e/projects/p"), RecordKind::kProject);
  EXPECT_EQ(KindOf("editions/e/investors/i"), RecordKind::kInvestor);
  EXPECT_EQ(KindOf("editions/e/investors/i/deals/d"), RecordKind::kDeal);
}

TEST(RecordNameTest, AnythingElseIsUnknown) {
  for (const char* name : {"", "/", "editions", "editions/", "editions//projects/p", "projects/p",
                           "editions/e/projects", "editions/e/projects/", "editions/e/projects/p/x",
                           "editions/e/deals/d", "editions/e/investors/i/deals/", "x/e/projects/p"}) {
    EXPECT_EQ(KindOf(name), RecordKind::kUnknown) << name;
  }
}

TEST(RecordNameTest, EditionIsTheFirstTwoParts) {
  EXPECT_EQ(EditionOf("editions/e"), "editions/e");
  EXPECT_EQ(EditionOf("editions/e/projects/p"), "editions/e");
  EXPECT_EQ(EditionOf("editions/"), "");
  EXPECT_EQ(EditionOf("editions//projects/p"), "");
  EXPECT_EQ(EditionOf("projects/p"), "");
  EXPECT_EQ(EditionOf(""), "");
}

}  // namespace
}  // namespace tandem::pairing
