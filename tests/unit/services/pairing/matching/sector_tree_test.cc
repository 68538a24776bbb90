#include "services/pairing/matching/sector_tree.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace tandem::pairing::matching {
namespace {

// Once, 500 projects in a taxonomy of 10,000 sectors below one root took 925 MB.
TEST(SectorTreeTest, InAWideTaxonomyTheClosestRelativesAreKeptAndTheirNumberIsBounded) {
  v1::Taxonomy taxonomy;
  taxonomy.set_scheme("wide");
  taxonomy.add_sectors()->set_code("root");
  for (int i = 0; i < 5000; ++i) {
    v1::Sector* sector = taxonomy.add_sectors();
    sector->set_code(absl::StrCat("s", i));
    sector->set_parent_code("root");
  }
  v1::Sector* child = taxonomy.add_sectors();
  child->set_code("child");
  child->set_parent_code("s4000");
  Interner interner;
  SectorTree tree;
  tree.Add(taxonomy, &interner);
  const auto id = [&](const char* code) { return interner.Find(absl::StrCat("sector:wide//", code)); };

  const std::vector<Relative> relatives = tree.RelativesOf(id("s4000"));
  ASSERT_EQ(relatives.size(), SectorTree::kMostRelatives);
  EXPECT_EQ(relatives[0].sector, id("s4000"));
  EXPECT_EQ(relatives[1].sector, id("child"));
  EXPECT_EQ(relatives[2].sector, id("root"));
  EXPECT_EQ(relatives[3].sector, id("s0")) << "siblings, in the order of the taxonomy";
  EXPECT_TRUE(tree.Covers(id("root"), id("s4999"))) << "gates see all";
}

}  // namespace
}  // namespace tandem::pairing::matching
