#include "tests/fault/truth/oracle.h"

#include <chrono>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/pairing/market_feed/record_name.h"
#include "tests/fault/truth/record_form.h"

namespace tandem::check {
namespace {

using pairing::RecordKind;

// A market remembers names and codes that were ever put; it is made anew before that is much.
constexpr int kMostMoves = 100'000;

pairing::MatchFinder::Options FinderOptions(const pairing::MarketStore* markets, const pairing::Freshness* freshness,
                                            pairing::RankingPages* pages) {
  pairing::MatchFinder::Options options;
  options.markets = markets;
  options.freshness = freshness;
  options.pages = pages;
  options.to_proto = [](const absl::Status&) { return google::rpc::Status(); };
  return options;
}

pairing::RankingPages::Options KeepNothing() {
  pairing::RankingPages::Options options;
  options.max_bytes = 1;
  return options;
}

}  // namespace

Oracle::Oracle(std::string edition, const Histories* histories, const KeyRing* keys)
    : edition_(std::move(edition)),
      prefix_(absl::StrCat(edition_, "/")),
      histories_(histories),
      positions_(AllSources()),
      freshness_(&positions_, keys),
      pages_(keys, KeepNothing()),
      finder_(FinderOptions(&no_markets_, &freshness_, &pages_)) {}

void Oracle::Set(const std::string& name, const Version& version) {
  if (name != edition_ && !absl::StartsWith(name, prefix_)) return;
  const auto record = version.bytes == nullptr ? nullptr : ParseRecord(name, *version.bytes);
  pairing::matching::Market& market = *market_;
  switch (pairing::KindOf(name)) {
    case RecordKind::kProject:
      if (record == nullptr) return market.RemoveProject(name);
      return market.PutProject(static_cast<const projects::v1::Project&>(*record));
    case RecordKind::kInvestor:
      if (record == nullptr) return market.RemoveInvestor(name);
      return market.PutInvestor(static_cast<const investors::v1::Investor&>(*record));
    case RecordKind::kDeal:
      if (record == nullptr) return market.RemoveDeal(name);
      return market.PutDeal(static_cast<const investors::v1::Deal&>(*record));
    case RecordKind::kEdition: {
      pairing::v1::Edition none;
      none.set_name(name);
      return market.SetEdition(record == nullptr ? none : static_cast<const pairing::v1::Edition&>(*record));
    }
    case RecordKind::kTaxonomy: {
      pairing::v1::Taxonomy none;
      none.set_name(name);
      return market.SetTaxonomy(record == nullptr ? none : static_cast<const pairing::v1::Taxonomy&>(*record));
    }
    case RecordKind::kStatistics: {
      pairing::v1::Statistics none;
      none.set_name(name);
      return market.SetStatistics(record == nullptr ? none : static_cast<const pairing::v1::Statistics&>(*record));
    }
    case RecordKind::kProfile:
      if (record == nullptr) return market.RemoveProfile(name);
      return market.SetProfile(static_cast<const pairing::v1::RankingProfile&>(*record));
    case RecordKind::kPairing:
      if (record == nullptr) return market.RemovePairing(name);
      return market.PutPairing(static_cast<const pairing::v1::Pairing&>(*record));
    case RecordKind::kUnknown:
      return;
  }
}

void Oracle::Begin(const ConsistencyToken& at) {
  market_ = std::make_unique<pairing::matching::Market>(edition_);
  moves_ = 0;
  for (const std::string& source : AllSources()) {
    const History& history = *histories_->at(source);
    const Revision revision = at.positions().at(source).revision;
    for (const std::string& name : history.NamesAt(revision)) Set(name, history.At(name, revision));
    at_[source] = revision;
  }
}

absl::Status Oracle::MoveTo(const ConsistencyToken& at) {
  bool reachable = market_ != nullptr && ++moves_ < kMostMoves;
  for (const std::string& source : AllSources()) {
    const auto found = at.positions().find(source);
    if (found == at.positions().end()) return absl::InvalidArgumentError(absl::StrCat("it names no ", source));
    const History& history = *histories_->at(source);
    if (!history.epoch().empty() && found->second.epoch != history.epoch()) {
      return absl::InvalidArgumentError(
          absl::StrCat("it is of the history ", found->second.epoch, " of ", source, ", which is ", history.epoch()));
    }
    const Revision revision = found->second.revision;
    if (!history.Knows(revision)) {
      return absl::OutOfRangeError(
          absl::StrCat(source, " is known from ", history.floor(), " to ", history.through(), ", not at ", revision));
    }
    reachable = reachable && history.Knows(at_[source]);
  }
  if (!reachable) {
    Begin(at);
  } else {
    for (const std::string& source : AllSources()) {
      const History& history = *histories_->at(source);
      const Revision to = at.positions().at(source).revision;
      const Revision from = std::exchange(at_[source], to);
      if (from == to) continue;
      std::set<std::string> names;
      for (Entry& entry : history.Between(std::min(from, to), std::max(from, to))) names.insert(std::move(entry.name));
      for (const std::string& name : names) Set(name, history.At(name, to));
    }
  }
  market_->Settle();
  state_.view = market_->View();
  state_.applied = std::make_shared<ConsistencyToken>(at);
  return absl::OkStatus();
}

absl::StatusOr<pairing::v1::FindMatchesResponse> Oracle::FirstPage(
    const pairing::v1::FindMatchesRequest& request) const {
  std::string page_id;
  return finder_.FirstPage(request, state_, std::chrono::steady_clock::now() + std::chrono::minutes(1), &page_id);
}

}  // namespace tandem::check
