#include "services/pairing/matching/learning/score_table.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "services/pairing/matching/co_investors.h"
#include "services/pairing/matching/extra_terms.h"
#include "services/pairing/matching/form_compiler.h"

namespace tandem::pairing::matching {
namespace {

constexpr size_t kBlock = 16;  // candidates of one piece of work

// A form's columns spread out, so that a lookup is one load. What LinearScore says, for forms without gates.
class SpreadForm {
 public:
  explicit SpreadForm(const std::vector<Subject>& subjects) {
    std::array<size_t, kColumnCount> sizes = {};
    size_t sectors = 1;
    for (const Subject& subject : subjects) {
      const ProjectRow& row = subject.project.row;
      for (size_t c = 0; c < kColumnCount; ++c) sizes[c] = std::max<size_t>(sizes[c], row.codes[c] + 1u);
      for (size_t i = 0; i < row.sector_count; ++i) sectors = std::max<size_t>(sectors, row.sectors[i] + 1u);
    }
    for (size_t c = 0; c < kColumnCount; ++c) columns_[c].resize(sizes[c]);
    sectors_.resize(sectors);
  }

  void Set(const InvestorForm& form) {
    bias_ = form.bias;
    for (size_t c = 0; c < kColumnCount; ++c) {
      std::fill(columns_[c].begin(), columns_[c].end(), form.columns[c].otherwise);
      for (const ColumnPoints::Listed& listed : form.columns[c].listed) {
        if (listed.code < columns_[c].size()) columns_[c][listed.code] = listed.points;
      }
    }
    std::fill(sectors_.begin(), sectors_.end(), form.sectors.otherwise);
    for (const SectorPoints::Listed& listed : form.sectors.listed) {
      if (listed.sector < sectors_.size()) sectors_[listed.sector] = listed.points;
    }
  }

  int32_t Score(const ProjectRow& row) const {
    int32_t score = bias_ + row.points;
    for (size_t c = 0; c < kColumnCount; ++c) score += columns_[c][row.codes[c]];
    int32_t sectors = 0;
    for (size_t i = 0; i < row.sector_count; ++i) sectors += sectors_[row.sectors[i]];
    return score + ((sectors * row.sector_norm) >> 10);
  }

 private:
  int32_t bias_ = 0;
  std::array<std::vector<int16_t>, kColumnCount> columns_;
  std::vector<int16_t> sectors_;
};

}  // namespace

MarketContext WithProfile(const MarketContext& context, const Profile& profile) {
  MarketContext with = context;
  with.profile = profile;
  return with;
}

std::vector<std::shared_ptr<const InvestorFacts>> PriorOf(const Snapshot& snapshot, const Subject& subject) {
  std::vector<std::shared_ptr<const InvestorFacts>> prior;
  for (const uint32_t investor : subject.prior) {
    if (snapshot.investors[investor] != nullptr) prior.push_back(snapshot.investors[investor]);
  }
  return prior;
}

ScoreTable ScoreAll(const Snapshot& snapshot, const MarketContext& context, const CodeBook& codes,
                    const std::vector<Subject>& subjects, CoInvestors co_investors, Work* work) {
  ScoreTable table;
  table.subjects = subjects.size();
  const size_t candidates = snapshot.candidates.size();
  table.scores.resize(candidates * subjects.size());
  std::vector<std::vector<std::shared_ptr<const InvestorFacts>>> prior(subjects.size());
  if (co_investors == CoInvestors::kCounted) {
    for (size_t s = 0; s < subjects.size(); ++s) prior[s] = PriorOf(snapshot, subjects[s]);
  }
  const bool done = work->Each((candidates + kBlock - 1) / kBlock, [&](size_t block) {
    SpreadForm spread(subjects);
    const size_t end = std::min(candidates, (block + 1) * kBlock);
    for (size_t c = block * kBlock; c < end; ++c) {
      const InvestorFacts& investor = *snapshot.investors[snapshot.candidates[c]];
      spread.Set(CompileForm(context, codes, investor, snapshot.day));
      SharedWith shared(context, investor, snapshot.day);
      for (size_t s = 0; s < subjects.size(); ++s) {
        int32_t score = spread.Score(subjects[s].project.row);
        if (!prior[s].empty()) {
          Terms terms;
          AddExtras(context, subjects[s].project, investor, shared.Strength(prior[s]), &terms);
          score += terms.Sum();
        }
        table.scores[c * subjects.size() + s] = static_cast<float>(score) / 1000;
      }
    }
  });
  if (!done) table = {};
  return table;
}

}  // namespace tandem::pairing::matching
