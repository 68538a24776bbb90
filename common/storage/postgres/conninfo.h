// What may be shown of a connection's parameters.
#ifndef TANDEM_COMMON_STORAGE_POSTGRES_CONNINFO_H_
#define TANDEM_COMMON_STORAGE_POSTGRES_CONNINFO_H_

#include <string>

namespace tandem::postgres {

// `HOST[:PORT]/DATABASE` of what libpq would connect to, its environment (PGHOST, ...) included; several hosts are
// separated by commas. Never a user or a password. "?" where `conninfo` cannot be understood.
std::string ShownServer(const std::string& conninfo);

}  // namespace tandem::postgres

#endif  // TANDEM_COMMON_STORAGE_POSTGRES_CONNINFO_H_
