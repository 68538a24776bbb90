// Now and then what all rankings depend on: a rate, the date, the profile, the statistics.
#include <chrono>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "services/pairing/market_feed/market_followers.h"
#include "tests/fault/load/write_kind.h"

namespace tandem::check {
namespace {

using pairing::kEditionsSource;
using pairing::v1::Edition;

// Every list is computed anew after one of these, by the services and by the check.
constexpr std::chrono::seconds kBetween{4};

class ChangeEverything final : public WriteKind {
 public:
  int weight() const override { return 1; }
  void WriteOne(WriteSession* session) override {
    {
      const auto now = std::chrono::steady_clock::now();
      MutexLock lock(&mutex_);
      if (now < next_) return;
      next_ = now + kBetween;
    }
    if (session->random()->Percent(15)) return Freeze(session);
    using Stub = pairing::v1::EditionService::Stub;
    World* const world = session->world();
    Random* const random = session->random();
    pairing::v1::UpdateEditionRequest request;
    Edition* const edition = request.mutable_edition();
    edition->set_name(world->edition);
    // A name that no other write has given.
    type::v1::LocalizedText* const text = edition->add_texts();
    text->set_language_code("en");
    text->set_title(absl::StrCat("Check ", session->NextStamp()));
    request.mutable_update_mask()->add_paths("texts");
    switch (random->Below(4)) {
      case 0:
        *edition->mutable_exchange_rates() = world->templates->edition.exchange_rates();
        if (edition->exchange_rates_size() > 0) {
          auto* rate = edition->mutable_exchange_rates(
              static_cast<int>(random->Below(static_cast<size_t>(edition->exchange_rates_size()))));
          rate->set_rate_nanos(rate->rate_nanos() * static_cast<int64_t>(50 + random->Below(100)) / 100 + 1);
        }
        request.mutable_update_mask()->add_paths("exchange_rates");
        break;
      case 1:
        edition->set_reference_date(absl::StrFormat("2027-%02d-%02d", 1 + random->Below(12), 1 + random->Below(28)));
        request.mutable_update_mask()->add_paths("reference_date");
        break;
      case 2:
        edition->set_ranking_profile(random->Percent(50) ? "default" : "");
        request.mutable_update_mask()->add_paths("ranking_profile");
        break;
      default:
        break;  // nothing that a ranking knows
    }
    session->Send<Stub, pairing::v1::UpdateEditionRequest, Edition>(
        kEditionsSource, session->clients().editions(), &Stub::UpdateEdition, std::move(request), {world->edition},
        [&](const Edition& made) { return session->EffectOf(kEditionsSource, made, 0); });
  }

 private:
  // Rarities and priors as they are now, under the next number.
  static void Freeze(WriteSession* session) {
    using Stub = pairing::v1::EditionService::Stub;
    pairing::v1::FreezeStatisticsRequest request;
    request.set_parent(session->world()->edition);
    session->Send<Stub, pairing::v1::FreezeStatisticsRequest, pairing::v1::Statistics>(
        kEditionsSource, session->clients().editions(), &Stub::FreezeStatistics, request,
        {absl::StrCat(request.parent(), "/statistics")},
        [&](const pairing::v1::Statistics& made) { return session->EffectOf(kEditionsSource, made, 0); });
  }

  Mutex mutex_;
  std::chrono::steady_clock::time_point next_ ABSL_GUARDED_BY(mutex_){};
};

}  // namespace

void AddEditionWrites(WriteKinds* kinds) { kinds->push_back(std::make_unique<ChangeEverything>()); }

}  // namespace tandem::check
