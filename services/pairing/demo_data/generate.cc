#include "services/pairing/demo_data/generate.h"

#include <algorithm>
#include <utility>

#include "common/base/status.h"
#include "services/pairing/demo_data/records.h"

namespace tandem::pairing {
namespace {

absl::Status Stopped() {
  return MakeError(absl::StatusCode::kCancelled, "CANCELLED", "The receiver of the demo data stopped.");
}

}  // namespace

absl::Status GenerateDemoData(const v1::GenerateDemoDataRequest& request,
                              const std::function<bool(const v1::GenerateDemoDataResponse&)>& emit) {
  const auto investor_count = static_cast<uint32_t>(std::max(0, request.investor_count()));
  const auto project_count = static_cast<uint64_t>(std::max(0, request.project_count()));
  const Investors investors = MakeInvestors(request.seed(), investor_count);

  v1::GenerateDemoDataResponse record;
  *record.mutable_edition() = MakeEdition(request.edition_id());
  if (!emit(record)) return Stopped();
  *record.mutable_taxonomy() = MakeTaxonomy();
  if (!emit(record)) return Stopped();
  for (uint32_t i = 0; i < investor_count; ++i) {
    *record.mutable_investor() = MakeInvestor(investors, i);
    if (!emit(record)) return Stopped();
  }
  uint64_t deal_index = 0;
  const bool all = ForEachRound(investors, [&](const DealRound& round) {
    for (investors::v1::Deal& deal : MakeDeals(investors, round, deal_index)) {
      ++deal_index;
      *record.mutable_deal() = std::move(deal);
      if (!emit(record)) return false;
    }
    return true;
  });
  if (!all) return Stopped();
  for (uint64_t i = 0; i < project_count; ++i) {
    *record.mutable_project() = MakeProject(investors, i);
    if (!emit(record)) return Stopped();
  }
  return absl::OkStatus();
}

}  // namespace tandem::pairing
