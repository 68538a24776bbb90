#include "services/pairing/matching/mandate_terms.h"

#include <algorithm>
#include <array>

#include "common/base/fixed_point.h"
#include "services/pairing/matching/gates.h"
#include "services/pairing/matching/kernels.h"

namespace tandem::pairing::matching {
namespace {

using investors::v1::Criterion;

// Ask inside the ticket's range, and how fast it falls outside: by the square of the distance in nats.
constexpr int64_t kTicketInside = 400'000;
constexpr int64_t kTicketMostLost = 2'900'000;
// An investor may take a part of a round: an ask this much above the largest ticket (a factor of four) is still inside.
constexpr int64_t kPartOfRound = 1'386'294;
constexpr int64_t kTrlInside = 300'000;
constexpr int64_t kTrlPerLevel = 400'000;
constexpr int64_t kLanguageMet = 300'000;
constexpr int64_t kLanguageBroken = -500'000;
// What share of projects a country or group is taken to have before anything was counted.
constexpr int64_t kPlaceShare = 100'000;

// ln of how much likelier the mandate makes a value than the market: a part of it stays open to everything. `wanted` is
// the mandate's share for the value, `share` the market's, both in millionths.
int64_t WantedRatio(int64_t wanted, int64_t share, int64_t open) {
  if (share <= 0) return 0;
  const int64_t ratio = (kMicro - open) * wanted / share + open;
  return LogMicro(static_cast<uint64_t>(std::max<int64_t>(1, ratio)), kMicro);
}

int64_t SectorTerm(const ProjectFacts& project, const std::vector<WeightedId>& items, int64_t open) {
  if (project.sectors.empty() || items.empty()) return 0;
  std::array<int64_t, ProjectFacts::kMostSectors> wanted = {};
  int64_t all = 0;
  for (const WeightedId& item : items) {
    all += item.weight;
    auto it = std::lower_bound(project.near.begin(), project.near.end(), item.id,
                               [](const NearSector& near, uint32_t sector) { return near.sector < sector; });
    for (; it != project.near.end() && it->sector == item.id; ++it) wanted[it->slot] += item.weight * it->closeness;
  }
  int64_t sum = 0;
  for (size_t slot = 0; slot < project.sectors.size(); ++slot) {
    sum += WantedRatio(std::min(wanted[slot] / all, kSame), project.sectors[slot].share, open);
  }
  return SpreadOverSectors(sum, project.sectors.size());
}

template <typename Items, typename Closeness>
int64_t ValueTerm(const Items& items, int64_t share, int64_t open, Closeness closeness) {
  int64_t wanted = 0;
  int64_t all = 0;
  for (const auto& item : items) {
    const int64_t weight = item.weight() == 0 ? 1 : item.weight();
    all += weight;
    wanted += weight * closeness(item);
  }
  return all == 0 ? 0 : WantedRatio(wanted / all, share, open);
}

int64_t PlaceTerm(const MarketContext& context, const ProjectFacts& project, const std::vector<WeightedId>& items,
                  int64_t open) {
  if (project.country == 0 || items.empty()) return 0;
  int64_t all = 0;
  int64_t ratio = 0;  // sum of weight / share over the items that hold
  for (const WeightedId& item : items) {
    all += item.weight;
    const bool holds = item.id == project.country || item.id == project.region ||
                       std::find(project.country_groups.begin(), project.country_groups.end(), item.id) !=
                           project.country_groups.end();
    if (holds) ratio += item.weight * kMicro / context.statistics.DealShare(item.id, kPlaceShare);
  }
  // Per mille first keeps the product small: weights are at most a million.
  const int64_t wanted = ratio * 1'000 / all;
  return LogMicro(static_cast<uint64_t>((kMicro - open) * wanted / 1'000 + open), kMicro);
}

int64_t TicketTerm(const ProjectFacts& project, const LogAmount& least, const LogAmount& usual, const LogAmount& most) {
  if (!project.ask.known) return 0;
  if (!least.known && !usual.known && !most.known) return 0;
  const int64_t ask = project.ask.ln;
  const int64_t low = least.known ? least.ln : usual.known ? usual.ln - kAmountReach : 0;
  const int64_t high = (most.known ? most.ln : usual.known ? usual.ln + kAmountReach : ask) + kPartOfRound;
  const int64_t distance = ask < low ? low - ask : ask > high ? ask - high : 0;
  int64_t points = kTicketInside - std::min(kTicketMostLost, distance * distance / (2 * kMicro));
  // Inside the range, the usual ticket is still liked best.
  if (usual.known) {
    const int64_t off = std::min<int64_t>(std::abs(ask - usual.ln), 4 * kMicro);
    points -= off * off / (8 * kMicro);
  }
  return points;
}

int64_t TrlTerm(int trl, const investors::v1::TrlRange& range) {
  if (trl == 0) return 0;
  const int low = range.min() == 0 ? 1 : range.min();
  const int high = range.max() == 0 ? 9 : range.max();
  const int off = trl < low ? low - trl : trl > high ? trl - high : 0;
  return kTrlInside - off * kTrlPerLevel;
}

}  // namespace

int64_t SpreadOverSectors(int64_t sum, size_t sectors) {
  // 1000 / sqrt(n), n from 0 to kMostSectors.
  static constexpr std::array<int64_t, ProjectFacts::kMostSectors + 1> kThousandByRoot = {
      0, 1000, 707, 577, 500, 447, 408, 378, 354, 333, 316, 302, 289, 277, 267, 258, 250};
  return sum * kThousandByRoot[std::min<size_t>(sectors, ProjectFacts::kMostSectors)] / 1000;
}

void AddMandateTerms(const MarketContext& context, const ProjectFacts& project, const InvestorFacts& investor,
                     Terms* terms) {
  const Profile& profile = context.profile;
  auto& points = terms->points;
  const auto& criteria = investor.record.mandate().criteria();
  for (int i = 0; i < criteria.size(); ++i) {
    const Criterion& criterion = criteria[i];
    if (criterion.strength() == type::v1::STRENGTH_MUST_NOT) continue;
    const auto index = static_cast<size_t>(i);
    const bool nice = criterion.strength() == type::v1::STRENGTH_NICE;
    const int64_t open = nice ? profile.open_part_nice : profile.open_part_should;
    const int64_t part = nice ? 2 : 1;
    switch (criterion.wants_case()) {
      case Criterion::kSectors:
        points[kSector] += SectorTerm(project, investor.criteria[index], open);
        break;
      case Criterion::kStages:
        points[kStage] += ValueTerm(criterion.stages().items(), project.stage_share, open, [&](const auto& item) {
          return StageCloseness(item.stage(), project.record.stage_of_development());
        });
        break;
      case Criterion::kRounds:
        points[kRound] += ValueTerm(criterion.rounds().items(), project.round_share, open, [&](const auto& item) {
          return RoundCloseness(item.round(), project.record.funding_round());
        });
        break;
      case Criterion::kTicket:
        points[kTicket] += TicketTerm(project, investor.ticket_least[index], investor.ticket_usual[index],
                                      investor.ticket_most[index]) /
                           part;
        break;
      case Criterion::kPlaces:
        points[kPlace] += PlaceTerm(context, project, investor.criteria[index], open);
        break;
      case Criterion::kInstruments:
        points[kInstrument] += WantedRatio(JudgeCriterion(context, project, investor, index) == Fit::kMet ? kSame : 0,
                                           project.instrument_share, open);
        break;
      case Criterion::kTrl:
        points[kTrl] += TrlTerm(project.record.trl(), criterion.trl()) / part;
        break;
      case Criterion::kCooperationTypes:
        points[kCooperation] += WantedRatio(JudgeCriterion(context, project, investor, index) == Fit::kMet ? kSame : 0,
                                            project.cooperation_share, open);
        break;
      case Criterion::kCommonLanguage: {
        const Fit fit = JudgeCriterion(context, project, investor, index);
        if (fit != Fit::kMissing) points[kLanguage] += (fit == Fit::kMet ? kLanguageMet : kLanguageBroken) / part;
        break;
      }
      case Criterion::WANTS_NOT_SET:
        break;
    }
  }
  points[kText] = CosineMicro(project.text, investor.text);
}

}  // namespace tandem::pairing::matching
