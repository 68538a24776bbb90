// Importing and removing deals.
#include "absl/strings/str_cat.h"

#include "services/pairing/market_feed/market_followers.h"
#include "tests/fault/load/import.h"
#include "tests/fault/load/write_kind.h"

namespace tandem::check {
namespace {

using investors::v1::Deal;
using pairing::kInvestorsSource;

// A field that no ranking knows.
void SetStamp(WriteSession* session, Deal* deal) {
  deal->mutable_ticket()->set_currency_code("XAF");  // not the round's, with whose size it would be compared
  deal->mutable_ticket()->set_amount_minor(session->NextStamp());
}

class NewDeals final : public WriteKind {
 public:
  int weight() const override { return 5; }
  void WriteOne(WriteSession* session) override {
    World* const world = session->world();
    if (world->deals.size() > world->templates->deals.size() * 3 / 2) return;
    std::vector<Deal> deals;
    const size_t size = 1 + session->random()->Below(4);
    for (size_t i = 0; i < size; ++i) {
      const auto known = world->investors.Pick(session->random());
      if (known.record == nullptr) continue;
      Deal deal = session->random()->Pick(world->templates->deals);
      deal.clear_name();
      deal.set_external_id(absl::StrCat("deal-", session->NextStamp()));
      deal.mutable_investor()->Clear();
      deal.mutable_investor()->set_name(known.record->name());
      SetStamp(session, &deal);
      deals.push_back(std::move(deal));
    }
    if (!deals.empty()) ImportDeals(session, deals);
  }
};

class RemoveDeal final : public WriteKind {
 public:
  int weight() const override { return 8; }
  void WriteOne(WriteSession* session) override {
    using Stub = investors::v1::InvestorService::Stub;
    World* const world = session->world();
    if (world->deals.size() < world->templates->deals.size() * 3 / 4) return;
    const Known<Deal> known = world->deals.Pick(session->random());
    if (known.record == nullptr) return;
    world->deals.Remove(known.record->name());
    investors::v1::DeleteDealRequest request;
    request.set_name(known.record->name());
    const auto effects = [&](const investors::v1::DeleteDealResponse& response) {
      Effect effect;
      effect.name = known.record->name();
      effect.revision = session->RevisionOf(kInvestorsSource, response.consistency_token());
      effect.gone = true;
      return std::vector<Effect>{effect};
    };
    session->Send<Stub, investors::v1::DeleteDealRequest, investors::v1::DeleteDealResponse>(
        kInvestorsSource, session->clients().investors(), &Stub::DeleteDeal, std::move(request), {known.record->name()},
        effects);
  }
};

}  // namespace

void AddDealWrites(WriteKinds* kinds) {
  kinds->push_back(std::make_unique<NewDeals>());
  kinds->push_back(std::make_unique<RemoveDeal>());
}

}  // namespace tandem::check
