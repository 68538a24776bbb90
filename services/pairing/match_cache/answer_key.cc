#include "services/pairing/match_cache/answer_key.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "common/base/test_switch.h"
#include "services/pairing/market_feed/record_name.h"
#include "services/pairing/matching/selected_ranking.h"
#include "services/pairing/matching/selection.h"

namespace tandem::pairing {
namespace {

// Texts go with their length, so that no two questions run into one another.
void Append(absl::string_view text, std::string* out) { absl::StrAppend(out, text.size(), ":", text, ","); }

}  // namespace

AnswerKey KeyOf(const v1::FindMatchesRequest& request) {
  const int page_size = request.page_size() == 0 ? kDefaultPageSize : request.page_size();
  const v1::MatchOptions& options = request.options();
  AnswerKey key;
  key.wanted = page_size;
  key.for_investor = KindOf(request.subject()) == RecordKind::kInvestor;
  key.plain = request.as_of_date().empty() && page_size <= kLongestExactList && !matching::AsksForSelection(options);
  // Not the message's bytes: those are the same for the same message in one build only.
  key.text.reserve(request.subject().size() + 48);
  Append(request.subject(), &key.text);
  if (Deviates("cache.key")) return key;
  Append(request.as_of_date(), &key.text);
  Append(request.language_code(), &key.text);
  absl::StrAppend(&key.text, page_size, ",", int{request.explain()}, ",", options.most_per_owner(), ",",
                  int{options.spare_spent_capacity()});
  return key;
}

}  // namespace tandem::pairing
