// AmbientDeadline: until when the work of this thread is of use to whoever asked for it, for what is too deep below to
// be told by a parameter, such as a statement of a database.
//
//   const AmbientDeadline until(rpc::DeadlineOf(*context));
//   ... anywhere below, on the same thread:
//   const auto left = AmbientDeadline::Current() - std::chrono::steady_clock::now();
#ifndef TANDEM_COMMON_BASE_AMBIENT_DEADLINE_H_
#define TANDEM_COMMON_BASE_AMBIENT_DEADLINE_H_

#include <chrono>

namespace tandem {

// Holds from its construction to its destruction, for this thread only: a job that is given to another thread takes its
// deadline along and sets it there. Scopes nest, and the earliest deadline holds.
class AmbientDeadline {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  explicit AmbientDeadline(TimePoint deadline);
  ~AmbientDeadline();
  AmbientDeadline(const AmbientDeadline&) = delete;
  AmbientDeadline& operator=(const AmbientDeadline&) = delete;

  // TimePoint::max() where none holds, as on threads that work for no caller.
  static TimePoint Current();

 private:
  const TimePoint outer_;
};

}  // namespace tandem

#endif  // TANDEM_COMMON_BASE_AMBIENT_DEADLINE_H_
