#include "tools/tandem/taxonomy_file.h"

#include "gtest/gtest.h"

#include "tests/unit/tools/tandem/temporary_file.h"

namespace tandem::cli {
namespace {

class TaxonomyFileTest : public testing::Test {
 protected:
  absl::StatusOr<pairing::v1::Taxonomy> Read(const std::string& name, const std::string& content) {
    return ReadTaxonomy(folder_.Write(name, content));
  }
  TemporaryFolder folder_;
};

TEST_F(TaxonomyFileTest, PutsParentsBeforeChildren) {
  const auto taxonomy =
      Read("t.csv", "code,parent,label_en,label_zh-Hans\nC21.2,C21,,\nC21,C,Pharma,制药\nC,,Making,\n");
  ASSERT_TRUE(taxonomy.ok()) << taxonomy.status();
  ASSERT_EQ(taxonomy->sectors_size(), 3);
  EXPECT_EQ(taxonomy->sectors(0).code(), "C");
  EXPECT_EQ(taxonomy->sectors(1).code(), "C21");
  EXPECT_EQ(taxonomy->sectors(1).labels(1).language_code(), "zh-Hans");
  EXPECT_EQ(taxonomy->sectors(1).labels(1).text(), "制药");
  EXPECT_EQ(taxonomy->sectors(2).code(), "C21.2");
}

TEST_F(TaxonomyFileTest, ReadsJson) {
  const auto taxonomy = Read("t.json", R"({"scheme":"s","sectors":[{"code":"A"}]})");
  ASSERT_TRUE(taxonomy.ok());
  EXPECT_EQ(taxonomy->scheme(), "s");
}

TEST_F(TaxonomyFileTest, RefusesWhatIsNoForest) {
  for (const char* content : {"code,parent\nA,B\nB,A\n", "code,parent\nA,A\n", "code,parent\nA,\nA,\n",
                              "code,parent\nA,X\n", "code,parent\n,A\n", "parent\nA\n", "code,colour\nA,red\n"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(Read("t.csv", content).status())) << content;
  }
}

}  // namespace
}  // namespace tandem::cli
