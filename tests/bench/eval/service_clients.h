// The services as a load generator sees them: stubs on one address, and imports in batches.
#ifndef TANDEM_TESTS_BENCH_EVAL_SERVICE_CLIENTS_H_
#define TANDEM_TESTS_BENCH_EVAL_SERVICE_CLIENTS_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "tandem/investors/v1/investor_service.grpc.pb.h"
#include "tandem/pairing/v1/edition_service.grpc.pb.h"
#include "tandem/pairing/v1/pairing_service.grpc.pb.h"
#include "tandem/pairing/v1/profile_service.grpc.pb.h"
#include "tandem/pairing/v1/run_service.grpc.pb.h"
#include "tandem/projects/v1/project_service.grpc.pb.h"

namespace tandem::eval {

// What an import did.
struct ImportResult {
  int records = 0;
  double seconds = 0;
  std::string consistency_token;                        // of the newest writes; several joined by commas
  absl::flat_hash_map<std::string, std::string> names;  // by external id
};

// Thread-safe.
class ServiceClients {
 public:
  explicit ServiceClients(const std::string& address);

  absl::StatusOr<std::string> CreateEdition(const pairing::v1::Edition& edition);  // its consistency token
  // Upsert everything in batches of 500 over two streams of calls. The first refused item ends the import with its
  // status.
  absl::StatusOr<ImportResult> Import(const std::string& parent, const std::vector<projects::v1::Project>& projects,
                                      const std::string& token);
  absl::StatusOr<ImportResult> Import(const std::string& parent, const std::vector<investors::v1::Investor>& investors,
                                      const std::string& token);
  absl::StatusOr<ImportResult> Import(const std::string& parent, const std::vector<investors::v1::Deal>& deals,
                                      const std::string& token);
  absl::StatusOr<pairing::v1::Statistics> FreezeStatistics(const std::string& parent, const std::string& token);

  // Trains a profile from all deals before the edition's reference date and waits for it.
  absl::StatusOr<pairing::v1::RankingProfile> TrainProfile(const std::string& parent, const std::string& token);
  // Its consistency token.
  absl::StatusOr<std::string> ChooseProfile(const std::string& name);

  // Pages through the matches of `subject` until `take` returns false.
  absl::Status FindMatches(const std::string& subject, const std::string& as_of_date, const std::string& token,
                           const std::function<bool(const pairing::v1::Match&)>& take);

 private:
  std::unique_ptr<projects::v1::ProjectService::Stub> projects_;
  std::unique_ptr<investors::v1::InvestorService::Stub> investors_;
  std::unique_ptr<pairing::v1::EditionService::Stub> editions_;
  std::unique_ptr<pairing::v1::PairingService::Stub> pairing_;
  std::unique_ptr<pairing::v1::ProfileService::Stub> profiles_;
  std::unique_ptr<pairing::v1::RunService::Stub> runs_;
};

}  // namespace tandem::eval

#endif  // TANDEM_TESTS_BENCH_EVAL_SERVICE_CLIENTS_H_
