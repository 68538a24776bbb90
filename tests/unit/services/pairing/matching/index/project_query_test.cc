// Readers on many threads while one writer changes the index.
#include <atomic>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

#include "common/base/mutex.h"
#include "services/pairing/matching/index/project_index.h"
#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {
namespace {

struct Moment {
  std::shared_ptr<const ProjectIndexSnapshot> snapshot;
  std::shared_ptr<const Rows> rows;
};

TEST(ProjectQuery, EveryReaderSeesTheRowsOfItsMoment) {
  constexpr uint32_t kSlots = 250;
  constexpr int kPublications = 150;
  MarketShape shape;
  shape.with_text = 50;
  shape.sectors = 20;
  const ShuffledOrder order(5);
  Random random(1);
  ProjectIndex index(&order);
  Rows rows;
  for (uint32_t slot = 0; slot < kSlots; ++slot) index.Put(slot, rows[slot] = RandomRow(random, shape));

  Mutex mutex;
  Moment current{index.Publish(), std::make_shared<const Rows>(rows)};
  std::atomic<bool> done{false};
  std::atomic<int> compared{0}, wrong{0};
  const auto read = [&](uint64_t seed) {
    Random own(seed);
    std::vector<Moment> held;  // some for long
    do {
      Moment moment;
      {
        MutexLock lock(&mutex);
        moment = current;
      }
      if (held.size() < 6) held.push_back(moment);
      if (own.Chance(10)) held.erase(held.begin() + own.Below(static_cast<uint32_t>(held.size())));
      if (!held.empty() && own.Chance(40)) moment = held[own.Below(static_cast<uint32_t>(held.size()))];
      const InvestorForm form = RandomForm(own, shape);
      const TopList top = moment.snapshot->Top(form, 0, 20, nullptr);
      const TopList naive = NaiveProjects(*moment.rows, form, 0, 20, nullptr, order);
      if (top.best != naive.best || top.passed != naive.passed) ++wrong;
      ++compared;
    } while (!done);
  };
  std::vector<std::thread> readers;
  for (uint64_t seed = 1; seed <= 3; ++seed) readers.emplace_back(read, seed);
  for (int publication = 0; publication < kPublications; ++publication) {
    for (uint32_t change = random.Below(6); change > 0; --change) {
      const uint32_t slot = random.Below(kSlots);
      if (random.Chance(25)) {
        index.Remove(slot);
        rows.erase(slot);
      } else {
        index.Put(slot, rows[slot] = RandomRow(random, shape));
      }
    }
    Moment next{index.Publish(), std::make_shared<const Rows>(rows)};
    MutexLock lock(&mutex);
    std::swap(current, next);
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GE(compared, 3);
}

}  // namespace
}  // namespace tandem::pairing::matching
