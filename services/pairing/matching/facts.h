// Facts: records compiled for matching. Immutable once made; shared by pointer.
//
// Texts become interned numbers, money becomes logarithms of base-currency amounts, dates become days. A project
// becomes a row of codes; of an investor this keeps what forms are made of, day by day. Shares are in millionths,
// logarithms in micro-nats.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_FACTS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_FACTS_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/pairing/matching/frozen_statistics.h"
#include "services/pairing/matching/linear_form.h"
#include "services/pairing/matching/profile.h"
#include "services/pairing/matching/sector_tree.h"
#include "services/pairing/matching/shares.h"
#include "services/pairing/matching/text_vector.h"
#include "tandem/investors/v1/deal.pb.h"
#include "tandem/investors/v1/investor.pb.h"
#include "tandem/pairing/v1/edition.pb.h"
#include "tandem/projects/v1/project.pb.h"

namespace tandem::pairing::matching {

// Places from which on nobody is spared for having few left.
inline constexpr int32_t kSparedCapacity = 10;

// What rankings of an edition depend on besides the two sides.
struct MarketContext {
  int32_t reference_day = 0;    // days since 1970-01-01
  std::string ranking_profile;  // id and number, such as `default@1`
  Profile profile;
  v1::Edition edition;
  SectorTree sectors;
  FrozenStatistics statistics;
  Shares shares;
};

// The day from which ages are counted back when a ranking is asked for `day`.
inline int32_t AnchorDay(const MarketContext& context, int32_t day) {
  const int32_t known = context.profile.known_until_day;
  return known > 0 && known < day ? known : day;
}

// What decides about the extras of a project's pairs, short enough to be read for every candidate.
struct ExtraKeys {
  static constexpr size_t kMostPrior = 3;
  // ProjectFacts::wishes, or one of these.
  static constexpr uint32_t kNoWishes = 0, kNamesInvestors = UINT32_MAX;
  uint32_t wishes = kNoWishes;
  std::array<uint32_t, kMostPrior> prior = {};  // 0 after the last one
  bool more_prior = false;                      // than fit
};

// An amount that may be missing: its natural logarithm in base-currency minor units.
struct LogAmount {
  bool known = false;
  int64_t ln = 0;
};

// Copies share the record.
struct ProjectFacts {
  ProjectFacts() : ProjectFacts(std::make_shared<const projects::v1::Project>()) {}
  explicit ProjectFacts(std::shared_ptr<const projects::v1::Project> of) : source(std::move(of)), record(*source) {}

  std::shared_ptr<const projects::v1::Project> source;
  const projects::v1::Project& record;  // `*source`, as it came
  bool matched = false;                 // published and not deleted
  ProjectRow row;

  // By place in the record; 0 for one that has no code. The first ProjectRow::kMostSectors score and gate.
  std::vector<uint32_t> all_sectors;
  LogAmount ask, ask_least, ask_most;
  uint32_t country = 0;
  uint32_t region = 0;  // 0: not stated
  std::vector<uint32_t> country_groups;
  uint32_t instruments = 0;  // bit per Instrument
  uint32_t cooperation = 0;  // bit per CooperationType
  std::vector<uint32_t> languages;
  std::vector<std::vector<uint32_t>> wished_countries;  // by place in the wishes; countries and groups
  // Wishes: equal for projects whose wishes judge every investor alike.
  ExtraKeys extra_keys;
  // Keys of the prior investors: as InvestorFacts::name_key where one is named, else as ::id_key.
  std::vector<uint32_t> prior;
};

struct DealFacts {
  int32_t day = 0;
  uint32_t company = 0;
  bool first = false;                             // the investor's first deal in the company
  std::array<uint16_t, kColumnCount> codes = {};  // as of a project in the deal's place
  // The first ones of its sectors, by code, and the length of their vector of rarities in micro-nats.
  static constexpr size_t kMostSectors = 12;
  std::array<uint16_t, kMostSectors> sectors = {};
  uint8_t sector_count = 0;
  int64_t sector_length = 0;
  std::shared_ptr<const TextWeights> text;  // null: none
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

// Copies share the record.
struct InvestorFacts {
  InvestorFacts() : InvestorFacts(std::make_shared<const investors::v1::Investor>()) {}
  explicit InvestorFacts(std::shared_ptr<const investors::v1::Investor> of) : source(std::move(of)), record(*source) {}

  std::shared_ptr<const investors::v1::Investor> source;
  const investors::v1::Investor& record;  // `*source`, as it came
  bool matched = false;                   // verified, not deleted
  bool deploying = true;                  // has money to place

  // Ids of the criteria's values, by place in the mandate; empty for criteria without ids.
  std::vector<std::vector<WeightedId>> criteria;
  std::vector<LogAmount> ticket_least, ticket_usual, ticket_most;  // by place in the mandate
  std::vector<uint32_t> languages;
  std::vector<uint32_t> countries;       // of its places
  std::vector<uint32_t> country_groups;  // that contain them
  TextWeights text;
  std::shared_ptr<const TrackRecord> track;  // never null
  // What prior investors of projects are known by; 0 without an external id.
  uint32_t name_key = 0, id_key = 0;
  // Equal for investors that wishes judge alike unless they name one: the same type, countries and groups of them.
  uint32_t wished_as = 0;
  // Places of its stated capacity that mutual pairings take, at most all of them; 0 while enough are left for none to
  // be missed (kSparedCapacity), or where no capacity is stated.
  int32_t taken_places = 0;

  // 0 where it is not stated, too.
  int32_t PlacesLeft() const { return record.capacity() - taken_places; }
  bool IsSpent() const { return record.capacity() > 0 && taken_places >= record.capacity(); }
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_FACTS_H_
