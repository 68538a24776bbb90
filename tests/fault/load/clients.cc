#include "tests/fault/load/clients.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace tandem::check {
namespace {

// All replicas behind one channel with the settings that every client of ours has.
std::shared_ptr<grpc::Channel> ChannelToAll(const std::vector<std::string>& addresses) {
  rpc::ChannelOptions options;
  options.only_healthy = true;
  return rpc::NewChannel(absl::StrCat("ipv4:", absl::StrJoin(addresses, ",")), options);
}

}  // namespace

std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address) { return rpc::NewChannel(address); }

Clients::Clients(const Replicas& at)
    : projects_(projects::v1::ProjectService::NewStub(ChannelToAll(at.projects))),
      investors_(investors::v1::InvestorService::NewStub(ChannelToAll(at.investors))) {
  const std::shared_ptr<grpc::Channel> pairing = ChannelToAll(at.pairing);
  editions_ = pairing::v1::EditionService::NewStub(pairing);
  profiles_ = pairing::v1::ProfileService::NewStub(pairing);
  ledger_ = pairing::v1::LedgerService::NewStub(pairing);
  meetings_ = pairing::v1::MeetingService::NewStub(pairing);
  pairing_ = pairing::v1::PairingService::NewStub(pairing);
  for (const std::string& address : at.pairing) {
    each_pairing_.push_back(pairing::v1::PairingService::NewStub(ChannelTo(address)));
  }
}

}  // namespace tandem::check
