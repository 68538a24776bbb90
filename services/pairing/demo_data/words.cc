#include "services/pairing/demo_data/words.h"

namespace tandem::pairing {

const std::array<TopSector, 8>& TopSectors() {
  static constexpr std::array<TopSector, 8> kSectors = {{
      {"ICT", {"Information technology", "信息技术"}},
      {"MFG", {"Advanced manufacturing", "先进制造"}},
      {"MAT", {"New materials", "新材料"}},
      {"MOB", {"Mobility and space", "交通与航天"}},
      {"ENE", {"Energy", "新能源"}},
      {"BIO", {"Life sciences", "生物医药"}},
      {"AGR", {"Agriculture and food", "农业与食品"}},
      {"ENV", {"Environment", "节能环保"}},
  }};
  return kSectors;
}

const std::vector<Subsector>& Subsectors() {
  static const auto* const kSubsectors = [] {
    auto* all = new std::vector<Subsector>(TechnicalSubsectors());
    for (const Subsector& subsector : LifeAndEarthSubsectors()) all->push_back(subsector);
    return all;
  }();
  return *kSubsectors;
}

}  // namespace tandem::pairing
