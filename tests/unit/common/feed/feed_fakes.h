// What the tests of the feed share: a sink that is a map, a source over a store, and a source that follows a script.
#ifndef TANDEM_TESTS_UNIT_COMMON_FEED_FEED_FAKES_H_
#define TANDEM_TESTS_UNIT_COMMON_FEED_FEED_FAKES_H_

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "google/protobuf/wrappers.pb.h"

#include "common/base/mutex.h"
#include "common/feed/feed.h"
#include "common/feed/watch_cursor.h"

namespace tandem::feed {

inline std::chrono::steady_clock::time_point In(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

// What a sink holds for one name; gone ones stay as tombstones, so that older changes cannot bring them back.
struct Held {
  std::string value;
  Revision revision = 0;
  bool gone = false;
};

// Keeps the contract of Sink in the plainest way. Thread-safe.
class MapSink : public Sink {
 public:
  void BeginSnapshot() override {
    MutexLock lock(&mutex_);
    pending_.clear();
    ++begins_;
  }
  void ApplySnapshot(const std::vector<Item>& items) override {
    MutexLock lock(&mutex_);
    Put(items, &pending_);
  }
  void EndSnapshot() override {
    MutexLock lock(&mutex_);
    held_.swap(pending_);
    pending_.clear();
    ++ends_;
  }
  void ApplyChanges(const std::vector<Item>& items, const Position* position) override {
    MutexLock lock(&mutex_);
    Put(items, &held_);
    if (position != nullptr) position_ = *position;
  }
  void Advance(const Position& position) override {
    MutexLock lock(&mutex_);
    position_ = position;
  }
  void Withdraw() override {
    MutexLock lock(&mutex_);
    position_ = Position{};
  }

  // Where the source stands by what the sink was told; empty before and after a withdrawal.
  Position position() const {
    MutexLock lock(&mutex_);
    return position_;
  }

  // What is there, without tombstones.
  std::map<std::string, std::string> Values() const {
    MutexLock lock(&mutex_);
    std::map<std::string, std::string> values;
    for (const auto& [name, held] : held_) {
      if (!held.gone) values[name] = held.value;
    }
    return values;
  }
  int begins() const {
    MutexLock lock(&mutex_);
    return begins_;
  }
  int skipped() const {
    MutexLock lock(&mutex_);
    return skipped_;
  }

 private:
  void Put(const std::vector<Item>& items, std::map<std::string, Held>* held) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    for (const Item& item : items) {
      Held& old = (*held)[item.name];
      if (item.revision <= old.revision) {
        ++skipped_;
        continue;
      }
      const auto* value = static_cast<const google::protobuf::StringValue*>(item.message.get());
      old = {value == nullptr ? "" : value->value(), item.revision, value == nullptr};
    }
  }

  mutable Mutex mutex_;
  std::map<std::string, Held> held_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Held> pending_ ABSL_GUARDED_BY(mutex_);
  Position position_ ABSL_GUARDED_BY(mutex_);
  int begins_ ABSL_GUARDED_BY(mutex_) = 0;
  int ends_ ABSL_GUARDED_BY(mutex_) = 0;
  int skipped_ ABSL_GUARDED_BY(mutex_) = 0;
};

inline std::shared_ptr<const google::protobuf::Message> Value(const std::string& text) {
  auto value = std::make_shared<google::protobuf::StringValue>();
  value->set_value(text);
  return value;
}

// A source over a store that can be replaced (a restore) and cut off. Thread-safe.
class StoreSource : public Source {
 public:
  StoreSource(RecordStore* store, const KeyRing* keys, std::string prefix = "")
      : keys_(keys), prefix_(std::move(prefix)), store_(store) {}

  std::string name() const override { return "things"; }
  std::unique_ptr<Stream> Open(const std::string& resume_token) override {
    MutexLock lock(&mutex_);
    ++opened_;
    WatchCursor::Options options;
    options.store = store_;
    options.source = name();
    options.keys = keys_;
    options.prefixes = {prefix_};
    options.resume_token = resume_token;
    options.page = 3;
    options.progress_interval = std::chrono::milliseconds(20);
    return std::make_unique<StoreStream>(this, std::move(options), broken_);
  }

  // Ends the open stream, and lets `store` be what the next ones read; none before Resume.
  void Break() {
    MutexLock lock(&mutex_);
    broken_ = true;
  }
  void Resume(RecordStore* store) {
    MutexLock lock(&mutex_);
    store_ = store;
    broken_ = false;
  }
  int opened() const {
    MutexLock lock(&mutex_);
    return opened_;
  }

 private:
  class StoreStream : public Stream {
   public:
    StoreStream(StoreSource* source, WatchCursor::Options options, bool broken)
        : source_(source), cursor_(std::move(options)), broken_(broken) {}
    absl::StatusOr<Stretch> Next() override {
      for (;;) {
        {
          MutexLock lock(&source_->mutex_);
          if (source_->broken_ || broken_ || cancelled_) return absl::UnavailableError("the line is cut");
        }
        auto next = cursor_.Next(In(std::chrono::milliseconds(10)));
        if (!next.ok()) return next.status();
        if (!next->has_value()) continue;
        Stretch stretch;
        stretch.phase = (*next)->phase;
        stretch.resume_token = (*next)->resume_token;
        for (RawItem& item : (*next)->items) {
          stretch.items.push_back({item.key, item.value.has_value() ? Value(*item.value) : nullptr, item.revision});
        }
        return stretch;
      }
    }
    void Cancel() override {
      MutexLock lock(&source_->mutex_);
      cancelled_ = true;
    }

   private:
    StoreSource* source_;
    WatchCursor cursor_;
    const bool broken_;
    bool cancelled_ = false;
  };

  const KeyRing* keys_;
  const std::string prefix_;
  mutable Mutex mutex_;
  RecordStore* store_ ABSL_GUARDED_BY(mutex_);
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;
  int opened_ ABSL_GUARDED_BY(mutex_) = 0;
};

// Plays one script a stream; each ends with a status, or blocks until Cancel when it has none. Thread-safe.
class ScriptedSource : public Source {
 public:
  struct Script {
    std::vector<Stretch> stretches;
    absl::Status end;  // OK: block
  };
  explicit ScriptedSource(std::vector<Script> scripts) : scripts_(std::move(scripts)) {}

  std::string name() const override { return "things"; }
  std::unique_ptr<Stream> Open(const std::string& resume_token) override {
    MutexLock lock(&mutex_);
    Script script;
    if (tokens_.size() < scripts_.size()) script = scripts_[tokens_.size()];
    tokens_.push_back(resume_token);
    changed_.SignalAll();
    return std::make_unique<ScriptedStream>(std::move(script));
  }
  // The resume tokens of the first `count` streams; waits until there are as many.
  std::vector<std::string> Tokens(size_t count) {
    MutexLock lock(&mutex_);
    while (tokens_.size() < count) changed_.Wait(&mutex_);
    return tokens_;
  }

 private:
  class ScriptedStream : public Stream {
   public:
    explicit ScriptedStream(Script script) : script_(std::move(script)) {}
    absl::StatusOr<Stretch> Next() override {
      if (next_ < script_.stretches.size()) return script_.stretches[next_++];
      if (!script_.end.ok()) return script_.end;
      MutexLock lock(&mutex_);
      while (!cancelled_) changed_.Wait(&mutex_);
      return absl::CancelledError("cancelled");
    }
    void Cancel() override {
      MutexLock lock(&mutex_);
      cancelled_ = true;
      changed_.SignalAll();
    }

   private:
    Script script_;
    size_t next_ = 0;
    Mutex mutex_;
    CondVar changed_;
    bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  };

  const std::vector<Script> scripts_;
  Mutex mutex_;
  CondVar changed_;
  std::vector<std::string> tokens_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::feed

#endif  // TANDEM_TESTS_UNIT_COMMON_FEED_FEED_FAKES_H_
