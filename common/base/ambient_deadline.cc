#include "common/base/ambient_deadline.h"

#include <algorithm>

namespace tandem {
namespace {

thread_local AmbientDeadline::TimePoint current = AmbientDeadline::TimePoint::max();

}  // namespace

AmbientDeadline::AmbientDeadline(TimePoint deadline) : outer_(current) { current = std::min(current, deadline); }

AmbientDeadline::~AmbientDeadline() { current = outer_; }

AmbientDeadline::TimePoint AmbientDeadline::Current() { return current; }

}  // namespace tandem
