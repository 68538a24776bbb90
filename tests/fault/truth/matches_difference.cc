#include "tests/fault/truth/matches_difference.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "common/catalog/fields.h"

namespace tandem::check {
namespace {

using pairing::v1::FindMatchesResponse;
using pairing::v1::Match;
using pairing::v1::MatchMetadata;

// Longer first pages are counted anew whenever anything changes.
constexpr int kLongestKept = 50;

bool Same(const google::protobuf::Message& a, const google::protobuf::Message& b) {
  return catalog::SerializeDeterministically(a) == catalog::SerializeDeterministically(b);
}

bool SamePair(const Match& a, const Match& b) { return a.project() == b.project() && a.investor() == b.investor(); }

std::string Compare(const google::protobuf::RepeatedPtrField<Match>& shown,
                    const google::protobuf::RepeatedPtrField<Match>& right, int offset) {
  for (int i = 0; i < shown.size(); ++i) {
    if (i + offset >= right.size()) {
      return absl::StrCat("it has ", shown.size(), " matches from place ", offset + 1, " on, right are ",
                          std::max(0, right.size() - offset));
    }
    if (Same(shown.at(i), right.at(i + offset))) continue;
    return absl::StrCat("place ", i + offset + 1, " is {", shown.at(i).ShortDebugString().substr(0, 400),
                        "}, right is {", right.at(i + offset).ShortDebugString().substr(0, 400), "}");
  }
  return "";
}

// All but what depends on the moment, and what is of a page.
MatchMetadata Comparable(MatchMetadata metadata, bool of_page) {
  metadata.clear_age();
  metadata.clear_total_size();
  if (of_page) metadata.clear_passed_over_size();
  return metadata;
}

}  // namespace

std::string Difference(const ShownMatches& shown, const FindMatchesResponse& right) {
  const FindMatchesResponse& response = shown.response;
  const int offset = shown.first.has_value() ? shown.first->matches_size() : 0;
  for (int i = 0; i < offset; ++i) {
    // What is shown of a match may have changed since then, as long as it is the same one.
    if (i < right.matches_size() && SamePair(shown.first->matches(i), right.matches(i))) continue;
    return absl::StrCat("the page before is not of the same ranking: place ", i + 1, " was {",
                        shown.first->matches(i).ShortDebugString().substr(0, 300), "}, right is {",
                        i < right.matches_size() ? right.matches(i).ShortDebugString().substr(0, 300) : "nothing", "}");
  }
  std::string matches = Compare(response.matches(), right.matches(), offset);
  if (!matches.empty()) return matches;
  if (offset + response.matches_size() < right.matches_size()) {
    return absl::StrCat("it ends after place ", offset + response.matches_size(), ", right are ", right.matches_size());
  }
  const MatchMetadata a = Comparable(response.metadata(), offset > 0);
  const MatchMetadata b = Comparable(right.metadata(), offset > 0);
  if (!Same(a, b)) {
    return absl::StrCat("it says of itself {", a.ShortDebugString(), "}, right is {", b.ShortDebugString(), "}");
  }
  const int total = response.metadata().total_size();
  if (offset > 0) return "";
  if (total != right.metadata().total_size()) {
    if (response.matches_size() <= kLongestKept && !shown.batch) return "";  // it may be of a moment ago
    return absl::StrCat("it counts ", total, " in all, right are ", right.metadata().total_size());
  }
  if (!shown.batch && response.next_page_token().empty() != right.next_page_token().empty()) {
    return absl::StrCat("it says that there is ", response.next_page_token().empty() ? "no" : "a", " next page");
  }
  return "";
}

}  // namespace tandem::check
