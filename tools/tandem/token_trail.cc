#include "tools/tandem/token_trail.h"

#include <algorithm>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace tandem::cli {

std::string JoinTokens(const std::vector<std::string>& tokens) {
  std::vector<std::string> parts;
  for (const std::string& token : tokens) {
    for (const absl::string_view part : absl::StrSplit(token, ',', absl::SkipEmpty())) {
      if (std::find(parts.begin(), parts.end(), part) == parts.end()) parts.emplace_back(part);
    }
  }
  return absl::StrJoin(parts, ",");
}

void TokenTrail::Add(const std::string& token, bool wrote) {
  if (token.empty() || (wrote_ && !wrote)) return;
  if (wrote && !wrote_) tokens_.clear();
  wrote_ = wrote;
  tokens_.push_back(token);
  if (tokens_.size() > most_) tokens_.pop_front();
}

std::string TokenTrail::Joined() const { return JoinTokens({tokens_.begin(), tokens_.end()}); }

}  // namespace tandem::cli
