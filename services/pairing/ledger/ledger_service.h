// LedgerServiceAdapter: LedgerService over gRPC. Decodes, validates, authorises; Ledger decides.
#ifndef TANDEM_SERVICES_PAIRING_LEDGER_LEDGER_SERVICE_H_
#define TANDEM_SERVICES_PAIRING_LEDGER_LEDGER_SERVICE_H_

#include <string>

#include "common/rpc/watch_gate.h"
#include "common/rpc/worker_service.h"
#include "common/storage/record_store.h"
#include "common/tokens/key_ring.h"
#include "services/pairing/ledger/ledger.h"
#include "services/pairing/meetings/book/meeting_book.h"
#include "tandem/pairing/v1/ledger_service.grpc.pb.h"

namespace tandem::pairing {

// Thread-safe.
class LedgerServiceAdapter final : public rpc::WorkerService<v1::LedgerService> {
 public:
  // Unowned pointers must outlive the adapter.
  struct Options {
    ledger::Ledger* ledger = nullptr;
    const meetings::MeetingBook* meetings = nullptr;  // whose changes are watched together with the ledger's
    RecordStore* store = nullptr;                     // the ledger's
    std::string source = "editions";                  // name of the store in tokens
    const KeyRing* keys = nullptr;
    rpc::WatchGate* watches = nullptr;
  };
  explicit LedgerServiceAdapter(Options options);

 private:
  using Context = grpc::ServerContextBase;

  grpc::Status SetStance(Context* context, const v1::SetStanceRequest* request, v1::Pairing* response);
  grpc::Status SendRequest(Context* context, const v1::SendRequestRequest* request, v1::Pairing* response);
  grpc::Status AcceptRequest(Context* context, const v1::AcceptRequestRequest* request, v1::Pairing* response);
  grpc::Status DeclineRequest(Context* context, const v1::DeclineRequestRequest* request, v1::Pairing* response);
  grpc::Status WithdrawRequest(Context* context, const v1::WithdrawRequestRequest* request, v1::Pairing* response);
  grpc::Status GetPairing(Context* context, const v1::GetPairingRequest* request, v1::Pairing* response);
  grpc::Status ListPairings(Context* context, const v1::ListPairingsRequest* request,
                            v1::ListPairingsResponse* response);
  grpc::Status WatchPairings(Context* context, const v1::WatchPairingsRequest* request,
                             rpc::StreamWriter<v1::WatchPairingsResponse>* writer);

  const Options options_;
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_LEDGER_LEDGER_SERVICE_H_
