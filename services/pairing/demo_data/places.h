// Where demo data is: countries with their regions, currencies and languages, and the exchange rates of the edition.
#ifndef TANDEM_SERVICES_PAIRING_DEMO_DATA_PLACES_H_
#define TANDEM_SERVICES_PAIRING_DEMO_DATA_PLACES_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/pairing/demo_data/prng.h"
#include "services/pairing/demo_data/words.h"
#include "tandem/type/v1/types.pb.h"

namespace tandem::pairing {

struct City {
  const char* region;  // ISO 3166-2 code
  Phrase name;
};

struct Country {
  const char* code;
  Phrase name;
  const char* currency;
  const char* language;    // what people work in besides English
  const char* legal_form;  // what a company's English name ends with
  int chinese_percent;     // how often a record is written in Chinese first
  std::vector<City> cities;
};

// A frozen rate into CNY, and the smallest number of minor units of one unit: 100, or 1 for currencies without.
struct Rate {
  const char* currency;
  int64_t nanos;
  int minor_units;
};

// 28 countries by falling weight; China first.
const std::vector<Country>& Countries();

// The 12 currencies besides CNY.
const std::array<Rate, 12>& Rates();

// A place of the world: its country and its city.
struct Spot {
  const Country* country;
  const City* city;
};

// A spot by Zipf weights.
Spot PickSpot(Prng* prng);
// A city of a country; the first is the likeliest.
const City* PickCity(const Country& country, Prng* prng);

type::v1::Place ToPlace(const Spot& spot);

// `yuan` CNY in minor units of `currency`, rounded to two digits that people would write.
int64_t FromYuan(int64_t yuan, absl::string_view currency);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_DEMO_DATA_PLACES_H_
