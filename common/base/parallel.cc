#include "common/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

#include "common/base/mutex.h"
#include "common/base/worker_pool.h"

namespace tandem {
namespace {

int HelperCount() { return static_cast<int>(std::max(1u, std::thread::hardware_concurrency())) - 1; }

// Never ended: work may be asked for until the program ends.
WorkerPool* Helpers() {
  static WorkerPool* const helpers = new WorkerPool({HelperCount(), 64});
  return helpers;
}

// What the caller and the helpers share. Outlives the call where a helper comes too late to do anything.
struct Shared {
  std::atomic<size_t> next{0};  // the first that nobody has taken
  Mutex mutex;
  CondVar idle;
  int working ABSL_GUARDED_BY(mutex) = 0;
  bool over ABSL_GUARDED_BY(mutex) = false;  // `work` is gone
};

}  // namespace

void ParallelFor(size_t count, size_t grain, absl::FunctionRef<void(size_t begin, size_t end)> work) {
  const size_t step = std::max<size_t>(1, grain);
  const auto run = [=](Shared* shared) {
    while (true) {
      const size_t begin = shared->next.fetch_add(step, std::memory_order_relaxed);
      if (begin >= count) return;
      work(begin, std::min(count, begin + step));
    }
  };
  const size_t stretches = (count + step - 1) / step;
  if (stretches <= 1) {
    if (count > 0) work(0, count);
    return;
  }
  const auto shared = std::make_shared<Shared>();
  const int helpers = static_cast<int>(std::min<size_t>(stretches - 1, static_cast<size_t>(HelperCount())));
  for (int i = 0; i < helpers; ++i) {
    Helpers()->TryRun([shared, run] {
      {
        MutexLock lock(&shared->mutex);
        if (shared->over) return;
        ++shared->working;
      }
      run(shared.get());
      MutexLock lock(&shared->mutex);
      if (--shared->working == 0) shared->idle.SignalAll();
    });
  }
  run(shared.get());
  MutexLock lock(&shared->mutex);
  shared->over = true;
  while (shared->working > 0) shared->idle.Wait(&shared->mutex);
}

}  // namespace tandem
