// How long a statement may take for a caller who waits no longer than a deadline.
#ifndef TANDEM_COMMON_STORAGE_POSTGRES_STATEMENT_LIMIT_H_
#define TANDEM_COMMON_STORAGE_POSTGRES_STATEMENT_LIMIT_H_

#include <chrono>

namespace tandem::postgres {

// The time until `deadline`, but at most `operation`. A power of two of milliseconds, 64 at least: statements with
// deadlines much alike share a limit, so that a connection seldom has to be told another one.
std::chrono::milliseconds StatementLimit(std::chrono::steady_clock::time_point now,
                                         std::chrono::steady_clock::time_point deadline,
                                         std::chrono::milliseconds operation);

}  // namespace tandem::postgres

#endif  // TANDEM_COMMON_STORAGE_POSTGRES_STATEMENT_LIMIT_H_
