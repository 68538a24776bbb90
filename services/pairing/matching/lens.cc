#include "services/pairing/matching/lens.h"

#include <algorithm>
#include <array>

#include "common/base/fixed_point.h"
#include "services/pairing/matching/decay.h"
#include "services/pairing/matching/fits.h"
#include "services/pairing/matching/integers.h"
#include "services/pairing/matching/kernels.h"

namespace tandem::pairing::matching {
namespace {

using investors::v1::Criterion;

// Deals' worth of belief in the prior, in millionths of a deal.
constexpr int64_t kBelief = 2 * kMicro;
constexpr int64_t kAskBelief = 3 * kMicro;
constexpr int64_t kLeastVariance = 106'000;  // of the logarithm of asks, millionths
constexpr int64_t kLeastNormal = -6'000;

// Somebody without any deal is taken for average: so much activity, so many deals, the last one so long ago.
constexpr int64_t kUsualActivity = 350'000;
constexpr int64_t kUsualDeals = 3;
constexpr int64_t kUsualAge = 365;
constexpr int64_t kLeastActivity = 50'000;

constexpr int32_t kAmpleCapacity = 20;
constexpr int32_t kPerPlace = 10;
constexpr int32_t kLanguageMet = 300;
constexpr int32_t kLanguageBroken = -500;
constexpr int32_t kCommonLanguageMet = 200;
constexpr int32_t kNoCommonLanguage = -400;
constexpr int32_t kTrlInside = 300;
constexpr int32_t kTrlPerLevel = 400;

bool Scores(const Criterion& criterion) { return criterion.strength() != type::v1::STRENGTH_MUST_NOT; }

// What fades as deals speak for themselves.
int32_t Faded(int32_t points, int64_t weight) {
  return static_cast<int32_t>(points * kAskBelief / (kAskBelief + weight));
}

int32_t TrlPoints(const investors::v1::TrlRange& range, int trl) {
  const int low = range.min() == 0 ? 1 : range.min();
  const int high = range.max() == 0 ? 9 : range.max();
  const int off = trl < low ? low - trl : trl > high ? trl - high : 0;
  return kTrlInside - off * kTrlPerLevel;
}

}  // namespace

int32_t TicketPoints(const LogAmount& least, const LogAmount& usual, const LogAmount& most, int64_t ask) {
  // Ask inside the ticket's range, and how fast it falls outside: by the square of the distance in nats. An investor
  // may take a part of a round: an ask this much above the largest ticket (a factor of four) is still inside.
  constexpr int64_t kInside = 400'000;
  constexpr int64_t kMostLost = 2'900'000;
  constexpr int64_t kPartOfRound = 1'386'294;
  constexpr int64_t kReach = 1'800'000;
  if (!least.known && !usual.known && !most.known) return 0;
  const int64_t low = least.known ? least.ln : usual.known ? usual.ln - kReach : 0;
  const int64_t high = (most.known ? most.ln : usual.known ? usual.ln + kReach : ask) + kPartOfRound;
  const int64_t distance = ask < low ? low - ask : ask > high ? ask - high : 0;
  int64_t points = kInside - std::min(kMostLost, distance * distance / (2 * kMicro));
  // Inside the range, the usual ticket is still liked best.
  if (usual.known) {
    const int64_t off = std::min<int64_t>(std::abs(ask - usual.ln), 4 * kMicro);
    points -= off * off / (8 * kMicro);
  }
  return static_cast<int32_t>(points / 1000);
}

Lens::Lens(const MarketContext& context, const CodeBook& codes, const InvestorFacts& investor, int32_t day)
    : context_(context), codes_(codes), investor_(investor), day_(day), habits_(context, *investor.track, day) {
  CollectSectors();
  CollectTexts();
}

void Lens::AddRatio(Feature feature, int64_t alike, int64_t stated, int64_t prior, int64_t share, int64_t belief,
                    Terms* terms) const {
  const int64_t believed = Times(belief, Times(prior, share));
  const int32_t before = prior == kMicro ? 0 : Points(feature, Ln(Times(prior, share), share));
  terms->Add(feature, before, Points(feature, Ln(alike + believed, Times(stated + belief, share))));
}

int64_t Lens::OpenPart(const Criterion& criterion) const {
  return criterion.strength() == type::v1::STRENGTH_NICE ? context_.profile.open_part_nice
                                                         : context_.profile.open_part_should;
}

void Lens::AddBias(Terms* terms) const {
  const bool known = habits_.deals > 0;
  const auto activity = [&](int64_t recent) { return Ln(kLeastActivity + (known ? recent : kUsualActivity), kMicro); };
  const auto add = [&](Feature feature, int32_t value) { terms->Add(feature, 0, Points(feature, value)); };
  add(kActivityQuarter, activity(habits_.activity_quarter));
  add(kActivityHalfYear, activity(habits_.activity_half_year));
  add(kActivityYear, activity(habits_.activity_year));
  add(kDealCount, Ln(2 * (known ? habits_.deals : kUsualDeals) + 1, 2));
  add(kLastDeal, Ln(1, 20 + (known ? std::max(0, AnchorDay(context_, day_) - habits_.last_day) : kUsualAge)));
  const int32_t capacity = Points(kCapacity, std::min(investor_.record.capacity(), kAmpleCapacity) * kPerPlace);
  terms->Add(kCapacity, capacity, capacity);
  if (investor_.IsSpent()) terms->spent_capacity = -kSpentCapacity;
}

void Lens::AddColumn(Column column, uint16_t code, Terms* terms) const {
  const Tally& tally = habits_.all[column];
  switch (column) {
    case kStageColumn: {
      if (code == 0 || code >= context_.shares.stage.size()) return;
      const int64_t share = context_.shares.stage[code];
      return AddRatio(kStage, tally.Of(code), tally.total(), PriorOfNumber(Criterion::kStages, code, share), share,
                      kBelief, terms);
    }
    case kRoundColumn: {
      if (code >= context_.shares.round.size()) return;
      const int64_t share = context_.shares.round[code];
      AddRatio(kRound, tally.Of(code), tally.total(),
               code == 0 ? kMicro : PriorOfNumber(Criterion::kRounds, code, share), share, kBelief, terms);
      return AddRatio(kRoundRecent, habits_.round_recent.Of(code), habits_.round_recent.total(), kMicro, share, kBelief,
                      terms);
    }
    case kHistoryColumn:
      if (code == 0 || code >= context_.shares.history.size()) return;
      return AddRatio(kHistory, tally.Of(code), tally.total(), kMicro, context_.shares.history[code], kBelief, terms);
    case kAskColumn:
      return AddAsk(code, terms);
    case kCountryColumn:
      return AddCountry(code, terms);
    case kRegionColumn:
      return AddRegion(code, terms);
    case kCityColumn:
      return AddCity(code, terms);
    case kRegionRoundColumn: {
      // What is not stated is like what was never done.
      const int64_t recent = code == 0 ? 0 : habits_.region_round_recent.Of(code);
      if (recent > 0) terms->Add(kRegionRound, 0, Points(kRegionRound, Ln(kLeastActivity + recent, kLeastActivity)));
      return;
    }
    case kTrlColumn:
      return AddTrl(code, terms);
    case kInstrumentColumn:
      return AddSet(kInstrument, Criterion::kInstruments, column, code, terms);
    case kCooperationColumn:
      return AddSet(kCooperation, Criterion::kCooperationTypes, column, code, terms);
    case kLanguageColumn:
      return AddLanguages(code, terms);
    case kColumnCount:
      return;
  }
}

int64_t Lens::PriorOfNumber(Criterion::WantsCase aspect, int value, int64_t share) const {
  int64_t prior = kMicro;
  for (const Criterion& criterion : investor_.record.mandate().criteria()) {
    if (criterion.wants_case() != aspect || !Scores(criterion)) continue;
    int64_t wanted = 0, all = 0;
    const auto count = [&](int64_t weight, int64_t closeness) {
      weight = weight == 0 ? 1 : weight;
      all += weight;
      wanted += weight * closeness;
    };
    if (aspect == Criterion::kStages) {
      for (const auto& item : criterion.stages().items()) count(item.weight(), StageCloseness(item.stage(), value));
    } else {
      for (const auto& item : criterion.rounds().items()) count(item.weight(), RoundCloseness(item.round(), value));
    }
    if (all == 0) continue;
    const int64_t open = OpenPart(criterion);
    prior = TimesPrior(prior, Times(kMicro - open, wanted / all * kMicro / share) + open);
  }
  return prior;
}

void Lens::AddAsk(uint16_t code, Terms* terms) const {
  const Shares& shares = context_.shares;
  const int64_t stated = habits_.all[kAskColumn].total();
  const int64_t deals = habits_.all[kRoundColumn].total();  // every deal has a code there
  AddRatio(kAskStated, code == 0 ? deals - stated : stated, deals, kMicro, shares.ask_stated[code == 0 ? 0 : 1],
           kBelief, terms);
  if (code == 0 || code >= Shares::kMostAskCodes) return;
  // The investor's mean and variance, shrunken towards the market's; thousandths and millionths.
  const int64_t weight = habits_.ask_weight + kAskBelief;
  const int64_t mean = habits_.ask_sum / weight;
  const int64_t variance = std::max(
      kLeastVariance,
      (habits_.ask_square_sum + kAskBelief / 1000 * (shares.ask_variance / 2)) / (weight / 1000) - mean * mean);
  const int64_t off = AskMiddle(code) / 1000 - shares.ask_mean;
  const int64_t normal = off * off * 500 / shares.ask_variance - (off - mean) * (off - mean) * 500 / variance -
                         Ln(variance, shares.ask_variance) / 2;
  const bool known = habits_.ask_weight > 0;
  terms->Add(kAskNormal, 0, known ? Points(kAskNormal, static_cast<int32_t>(std::max(kLeastNormal, normal))) : 0);
  if (known) {
    AddRatio(kAskDensity, habits_.ask_density[code], stated, kMicro, shares.ask_density[code], kBelief, terms);
  }
  int32_t ticket = 0;
  for (int i = 0; i < investor_.record.mandate().criteria_size(); ++i) {
    const Criterion& criterion = investor_.record.mandate().criteria(i);
    if (criterion.wants_case() != Criterion::kTicket || !Scores(criterion)) continue;
    const auto index = static_cast<size_t>(i);
    const int32_t points = TicketPoints(investor_.ticket_least[index], investor_.ticket_usual[index],
                                        investor_.ticket_most[index], AskMiddle(code));
    ticket += criterion.strength() == type::v1::STRENGTH_NICE ? points / 2 : points;
  }
  const int32_t points = Points(kTicketRange, Faded(ticket, habits_.ask_weight));
  terms->Add(kTicketRange, points, points);
}

void Lens::AddSet(Feature feature, Criterion::WantsCase aspect, Column column, uint16_t code, Terms* terms) const {
  if (code == 0) return;
  const uint32_t bits = SetBits(code);
  const auto& shares = aspect == Criterion::kInstruments ? context_.shares.instrument : context_.shares.cooperation;
  int64_t share = 0;
  for (size_t bit = 1; bit < shares.size(); ++bit) {
    if ((bits >> bit & 1) != 0) share += shares[bit];
  }
  share = std::clamp<int64_t>(share, 1, kMicro * 9 / 10);
  const Tally& tally = habits_.all[column];
  int64_t alike = 0;
  for (const auto& [other, weight] : tally.entries()) {
    if ((SetBits(other) & bits) != 0) alike += weight;
  }
  int64_t prior = kMicro;
  for (const Criterion& criterion : investor_.record.mandate().criteria()) {
    if (criterion.wants_case() != aspect || !Scores(criterion)) continue;
    const uint32_t wanted = aspect == Criterion::kInstruments ? BitsOf(criterion.instruments().instruments())
                                                              : BitsOf(criterion.cooperation_types().types());
    const int64_t open = OpenPart(criterion);
    prior = TimesPrior(prior, (bits & wanted) != 0 ? (kMicro - open) * kMicro / share + open : open);
  }
  AddRatio(feature, alike, tally.total(), prior, share, kBelief, terms);
}

void Lens::AddTrl(uint16_t code, Terms* terms) const {
  if (code == 0 || code >= context_.shares.trl.size()) return;
  const Tally& tally = habits_.all[kTrlColumn];
  int64_t alike = 0, share = 0;
  for (const auto& [level, weight] : tally.entries()) alike += Times(weight, TrlCloseness(level, code));
  for (int level = 1; level <= 9; ++level) {
    share += Times(context_.shares.trl[static_cast<size_t>(level)], TrlCloseness(level, code));
  }
  AddRatio(kTrl, alike, tally.total(), kMicro, std::clamp<int64_t>(share, 1, kMicro), kBelief, terms);
  int32_t wanted = 0;
  for (const Criterion& criterion : investor_.record.mandate().criteria()) {
    if (criterion.wants_case() != Criterion::kTrl || !Scores(criterion)) continue;
    const int32_t points = TrlPoints(criterion.trl(), code);
    wanted += criterion.strength() == type::v1::STRENGTH_NICE ? points / 2 : points;
  }
  const int32_t points = Points(kTrl, Faded(wanted, tally.total()));
  terms->Add(kTrl, points, points);
}

void Lens::AddLanguages(uint16_t code, Terms* terms) const {
  if (code == 0) return;
  const std::vector<uint32_t>& languages = codes_.LanguagesOf(code);
  const Tally& tally = habits_.all[kLanguageColumn];
  int64_t alike = 0, share = 0;
  for (const auto& [other, weight] : tally.entries()) {
    if (Overlap(codes_.LanguagesOf(other), languages)) alike += weight;
  }
  for (const uint32_t language : languages) {
    share += context_.statistics.Share(language, context_.statistics.records(), 4);
  }
  AddRatio(kLanguage, alike, tally.total(), kMicro, std::clamp<int64_t>(share, 1, kMicro * 9 / 10), kBelief, terms);
  if (investor_.languages.empty()) return;
  const bool common = Overlap(languages, investor_.languages);
  int32_t wanted = 0;
  for (const Criterion& criterion : investor_.record.mandate().criteria()) {
    if (criterion.wants_case() != Criterion::kCommonLanguage || !Scores(criterion)) continue;
    const int32_t points = common ? kLanguageMet : kLanguageBroken;
    wanted += criterion.strength() == type::v1::STRENGTH_NICE ? points / 2 : points;
  }
  const int32_t points = Points(kLanguage, wanted);
  terms->Add(kLanguage, points, points);
  const int32_t shared = Points(kCommonLanguage, common ? kCommonLanguageMet : kNoCommonLanguage);
  terms->Add(kCommonLanguage, shared, shared);
}

}  // namespace tandem::pairing::matching
