#include "tests/fault/contend/zones.h"

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/catalog/fields.h"
#include "common/catalog/names.h"

namespace tandem::contend {
namespace {

// So many are in play at a time: whoever waits for a commit to be durable holds up those of its own only.
constexpr int64_t kAtOnce = 4;
constexpr int64_t kOperations = 4000;  // in each
constexpr absl::Duration kAhead = absl::Hours(24 * 30);

}  // namespace

absl::StatusOr<std::shared_ptr<const Zone>> Zones::Of(int64_t operation) {
  const int64_t number = operation / (kAtOnce * kOperations) * kAtOnce + operation % kAtOnce;
  MutexLock lock(&mutex_);
  for (auto zone = zones_.rbegin(); zone != zones_.rend(); ++zone) {
    if (zone->first == number) return zone->second;
  }
  auto zone = std::make_shared<const Zone>(absl::StrCat(options_.prefix, number), options_.clock->Now(), kAhead,
                                           options_.request_expiry, options_.request_cooldown);
  if (options_.prepare) TANDEM_RETURN_IF_ERROR(options_.prepare(*zone));
  std::vector<Transaction> transactions(1);
  const auto put = [&](const char* collection, std::vector<std::string> ids, const auto& record) {
    transactions[0].writes.push_back(
        Write::Put(catalog::RecordKey(collection, ids), catalog::SerializeDeterministically(record)));
  };
  put("editions", {zone->id}, zone->edition);
  for (const v1::Representative& person : zone->representatives)
    put("representatives", {zone->id, person.name().substr(person.name().rfind('/') + 1)}, person);
  TANDEM_RETURN_IF_ERROR(options_.store->Commit(std::move(transactions)).front().status);
  ++made_;
  zones_.emplace_back(number, zone);
  if (zones_.size() > 3 * kAtOnce) zones_.erase(zones_.begin());
  return zone;
}

int64_t Zones::made() const {
  MutexLock lock(&mutex_);
  return made_;
}

}  // namespace tandem::contend
