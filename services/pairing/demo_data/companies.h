// The companies that deals are made in, and when each raises money.
#ifndef TANDEM_SERVICES_PAIRING_DEMO_DATA_COMPANIES_H_
#define TANDEM_SERVICES_PAIRING_DEMO_DATA_COMPANIES_H_

#include <cstdint>
#include <vector>

#include "services/pairing/demo_data/places.h"
#include "services/pairing/demo_data/taste.h"
#include "services/pairing/demo_data/texts.h"
#include "tandem/type/v1/vocabulary.pb.h"

namespace tandem::pairing {

// What of a company decides who invests in it. The same for the same seed and number.
struct DemoCompany {
  uint32_t number = 0;
  Spot spot{};
  uint16_t subsector = 0;
  uint16_t second_subsector = 0;  // the same when it has one only
  uint16_t filed_under = 0;       // what its deals say: now and then a neighbour of its subsector
  int pull = 0;                   // how many investors its rounds have at most besides the first
};
DemoCompany MakeCompany(const Investors& investors, uint32_t number);

// Its name and what it does.
struct CompanyTexts {
  Text name;
  Topic topic;
};
CompanyTexts MakeCompanyTexts(const Investors& investors, const DemoCompany& company);

// A round that a company raises, before anybody is in it.
struct PlannedRound {
  uint32_t company = 0;
  int16_t days_ago = 0;  // before the day up to which there are deals
  uint8_t ordinal = 0;   // from 0, of its company
  uint8_t rung = 0;
};

// All rounds of ten years, the oldest first. Companies climb the ladder, a year or so from rung to rung; most stop
// soon.
std::vector<PlannedRound> PlanRounds(const Investors& investors);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_DEMO_DATA_COMPANIES_H_
