#include "services/pairing/market_feed/watched_items.h"

#include <memory>
#include <utility>

namespace tandem::pairing {
namespace {

template <typename Record>
void Add(Record* record, int64_t revision, std::vector<feed::Item>* items) {
  auto message = std::make_shared<Record>(std::move(*record));
  std::string name = message->name();
  items->push_back({std::move(name), std::move(message), revision});
}

void AddChange(projects::v1::ProjectChange* change, std::vector<feed::Item>* items) {
  if (change->has_project()) Add(change->mutable_project(), change->revision(), items);
}

void AddChange(investors::v1::InvestorChange* change, std::vector<feed::Item>* items) {
  switch (change->record_case()) {
    case investors::v1::InvestorChange::kInvestor:
      return Add(change->mutable_investor(), change->revision(), items);
    case investors::v1::InvestorChange::kDeal:
      return Add(change->mutable_deal(), change->revision(), items);
    case investors::v1::InvestorChange::kDeletedDeal:
      items->push_back({change->deleted_deal(), nullptr, change->revision()});
      return;
    case investors::v1::InvestorChange::RECORD_NOT_SET:
      return;
  }
}

void AddChange(v1::EditionChange* change, std::vector<feed::Item>* items) {
  switch (change->record_case()) {
    case v1::EditionChange::kEdition:
      return Add(change->mutable_edition(), change->revision(), items);
    case v1::EditionChange::kTaxonomy:
      return Add(change->mutable_taxonomy(), change->revision(), items);
    case v1::EditionChange::kStatistics:
      return Add(change->mutable_statistics(), change->revision(), items);
    case v1::EditionChange::kProfile:
      return Add(change->mutable_profile(), change->revision(), items);
    case v1::EditionChange::RECORD_NOT_SET:
      return;
  }
}

template <typename Response>
std::vector<feed::Item> Convert(Response response) {
  std::vector<feed::Item> items;
  items.reserve(static_cast<size_t>(response.changes_size()));
  for (auto& change : *response.mutable_changes()) AddChange(&change, &items);
  return items;
}

}  // namespace

std::vector<feed::Item> ToItems(projects::v1::WatchProjectsResponse response) { return Convert(std::move(response)); }

std::vector<feed::Item> ToItems(investors::v1::WatchInvestorsResponse response) { return Convert(std::move(response)); }

std::vector<feed::Item> ToItems(v1::WatchEditionsResponse response) { return Convert(std::move(response)); }

}  // namespace tandem::pairing
