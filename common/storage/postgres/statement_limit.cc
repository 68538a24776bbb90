#include "common/storage/postgres/statement_limit.h"

namespace tandem::postgres {

std::chrono::milliseconds StatementLimit(std::chrono::steady_clock::time_point now,
                                         std::chrono::steady_clock::time_point deadline,
                                         std::chrono::milliseconds operation) {
  // Compared as points in time: there may be no deadline, and the distance to that would overflow.
  if (deadline >= now + operation) return operation;
  std::chrono::milliseconds limit(64);
  while (limit < operation && now + limit < deadline) limit *= 2;
  return limit < operation ? limit : operation;
}

}  // namespace tandem::postgres
