#include "common/redis/write_queue.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace tandem {
namespace {

using std::chrono::steady_clock;

// A batch saves round trips; beyond this many there is nothing left to save.
constexpr size_t kBatchEntries = 64;
constexpr size_t kBatchBytes = size_t{1} << 20;

}  // namespace

WriteQueue::WriteQueue(RedisUrl url, Options options, RedisCounters* counters)
    : url_(std::move(url)), options_(options), counters_(counters), thread_([this] { Run(); }) {}

WriteQueue::~WriteQueue() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    wake_.SignalAll();
  }
  thread_.join();
  MutexLock lock(&mutex_);
  while (!queue_.empty()) DropOldest();
  ShowSize();
}

void WriteQueue::Push(std::string key, std::string value, int64_t milliseconds) {
  Entry entry{std::move(key), std::move(value), milliseconds};
  MutexLock lock(&mutex_);
  if (entry.bytes() > options_.most_bytes || options_.most_entries == 0 || stopping_) {
    Count(counters_->writes_dropped);
    return;
  }
  while (queue_.size() >= options_.most_entries || bytes_ + entry.bytes() > options_.most_bytes) DropOldest();
  bytes_ += entry.bytes();
  queue_.push_back(std::move(entry));
  ShowSize();
  wake_.Signal();
}

void WriteQueue::Run() {
  while (true) {
    const std::vector<Entry> batch = NextBatch();
    if (batch.empty()) return;
    Write(batch);
  }
}

std::vector<WriteQueue::Entry> WriteQueue::NextBatch() {
  std::vector<Entry> batch;
  MutexLock lock(&mutex_);
  while (!stopping_ && (queue_.empty() || steady_clock::now() < retry_at_)) {
    if (queue_.empty()) {
      wake_.Wait(&mutex_);
    } else {
      wake_.WaitUntil(&mutex_, retry_at_);
    }
  }
  if (stopping_) return batch;
  for (size_t size = 0; !queue_.empty() && batch.size() < kBatchEntries && size < kBatchBytes;) {
    size += queue_.front().bytes();
    bytes_ -= queue_.front().bytes();
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  ShowSize();
  return batch;
}

void WriteQueue::Write(const std::vector<Entry>& batch) {
  if (connection_ != nullptr && !connection_->Fit()) connection_.reset();
  if (connection_ == nullptr) {
    auto made = RedisConnection::Open(url_, options_.limits, counters_);
    Count(made.ok() ? counters_->connects : counters_->connect_failures);
    if (!made.ok()) {
      Count(counters_->writes_dropped, batch.size());
      retry_at_ = steady_clock::now() + options_.pause;
      return;
    }
    connection_ = *std::move(made);
  }
  for (const Entry& entry : batch) {
    connection_->Append({"SET", entry.key, entry.value, "PX", absl::StrCat(entry.milliseconds)});
  }
  std::vector<RedisReply> replies;
  const absl::Status status = connection_->Exchange(steady_clock::now() + options_.batch_budget, &replies);
  for (const RedisReply& reply : replies) {
    if (reply.kind == RedisReply::Kind::kState) {
      Count(counters_->writes);
    } else {
      Count(counters_->writes_refused);
      if (reply.kind == RedisReply::Kind::kError) RefusalOf(reply, counters_).IgnoreError();
    }
  }
  Count(counters_->writes_lost, batch.size() - replies.size());
  if (!status.ok()) connection_.reset();
}

void WriteQueue::DropOldest() {
  bytes_ -= queue_.front().bytes();
  queue_.pop_front();
  Count(counters_->writes_dropped);
}

void WriteQueue::ShowSize() {
  counters_->queued.store(queue_.size(), std::memory_order_relaxed);
  counters_->queued_bytes.store(bytes_, std::memory_order_relaxed);
}

}  // namespace tandem
