// Deal table: the deals before a day, in one order whatever order they came in.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_DEAL_TABLE_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_DEAL_TABLE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/types/span.h"

#include "services/pairing/matching/facts.h"
#include "tandem/investors/v1/deal.pb.h"

namespace tandem::pairing::matching {

// Immutable; thread-safe.
class DealTable {
 public:
  struct Row {
    std::shared_ptr<const investors::v1::Deal> deal;
    int32_t day = 0;
    uint32_t investor = 0, company = 0, round = 0;
    bool first = false;  // of this investor in this company
  };
  // What was raised by one company on one day.
  struct Round {
    int32_t day = 0;
    uint32_t company = 0;
    std::vector<uint32_t> rows;
  };

  // Deals on or after `as_of_day`, without a date, an investor or a company are left out. Investors that are named by
  // external id are those of `investors` that have it.
  DealTable(absl::Span<const std::shared_ptr<const investors::v1::Deal>> deals,
            absl::Span<const std::shared_ptr<const InvestorFacts>> investors, int32_t as_of_day);

  const std::vector<Row>& rows() const { return rows_; }                                         // by day
  const std::vector<Round>& rounds() const { return rounds_; }                                   // by day
  const std::vector<uint32_t>& RoundsOf(uint32_t company) const { return rounds_of_[company]; }  // by day
  size_t investor_count() const { return investors_.size(); }
  const std::string& InvestorKey(uint32_t investor) const { return investors_[investor]; }

  // Whether the deal is of the first known round of its company.
  bool Opens(const Row& row) const { return rounds_of_[row.company].front() == row.round; }

  // Investors with a deal in the company before `day`, ascending.
  std::vector<uint32_t> InvestorsBefore(uint32_t company, int32_t day) const;

  // SHA-256 in hex over the deals: equal for equal deals in any order.
  const std::string& fingerprint() const { return fingerprint_; }

 private:
  std::vector<Row> rows_;
  std::vector<Round> rounds_;
  std::vector<std::vector<uint32_t>> rounds_of_;
  std::vector<std::string> investors_;
  std::string fingerprint_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_DEAL_TABLE_H_
