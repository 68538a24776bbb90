// The sectors and texts of a Lens.
#include <algorithm>
#include <map>

#include "common/base/fixed_point.h"
#include "services/pairing/matching/decay.h"
#include "services/pairing/matching/integers.h"
#include "services/pairing/matching/lens.h"

namespace tandem::pairing::matching {
namespace {

using investors::v1::Criterion;

constexpr int64_t kBelief = 5 * kMicro;
// Sectors that are believed to exist before anything was counted.
constexpr int64_t kSectors = 200;
// Length, in millionths, below which a record's vector of sectors is not made longer.
constexpr int64_t kLeastLength = kMicro / 2;
// What the rarity of a sector usually is, in micro-nats: a project's vector is taken for so long by its number of
// sectors.
constexpr int64_t kUsualRarity = 5 * kMicro;

bool NamesSectors(const Criterion& criterion) {
  return criterion.wants_case() == Criterion::kSectors && criterion.strength() != type::v1::STRENGTH_MUST_NOT;
}

}  // namespace

int64_t Lens::SectorShare(uint32_t sector) const {
  return context_.statistics.Share(sector, context_.statistics.Count(codes_.stated_sectors()), kSectors);
}

void Lens::CollectSectors() {
  std::map<uint16_t, SectorMass> masses;
  const auto at = [&](uint16_t sector) -> SectorMass& {
    SectorMass& mass = masses[sector];
    mass.sector = sector;
    return mass;
  };
  const auto near = [&](uint32_t sector, const auto& each) {
    for (const Relative& relative : context_.sectors.RelativesOf(sector)) {
      const uint16_t code = codes_.FindSector(relative.sector);
      if (code != 0) each(at(code), relative.closeness);
    }
  };
  for (const auto& [sector, weight] : habits_.sectors.entries()) {
    near(codes_.SectorOf(sector),
         [&, w = weight](SectorMass& mass, int64_t closeness) { mass.alike += Times(w, closeness); });
  }
  // The record's vector: each deal's sectors by rarity, as long as one.
  for (const DealFacts& deal : investor_.track->deals) {
    if (deal.day >= day_) break;
    const int64_t weight = DecayLeft(HalfLife::kThreeYears, AnchorDay(context_, day_) - deal.day);
    if (weight == 0 || deal.sector_length == 0) continue;
    for (size_t i = 0; i < deal.sector_count; ++i) {
      const int64_t rarity = context_.statistics.SectorRarity(codes_.SectorOf(deal.sectors[i]));
      at(deal.sectors[i]).cosine += Times(weight, rarity * kMicro / deal.sector_length);
    }
  }
  // Each criterion's part of a sector: what its items come near, weighted.
  struct Wanted {
    int64_t open = 0;
    int64_t all = 0;
    std::map<uint16_t, int64_t> by_sector;
  };
  std::vector<Wanted> criteria;
  for (int i = 0; i < investor_.record.mandate().criteria_size(); ++i) {
    const Criterion& criterion = investor_.record.mandate().criteria(i);
    if (!NamesSectors(criterion)) continue;
    Wanted& wanted = criteria.emplace_back();
    wanted.open = OpenPart(criterion);
    for (const WeightedId& item : investor_.criteria[static_cast<size_t>(i)]) {
      wanted.all += item.weight;
      near(item.id,
           [&](SectorMass& mass, int64_t closeness) { wanted.by_sector[mass.sector] += item.weight * closeness; });
    }
  }
  other_prior_ = kMicro;
  for (const Wanted& wanted : criteria) {
    if (wanted.all == 0) continue;
    other_prior_ = Times(other_prior_, wanted.open);
    for (auto& [sector, mass] : masses) {
      const auto it = wanted.by_sector.find(sector);
      const int64_t part = it == wanted.by_sector.end() ? 0 : std::min(it->second / wanted.all, kMicro);
      const int64_t share = SectorShare(codes_.SectorOf(sector));
      mass.prior = TimesPrior(mass.prior, Times(kMicro - wanted.open, part * kMicro / share) + wanted.open);
    }
  }
  int64_t squares = 0;  // in millionths, of lengths in thousandths
  for (const auto& [sector, mass] : masses) squares += (mass.cosine / 1000) * (mass.cosine / 1000);
  const int64_t length = std::max(kLeastLength, SquareRoot(squares) * 1000);
  sectors_.reserve(masses.size());
  for (auto& [sector, mass] : masses) {
    mass.cosine = mass.cosine * kMicro / length;
    sectors_.push_back(mass);
  }
}

Lens::SectorParts Lens::SectorOf(uint16_t sector) const {
  const auto it = std::lower_bound(sectors_.begin(), sectors_.end(), sector,
                                   [](const SectorMass& mass, uint16_t s) { return mass.sector < s; });
  if (it == sectors_.end() || it->sector != sector) return OtherSector();
  const uint32_t id = codes_.SectorOf(sector);
  const int64_t share = SectorShare(id);
  const int64_t prior = it->prior;
  SectorParts parts;
  if (prior != kMicro) parts.mandate = Points(kSectorBayes, Ln(Times(prior, share), share));
  const int64_t stated = habits_.sectors.total();
  parts.bayes =
      Points(kSectorBayes, Ln(it->alike + Times(kBelief, Times(prior, share)), Times(stated + kBelief, share))) -
      parts.mandate;
  if (it->cosine > 0) {
    const int64_t rarity = context_.statistics.SectorRarity(id);
    parts.cosine = Points(kSectorCosine, static_cast<int32_t>(it->cosine * rarity / kUsualRarity / 1000));
  }
  return parts;
}

Lens::SectorParts Lens::OtherSector() const {
  SectorParts parts;
  if (other_prior_ != kMicro) parts.mandate = Points(kSectorBayes, Ln(other_prior_, kMicro));
  const int64_t stated = habits_.sectors.total();
  parts.bayes = Points(kSectorBayes, Ln(Times(kBelief, other_prior_), stated + kBelief)) - parts.mandate;
  return parts;
}

std::vector<uint16_t> Lens::KnownSectors() const {
  std::vector<uint16_t> known;
  known.reserve(sectors_.size());
  for (const SectorMass& mass : sectors_) known.push_back(mass.sector);
  return known;
}

void Lens::CollectTexts() {
  // A project's weights are 255 times a unit vector, as are an investor's; 256ths of their products are points.
  const auto scaled = [&](int64_t weight) {
    return Points(kText, static_cast<int32_t>(weight * 1000 * 256 / (255 * 255)));
  };
  std::map<uint32_t, std::pair<int64_t, int64_t>> weights;  // mandate's, deals'
  for (const TermWeight& term : investor_.text) weights[term.term].first = term.weight;
  int64_t stated = 0;
  for (const DealFacts& deal : investor_.track->deals) {
    if (deal.day >= day_) break;
    if (deal.text == nullptr) continue;
    const int64_t weight = DecayLeft(HalfLife::kThreeYears, AnchorDay(context_, day_) - deal.day);
    stated += weight;
    for (const TermWeight& term : *deal.text) weights[term.term].second += weight * term.weight;
  }
  for (const auto& [term, weight] : weights) {
    const int32_t mandate = std::clamp(scaled(weight.first), -32'000, 32'000);
    const int32_t deals = stated == 0 ? 0 : scaled(weight.second / stated);
    if (mandate != 0) mandate_text_.push_back({term, static_cast<int16_t>(mandate)});
    const int32_t all = std::clamp(mandate + deals, -32'000, 32'000);
    if (all != 0) all_text_.push_back({term, static_cast<int16_t>(all)});
  }
}

}  // namespace tandem::pairing::matching
