// Lens: one investor on one day, as every feature sees it. The one definition of what a value is worth: forms, scans,
// explanations and learning all look through it.
//
// Sources: log-ratios of smoothed counts as in naive Bayes with a Dirichlet prior, which is the mandate where there is
// one and the market else; nested for parts of a place; a shrunken normal density for the ask; decay by exponential
// half-life.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_LENS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_LENS_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "services/pairing/matching/code_book.h"
#include "services/pairing/matching/facts.h"
#include "services/pairing/matching/habits.h"
#include "services/pairing/matching/terms.h"

namespace tandem::pairing::matching {

// Immutable once made; the references must outlive it.
class Lens {
 public:
  Lens(const MarketContext& context, const CodeBook& codes, const InvestorFacts& investor, int32_t day);

  // Adds the points of what does not depend on the project.
  void AddBias(Terms* terms) const;
  // Adds the points of `code` in `column`.
  void AddColumn(Column column, uint16_t code, Terms* terms) const;

  // Points of a sector before they are spread over the project's sectors, apart by feature.
  struct SectorParts {
    int32_t mandate = 0, bayes = 0, cosine = 0;  // bayes: beyond the mandate's
    int32_t Sum() const { return mandate + bayes + cosine; }
  };
  SectorParts SectorOf(uint16_t sector) const;
  // Of a sector that neither mandate nor deals come near.
  SectorParts OtherSector() const;
  // The sectors that differ from OtherSector, ascending.
  std::vector<uint16_t> KnownSectors() const;
  // The codes of a column that is not listed in full which differ from an unknown code, ascending.
  std::vector<uint16_t> KnownCodes(Column column) const;

  // Text weights that give points: of the mandate, and of mandate and deals together.
  const TextWeights& mandate_text() const { return mandate_text_; }
  const TextWeights& all_text() const { return all_text_; }

  const Habits& habits() const { return habits_; }

 private:
  struct SectorMass {
    uint16_t sector = 0;
    int64_t prior = 1'000'000;  // of the mandate, over the market's share
    int64_t alike = 0;          // millionths of a deal
    int64_t cosine = 0;         // of the record's vector of unit length, millionths
  };

  void CollectSectors();
  void CollectTexts();
  int32_t Points(Feature feature, int32_t value) const { return context_.profile.shapes[feature].At(value); }
  void AddRatio(Feature feature, int64_t alike, int64_t stated, int64_t prior, int64_t share, int64_t belief,
                Terms* terms) const;
  int64_t OpenPart(const investors::v1::Criterion& criterion) const;
  int64_t PriorOfCountry(uint16_t code) const;
  int64_t PriorOfRegion(uint16_t code, int64_t share) const;
  bool MandatesRegionsOf(uint16_t country_code) const;
  bool NamesRegion(uint16_t code) const;
  int64_t PriorOfNumber(investors::v1::Criterion::WantsCase aspect, int value, int64_t share) const;
  int64_t CountryShare(uint32_t country) const;
  int64_t RegionShare(uint16_t region_code) const;
  int64_t CityShare(uint16_t city_code) const;
  int32_t UnknownRegion(uint16_t country_code) const;
  int32_t UnknownCity(uint16_t region_code) const;
  void AddCountry(uint16_t code, Terms* terms) const;
  void AddRegion(uint16_t code, Terms* terms) const;
  void AddCity(uint16_t code, Terms* terms) const;
  void AddAsk(uint16_t code, Terms* terms) const;
  void AddSet(Feature feature, investors::v1::Criterion::WantsCase aspect, Column column, uint16_t code,
              Terms* terms) const;
  void AddTrl(uint16_t code, Terms* terms) const;
  void AddLanguages(uint16_t code, Terms* terms) const;
  int64_t SectorShare(uint32_t sector) const;

  const MarketContext& context_;
  const CodeBook& codes_;
  const InvestorFacts& investor_;
  int32_t day_;
  Habits habits_;
  std::vector<SectorMass> sectors_;  // by sector
  int64_t other_prior_ = 0;          // of a sector that no sector criterion comes near; 1,000,000 without criteria
  TextWeights mandate_text_, all_text_;
};

// Points of a ticket's range for an ask, fading as deals speak for themselves; 0 when either is not stated.
int32_t TicketPoints(const LogAmount& least, const LogAmount& usual, const LogAmount& most, int64_t ask);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_LENS_H_
