// tandem-all-in-one: the three services in one process, to try, to demo, to test.
#include <chrono>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/rpc/service_main.h"
#include "services/all_in_one/all_in_one.h"

namespace tandem {
namespace {

struct Flags {
  std::string data = "tandem-data";
  std::string store = "sqlite";
  std::string keys;
};

absl::Status Serve(const Flags& flags, rpc::ServiceMain* service, rpc::StopSignal* stop) {
  AllInOneOptions options;
  options.data = flags.data;
  options.memory = flags.store == "memory";
  options.keys = flags.keys;
  options.server = service->NewServerOptions({});
  TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<AllInOne> all, StartAllInOne(std::move(options)));
  service->Announce(all->addresses(), flags.store == "memory" ? "memory" : absl::StrCat("sqlite ", flags.data),
                    "its own records");
  AllInOne* const raw = all.get();
  stop->OnStop([raw] { raw->Shutdown(); });
  const absl::Status ready = all->WaitUntilReady(std::chrono::steady_clock::time_point::max());
  if (ready.ok()) service->AnnounceReady();
  stop->Wait();
  all->Stop();
  return absl::OkStatus();
}

}  // namespace
}  // namespace tandem

int main(int argc, char** argv) {
  tandem::rpc::ServiceMain service("tandem-all-in-one", "Projects, investors and pairing in one process.",
                                   "127.0.0.1:7100");
  tandem::Flags flags;
  service.app().add_option("--data", flags.data, "Folder of the stores and of the keys")->capture_default_str();
  service.app()
      .add_option("--store", flags.store, "Where records live")
      ->capture_default_str()
      ->check(CLI::IsMember({"sqlite", "memory"}));
  service.app().add_option("--keys", flags.keys, "Keys file that signs tokens (default: DATA/keys)");
  return service.Run(argc, argv, [&](tandem::rpc::StopSignal& stop) { return tandem::Serve(flags, &service, &stop); });
}
