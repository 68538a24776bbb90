#include "services/pairing/matching/index/batch_order.h"

#include <algorithm>
#include <tuple>

namespace tandem::pairing::matching {
namespace {

struct Place {
  uint32_t sector;  // 1 + sector; 0: none
  uint32_t stage;   // 1 + stage; 0: no stage is listed as accepted
  int32_t ticket;
  uint32_t number;

  auto Key() const { return std::tie(sector, stage, ticket, number); }
};

Place PlaceOf(const InvestorForm& form, uint32_t number, const std::vector<uint32_t>& accepting) {
  Place place = {0, 0, form.ticket_least, number};
  uint32_t most = 0;
  for (const SectorPoints::Listed& listed : form.sectors.listed) {
    if (!listed.accepted || accepting[listed.sector] <= most) continue;
    most = accepting[listed.sector];
    place.sector = listed.sector + 1u;
  }
  for (const ColumnPoints::Listed& listed : form.columns[kStageColumn].listed) {
    if (listed.points == kRefused) continue;
    place.stage = listed.code + 1u;
    break;
  }
  return place;
}

}  // namespace

std::vector<uint32_t> BatchOrder(const std::vector<const InvestorForm*>& forms) {
  std::vector<uint32_t> accepting(1 << 16);  // forms, by sector
  for (const InvestorForm* form : forms) {
    for (const SectorPoints::Listed& listed : form->sectors.listed) accepting[listed.sector] += listed.accepted ? 1 : 0;
  }
  std::vector<Place> places;
  places.reserve(forms.size());
  for (uint32_t i = 0; i < forms.size(); ++i) places.push_back(PlaceOf(*forms[i], i, accepting));
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.Key() < b.Key(); });
  std::vector<uint32_t> order;
  order.reserve(places.size());
  for (const Place& place : places) order.push_back(place.number);
  return order;
}

}  // namespace tandem::pairing::matching
