// A ledger over each store, with a clock and parties that stand still until they are moved.
#ifndef TANDEM_TESTS_UNIT_SERVICES_PAIRING_LEDGER_LEDGER_FIXTURE_H_
#define TANDEM_TESTS_UNIT_SERVICES_PAIRING_LEDGER_LEDGER_FIXTURE_H_

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "common/base/mutex.h"
#include "common/base/status.h"
#include "services/pairing/ledger/ledger.h"
#include "tandem/pairing/v1/edition.pb.h"
#include "tests/conformance/storage/store_fixture.h"

namespace tandem::pairing::ledger {

class MovedClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::FromUnixMicros(micros_.load()); }
  void Advance(absl::Duration by) { micros_ += absl::ToInt64Microseconds(by); }
  void Set(absl::Time time) { micros_ = absl::ToUnixMicros(time); }

 private:
  std::atomic<int64_t> micros_{1'800'000'000'000'000};
};

// Everybody is open unless said otherwise.
class SetParties final : public PartyDirectory {
 public:
  absl::StatusOr<PartyStates> Look(const std::string& project, const std::string& investor, Deadline) override {
    if (const auto meanwhile = std::exchange(meanwhile_, nullptr)) meanwhile();
    MutexLock lock(&mutex_);
    ++looks_;
    if (!failure_.ok()) return failure_;
    return PartyStates{Of(project), Of(investor)};
  }
  void Set(const std::string& party, PartyState state) {
    MutexLock lock(&mutex_);
    states_[party] = state;
  }
  void Fail(absl::Status failure) {
    MutexLock lock(&mutex_);
    failure_ = std::move(failure);
  }
  // Called once, in the next look: after a step has read its rows and before it writes. For tests of one thread.
  void Meanwhile(std::function<void()> meanwhile) { meanwhile_ = std::move(meanwhile); }
  int looks() {
    MutexLock lock(&mutex_);
    return looks_;
  }

 private:
  PartyState Of(const std::string& party) {
    const auto found = states_.find(party);
    return found == states_.end() ? PartyState::kOpen : found->second;
  }
  Mutex mutex_;
  std::map<std::string, PartyState> states_;
  absl::Status failure_;
  std::function<void()> meanwhile_;
  int looks_ = 0;
};

inline std::string ProjectName(int number) { return absl::StrCat("editions/e/projects/p", number); }
inline std::string InvestorName(int number) { return absl::StrCat("editions/e/investors/i", number); }
inline std::string PairingName(int project, int investor) {
  return PairNames(ProjectName(project), InvestorName(investor)).name;
}

inline Caller CallerOfSide(v1::Side side) {
  Caller caller;
  caller.actor = side == v1::SIDE_PROJECT ? "ann" : side == v1::SIDE_INVESTOR ? "ivo" : "olga";
  caller.side = side == v1::SIDE_PROJECT    ? CallerSide::kProject
                : side == v1::SIDE_INVESTOR ? CallerSide::kInvestor
                                            : CallerSide::kOrganiser;
  return caller;
}

inline std::string ReasonOf(const absl::Status& status) { return status.ok() ? "" : GetErrorDetail(status).reason; }
template <typename T>
std::string ReasonOf(const absl::StatusOr<T>& result) {
  return ReasonOf(result.status());
}
// "MUTUAL", or the reason of the error.
inline std::string ResultOf(const absl::StatusOr<v1::Pairing>& result) {
  return result.ok() ? StateText(result->state()) : ReasonOf(result);
}

class LedgerTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    edition_.set_name("editions/e");
    edition_.set_time_zone("Asia/Shanghai");
    WriteEdition();
    ledger_ = NewLedger();
  }
  void TearDown() override {
    ledger_.reset();
    StoreTest::TearDown();
  }

  // Another replica.
  std::unique_ptr<Ledger> NewLedger(Ledger::Extend extend = nullptr, Ledger::ExtendAll extend_all = nullptr) {
    Ledger::Options options;
    options.extend_all = std::move(extend_all);
    options.unmet = [this](const std::string& project, const std::string& investor) {
      MutexLock lock(&unmet_mutex_);
      const auto found = unmet_.find({project, investor});
      return found == unmet_.end() ? std::vector<std::string>() : found->second;
    };
    options.store = store_.get();
    options.keys = &keys_;
    options.clock = &clock_;
    options.parties = &parties_;
    options.extend = std::move(extend);
    auto ledger = Ledger::Open(std::move(options));
    EXPECT_TRUE(ledger.ok()) << ledger.status();
    return ledger.ok() ? *std::move(ledger) : nullptr;
  }
  void WriteEdition() { ASSERT_GT(Put("r/editions/e", edition_.SerializeAsString()), 0); }

  absl::StatusOr<v1::Pairing> Say(v1::Side side, int project, int investor, v1::StanceKind kind) {
    v1::SetStanceRequest request;
    request.set_project(ProjectName(project));
    request.set_investor(InvestorName(investor));
    request.set_kind(kind);
    return ledger_->SetStance(CallerOfSide(side), request, Deadline::max());
  }
  v1::SendRequestRequest AskRequest(int project, int investor) {
    v1::SendRequestRequest request;
    request.set_project(ProjectName(project));
    request.set_investor(InvestorName(investor));
    request.set_message("shall we meet");
    return request;
  }
  absl::StatusOr<v1::Pairing> Ask(v1::Side side, int project, int investor) {
    return ledger_->SendRequest(CallerOfSide(side), AskRequest(project, investor), Deadline::max());
  }
  absl::StatusOr<v1::Pairing> Accept(v1::Side side, int project, int investor, const std::string& etag = "") {
    v1::AcceptRequestRequest request;
    request.set_name(PairingName(project, investor));
    request.set_etag(etag);
    return ledger_->Accept(CallerOfSide(side), request, Deadline::max());
  }
  absl::StatusOr<v1::Pairing> Decline(v1::Side side, int project, int investor) {
    v1::DeclineRequestRequest request;
    request.set_name(PairingName(project, investor));
    request.set_reason(v1::DECLINE_REASON_TIMING);
    return ledger_->Decline(CallerOfSide(side), request, Deadline::max());
  }
  absl::StatusOr<v1::Pairing> Withdraw(v1::Side side, int project, int investor) {
    v1::WithdrawRequestRequest request;
    request.set_name(PairingName(project, investor));
    return ledger_->Withdraw(CallerOfSide(side), request, Deadline::max());
  }
  // What a project and an investor do not meet of each other's must-haves, from now on.
  void SetUnmet(int project, int investor, std::vector<std::string> rules) {
    MutexLock lock(&unmet_mutex_);
    unmet_[{ProjectName(project), InvestorName(investor)}] = std::move(rules);
  }
  // As a side sees it; SIDE_UNSPECIFIED: the organiser.
  absl::StatusOr<v1::Pairing> See(v1::Side side, int project, int investor) {
    v1::GetPairingRequest request;
    request.set_name(PairingName(project, investor));
    return ledger_->Get(CallerOfSide(side), request);
  }
  PartyCounts CountsOf(const std::string& party) {
    const auto row = store_->Get(PartyKey(party));
    EXPECT_TRUE(row.ok());
    if (!row.ok() || !row->has_value()) return {};
    const auto counts = DecodePartyCounts((*row)->value);
    EXPECT_TRUE(counts.ok());
    return counts.ok() ? *counts : PartyCounts();
  }

  // Every version of every pairing, in commit order.
  std::vector<v1::Pairing> History() {
    std::vector<v1::Pairing> versions;
    Revision after = 0;
    while (true) {
      const auto batch = store_->Changes(after, 1000);
      EXPECT_TRUE(batch.ok()) << batch.status();
      if (!batch.ok()) return versions;
      for (const Change& change : batch->changes) {
        if (change.key.rfind("r/pairings/", 0) != 0) continue;
        EXPECT_TRUE(change.value.has_value());
        EXPECT_TRUE(versions.emplace_back().ParseFromString(*change.value));
      }
      if (batch->through == after) return versions;
      after = batch->through;
    }
  }

  Mutex unmet_mutex_;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> unmet_;
  MovedClock clock_;
  SetParties parties_;
  const KeyRing keys_ = KeyRing::ForTests();
  v1::Edition edition_;
  std::unique_ptr<Ledger> ledger_;
};

}  // namespace tandem::pairing::ledger

#endif  // TANDEM_TESTS_UNIT_SERVICES_PAIRING_LEDGER_LEDGER_FIXTURE_H_
