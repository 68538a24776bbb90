#include "services/pairing/effects/party_effects.h"

#include <utility>

#include "common/tokens/consistency_token.h"

namespace tandem::pairing::effects {

void PartyEffects::Start(std::vector<std::unique_ptr<feed::Source>> sources) {
  MutexLock lock(&mutex_);
  EffectWorker::Options work;
  work.store = options_.store;
  work.ledger = options_.ledger;
  work.applied = options_.applied;
  for (const auto& source : sources) work.sources.push_back(source->name());
  noted_ = std::make_unique<feed::AppliedPositions>(work.sources);
  worker_ = std::make_unique<EffectWorker>(std::move(work));
  const EffectLog log(options_.store);
  for (std::unique_ptr<feed::Source>& source : sources) {
    Followed followed;
    followed.source = std::move(source);
    EffectSink::Options sink;
    sink.store = options_.store;
    sink.source = followed.source->name();
    sink.noted = [worker = worker_.get()](const std::vector<Effect>& effects) { worker->Take(effects); };
    followed.sink = std::make_unique<EffectSink>(std::move(sink));
    feed::Follower::Options options;
    options.source = followed.source.get();
    options.sink = followed.sink.get();
    options.positions = noted_.get();
    options.keys = options_.keys;
    // A snapshot does as well where the position cannot be read now, or there is none yet.
    const auto noted = log.Read(followed.source->name());
    if (noted.ok() && noted->row.has_value())
      options.resume_token = ConsistencyToken(followed.source->name(), noted->position).Encode(*options_.keys);
    followed.follower = std::make_unique<feed::Follower>(std::move(options));
    followed.follower->Start();
    followed_.push_back(std::move(followed));
  }
}

void PartyEffects::Stop() {
  MutexLock lock(&mutex_);
  for (Followed& followed : followed_) followed.sink->Stop();
  for (Followed& followed : followed_) followed.follower->Stop();
  if (worker_ != nullptr) worker_->Stop();
  followed_.clear();
  worker_.reset();
}

EffectCounts PartyEffects::counts() const {
  MutexLock lock(&mutex_);
  return worker_ == nullptr ? EffectCounts() : worker_->counts();
}

}  // namespace tandem::pairing::effects
