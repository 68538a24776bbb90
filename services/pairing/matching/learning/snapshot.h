// Snapshot: the market as it was known before a day, from deals alone.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_SNAPSHOT_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_SNAPSHOT_H_

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "absl/types/span.h"

#include "common/base/work.h"
#include "services/pairing/matching/code_book.h"
#include "services/pairing/matching/facts.h"
#include "services/pairing/matching/interner.h"
#include "services/pairing/matching/learning/deal_table.h"
#include "services/pairing/matching/learning/training_example.h"

namespace tandem::pairing::matching {

// Mandates are masked unless asked for: they may have been written with the later deals in mind. Immutable once made;
// thread-safe.
struct Snapshot {
  int32_t day = 0;
  MarketContext context;  // statistics of the deals before `day`; profile of identity shapes
  // By number in the DealTable; with the deals before `day` only, null without any (and without a mandate that is
  // seen).
  std::vector<std::shared_ptr<const InvestorFacts>> investors;
  // Those with enough deals to be learned from, ascending.
  std::vector<uint32_t> candidates;
};

// Every feature is what it is: a score's terms are the features' values.
const Profile& IdentityProfile();

// Makes snapshots and subjects. Not thread-safe.
class SnapshotMaker {
 public:
  static constexpr size_t kLeastDeals = 3;  // of a candidate whose mandate is not seen

  // Works on copies of `interner` and `codes`. All but these must outlive this. The mandates of `seen` are seen, as
  // what is wanted: they refuse nothing. Such investors are candidates whatever their deals.
  SnapshotMaker(const MarketContext* context, const Interner& interner, const CodeBook& codes, const DealTable* table,
                absl::Span<const std::shared_ptr<const InvestorFacts>> seen = {});

  // One for each of `days`; empty when `work` was stopped.
  std::map<int32_t, std::shared_ptr<const Snapshot>> Make(std::vector<int32_t> days, Work* work);

  // The round as a project that asks for what it got, with the investors known before `known_day`. Nobody is taken yet.
  Subject MakeSubject(const MarketContext& context, uint32_t round, int32_t known_day);

  // Any project; who was in it before is the caller's to say.
  Subject MakeSubjectOf(const MarketContext& context, projects::v1::Project project);

  const CodeBook& codes() const { return codes_; }
  const DealTable& table() const { return table_; }

 private:
  const MarketContext& context_;
  const DealTable& table_;
  std::vector<std::unique_ptr<const investors::v1::Mandate>> mandates_;  // by number in the DealTable; null: not seen
  Interner interner_;
  CodeBook codes_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_SNAPSHOT_H_
