#include "services/pairing/matching/index/batch_order.h"

#include <vector>

#include "gtest/gtest.h"

namespace tandem::pairing::matching {
namespace {

InvestorForm FormOf(std::vector<SectorPoints::Listed> sectors, uint16_t stage, int32_t ticket) {
  InvestorForm form;
  form.sectors.listed = std::move(sectors);
  form.columns[kStageColumn].otherwise = kRefused;
  form.columns[kStageColumn].listed = {{stage, 0}};
  form.ticket_least = ticket;
  return form;
}

TEST(BatchOrder, NeighboursShareTheirMostWantedSectorThenTheStageThenTheTicket) {
  const InvestorForm forms[] = {
      FormOf({{4, 0, true, false}, {9, 0, true, false}}, 2, 50),   // 9 is wanted by three, 4 by two
      FormOf({{4, 0, true, false}, {9, 0, false, false}}, 1, 10),  // 9 is not accepted
      FormOf({{9, 0, true, false}}, 1, 70),
      FormOf({{9, 0, true, false}}, 2, 20),
      InvestorForm(),
  };
  std::vector<const InvestorForm*> pointers;
  for (const InvestorForm& form : forms) pointers.push_back(&form);
  EXPECT_EQ(BatchOrder(pointers), (std::vector<uint32_t>{4, 1, 2, 3, 0}));
  EXPECT_TRUE(BatchOrder({}).empty());
}

}  // namespace
}  // namespace tandem::pairing::matching
