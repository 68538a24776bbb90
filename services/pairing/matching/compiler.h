// Compiler: makes facts of records.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_COMPILER_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_COMPILER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/pairing/matching/code_book.h"
#include "services/pairing/matching/facts.h"
#include "services/pairing/matching/interner.h"
#include "services/pairing/matching/text_vector.h"

namespace tandem::pairing::matching {

// The weighed terms of a record's texts; null when there are none.
using RecordText = std::shared_ptr<const TextWeights>;

// Borrows the interner and the context for its own, short life. Not thread-safe.
class Compiler {
 public:
  Compiler(Interner* interner, CodeBook* codes, const MarketContext* context)
      : interner_(interner), codes_(codes), context_(context) {}

  ProjectFacts Compile(std::shared_ptr<const projects::v1::Project> project, RecordText text);
  InvestorFacts Compile(std::shared_ptr<const investors::v1::Investor> investor, RecordText text,
                        std::shared_ptr<const TrackRecord> track);
  DealFacts Compile(const investors::v1::Deal& deal, RecordText text);

  // The same with the record's text, weighed on the way.
  ProjectFacts Compile(projects::v1::Project project);
  InvestorFacts Compile(investors::v1::Investor investor, std::shared_ptr<const TrackRecord> track);
  DealFacts Compile(const investors::v1::Deal& deal);

 private:
  LogAmount Amount(const std::string& currency, int64_t minor) const;
  uint32_t Sector(const type::v1::SectorCode& code);
  uint32_t Country(const std::string& code);
  uint16_t SectorCodeOf(uint32_t sector);
  // Codes of the place, the round and the region with the round.
  void SetPlaceAndRound(const type::v1::Place& place, int round, std::array<uint16_t, kColumnCount>* codes);
  std::vector<uint32_t> Groups(const std::string& country);
  uint32_t Language(const std::string& tag);
  uint32_t NameKey(absl::string_view name);
  uint32_t IdKey(absl::string_view id);
  void AddSectors(ProjectFacts* facts);
  void SetRow(ProjectFacts* facts);
  int32_t Demand(const ProjectFacts& facts) const;
  template <typename Record>
  RecordText TextOf(const Record& record);

  Interner* interner_;
  CodeBook* codes_;
  const MarketContext* context_;
};

// Counts the terms of all of a record's texts; what takes the longest of compiling it, and needs nothing else.
void CountTerms(const projects::v1::Project& project, TermCounts* counts);
void CountTerms(const investors::v1::Investor& investor, TermCounts* counts);
void CountTerms(const investors::v1::Deal& deal, TermCounts* counts);
// Of numbered terms.
RecordText WeighText(const TermCounts& counts, const FrozenStatistics& statistics);

// The amount in logarithms of base-currency minor units; unknown when it is 0 or has no rate in the edition.
LogAmount BaseAmount(const v1::Edition& edition, const std::string& currency, int64_t minor);

// The amount that stands for a range: the target, else the most, else the least.
int64_t MiddleOf(const type::v1::MoneyRange& range);

// The day of an ISO date; `otherwise` for a text that is none.
int32_t DayOf(const std::string& date, int32_t otherwise);

// The code that an amount has in kAskColumn; 0 for an unknown one.
uint16_t AskCodeOf(const LogAmount& amount);

// A track record of these deals, in any order.
TrackRecord MakeTrackRecord(std::vector<DealFacts> deals);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_COMPILER_H_
