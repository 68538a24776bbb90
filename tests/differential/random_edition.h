// A small edition of made-up records that changes at random, in every way that can touch a ranking.
#ifndef TANDEM_TESTS_DIFFERENTIAL_RANDOM_EDITION_H_
#define TANDEM_TESTS_DIFFERENTIAL_RANDOM_EDITION_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/pairing/matching/market.h"
#include "tests/differential/random_market.h"
#include "tests/unit/services/pairing/matching/market_builder.h"

namespace tandem::pairing::matching {

class RandomEdition {
 public:
  explicit RandomEdition(uint64_t seed);

  Market& market() { return market_; }
  // All that the market consists of.
  const Records& records() const { return records_; }
  Random& random() { return random_; }

  // Puts, edits or removes one record; now and then several, or what all rankings depend on. Settled afterwards. Says
  // what was done.
  std::string Change();

 private:
  std::string ChangeOne();
  std::string ChangeEverything();
  void EditProject(projects::v1::Project* project);
  void EditInvestor(investors::v1::Investor* investor);
  std::string ChangeDeal();
  std::string ChangePairing();
  type::v1::InvestorRef AnInvestor();
  const projects::v1::Project& AProject() { return projects_[random_.Below(Size(projects_))]; }
  template <typename List>
  uint32_t Size(const List& list) const {
    return static_cast<uint32_t>(list.size());
  }

  template <typename Message>
  void Note(const std::string& name, const Message& message) {
    auto copy = std::make_shared<Message>(message);
    copy->set_name(name);
    records_[name] = std::move(copy);
  }

  Random random_;
  Records records_;
  Market market_;
  // As they were last put, also of those that were removed.
  std::vector<projects::v1::Project> projects_;
  std::vector<investors::v1::Investor> investors_;
  std::vector<investors::v1::Deal> deals_;  // added here
  int next_ = 0;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_TESTS_DIFFERENTIAL_RANDOM_EDITION_H_
