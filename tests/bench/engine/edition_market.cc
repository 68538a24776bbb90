#include "tests/bench/engine/edition_market.h"

#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "services/pairing/matching/gates.h"
#include "services/pairing/matching/learning/trainer.h"
#include "services/pairing/matching/profile_codec.h"
#include "tests/bench/engine/measure.h"
#include "tests/bench/learning/generated_market.h"

namespace tandem::bench {

using namespace pairing::matching;

absl::StatusOr<EditionMarket> MakeEditionMarket(size_t projects, size_t investors, uint64_t seed) {
  EditionMarket made;
  const Stopwatch making;
  made.market =
      GeneratedMarket("bench", static_cast<int64_t>(seed), static_cast<int>(projects), static_cast<int>(investors));
  if (made.market == nullptr) return absl::InternalError("no edition could be made up");
  made.make_seconds = making.seconds();

  const Stopwatch training;
  TrainingOptions options;
  options.seed = seed;
  options.as_of_day = made.market->context()->reference_day;
  options.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  TANDEM_ASSIGN_OR_RETURN(TrainingResult result, Train(TrainingInputOf(*made.market), options, nullptr));
  made.train_seconds = training.seconds();
  result.profile.id = "trained-1";
  made.market->SetProfile(ToProto(result.profile, made.market->edition()));
  pairing::v1::Edition edition = made.market->context()->edition;
  edition.set_ranking_profile("trained-1");
  made.market->SetEdition(edition);
  made.market->Settle();

  const Stopwatch indexing;
  made.view = made.market->View();
  made.index_seconds = indexing.seconds();
  return made;
}

MarketData DataOf(const EditionMarket& edition) {
  MarketData data;
  data.title = "edition";
  data.source = absl::StrCat("made-up records, ranked by a profile learned from ", edition.view->deal_count, " deals");
  edition.view->projects.ForEach([&](uint32_t, const std::shared_ptr<const ProjectFacts>& project) {
    if (!TakesPart(*project)) return;
    data.rows.push_back(project->row);
    data.rows.back().extra_points = data.rows.back().extra_gates = false;
    data.project_names.push_back(project->record.name());
  });
  edition.view->investors.ForEach([&](uint32_t slot, const std::shared_ptr<const InvestorFacts>& investor) {
    const auto form = edition.view->investor_index->Form(slot);
    if (form == nullptr) return;
    auto alone = std::make_shared<InvestorForm>(*form);
    alone->extra_points_most = 0;
    alone->extra_gates = false;
    data.forms.push_back(std::move(alone));
    data.investor_names.push_back(investor->record.name());
  });
  data.live_projects = data.rows.size();
  return data;
}

}  // namespace tandem::bench
