#include "tests/bench/serve/load_generator.h"

#include <algorithm>
#include <ctime>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/slice.h"

namespace tandem {
namespace {

using Clock = std::chrono::steady_clock;

double ThreadSeconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double Micros(Clock::duration duration) { return std::chrono::duration<double, std::micro>(duration).count(); }

}  // namespace

double Quantile(const std::vector<double>& sorted, double part) {
  if (sorted.empty()) return 0;
  return sorted[std::min(sorted.size() - 1, static_cast<size_t>(part * static_cast<double>(sorted.size())))];
}

struct LoadGenerator::Call {
  grpc::ClientContext context;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
  grpc::ByteBuffer response;
  grpc::Status status;
  Clock::time_point begin;
};

class LoadGenerator::Run {
 public:
  explicit Run(LoadGenerator* generator) : generator_(generator) {
    for (const auto& channel : generator->channels_) stubs_.emplace_back(channel);
    for (const std::string& request : generator->requests_) {
      const grpc::Slice slice(request);
      requests_.emplace_back(&slice, 1);
    }
  }

  void Send(std::chrono::milliseconds deadline) {
    auto* call = new Call;
    call->context.set_deadline(std::chrono::system_clock::now() + deadline);
    call->begin = Clock::now();
    const size_t turn = next_++;
    call->reader = stubs_[turn % stubs_.size()].PrepareUnaryCall(&call->context, generator_->method_,
                                                                 requests_[turn % requests_.size()], &queue_);
    call->reader->StartCall();
    call->reader->Finish(&call->response, &call->status, call);
    ++open_;
    ++result_.sent;
  }

  // Takes one answer, waiting for it until `until`; false when none came.
  bool Take(Clock::time_point until) {
    void* tag = nullptr;
    bool ok = false;
    const auto wall = std::chrono::system_clock::now() + std::max(until - Clock::now(), Clock::duration::zero());
    if (queue_.AsyncNext(&tag, &ok, wall) != grpc::CompletionQueue::GOT_EVENT) return false;
    const std::unique_ptr<Call> call(static_cast<Call*>(tag));
    --open_;
    const double micros = Micros(Clock::now() - call->begin);
    if (call->status.ok()) {
      ++result_.ok;
      result_.response_bytes = call->response.Length();
      result_.ok_micros.push_back(micros);
    } else if (call->status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) {
      ++result_.refused;
      if (absl::StrContains(call->status.error_details(), "google.rpc.RetryInfo")) ++result_.refused_with_delay;
      result_.refused_micros.push_back(micros);
    } else {
      ++result_.failed;
      result_.last_failure = call->status.error_message();
    }
    return true;
  }

  void Fail() {
    ++result_.sent;
    ++result_.failed;
    result_.last_failure = "too many calls are open";
  }
  int open() const { return open_; }
  void Begin() {
    result_ = LoadResult();
    begin_ = Clock::now();
    processor_ = ThreadSeconds();
    server_ = generator_->server_->ProcessorSeconds();
  }
  // What came until now; what is still open is taken, but does not count.
  LoadResult End() {
    result_.seconds = Micros(Clock::now() - begin_) * 1e-6;
    result_.processor_share = (ThreadSeconds() - processor_) / result_.seconds;
    result_.server_seconds = generator_->server_->ProcessorSeconds() - server_;
    LoadResult result = std::move(result_);
    result_ = LoadResult();
    while (open_ > 0) Take(Clock::now() + std::chrono::seconds(5));
    std::sort(result.ok_micros.begin(), result.ok_micros.end());
    std::sort(result.refused_micros.begin(), result.refused_micros.end());
    return result;
  }
  ~Run() {
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) {
    }
  }

 private:
  LoadGenerator* generator_;
  std::vector<grpc::GenericStub> stubs_;
  std::vector<grpc::ByteBuffer> requests_;
  grpc::CompletionQueue queue_;
  size_t next_ = 0;
  int open_ = 0;
  LoadResult result_;
  Clock::time_point begin_;
  double processor_ = 0, server_ = 0;
};

LoadGenerator::LoadGenerator(const ServedProcess* server, std::string method, std::vector<std::string> requests)
    : server_(server), method_(std::move(method)), requests_(std::move(requests)) {
  for (int i = 0; i < 2; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection each
    channels_.push_back(grpc::CreateCustomChannel(server->address(), grpc::InsecureChannelCredentials(), arguments));
    channels_.back()->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(10));
  }
}

LoadResult LoadGenerator::Closed(int outstanding, std::chrono::milliseconds time) {
  Run run(this);
  const auto send = [&] { run.Send(std::chrono::seconds(10)); };
  const auto keep = [&](Clock::time_point end) {
    while (Clock::now() < end) {
      if (run.Take(end)) send();
    }
  };
  for (int i = 0; i < outstanding; ++i) send();
  keep(Clock::now() + time / 10);
  run.Begin();
  keep(Clock::now() + time);
  return run.End();
}

LoadResult LoadGenerator::Open(double per_second, std::chrono::milliseconds time, std::chrono::milliseconds deadline,
                               int most_open) {
  Run run(this);
  run.Begin();
  const auto begin = Clock::now();
  const auto end = begin + time;
  uint64_t due = 0;
  for (;;) {
    const auto now = Clock::now();
    if (now >= end) break;
    const auto wanted = static_cast<uint64_t>(Micros(now - begin) * 1e-6 * per_second);
    // A few at once at most, so that answers are taken meanwhile.
    for (int i = 0; i < 32 && due < wanted; ++i, ++due) run.open() < most_open ? run.Send(deadline) : run.Fail();
    const auto next = due < wanted ? now
                                   : begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(
                                                 static_cast<double>(due + 1) / per_second));
    bool took = run.Take(std::min(end, next));
    for (int i = 0; took && i < 32; ++i) took = run.Take(now);
  }
  return run.End();
}

}  // namespace tandem
