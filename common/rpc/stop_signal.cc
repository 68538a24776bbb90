#include "common/rpc/stop_signal.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>
#include <utility>

namespace tandem::rpc {
namespace {

sigset_t Signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

}  // namespace

StopSignal::StopSignal() {
  const sigset_t set = Signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  thread_ = std::thread([this] { Run(); });
}

StopSignal::~StopSignal() {
  {
    MutexLock lock(&mutex_);
    ending_ = true;
  }
  pthread_kill(thread_.native_handle(), SIGTERM);  // to that thread alone: ends its sigwait
  thread_.join();
}

void StopSignal::Run() {
  const sigset_t set = Signals();
  for (bool first = true;; first = false) {
    int signal = 0;
    sigwait(&set, &signal);
    {
      MutexLock lock(&mutex_);
      if (ending_) return;
    }
    if (!first) _exit(1);
    Stop();
  }
}

void StopSignal::Stop() {
  std::vector<std::function<void()>> callbacks;
  {
    MutexLock lock(&mutex_);
    stopped_ = true;
    ++stopping_;
    callbacks.swap(callbacks_);
  }
  for (const auto& callback : callbacks) callback();
  MutexLock lock(&mutex_);
  --stopping_;
  changed_.SignalAll();
}

void StopSignal::Wait() {
  MutexLock lock(&mutex_);
  while (!stopped_ || stopping_ > 0) changed_.Wait(&mutex_);
}

bool StopSignal::stopped() const {
  MutexLock lock(&mutex_);
  return stopped_;
}

void StopSignal::OnStop(std::function<void()> callback) {
  {
    MutexLock lock(&mutex_);
    if (!stopped_) {
      callbacks_.push_back(std::move(callback));
      return;
    }
  }
  callback();
}

}  // namespace tandem::rpc
