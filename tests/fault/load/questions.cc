#include "tests/fault/load/questions.h"

#include <functional>

#include "absl/strings/str_format.h"

namespace tandem::check {

using pairing::v1::FindMatchesRequest;

Questions::Questions(const World* world) : world_(world) {
  Random random(world->options->seed, 777);
  for (size_t i = 0; i < kHot; ++i) {
    FindMatchesRequest request;
    request.set_subject(i % 2 == 0 ? world->investors.Pick(&random).record->name()
                                   : world->projects.Pick(&random).record->name());
    request.set_page_size(i % 4 < 2 ? 10 : 0);
    request.set_explain(i % 8 < 3);
    hot_.push_back(std::move(request));
  }
}

FindMatchesRequest Questions::Hot(Random* random) const {
  return hot_[random->Below(1 + random->Below(kHot))];  // the first ones more often
}

FindMatchesRequest Questions::Any(Random* random) const {
  FindMatchesRequest request;
  if (random->Percent(50)) {
    request.set_subject(world_->investors.Pick(random).record->name());
  } else {
    request.set_subject(world_->projects.Pick(random).record->name());
  }
  request.set_page_size(static_cast<int32_t>(random->Percent(90) ? 1 + random->Below(25) : 51 + random->Below(150)));
  request.set_explain(random->Percent(30));
  if (random->Percent(20)) request.set_language_code(random->Percent(50) ? "zh" : "en");
  if (random->Percent(10)) request.mutable_options()->set_most_per_owner(1);
  if (random->Percent(10)) request.mutable_options()->set_spare_spent_capacity(true);
  if (random->Percent(3)) request.set_as_of_date(absl::StrFormat("2027-%02d-01", 1 + random->Below(12)));
  return request;
}

FindMatchesRequest Questions::Fresh(Random* random, bool* fresh) {
  constexpr int kTries = 4;
  FindMatchesRequest request;
  for (int i = 0; i < kTries; ++i) {
    request = Any(random);
    MutexLock lock(&mutex_);
    *fresh = asked_.insert(std::hash<std::string>()(request.SerializeAsString())).second;
    if (*fresh) break;
  }
  return request;
}

}  // namespace tandem::check
