// A folder of real deals split in time, as records for the services and as the questions to ask them.
//
// Format: `projects.jsonl`, `investors.jsonl`, `train_edges.csv`, `test_edges.csv`, `stats.json`. The deals of
// train_edges are the past; each round of test_edges is a project that asks for exactly what it got.
#ifndef TANDEM_TESTS_BENCH_EVAL_INVEST_FOLDER_H_
#define TANDEM_TESTS_BENCH_EVAL_INVEST_FOLDER_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"

#include "tandem/investors/v1/deal.pb.h"
#include "tandem/investors/v1/investor.pb.h"
#include "tandem/pairing/v1/edition.pb.h"
#include "tandem/projects/v1/project.pb.h"

namespace tandem::eval {

// One question. Task A: who invests in this round? Task B: whom does this investor invest in?
struct Query {
  std::string id;                             // external id of the subject: round id (A) or investor id (B)
  std::string as_of_date;                     // the round's date (A) or the cutoff (B)
  absl::flat_hash_set<std::string> relevant;  // external ids: investors (A) or startups (B)
};

struct InvestFolder {
  pairing::v1::Edition edition;  // reference date is the cutoff, base currency USD
  std::vector<investors::v1::Investor> investors;
  std::vector<investors::v1::Deal> deals;
  std::vector<projects::v1::Project> projects;  // one per round, external id is the round id

  std::vector<Query> task_a;
  std::vector<Query> task_b;

  // What the scorer drops.
  absl::flat_hash_set<std::string> eligible;                       // investors that may be ranked
  absl::flat_hash_set<std::string> backed_before;                  // "investor|startup" before the cutoff
  absl::flat_hash_map<std::string, std::string> backed_in_window;  // "investor|startup" -> first date
  absl::flat_hash_map<std::string, std::string> startup_of_round;
  absl::flat_hash_map<std::string, std::string> date_of_round;
  absl::flat_hash_map<std::string, std::string> first_round_of_startup;  // round id
};

// Reads a folder. NOT_FOUND or INVALID_ARGUMENT with the file and line when it is not of the format.
absl::StatusOr<InvestFolder> ReadInvestFolder(const std::string& folder, const std::string& edition_id);

}  // namespace tandem::eval

#endif  // TANDEM_TESTS_BENCH_EVAL_INVEST_FOLDER_H_
