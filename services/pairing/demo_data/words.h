// What demo texts are made of: sectors with what is built, suffered and served in each, in English and Chinese. Written
// for this project.
#ifndef TANDEM_SERVICES_PAIRING_DEMO_DATA_WORDS_H_
#define TANDEM_SERVICES_PAIRING_DEMO_DATA_WORDS_H_

#include <array>
#include <vector>

namespace tandem::pairing {

// The same words in two languages.
struct Phrase {
  const char* en;
  const char* zh;
};

// A subsector. The English phrases are noun phrases without article that fit "We build {technology}", "{problem} is
// costly" and "used in {application}".
struct Subsector {
  const char* code;    // such as `ENE-BAT`; the part before the dash is the sector above
  const char* parent;  // such as `ENE`
  Phrase label;
  std::array<Phrase, 3> technologies;
  std::array<Phrase, 2> problems;
  std::array<Phrase, 2> applications;
};

// A sector at the top of the taxonomy.
struct TopSector {
  const char* code;
  Phrase label;
};

// The sectors at the top, and all subsectors in the taxonomy's order.
const std::array<TopSector, 8>& TopSectors();
const std::vector<Subsector>& Subsectors();

// The halves of `Subsectors`, each in its own file.
std::vector<Subsector> TechnicalSubsectors();
std::vector<Subsector> LifeAndEarthSubsectors();

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_DEMO_DATA_WORDS_H_
