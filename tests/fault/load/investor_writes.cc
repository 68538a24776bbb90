// Editing, pausing, deleting and bringing back investors.
#include "absl/strings/str_cat.h"

#include "services/pairing/market_feed/market_followers.h"
#include "tests/fault/load/record_writes.h"
#include "tests/fault/load/write_kind.h"

namespace tandem::check {
namespace {

using investors::v1::Investor;
using Stub = investors::v1::InvestorService::Stub;
using pairing::kInvestorsSource;

// Gives `investor` another value in one field, and says which.
const char* ChangeField(const Investor& other, size_t which, int stamp, Investor* investor) {
  switch (which) {
    case 0:
      *investor->mutable_mandate() = other.mandate();
      return "mandate";
    case 1:
      investor->set_capacity(1 + stamp % 14);
      return "capacity";
    case 2:
      investor->set_deployment(stamp % 4 == 0 ? Investor::DEPLOYMENT_PAUSED : Investor::DEPLOYMENT_DEPLOYING);
      return "deployment";
    case 3:
      investor->set_type(other.type());
      return "type";
    case 4:
      *investor->mutable_languages() = other.languages();
      return "languages";
    default:
      *investor->mutable_texts() = other.texts();
      return "texts";
  }
}

class UpdateInvestor final : public WriteKind {
 public:
  int weight() const override { return 18; }
  void WriteOne(WriteSession* session) override {
    World* const world = session->world();
    Random* const random = session->random();
    const bool contended = random->Percent(15);
    const Known<Investor> known = world->investors.Pick(random, contended ? kContended : 0);
    if (known.record == nullptr || known.record->has_delete_time()) return;
    investors::v1::UpdateInvestorRequest request;
    Investor* const investor = request.mutable_investor();
    investor->set_name(known.record->name());
    const bool bound = contended || random->Percent(20);
    if (bound) investor->set_etag(known.record->etag());
    // A city that no other write has named.
    *investor->mutable_places() = known.record->places();
    type::v1::Place* const place = investor->places_size() > 0 ? investor->mutable_places(0) : investor->add_places();
    if (place->country_code().empty()) place->set_country_code("CN");
    const int64_t stamp = session->NextStamp();
    place->set_city(absl::StrCat("city ", stamp));
    request.mutable_update_mask()->add_paths("places");
    if (random->Percent(15)) {
      Retitle(*known.record, stamp, investor);
      request.mutable_update_mask()->add_paths("texts");
    } else if (random->Percent(30)) {
      request.mutable_update_mask()->add_paths(ChangeField(random->Pick(world->templates->investors), random->Below(6),
                                                           static_cast<int>(stamp % 1000), investor));
    }
    SendForRecord(session, kInvestorsSource, session->clients().investors(), &Stub::UpdateInvestor, std::move(request),
                  known.record->name(), bound ? known.revision : 0, &world->investors);
  }
};

class MoveInvestor final : public WriteKind {
 public:
  int weight() const override { return 4; }
  void WriteOne(WriteSession* session) override {
    const Known<Investor> known = session->world()->investors.Pick(session->random());
    if (known.record == nullptr) return;
    Stub* const stub = session->clients().investors();
    if (known.record->has_delete_time()) {
      Step<investors::v1::UndeleteInvestorRequest>(session, stub, &Stub::UndeleteInvestor, known);
    } else if (known.record->state() == Investor::STATE_PAUSED) {
      Step<investors::v1::ResumeInvestorRequest>(session, stub, &Stub::ResumeInvestor, known);
    } else if (session->random()->Percent(70)) {
      Step<investors::v1::PauseInvestorRequest>(session, stub, &Stub::PauseInvestor, known);
    } else {
      Step<investors::v1::DeleteInvestorRequest>(session, stub, &Stub::DeleteInvestor, known);
    }
  }

 private:
  template <typename Request>
  static void Step(WriteSession* session, Stub* stub,
                   grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Investor*),
                   const Known<Investor>& known) {
    SendStep(session, kInvestorsSource, stub, method, known, &session->world()->investors);
  }
};

}  // namespace

void AddInvestorWrites(WriteKinds* kinds) {
  kinds->push_back(std::make_unique<UpdateInvestor>());
  kinds->push_back(std::make_unique<MoveInvestor>());
}

}  // namespace tandem::check
