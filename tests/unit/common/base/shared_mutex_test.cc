#include "common/base/shared_mutex.h"

#include <atomic>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace tandem {
namespace {

TEST(SharedMutexTest, ReadersShareAndWritersExclude) {
  SharedMutex mutex;
  int value = 0;
  std::atomic<int> torn{0};
  std::vector<std::thread> threads;
  for (int writer = 0; writer < 2; ++writer) {
    threads.emplace_back([&] {
      for (int i = 0; i < 2000; ++i) {
        ExclusiveLock lock(&mutex);
        ++value;  // odd only while the lock is held
        ++value;
      }
    });
  }
  for (int reader = 0; reader < 2; ++reader) {
    threads.emplace_back([&] {
      for (int i = 0; i < 2000; ++i) {
        SharedLock lock(&mutex);
        if (value % 2 != 0) ++torn;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(value, 8000);
  EXPECT_EQ(torn, 0);
}

TEST(SharedMutexTest, AWriterIsLetInAmongReadersThatNeverPause) {
  SharedMutex mutex;
  std::atomic<bool> stop{false};
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        SharedLock lock(&mutex);
        std::this_thread::yield();
      }
    });
  }
  for (int i = 0; i < 100; ++i) ExclusiveLock lock(&mutex);  // would not end if readers could pass a waiting writer
  stop = true;
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace tandem
