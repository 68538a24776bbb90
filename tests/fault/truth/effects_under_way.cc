#include "tests/fault/truth/effects_under_way.h"

#include <vector>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "services/pairing/effects/effect_log.h"

namespace tandem::check {

absl::StatusOr<std::string> EffectsUnderWay(RecordStore* editions, const std::map<std::string, Position>& heads) {
  const pairing::effects::EffectLog log(editions);
  // In this order: what was noted up to the heads is among what is due, or done.
  for (const auto& [source, head] : heads) {
    TANDEM_ASSIGN_OR_RETURN(const pairing::effects::Noted noted, log.Read(source));
    if (noted.Covers(head)) continue;
    return absl::StrCat("effects of ", source, " were noted up to ", noted.position.revision, " of ", head.revision);
  }
  TANDEM_ASSIGN_OR_RETURN(const std::vector<pairing::effects::DueEffect> due, log.Due());
  if (due.empty()) return std::string();
  return absl::StrCat(due.size(), " effects are due, first what befell ", due.front().effect.party);
}

}  // namespace tandem::check
