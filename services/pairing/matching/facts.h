// Facts: records compiled for matching. Immutable once made; shared by pointer.
//
// Texts become interned numbers, money becomes logarithms of base-currency amounts, dates become days. Every aspect of
// a pair is a sparse feature: a project has features, an investor has weights over the same features. Shares and
// closenesses are in millionths, logarithms in micro-nats.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_FACTS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_FACTS_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "services/pairing/matching/frozen_statistics.h"
#include "services/pairing/matching/profile.h"
#include "services/pairing/matching/sector_tree.h"
#include "services/pairing/matching/text_vector.h"
#include "tandem/investors/v1/deal.pb.h"
#include "tandem/investors/v1/investor.pb.h"
#include "tandem/pairing/v1/edition.pb.h"
#include "tandem/projects/v1/project.pb.h"

namespace tandem::pairing::matching {

// What rankings of an edition depend on besides the two sides.
struct MarketContext {
  int32_t reference_day = 0;    // days since 1970-01-01
  std::string ranking_profile;  // id and number, such as `default@1`
  Profile profile;
  v1::Edition edition;
  SectorTree sectors;
  FrozenStatistics statistics;
  // What is left of a deal's weight by its age in days, in millionths; nothing beyond the end.
  std::vector<int32_t> track_decay, activity_decay;
};

// An amount that may be missing: its natural logarithm in base-currency minor units.
struct LogAmount {
  bool known = false;
  int64_t ln = 0;
};

struct SectorFact {
  uint32_t sector = 0;
  int64_t share = 0;  // how common it and its relatives are
};

// A sector near one of the project's: `slot` is the place of the latter in ProjectFacts::sectors.
struct NearSector {
  uint32_t sector = 0;
  uint8_t slot = 0;
  int32_t closeness = 0;
};

struct ProjectFacts {
  projects::v1::Project record;  // as it came
  bool matched = false;          // published and not deleted

  std::vector<SectorFact> sectors;  // at most kMostSectors
  std::vector<NearSector> near;     // sorted by sector
  std::vector<uint32_t> all_sectors;

  LogAmount ask, ask_least, ask_most;
  uint32_t country = 0;
  uint32_t region = 0;  // 0: not stated
  std::vector<uint32_t> country_groups;
  uint32_t instruments = 0;  // bit per Instrument
  uint32_t cooperation = 0;  // bit per CooperationType
  std::vector<uint32_t> languages;
  TextVector text;
  std::vector<std::vector<uint32_t>> wished_countries;  // by place in the wishes; countries and groups

  // How common each value is in the market.
  int64_t stage_share = 0, round_share = 0, trl_share = 0, ask_share = 0;
  int64_t country_share = 0, region_share = 0, instrument_share = 0, cooperation_share = 0, language_share = 0;

  static constexpr size_t kMostSectors = 16;
};

struct DealFacts {
  int32_t day = 0;
  uint32_t company = 0;
  bool first = false;  // the investor's first deal in the company
  int stage = 0;
  int round = 0;
  int trl = 0;
  LogAmount size;
  uint32_t country = 0;
  uint32_t region = 0;
  uint32_t instruments = 0;
  uint32_t cooperation = 0;
  uint32_t language = 0;
  // The first ones of its sectors.
  static constexpr size_t kMostSectors = 12;
  std::array<uint32_t, kMostSectors> sectors = {};
  uint8_t sector_count = 0;
  std::shared_ptr<const TextVector> text;  // null: none
};

// What an investor did. Shared by the versions of its facts until a deal changes.
struct TrackRecord {
  std::vector<DealFacts> deals;  // by day, then company
  // First day of a deal in each company, sorted by company.
  struct Company {
    uint32_t company = 0;
    int32_t first_day = 0;
  };
  std::vector<Company> companies;
};

// One value of a criterion.
struct WeightedId {
  uint32_t id = 0;
  int64_t weight = 1;
};

struct InvestorFacts {
  investors::v1::Investor record;  // as it came
  bool matched = false;            // verified, not deleted
  bool deploying = true;           // has money to place

  // Ids of the criteria's values, by place in the mandate; empty for criteria without ids.
  std::vector<std::vector<WeightedId>> criteria;
  std::vector<LogAmount> ticket_least, ticket_usual, ticket_most;  // by place in the mandate
  std::vector<uint32_t> languages;
  std::vector<uint32_t> countries;       // of its places
  std::vector<uint32_t> country_groups;  // that contain them
  TextVector text;
  std::shared_ptr<const TrackRecord> track;  // never null
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_FACTS_H_
