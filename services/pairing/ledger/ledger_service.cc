#include "services/pairing/ledger/ledger_service.h"

#include <utility>
#include <vector>

#include "common/base/status.h"
#include "common/base/test_switch.h"
#include "common/catalog/names.h"
#include "common/feed/watch_cursor.h"
#include "common/rpc/serve.h"
#include "common/rpc/watch.h"
#include "services/pairing/ledger/rows.h"

namespace tandem::pairing {
namespace {

using grpc::Status;
using v1::Pairing;

}  // namespace

LedgerServiceAdapter::LedgerServiceAdapter(Options options)
    : WorkerService(rpc::WorkersFor(options.watches)), options_(std::move(options)) {
  // These ask other services whether the parties take part.
  On("SetStance", &LedgerServiceAdapter::SetStance, Pool::kWaiting);
  On("SendRequest", &LedgerServiceAdapter::SendRequest, Pool::kWaiting);
  On("AcceptRequest", &LedgerServiceAdapter::AcceptRequest, Pool::kWaiting);
  On("DeclineRequest", &LedgerServiceAdapter::DeclineRequest);
  On("WithdrawRequest", &LedgerServiceAdapter::WithdrawRequest);
  On("GetPairing", &LedgerServiceAdapter::GetPairing);
  On("ListPairings", &LedgerServiceAdapter::ListPairings);
  On("WatchPairings", &LedgerServiceAdapter::WatchPairings, Pool::kWatches);
}

Status LedgerServiceAdapter::SetStance(Context* context, const v1::SetStanceRequest* request, Pairing* response) {
  return rpc::Serve(context, *request, response, [&](const Caller& caller, const v1::SetStanceRequest& valid) {
    return options_.ledger->SetStance(caller, valid, rpc::DeadlineOf(*context));
  });
}

Status LedgerServiceAdapter::SendRequest(Context* context, const v1::SendRequestRequest* request, Pairing* response) {
  return rpc::Serve(context, *request, response, [&](const Caller& caller, const v1::SendRequestRequest& valid) {
    return options_.ledger->SendRequest(caller, valid, rpc::DeadlineOf(*context));
  });
}

Status LedgerServiceAdapter::AcceptRequest(Context* context, const v1::AcceptRequestRequest* request,
                                           Pairing* response) {
  return rpc::Serve(context, *request, response, [&](const Caller& caller, const v1::AcceptRequestRequest& valid) {
    return options_.ledger->Accept(caller, valid, rpc::DeadlineOf(*context));
  });
}

Status LedgerServiceAdapter::DeclineRequest(Context* context, const v1::DeclineRequestRequest* request,
                                            Pairing* response) {
  return rpc::Serve(context, *request, response, [&](const Caller& caller, const v1::DeclineRequestRequest& valid) {
    return options_.ledger->Decline(caller, valid, rpc::DeadlineOf(*context));
  });
}

Status LedgerServiceAdapter::WithdrawRequest(Context* context, const v1::WithdrawRequestRequest* request,
                                             Pairing* response) {
  return rpc::Serve(context, *request, response, [&](const Caller& caller, const v1::WithdrawRequestRequest& valid) {
    return options_.ledger->Withdraw(caller, valid, rpc::DeadlineOf(*context));
  });
}

Status LedgerServiceAdapter::GetPairing(Context* context, const v1::GetPairingRequest* request, Pairing* response) {
  return rpc::Serve(context, *request, response, [&](const Caller& caller, const v1::GetPairingRequest& valid) {
    return options_.ledger->Get(caller, valid);
  });
}

Status LedgerServiceAdapter::ListPairings(Context* context, const v1::ListPairingsRequest* request,
                                          v1::ListPairingsResponse* response) {
  return rpc::Serve(context, *request, response, [&](const Caller& caller, const v1::ListPairingsRequest& valid) {
    return options_.ledger->List(caller, valid);
  });
}

Status LedgerServiceAdapter::WatchPairings(Context* context, const v1::WatchPairingsRequest* request,
                                           rpc::StreamWriter<v1::WatchPairingsResponse>* writer) {
  const auto caller = rpc::Admit(*context, *request);
  if (!caller.ok()) return rpc::ToGrpc(caller.status());
  const auto prefix = options_.ledger->WatchPrefix(*caller, request->parent());
  if (!prefix.ok()) return rpc::ToGrpc(prefix.status());
  feed::WatchCursor::Options watch;
  watch.store = options_.store;
  watch.source = options_.source;
  watch.keys = options_.keys;
  // Their rows lie side by side: what one commit did to both is in one stretch.
  const std::string pairings = catalog::RecordPrefix(ledger::kPairings),
                    meetings = catalog::RecordPrefix(meetings::kMeetings);
  watch.prefixes = {*prefix, meetings + prefix->substr(pairings.size())};
  watch.resume_token = request->resume_token();
  feed::WatchCursor cursor(std::move(watch));
  return rpc::ServeWatch(context, writer, &cursor, options_.watches,
                         [&](std::vector<feed::RawItem> items, v1::WatchPairingsResponse* response) -> absl::Status {
                           for (feed::RawItem& item : items) {
                             if (!item.value.has_value()) continue;  // nothing here is ever removed
                             if (Deviates("ledger.watch")) continue;
                             auto* change = response->add_changes();
                             change->set_revision(item.revision);
                             const bool is_meeting = item.key.rfind(meetings, 0) == 0;
                             const Record record{std::move(item.key), *std::move(item.value), item.revision, 0};
                             if (is_meeting) {
                               TANDEM_ASSIGN_OR_RETURN(*change->mutable_meeting(), options_.meetings->Read(record));
                             } else {
                               TANDEM_ASSIGN_OR_RETURN(*change->mutable_pairing(), options_.ledger->Read(record));
                             }
                           }
                           return absl::OkStatus();
                         });
}

}  // namespace tandem::pairing
