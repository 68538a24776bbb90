#include "common/tokens/page_token.h"

#include "absl/strings/str_cat.h"

#include "common/base/status.h"

namespace tandem {
namespace {

constexpr absl::string_view kPurpose = "page";
constexpr char kVersion = 1;

}  // namespace

std::string EncodePageToken(const KeyRing& keys, absl::string_view arguments, absl::string_view cursor) {
  return keys.Sign(kPurpose, arguments, absl::StrCat(absl::string_view(&kVersion, 1), cursor));
}

absl::StatusOr<std::string> DecodePageToken(const KeyRing& keys, absl::string_view arguments, absl::string_view token) {
  absl::StatusOr<std::string> payload = keys.Verify(kPurpose, arguments, token);
  if (!payload.ok()) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID",
        "page_token does not belong to this list: send it unchanged, with the arguments of the page before it, "
        "or leave it out to begin with the first page",
        {{"cause", "unverified"}});
  }
  if (payload->empty() || payload->front() != kVersion) {
    return MakeError(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID",
                     "page_token is of another version of this service: leave it out to begin with the first page",
                     {{"cause", "version"}});
  }
  return payload->substr(1);
}

}  // namespace tandem
