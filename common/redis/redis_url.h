// Where a Redis is and who asks, as one text.
#ifndef TANDEM_COMMON_REDIS_REDIS_URL_H_
#define TANDEM_COMMON_REDIS_REDIS_URL_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem {

struct RedisUrl {
  std::string host;  // a name or an address; empty when `socket` is set
  int port = 6379;
  std::string socket;  // path of a Unix socket; empty when `host` is set
  std::string user;    // of the ACL; empty for the default user
  std::string password;
  int database = 0;
  std::string prefix;  // put before every key as it is, separator included

  // "host:port/database" or "path/database": without user and password, fit to be shown.
  std::string Where() const;
};

// Parses `redis://[[user]:password@]host[:port][/database][?prefix=text]` and
// `unix://[[user]:password@]/path[?db=number&prefix=text]`. User, password, path and prefix are percent-decoded; an
// IPv6 address stands in brackets. INVALID_ARGUMENT says which rule is broken and never repeats any of the text, since
// a password may be anywhere in a mistyped one. `rediss://` is refused: Debian 12's hiredis package has no TLS.
absl::StatusOr<RedisUrl> ParseRedisUrl(absl::string_view text);

}  // namespace tandem

#endif  // TANDEM_COMMON_REDIS_REDIS_URL_H_
