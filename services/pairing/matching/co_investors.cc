#include "services/pairing/matching/co_investors.h"

#include "absl/container/flat_hash_set.h"

#include "common/base/fixed_point.h"

namespace tandem::pairing::matching {
namespace {

// 1 / sqrt(n) in millionths. REQUIRES: n > 0.
int64_t InverseRoot(int64_t n) {
  // Newton's method on integers for sqrt(n * 10^12), from above.
  const int64_t square = n * kMicro * 100;  // sqrt is sqrt(n) * 10^4
  int64_t root = square;
  for (int64_t next = (root + 1) / 2; next < root; next = (root + square / root) / 2) root = next;
  return kMicro * 10'000 / root;
}

int64_t CompaniesBefore(const TrackRecord& track, int32_t day) {
  int64_t count = 0;
  for (const TrackRecord::Company& company : track.companies) count += company.first_day < day;
  return count;
}

// How many companies are in both records before `day`, times the inverse root of those in `prior`.
int64_t SharedCompanies(const TrackRecord& prior, const TrackRecord& track, int32_t day) {
  int64_t common = 0;
  auto a = prior.companies.begin();
  auto b = track.companies.begin();
  while (a != prior.companies.end() && b != track.companies.end()) {
    if (a->company != b->company) {
      a->company < b->company ? ++a : ++b;
      continue;
    }
    common += a->first_day < day && b->first_day < day;
    ++a;
    ++b;
  }
  return common == 0 ? 0 : common * InverseRoot(CompaniesBefore(prior, day));
}

}  // namespace

CoInvestors::CoInvestors(const std::vector<std::shared_ptr<const InvestorFacts>>& prior, int32_t as_of_day)
    : as_of_day_(as_of_day) {
  for (const std::shared_ptr<const InvestorFacts>& investor : prior) {
    const int64_t companies = CompaniesBefore(*investor->track, as_of_day);
    if (companies == 0) continue;
    const int64_t inverse_root = InverseRoot(companies);
    if (!own_inverse_root_.emplace(investor->record.name(), inverse_root).second) continue;
    for (const TrackRecord::Company& company : investor->track->companies) {
      if (company.first_day < as_of_day) weight_[company.company] += inverse_root;
    }
  }
}

SharedWith::SharedWith(const InvestorFacts& investor, int32_t as_of_day)
    : investor_(investor), as_of_day_(as_of_day), companies_(CompaniesBefore(*investor.track, as_of_day)) {}

int64_t SharedWith::Strength(const std::vector<std::shared_ptr<const InvestorFacts>>& prior) {
  if (companies_ == 0) return 0;
  int64_t shared = 0;
  absl::flat_hash_set<const InvestorFacts*> counted;  // one may be named twice, by name and by external id
  for (const std::shared_ptr<const InvestorFacts>& each : prior) {
    if (each->record.name() == investor_.record.name() || !counted.insert(each.get()).second) continue;
    const auto [it, first] = shared_.try_emplace(each.get(), 0);
    if (first) it->second = SharedCompanies(*each->track, *investor_.track, as_of_day_);
    shared += it->second;
  }
  return shared == 0 ? 0 : shared * InverseRoot(companies_) / kMicro;
}

int64_t CoInvestors::StrengthWith(const InvestorFacts& investor) const {
  if (weight_.empty()) return 0;
  int64_t shared = 0;
  int64_t companies = 0;
  for (const TrackRecord::Company& company : investor.track->companies) {
    if (company.first_day >= as_of_day_) continue;
    ++companies;
    const auto it = weight_.find(company.company);
    if (it != weight_.end()) shared += it->second;
  }
  if (companies == 0) return 0;
  const auto own = own_inverse_root_.find(investor.record.name());
  if (own != own_inverse_root_.end()) shared -= own->second * companies;
  return shared * InverseRoot(companies) / kMicro;
}

}  // namespace tandem::pairing::matching
