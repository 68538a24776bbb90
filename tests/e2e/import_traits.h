// What the import of one resource needs of its service, in one shape for all of them.
#ifndef TANDEM_TESTS_E2E_IMPORT_TRAITS_H_
#define TANDEM_TESTS_E2E_IMPORT_TRAITS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "tests/e2e/clients.h"

namespace tandem::e2e {

struct ProjectTraits {
  using Record = projects::v1::Project;
  using UpsertRequest = projects::v1::BatchUpsertProjectsRequest;
  using UpsertResponse = projects::v1::BatchUpsertProjectsResponse;
  static constexpr char kName[] = "project";
  static constexpr bool kHasSingleWrites = true;

  static Record New(const std::string& external_id, int version, const std::string& parent);
  static Record* Add(UpsertRequest* request) { return request->add_projects(); }
  static absl::StatusOr<UpsertResponse> Upsert(Clients* clients, const UpsertRequest& request);
  static absl::StatusOr<Record> Create(Clients* clients, const std::string& edition, const Record& record,
                                       const std::string& request_id);
  // Changes all that two versions differ in.
  static absl::StatusOr<Record> Update(Clients* clients, const Record& record, const std::string& request_id);
  static absl::StatusOr<std::vector<Record>> List(Clients* clients, const std::string& edition);
};

struct InvestorTraits {
  using Record = investors::v1::Investor;
  using UpsertRequest = investors::v1::BatchUpsertInvestorsRequest;
  using UpsertResponse = investors::v1::BatchUpsertInvestorsResponse;
  static constexpr char kName[] = "investor";
  static constexpr bool kHasSingleWrites = true;

  static Record New(const std::string& external_id, int version, const std::string& parent);
  static Record* Add(UpsertRequest* request) { return request->add_investors(); }
  static absl::StatusOr<UpsertResponse> Upsert(Clients* clients, const UpsertRequest& request);
  static absl::StatusOr<Record> Create(Clients* clients, const std::string& edition, const Record& record,
                                       const std::string& request_id);
  static absl::StatusOr<Record> Update(Clients* clients, const Record& record, const std::string& request_id);
  static absl::StatusOr<std::vector<Record>> List(Clients* clients, const std::string& edition);
};

struct DealTraits {
  using Record = investors::v1::Deal;
  using UpsertRequest = investors::v1::BatchUpsertDealsRequest;
  using UpsertResponse = investors::v1::BatchUpsertDealsResponse;
  static constexpr char kName[] = "deal";
  static constexpr bool kHasSingleWrites = false;  // imports only

  static Record New(const std::string& external_id, int version, const std::string& parent);
  static Record* Add(UpsertRequest* request) { return request->add_deals(); }
  static absl::StatusOr<UpsertResponse> Upsert(Clients* clients, const UpsertRequest& request);
  static absl::StatusOr<std::vector<Record>> List(Clients* clients, const std::string& edition);
};

}  // namespace tandem::e2e

#endif  // TANDEM_TESTS_E2E_IMPORT_TRAITS_H_
