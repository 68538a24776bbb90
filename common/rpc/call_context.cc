#include "common/rpc/call_context.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

#include "common/base/status.h"
#include "tandem/type/v1/field_rules.pb.h"

namespace tandem::rpc {
namespace {

constexpr size_t kLongestActor = 128;
constexpr size_t kLongestRole = 64;
constexpr size_t kMostRoles = 32;

bool IsActor(absl::string_view text) {
  return !text.empty() && text.size() <= kLongestActor &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

// As TEXT_FORMAT_RESOURCE_ID.
bool IsResourceId(absl::string_view text) {
  return !text.empty() && text.size() <= 63 && absl::ascii_islower(static_cast<unsigned char>(text.front())) &&
         text.back() != '-' && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_islower(static_cast<unsigned char>(c)) ||
                  absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '-';
         });
}

bool IsEdition(absl::string_view text) { return absl::ConsumePrefix(&text, "editions/") && IsResourceId(text); }

bool IsRole(absl::string_view text) {
  return !text.empty() && text.size() <= kLongestRole && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.';
  });
}

bool ParseSide(absl::string_view text, CallerSide* side) {
  for (const auto& [name, value] : kCallerSideNames) {
    if (name == text) {
      *side = value;
      return true;
    }
  }
  return false;
}

// Checks every resource name in `message`; returns the first error.
absl::Status CheckMessage(const Caller& caller, const google::protobuf::Message& message, absl::string_view method) {
  const auto* reflection = message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const auto* field : fields) {
    const auto& rules = field->options().GetExtension(type::v1::rules);
    if (rules.output_only()) continue;
    const int size = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) {
      for (int i = 0; i < size; ++i) {
        TANDEM_RETURN_IF_ERROR(CheckMessage(caller,
                                            field->is_repeated() ? reflection->GetRepeatedMessage(message, field, i)
                                                                 : reflection->GetMessage(message, field),
                                            method));
      }
    } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING &&
               absl::StartsWith(rules.resource(), "editions/")) {
      for (int i = 0; i < size; ++i) {
        const std::string name = field->is_repeated() ? reflection->GetRepeatedString(message, field, i)
                                                      : reflection->GetString(message, field);
        if (!name.empty()) TANDEM_RETURN_IF_ERROR(CheckEdition(caller, name, method));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Caller> CallerOf(const grpc::ServerContextBase& context) { return CallerOf(context.client_metadata()); }

absl::StatusOr<Caller> CallerOf(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata) {
  Caller caller;
  std::vector<FieldViolation> violations;
  const auto value_of = [&](const char* key) -> absl::string_view {
    const auto [begin, end] = metadata.equal_range(key);
    if (begin == end) return {};
    if (std::next(begin) != end) violations.push_back({key, "metadata is given more than once; send it once"});
    return {begin->second.data(), begin->second.size()};
  };
  if (const auto actor = value_of(kActorKey); IsActor(actor)) {
    caller.actor = std::string(actor);
  } else if (!actor.empty()) {
    violations.push_back({kActorKey, absl::StrCat("must be up to ", kLongestActor, " visible ASCII characters")});
  }
  if (const auto side = value_of(kSideKey); !side.empty() && !ParseSide(side, &caller.side)) {
    violations.push_back(
        {kSideKey,
         absl::StrCat("must be one of ", absl::StrJoin(kCallerSideNames, ", ", [](std::string* out, const auto& entry) {
                        absl::StrAppend(out, entry.first);
                      }))});
  }
  if (const auto edition = value_of(kEditionKey); IsEdition(edition)) {
    caller.edition = std::string(edition);
  } else if (!edition.empty()) {
    violations.push_back({kEditionKey, "must be a name of the form editions/{edition}, such as editions/ciep2027"});
  }
  if (const auto roles = value_of(kRolesKey); !roles.empty()) {
    for (absl::string_view role : absl::StrSplit(roles, ',')) {
      role = absl::StripAsciiWhitespace(role);
      if (!IsRole(role) || caller.roles.size() == kMostRoles) {
        violations.push_back({kRolesKey, absl::StrCat("must be up to ", kMostRoles, " roles of up to ", kLongestRole,
                                                      " letters, digits, '_', '-' or '.', separated by commas")});
        break;
      }
      caller.roles.emplace_back(role);
    }
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  return caller;
}

void SetCaller(grpc::ClientContext* context, const Caller& caller) {
  if (!caller.actor.empty()) context->AddMetadata(kActorKey, caller.actor);
  for (const auto& [name, side] : kCallerSideNames) {
    if (side == caller.side) context->AddMetadata(kSideKey, std::string(name));
  }
  if (!caller.edition.empty()) context->AddMetadata(kEditionKey, caller.edition);
  if (!caller.roles.empty()) context->AddMetadata(kRolesKey, absl::StrJoin(caller.roles, ","));
}

std::chrono::steady_clock::time_point DeadlineOf(const grpc::ServerContextBase& context) {
  const auto now = std::chrono::steady_clock::now();
  const auto deadline = context.deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) return now + kDefaultDeadline;
  const auto wall = std::chrono::system_clock::now();  // what gRPC itself reckons with
  // Compared before subtracting: a far deadline would overflow.
  if (deadline >= wall + kFarthestDeadline) return now + kFarthestDeadline;
  return now + std::chrono::duration_cast<std::chrono::steady_clock::duration>(deadline - wall);
}

absl::Status CheckEdition(const Caller& caller, absl::string_view resource_name, absl::string_view method) {
  if (caller.edition.empty() || resource_name == caller.edition ||
      absl::StartsWith(resource_name, absl::StrCat(caller.edition, "/"))) {
    return absl::OkStatus();
  }
  return MakeError(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                   absl::StrCat("the caller is bound to ", caller.edition, " and may not touch ", resource_name,
                                "; call as somebody of that edition"),
                   {{"method", std::string(method)}, {"cause", "other edition"}});
}

absl::Status CheckEditions(const Caller& caller, const google::protobuf::Message& request, absl::string_view method) {
  if (caller.edition.empty()) return absl::OkStatus();
  return CheckMessage(caller, request, method);
}

}  // namespace tandem::rpc
