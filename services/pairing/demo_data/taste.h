// What an investor truly wants. Its mandate says it imperfectly; its deals follow it with noise.
#ifndef TANDEM_SERVICES_PAIRING_DEMO_DATA_TASTE_H_
#define TANDEM_SERVICES_PAIRING_DEMO_DATA_TASTE_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "services/pairing/demo_data/places.h"
#include "services/pairing/demo_data/prng.h"
#include "tandem/type/v1/vocabulary.pb.h"

namespace tandem::pairing {

// The rounds on the ladder of growth that demo projects and deals stand on, with their usual sizes in yuan.
struct Rung {
  type::v1::FundingRound round;
  int64_t min_yuan;
  int64_t max_yuan;
  int min_trl;
  int max_trl;
};
const std::array<Rung, 10>& Ladder();

// A technology readiness of the rung, and the stage of development that goes with a readiness.
int PickTrl(const Rung& rung, Prng* prng);
type::v1::StageOfDevelopment StageOfTrl(int trl);

// A form of cooperation other than investment.
type::v1::CooperationType PickCooperation(Prng* prng);

// A round number of yuan in the range, small ones as likely as large ones. REQUIRES: 0 < min <= max.
int64_t PickYuan(int64_t min_yuan, int64_t max_yuan, Prng* prng);

// How narrowly an investor keeps to what it likes: markets have all kinds.
enum class Focus : uint8_t { kLoose, kUsual, kStrict };

struct Taste {
  type::v1::InvestorType type = type::v1::INVESTOR_TYPE_OTHER;
  Spot home{};
  bool writes_chinese = false;
  std::vector<uint16_t> subsectors;  // indices into Subsectors(); the first is the favourite
  int rung = 0;                      // the favourite round
  int spread = 1;                    // how many rungs around it
  int home_percent = 0;              // how much it stays in its own country
  int64_t min_ticket_yuan = 0;
  int64_t max_ticket_yuan = 0;

  // How it deals, which its mandate does not say.
  int appetite = 0;  // how often, compared with others: a few do most of the deals; 0: no deal on record
  Focus sector_focus = Focus::kUsual;
  Focus rung_focus = Focus::kUsual;
  Focus size_focus = Focus::kUsual;
  Focus region_focus = Focus::kUsual;
  Focus trl_focus = Focus::kUsual;
  int64_t usual_round_yuan = 0;  // the size of the rounds that it likes best
  int usual_trl = 5;
  bool takes_convertible = false;
  bool lends = false;
  // What it is after besides a share, or not specified.
  type::v1::CooperationType cooperation = type::v1::COOPERATION_TYPE_UNSPECIFIED;
  const Country* second_country = nullptr;  // where it is at home as well, if anywhere
  int first_round_percent = 100;            // how it likes companies without investors, and
  int later_round_percent = 100;            // those that have some
};

// The taste of investor `index`. The same for the same seed and index.
Taste MakeTaste(int64_t seed, uint32_t index);

// All investors' tastes, and who cares for which subsector.
struct Investors {
  int64_t seed = 0;
  std::vector<Taste> tastes;
  std::vector<std::vector<uint32_t>> by_subsector;
};
Investors MakeInvestors(int64_t seed, uint32_t count);

// `i-0001`, `p-000001`, `d-000001`: from index 0, and longer when the number is.
std::string InvestorId(uint64_t index);
std::string ProjectId(uint64_t index);
std::string DealId(uint64_t index);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_DEMO_DATA_TASTE_H_
