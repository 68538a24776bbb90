// Builds small markets for tests.
#ifndef TANDEM_TESTS_UNIT_SERVICES_PAIRING_MATCHING_MARKET_BUILDER_H_
#define TANDEM_TESTS_UNIT_SERVICES_PAIRING_MATCHING_MARKET_BUILDER_H_

#include <map>
#include <memory>
#include <string>

#include "services/pairing/matching/market.h"
#include "tandem/pairing/v1/demo_data_service.pb.h"
#include "tandem/pairing/v1/pairing.pb.h"

namespace tandem::pairing::matching {

inline constexpr char kEdition[] = "editions/test";

// A published project and a verified investor that state nothing else than a title.
projects::v1::Project PlainProject(const std::string& id);
investors::v1::Investor PlainInvestor(const std::string& id);

// A deal of `investor` in company `company`.
investors::v1::Deal PlainDeal(const std::string& id, const std::string& investor, const std::string& company,
                              const std::string& date);

// An edition with reference date 2026-11-20 and base CNY; 1 USD is 7 CNY.
v1::Edition PlainEdition();

// The pairing of two records (names), in which nothing is said yet.
v1::Pairing PlainPairing(const std::string& project, const std::string& investor);

std::string ProjectName(const std::string& id);
std::string InvestorName(const std::string& id);

// Records by name.
using Records = std::map<std::string, std::shared_ptr<const google::protobuf::Message>>;

// A market of made-up data, published and verified, with frozen statistics. What it consists of goes to `records`, if
// that is not null.
Market DemoMarket(int64_t seed, int projects, int investors, Records* records = nullptr);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_TESTS_UNIT_SERVICES_PAIRING_MATCHING_MARKET_BUILDER_H_
