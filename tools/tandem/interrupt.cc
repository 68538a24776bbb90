#include "tools/tandem/interrupt.h"

#include <semaphore.h>
#include <signal.h>
#include <utility>

namespace tandem::cli {
namespace {

// What a handler may touch.
sem_t g_wake;
struct sigaction g_interrupt_before, g_end_before;

void Wake(int) { sem_post(&g_wake); }

}  // namespace

Interrupt::Interrupt() {
  sem_init(&g_wake, 0, 0);
  struct sigaction action {};
  action.sa_handler = &Wake;
  action.sa_flags = SA_RESETHAND | SA_RESTART;
  sigaction(SIGINT, &action, &g_interrupt_before);
  sigaction(SIGTERM, &action, &g_end_before);
  thread_ = std::thread([this] { Run(); });
}

Interrupt::~Interrupt() {
  Call(nullptr);
  sigaction(SIGINT, &g_interrupt_before, nullptr);
  sigaction(SIGTERM, &g_end_before, nullptr);
  sem_post(&g_wake);
  thread_.join();
}

void Interrupt::Run() {
  while (sem_wait(&g_wake) != 0) {
  }
  MutexLock lock(&mutex_);
  came_ = true;
  if (stop_) stop_();
}

void Interrupt::Call(std::function<void()> stop) {
  MutexLock lock(&mutex_);
  stop_ = std::move(stop);
  if (came_ && stop_) stop_();
}

bool Interrupt::came() const {
  MutexLock lock(&mutex_);
  return came_;
}

}  // namespace tandem::cli
