#include "services/investors/investor_rules.h"

#include "common/catalog/references.h"
#include "tandem/investors/v1/investor.pb.h"

namespace tandem::investors {
namespace {

using v1::Investor;

class InvestorRules final : public catalog::Rules {
 public:
  void Check(const google::protobuf::Message& resource, absl::string_view path,
             std::vector<FieldViolation>* violations) const override {
    const auto& investor = static_cast<const Investor&>(resource);
    catalog::CheckOriginal(investor.texts(), path, violations);
  }
};

}  // namespace

catalog::Collection InvestorCollection() {
  static const InvestorRules rules;
  catalog::Collection investors;
  investors.singular = "investor";
  investors.plural = "investors";
  investors.pattern = "editions/{edition}/investors/{investor}";
  investors.prototype = &Investor::default_instance();
  investors.writer = CallerSide::kInvestor;
  investors.initial_state = Investor::STATE_DRAFT;
  investors.steps = {
      {"submit", {Investor::STATE_DRAFT, Investor::STATE_REJECTED}, Investor::STATE_IN_REVIEW, false},
      {"verify", {Investor::STATE_IN_REVIEW}, Investor::STATE_VERIFIED, true},
      {"reject", {Investor::STATE_IN_REVIEW}, Investor::STATE_REJECTED, true},
      {"pause", {Investor::STATE_VERIFIED}, Investor::STATE_PAUSED, false},
      {"resume", {Investor::STATE_PAUSED}, Investor::STATE_VERIFIED, false},
      {"withdraw",
       {Investor::STATE_DRAFT, Investor::STATE_IN_REVIEW, Investor::STATE_VERIFIED, Investor::STATE_REJECTED,
        Investor::STATE_PAUSED},
       Investor::STATE_WITHDRAWN,
       false},
  };
  investors.live_state = Investor::STATE_VERIFIED;
  investors.promoted = {Investor::STATE_DRAFT, Investor::STATE_IN_REVIEW};
  investors.rules = &rules;
  return investors;
}

}  // namespace tandem::investors
