#include "common/redis/redis_url.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "common/base/status.h"

namespace tandem {
namespace {

constexpr size_t kMostText = 4096;
constexpr int kMostDatabase = 1'000'000;

absl::Status Wrong(absl::string_view rule) {
  return absl::InvalidArgumentError(
      absl::StrCat("the Redis URL is not usable: ", rule,
                   "; write redis://[[user]:password@]host[:port][/database][?prefix=text] "
                   "or unix://[[user]:password@]/path[?db=number&prefix=text]"));
}

int HexValue(char c) {
  if (absl::ascii_isdigit(static_cast<unsigned char>(c))) return c - '0';
  const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::optional<std::string> PercentDecoded(absl::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded.push_back(text[i]);
      continue;
    }
    const int high = i + 2 < text.size() ? HexValue(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? HexValue(text[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    decoded.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return decoded;
}

absl::Status Decode(absl::string_view text, std::string* into) {
  std::optional<std::string> decoded = PercentDecoded(text);
  if (!decoded) return Wrong("`%` must be followed by two hexadecimal digits (a percent sign itself is %25)");
  *into = *std::move(decoded);
  return absl::OkStatus();
}

// Digits only: SimpleAtoi would take signs and spaces too.
std::optional<int> Number(absl::string_view text, int least, int most) {
  int value = 0;
  if (text.empty() || !std::all_of(text.begin(), text.end(), [](unsigned char c) { return absl::ascii_isdigit(c); }) ||
      !absl::SimpleAtoi(text, &value) || value < least || value > most) {
    return std::nullopt;
  }
  return value;
}

absl::Status ReadDatabase(absl::string_view text, RedisUrl* url) {
  const std::optional<int> database = Number(text, 0, kMostDatabase);
  if (!database) return Wrong("the database must be a number from 0");
  url->database = *database;
  return absl::OkStatus();
}

absl::Status ReadQuery(absl::string_view query, RedisUrl* url) {
  for (absl::string_view part : absl::StrSplit(query, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> option = absl::StrSplit(part, absl::MaxSplits('=', 1));
    if (option.first == "prefix") {
      TANDEM_RETURN_IF_ERROR(Decode(option.second, &url->prefix));
    } else if (option.first == "db" && !url->socket.empty()) {
      TANDEM_RETURN_IF_ERROR(ReadDatabase(option.second, url));
    } else {
      return Wrong(url->socket.empty() ? "the only option after `?` is prefix"
                                       : "the only options after `?` are db and prefix");
    }
  }
  return absl::OkStatus();
}

absl::Status ReadUser(absl::string_view text, RedisUrl* url) {
  const size_t colon = text.find(':');
  if (colon == absl::string_view::npos || colon + 1 == text.size()) {
    return Wrong("before `@` stands [user]:password, and there is no password");
  }
  TANDEM_RETURN_IF_ERROR(Decode(text.substr(0, colon), &url->user));
  return Decode(text.substr(colon + 1), &url->password);
}

bool IsHostCharacter(unsigned char c) { return absl::ascii_isalnum(c) || c == '.' || c == '-' || c == '_'; }
bool IsAddressCharacter(unsigned char c) { return absl::ascii_isxdigit(c) || c == '.' || c == ':'; }

absl::Status ReadHost(absl::string_view text, RedisUrl* url) {
  absl::string_view host = text, port;
  bool has_port = false;
  if (absl::ConsumePrefix(&text, "[")) {
    const size_t end = text.find(']');
    if (end == absl::string_view::npos) return Wrong("an IPv6 address stands in brackets, and `]` is missing");
    host = text.substr(0, end);
    port = text.substr(end + 1);
    has_port = absl::ConsumePrefix(&port, ":");
    if ((!has_port && !port.empty()) || !std::all_of(host.begin(), host.end(), IsAddressCharacter) || host.empty()) {
      return Wrong("what stands in brackets must be an IPv6 address, followed by :port or nothing");
    }
  } else {
    const size_t colon = text.find(':');
    has_port = colon != absl::string_view::npos;
    host = text.substr(0, colon);
    if (has_port) port = text.substr(colon + 1);
    if (host.empty() || !std::all_of(host.begin(), host.end(), IsHostCharacter)) {
      return Wrong(
          "the host must be a name or an address (percent-encode `/`, `?`, `#`, `@`, `:` and `%` in user and "
          "password)");
    }
  }
  url->host = std::string(host);
  if (!has_port) return absl::OkStatus();
  const std::optional<int> number = Number(port, 1, 65535);
  if (!number) return Wrong("the port must be a number from 1 to 65535 (and user and password end with `@`)");
  url->port = *number;
  return absl::OkStatus();
}

}  // namespace

std::string RedisUrl::Where() const {
  if (!socket.empty()) return absl::StrCat(socket, "/", database);
  const bool bracket = absl::StrContains(host, ':');
  return absl::StrCat(bracket ? "[" : "", host, bracket ? "]" : "", ":", port, "/", database);
}

absl::StatusOr<RedisUrl> ParseRedisUrl(absl::string_view text) {
  if (text.size() > kMostText) return Wrong(absl::StrCat("it is longer than ", kMostText, " bytes"));
  if (absl::StartsWithIgnoreCase(text, "rediss://")) {
    return absl::InvalidArgumentError(
        "rediss:// asks for TLS, which the hiredis package this program is built with does not have; let a TLS tunnel "
        "on "
        "this machine (stunnel, or the mesh's sidecar) listen on loopback or a Unix socket and name that as redis:// "
        "or "
        "unix://");
  }
  RedisUrl url;
  const bool is_socket = absl::ConsumePrefix(&text, "unix://");
  if (!is_socket && !absl::ConsumePrefix(&text, "redis://")) return Wrong("it must begin with redis:// or unix://");
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f || c == '#') {
      return Wrong("spaces, control characters and `#` must be percent-encoded");
    }
  }
  const size_t question = text.find('?');
  absl::string_view query = question == absl::string_view::npos ? "" : text.substr(question + 1);
  text = text.substr(0, question);
  const size_t slash = text.find('/');
  absl::string_view authority = text.substr(0, slash);
  absl::string_view path = slash == absl::string_view::npos ? "" : text.substr(slash);
  const size_t at = authority.rfind('@');
  if (at != absl::string_view::npos) {
    TANDEM_RETURN_IF_ERROR(ReadUser(authority.substr(0, at), &url));
    authority.remove_prefix(at + 1);
  }
  if (is_socket) {
    if (!authority.empty() || path.size() < 2)
      return Wrong("a socket is an absolute path, as in unix:///run/redis.sock");
    TANDEM_RETURN_IF_ERROR(Decode(path, &url.socket));
    // What sockaddr_un can hold, with its final NUL.
    if (url.socket.size() > 107 || absl::StrContains(url.socket, '\0')) {
      return Wrong("the path of a socket must be of at most 107 bytes, none of them NUL");
    }
  } else {
    TANDEM_RETURN_IF_ERROR(ReadHost(authority, &url));
    absl::ConsumePrefix(&path, "/");
    if (!path.empty()) TANDEM_RETURN_IF_ERROR(ReadDatabase(path, &url));
  }
  TANDEM_RETURN_IF_ERROR(ReadQuery(query, &url));
  return url;
}

}  // namespace tandem
