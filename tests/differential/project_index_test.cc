// ProjectIndex against the naive scan, on random markets.
#include "services/pairing/matching/index/project_index.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

#include "services/pairing/matching/index/dispatch.h"
#include "tests/differential/long_mode.h"
#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {
namespace {

constexpr uint32_t kInvestor = 7;

// An index, what must be in it, and the snapshots so far with what they must still say.
class IndexedMarket {
 public:
  IndexedMarket(uint64_t seed, MarketShape shape)
      : random_(seed), shape_(shape), order_(seed), extras_(seed, shape.extra_points), index_(&order_) {}

  void Fill(uint32_t projects) {
    for (uint32_t slot = 0; slot < projects; ++slot) Put(slot);
  }

  void Put(uint32_t slot) {
    const ProjectRow row = RandomRow(random_, shape_);
    index_.Put(slot, row);
    rows_[slot] = row;
    extras_.SetRow(slot, row);
  }

  void Remove(uint32_t slot) {
    index_.Remove(slot);
    rows_.erase(slot);
  }

  // A change of any kind at a random place.
  void Change(uint32_t slots) {
    const uint32_t slot = random_.Below(slots);
    const uint32_t kind = random_.Below(10);
    const auto it = rows_.find(slot);
    if (kind < 3) {
      Remove(slot);
    } else if (kind < 5 && it != rows_.end()) {
      // The same project with one value changed.
      ProjectRow row = it->second;
      const ProjectRow other = RandomRow(random_, shape_);
      const size_t column = random_.Below(kColumnCount);
      if (column == kAskColumn) {
        row.text = other.text;
      } else {
        row.codes[column] = other.codes[column];
      }
      index_.Put(slot, row);
      it->second = row;
    } else {
      Put(slot);
    }
  }

  void Publish() {
    snapshot_ = index_.Publish();
    ASSERT_EQ(snapshot_->size(), rows_.size());
  }

  // Compares one random query on the last snapshot.
  void Compare(std::optional<size_t> k_wanted = std::nullopt) {
    static constexpr size_t kSizes[] = {1, 50, 200, 3, 1'000'000, 0};
    InvestorForm form = RandomForm(random_, shape_);
    const bool with_extras = random_.Chance(70);
    const size_t k = k_wanted.value_or(kSizes[random_.Below(6)]);
    extras_.SetForm(kInvestor, form);
    Compare(*snapshot_, rows_, form, k, with_extras ? &extras_ : nullptr);
  }

  void Compare(const ProjectIndexSnapshot& snapshot, const Rows& rows, const InvestorForm& form, size_t k,
               const PairExtras* extras) const {
    const TopList naive = NaiveProjects(rows, form, kInvestor, k, extras, order_);
    for (const InstructionSet set : InstructionSets()) {
      ForceInstructionSet(set);
      const TopList top = snapshot.Top(form, kInvestor, k, extras);
      ForceInstructionSet(std::nullopt);
      ASSERT_EQ(top.passed, naive.passed) << InstructionSetName(set) << " k " << k;
      ASSERT_EQ(top.considered, naive.considered);
      ASSERT_EQ(top.best.size(), naive.best.size());
      for (size_t i = 0; i < naive.best.size(); ++i) {
        ASSERT_EQ(top.best[i].slot, naive.best[i].slot) << InstructionSetName(set) << " place " << i << " of " << k;
        ASSERT_EQ(top.best[i].score, naive.best[i].score) << InstructionSetName(set) << " place " << i << " of " << k;
      }
    }
  }

  void CompareRows(const ProjectIndexSnapshot& snapshot, const Rows& rows, uint32_t slots) const {
    for (uint32_t slot = 0; slot < slots; ++slot) {
      const auto row = snapshot.Row(slot);
      const auto it = rows.find(slot);
      ASSERT_EQ(row.has_value(), it != rows.end()) << slot;
      ASSERT_TRUE(!row || SameRow(*row, it->second)) << slot;
    }
  }

  Random& random() { return random_; }
  const MarketShape& shape() const { return shape_; }
  const Rows& rows() const { return rows_; }
  const std::shared_ptr<const ProjectIndexSnapshot>& snapshot() const { return snapshot_; }

 private:
  Random random_;
  const MarketShape shape_;
  const ShuffledOrder order_;
  RandomExtras extras_;
  Rows rows_;
  ProjectIndex index_;
  std::shared_ptr<const ProjectIndexSnapshot> snapshot_;
};

TEST(ProjectIndexDifferential, EverySizeAnswersLikeTheScan) {
  for (const uint32_t size : {0u, 1u, 2u, 15u, 16u, 17u, 63u, 64u, 65u, 130u, 1000u}) {
    for (uint64_t round = 0; round < 8; ++round) {
      Random seeds(DifferentialSeed() + size * 131 + round);
      const uint64_t seed = seeds.Next();
      SCOPED_TRACE(testing::Message() << "size " << size << " seed " << seed);
      IndexedMarket market(seed, round == 0 ? MarketShape() : RandomShape(seeds));
      market.Fill(size);
      market.Publish();
      for (int query = 0; query < 12; ++query) market.Compare();
      market.CompareRows(*market.snapshot(), market.rows(), size + 3);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(ProjectIndexDifferential, TwentyThousandProjects) {
  for (const bool text : {false, true}) {
    MarketShape shape;
    shape.sectors = 200;
    shape.with_text = text ? 80 : 0;
    shape.with_extra_gates = 3;
    shape.with_extra_points = 3;
    IndexedMarket market(DifferentialSeed(), shape);
    market.Fill(20'000);
    market.Publish();
    for (const size_t k : {1u, 50u, 200u, 20'000u}) {
      for (int query = 0; query < 4; ++query) market.Compare(k);
    }
    if (HasFatalFailure()) return;
  }
}

TEST(ProjectIndexDifferential, OneSectorAndEqualScoresKeepTheOrderOfNames) {
  MarketShape shape;
  shape.sectors = 1;
  shape.most_sectors = 1;
  shape.most_points = 0;
  shape.codes.fill(1);
  shape.refusing = 0;
  shape.empty_forms = 30;
  IndexedMarket market(DifferentialSeed(), shape);
  market.Fill(3000);
  market.Publish();
  for (int query = 0; query < 30; ++query) market.Compare();
}

// Markets that change, with snapshots that stay as they were.
TEST(ProjectIndexDifferential, EveryChangeAndEveryOldSnapshotAnswersLikeTheScan) {
  const uint64_t wanted = DifferentialQueries(3000);
  Random seeds(DifferentialSeed());
  for (uint64_t done = 0; done < wanted;) {
    const uint64_t seed = seeds.Next();
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const MarketShape shape = RandomShape(seeds);
    const uint32_t slots = seeds.Chance(80) ? 1 + seeds.Below(300) : 300 + seeds.Below(2500);
    IndexedMarket market(seed, shape);
    market.Fill(seeds.Below(slots + 1));
    std::vector<std::pair<std::shared_ptr<const ProjectIndexSnapshot>, Rows>> old;
    for (int step = 0; step < 20; ++step) {
      for (uint32_t change = seeds.Below(seeds.Chance(20) ? slots : 4); change > 0; --change) market.Change(slots);
      market.Publish();
      for (int query = 0; query < 4; ++query, ++done) market.Compare();
      if (seeds.Chance(40)) old.emplace_back(market.snapshot(), market.rows());
      if (old.size() > 4) old.erase(old.begin() + seeds.Below(4));
      if (!old.empty()) {
        const auto& [snapshot, rows] = old[seeds.Below(static_cast<uint32_t>(old.size()))];
        market.Compare(*snapshot, rows, RandomForm(market.random(), shape), 20, nullptr);
        market.CompareRows(*snapshot, rows, slots);
        ++done;
      }
      if (HasFatalFailure()) return;
    }
  }
}

TEST(ProjectIndexDifferential, EmptiedAndFilledAgain) {
  IndexedMarket market(DifferentialSeed(), MarketShape());
  for (int round = 0; round < 3; ++round) {
    market.Fill(2000);
    market.Publish();
    market.Compare();
    for (uint32_t slot = 0; slot < 2000; ++slot) market.Remove(slot);
    market.Publish();
    market.Compare();
    EXPECT_EQ(market.snapshot()->size(), 0u);
  }
}

}  // namespace
}  // namespace tandem::pairing::matching
