// How batches of each kind of record are sent.
#ifndef TANDEM_TOOLS_TANDEM_UPSERT_H_
#define TANDEM_TOOLS_TANDEM_UPSERT_H_

#include <string>

#include "tools/tandem/batch_pipeline.h"
#include "tools/tandem/session.h"

namespace tandem::cli {

struct UpsertOptions {
  std::string edition;            // `editions/{edition}`
  std::string consistency_token;  // must be seen before
  bool take_decision = false;     // publish projects, verify investors
  bool validate_only = false;
};

// `session` outlives what is returned.
BatchPipeline::Send ProjectSender(Session* session, UpsertOptions options);
BatchPipeline::Send InvestorSender(Session* session, UpsertOptions options);
BatchPipeline::Send DealSender(Session* session, UpsertOptions options);
// A party that is no whole name is taken to be of the edition.
BatchPipeline::Send RepresentativeSender(Session* session, UpsertOptions options);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_UPSERT_H_
