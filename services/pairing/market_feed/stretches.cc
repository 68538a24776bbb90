#include "services/pairing/market_feed/stretches.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"

namespace tandem::pairing {
namespace {

absl::StatusOr<feed::Phase> ToPhase(type::v1::WatchPhase phase) {
  switch (phase) {
    case type::v1::WATCH_PHASE_SNAPSHOT:
      return feed::Phase::kSnapshot;
    case type::v1::WATCH_PHASE_SNAPSHOT_END:
      return feed::Phase::kSnapshotEnd;
    case type::v1::WATCH_PHASE_CHANGES:
      return feed::Phase::kChanges;
    case type::v1::WATCH_PHASE_PROGRESS:
      return feed::Phase::kProgress;
    default:
      return MakeError(absl::StatusCode::kInternal, "INTERNAL",
                       absl::StrCat("the source sent watch phase ", static_cast<int>(phase),
                                    ", which this version does not know: update this service first"));
  }
}

template <typename Record>
void Add(Record* record, int64_t revision, feed::Stretch* stretch) {
  auto message = std::make_shared<Record>(std::move(*record));
  std::string name = message->name();
  stretch->items.push_back({std::move(name), std::move(message), revision});
}

void AddChange(projects::v1::ProjectChange* change, feed::Stretch* stretch) {
  if (change->has_project()) Add(change->mutable_project(), change->revision(), stretch);
}

void AddChange(investors::v1::InvestorChange* change, feed::Stretch* stretch) {
  switch (change->record_case()) {
    case investors::v1::InvestorChange::kInvestor:
      return Add(change->mutable_investor(), change->revision(), stretch);
    case investors::v1::InvestorChange::kDeal:
      return Add(change->mutable_deal(), change->revision(), stretch);
    case investors::v1::InvestorChange::kDeletedDeal:
      stretch->items.push_back({change->deleted_deal(), nullptr, change->revision()});
      return;
    case investors::v1::InvestorChange::RECORD_NOT_SET:
      return;
  }
}

void AddChange(v1::EditionChange* change, feed::Stretch* stretch) {
  switch (change->record_case()) {
    case v1::EditionChange::kEdition:
      return Add(change->mutable_edition(), change->revision(), stretch);
    case v1::EditionChange::kTaxonomy:
      return Add(change->mutable_taxonomy(), change->revision(), stretch);
    case v1::EditionChange::kStatistics:
      return Add(change->mutable_statistics(), change->revision(), stretch);
    case v1::EditionChange::RECORD_NOT_SET:
      return;
  }
}

template <typename Response>
absl::StatusOr<feed::Stretch> Convert(Response response) {
  feed::Stretch stretch;
  TANDEM_ASSIGN_OR_RETURN(stretch.phase, ToPhase(response.phase()));
  stretch.items.reserve(static_cast<size_t>(response.changes_size()));
  for (auto& change : *response.mutable_changes()) AddChange(&change, &stretch);
  stretch.resume_token = std::move(*response.mutable_resume_token());
  return stretch;
}

}  // namespace

absl::StatusOr<feed::Stretch> ToStretch(projects::v1::WatchProjectsResponse response) {
  return Convert(std::move(response));
}

absl::StatusOr<feed::Stretch> ToStretch(investors::v1::WatchInvestorsResponse response) {
  return Convert(std::move(response));
}

absl::StatusOr<feed::Stretch> ToStretch(v1::WatchEditionsResponse response) { return Convert(std::move(response)); }

}  // namespace tandem::pairing
