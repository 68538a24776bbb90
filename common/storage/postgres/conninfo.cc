#include "common/storage/postgres/conninfo.h"

#include <libpq-fe.h>
#include <memory>

#include "absl/strings/string_view.h"

namespace tandem::postgres {
namespace {

struct FreeParameters {
  void operator()(PQconninfoOption* parameters) const { PQconninfoFree(parameters); }
};
using ParameterList = std::unique_ptr<PQconninfoOption, FreeParameters>;

std::string ValueOf(const ParameterList& parameters, absl::string_view keyword) {
  if (parameters == nullptr) return "";
  for (const PQconninfoOption* one = parameters.get(); one->keyword != nullptr; ++one) {
    if (keyword == one->keyword) return one->val == nullptr ? "" : one->val;
  }
  return "";
}

}  // namespace

std::string ShownServer(const std::string& conninfo) {
  char* error = nullptr;
  const ParameterList given(PQconninfoParse(conninfo.c_str(), &error));
  PQfreemem(error);  // it may quote a password
  if (given == nullptr) return "?";
  const ParameterList defaults(PQconndefaults());
  const auto value = [&](absl::string_view keyword) {
    std::string own = ValueOf(given, keyword);
    return own.empty() ? ValueOf(defaults, keyword) : own;
  };
  std::string host = value("host");
  if (host.empty()) host = value("hostaddr");
  if (host.empty()) host = "local";
  std::string database = value("dbname");
  if (database.empty()) database = value("user");  // as libpq does; it is the database's name here
  const std::string port = ValueOf(given, "port");
  return host + (port.empty() ? "" : ":" + port) + "/" + database;
}

}  // namespace tandem::postgres
