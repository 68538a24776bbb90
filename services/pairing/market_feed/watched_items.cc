#include "services/pairing/market_feed/watched_items.h"

#include <utility>

namespace tandem::pairing {
namespace {

// One response's records. A record is not copied: a snapshot has hundreds of thousands.
template <typename Response>
class Items {
 public:
  explicit Items(std::shared_ptr<const Response> response) : response_(std::move(response)) {}

  std::vector<feed::Item> Take() {
    items_.reserve(static_cast<size_t>(response_->changes_size()));
    for (const auto& change : response_->changes()) AddChange(change);
    return std::move(items_);
  }

 private:
  template <typename Record>
  void Add(const Record& record, int64_t revision) {
    items_.push_back({record.name(), std::shared_ptr<const Record>(response_, &record), revision});
  }

  void AddChange(const projects::v1::ProjectChange& change) {
    if (change.has_project()) Add(change.project(), change.revision());
  }

  void AddChange(const investors::v1::InvestorChange& change) {
    switch (change.record_case()) {
      case investors::v1::InvestorChange::kInvestor:
        return Add(change.investor(), change.revision());
      case investors::v1::InvestorChange::kDeal:
        return Add(change.deal(), change.revision());
      case investors::v1::InvestorChange::kDeletedDeal:
        items_.push_back({change.deleted_deal(), nullptr, change.revision()});
        return;
      case investors::v1::InvestorChange::RECORD_NOT_SET:
        return;
    }
  }

  void AddChange(const v1::EditionChange& change) {
    switch (change.record_case()) {
      case v1::EditionChange::kEdition:
        return Add(change.edition(), change.revision());
      case v1::EditionChange::kTaxonomy:
        return Add(change.taxonomy(), change.revision());
      case v1::EditionChange::kStatistics:
        return Add(change.statistics(), change.revision());
      case v1::EditionChange::kProfile:
        return Add(change.profile(), change.revision());
      case v1::EditionChange::kPairing:
        return Add(change.pairing(), change.revision());
      case v1::EditionChange::RECORD_NOT_SET:
        return;
    }
  }

  const std::shared_ptr<const Response> response_;
  std::vector<feed::Item> items_;
};

}  // namespace

std::vector<feed::Item> ToItems(const std::shared_ptr<const projects::v1::WatchProjectsResponse>& response) {
  return Items(response).Take();
}

std::vector<feed::Item> ToItems(const std::shared_ptr<const investors::v1::WatchInvestorsResponse>& response) {
  return Items(response).Take();
}

std::vector<feed::Item> ToItems(const std::shared_ptr<const v1::WatchEditionsResponse>& response) {
  return Items(response).Take();
}

}  // namespace tandem::pairing
