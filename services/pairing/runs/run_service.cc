#include "services/pairing/runs/run_service.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "common/base/status.h"
#include "common/rpc/serve.h"
#include "common/tokens/page_token.h"

namespace tandem::pairing {
namespace {

using type::v1::Run;

constexpr int kDefaultPage = 50;
constexpr int kLargestPage = 500;

absl::Status CheckOrganiser(const Caller& caller, absl::string_view method) {
  if (caller.IsOrganiser()) return absl::OkStatus();
  return MakeError(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED", "runs are the organiser's",
                   {{"method", std::string(method)}, {"cause", "side"}});
}

}  // namespace

grpc::Status RunServiceAdapter::GetRun(grpc::ServerContextBase* context, const v1::GetRunRequest* request,
                                       Run* response) {
  return rpc::Serve(context, *request, response,
                    [&](const Caller& caller, const v1::GetRunRequest& valid) -> absl::StatusOr<Run> {
                      TANDEM_RETURN_IF_ERROR(CheckOrganiser(caller, "GetRun"));
                      return runs_->Get(valid.name());
                    });
}

grpc::Status RunServiceAdapter::ListRuns(grpc::ServerContextBase* context, const v1::ListRunsRequest* request,
                                         v1::ListRunsResponse* response) {
  return rpc::Serve(
      context, *request, response,
      [&](const Caller& caller, const v1::ListRunsRequest& valid) -> absl::StatusOr<v1::ListRunsResponse> {
        TANDEM_RETURN_IF_ERROR(CheckOrganiser(caller, "ListRuns"));
        TANDEM_ASSIGN_OR_RETURN(std::vector<Run> runs,
                                runs_->List(std::string(absl::StripPrefix(valid.parent(), "editions/"))));
        const std::string arguments = absl::StrCat("ListRuns|", valid.parent());
        auto next = runs.begin();
        if (!valid.page_token().empty()) {
          TANDEM_ASSIGN_OR_RETURN(const std::string last, DecodePageToken(*keys_, arguments, valid.page_token()));
          next = std::find_if(runs.begin(), runs.end(), [&](const Run& run) { return run.name() == last; });
          if (next != runs.end()) ++next;
        }
        const int asked = valid.page_size() == 0 ? kDefaultPage : std::min(valid.page_size(), kLargestPage);
        v1::ListRunsResponse page;
        for (; next != runs.end() && page.runs_size() < asked; ++next) *page.add_runs() = std::move(*next);
        if (next != runs.end()) {
          page.set_next_page_token(EncodePageToken(*keys_, arguments, page.runs(page.runs_size() - 1).name()));
        }
        return page;
      });
}

grpc::Status RunServiceAdapter::CancelRun(grpc::ServerContextBase* context, const v1::CancelRunRequest* request,
                                          Run* response) {
  return rpc::Serve(context, *request, response,
                    [&](const Caller& caller, const v1::CancelRunRequest& valid) -> absl::StatusOr<Run> {
                      TANDEM_RETURN_IF_ERROR(CheckOrganiser(caller, "CancelRun"));
                      return runs_->Cancel(valid.name());
                    });
}

grpc::Status RunServiceAdapter::WaitRun(grpc::ServerContextBase* context, const v1::WaitRunRequest* request,
                                        Run* response) {
  return rpc::Serve(context, *request, response,
                    [&](const Caller& caller, const v1::WaitRunRequest& valid) -> absl::StatusOr<Run> {
                      TANDEM_RETURN_IF_ERROR(CheckOrganiser(caller, "WaitRun"));
                      return runs_->Wait(valid.name(), rpc::DeadlineOf(*context));
                    });
}

}  // namespace tandem::pairing
