#include "services/pairing/editions/taxonomy_rules.h"

#include <gtest/gtest.h>
#include <map>

#include "common/catalog/names.h"
#include "tandem/pairing/v1/edition.pb.h"

namespace tandem::pairing {
namespace {

TEST(TaxonomyIdTest, IsReadableWhereNothingIsLost) {
  EXPECT_EQ(TaxonomyId("nace", "2.1"), "nace-2-1");
  EXPECT_EQ(TaxonomyId("nace", ""), "nace");
  EXPECT_EQ(TaxonomyId("nace", "2.1"), TaxonomyId("nace", "2.1"));
}

TEST(TaxonomyIdTest, DifferentTaxonomiesHaveDifferentValidIds) {
  const std::string schemes[] = {"nace", "NACE", "na-ce", "nace.2", "nace-2",
                                 "",     "1st",  "行业",  "a b",    std::string(40, 'x')};
  const std::string versions[] = {"", "2", "2.1", "2-1", "2..1", "2.1.", "v 2", "版", std::string(40, '1')};
  std::map<std::string, std::string> seen;
  for (const auto& scheme : schemes) {
    for (const auto& version : versions) {
      const std::string id = TaxonomyId(scheme, version);
      EXPECT_TRUE(catalog::IsResourceId(id)) << id;
      const auto [entry, fresh] = seen.emplace(id, scheme + "|" + version);
      EXPECT_TRUE(fresh) << entry->second << " and " << scheme << "|" << version;
    }
  }
}

TEST(TaxonomyRulesTest, ParentsStandBeforeTheirChildren) {
  v1::Taxonomy taxonomy;
  taxonomy.add_sectors()->set_code("C");
  auto* child = taxonomy.add_sectors();
  child->set_code("C21");
  child->set_parent_code("C");
  auto* self = taxonomy.add_sectors();
  self->set_code("D");
  self->set_parent_code("D");
  std::vector<FieldViolation> violations;
  TaxonomyCollection().rules->Check(taxonomy, "taxonomy", &violations);
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations[0].field, "taxonomy.sectors[2].parent_code");
}

}  // namespace
}  // namespace tandem::pairing
