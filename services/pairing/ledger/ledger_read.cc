// What the ledger shows: single pairings, lists, watches.
#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

#include "common/base/status.h"
#include "common/catalog/names.h"
#include "common/catalog/store_status.h"
#include "common/tokens/page_token.h"
#include "services/pairing/ledger/ledger.h"
#include "services/pairing/ledger/view.h"
#include "services/pairing/meetings/party.h"

namespace tandem::pairing::ledger {
namespace {

using v1::Pairing;

constexpr int kDefaultPage = 50;
constexpr int kLargestPage = 500;
// Clients refuse messages over 4 MiB unless told otherwise.
constexpr size_t kLargestResponseBytes = size_t{3} << 20;
// Read for one page at most: who asks for what is rare gets pages that end early.
constexpr int kMostExamined = 4000;
constexpr int kReadAtOnce = 256;

// Why `party` cannot be listed by the caller; OK otherwise.
absl::Status CheckParty(const Caller& caller, absl::string_view parent, absl::string_view party) {
  if (party.empty()) {
    if (caller.IsOrganiser()) return absl::OkStatus();
    return MakeError(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                     "all pairings are the organiser's to see: name your own project or investor in `party`",
                     {{"method", "ListPairings"}, {"cause", "side"}});
  }
  const std::string problem = meetings::PartyProblem(party, absl::StripPrefix(parent, "editions/"));
  if (!problem.empty()) return InvalidFields({{"party", problem}});
  const v1::Side side = meetings::ParseParty(party).is_project ? v1::SIDE_PROJECT : v1::SIDE_INVESTOR;
  if (caller.IsOrganiser() || side == ViewerOf(caller)) return absl::OkStatus();
  return MakeError(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                   absl::StrCat(party, " is of the other side: a caller of a side lists its own pairings"),
                   {{"method", "ListPairings"}, {"cause", "side"}});
}

}  // namespace

absl::StatusOr<Pairing> Ledger::Get(const Caller& caller, const v1::GetPairingRequest& request) const {
  const v1::Side viewer = ViewerOf(caller);
  Revision revision = 0;
  TANDEM_ASSIGN_OR_RETURN(const Pairing pairing, Find(request.name(), viewer, &revision));
  return Show(pairing, viewer, viewer == v1::SIDE_UNSPECIFIED ? revision : 0);
}

absl::StatusOr<Pairing> Ledger::Read(const Record& record) const {
  TANDEM_ASSIGN_OR_RETURN(const Pairing pairing, ParsePairing(record));
  return Show(pairing, v1::SIDE_UNSPECIFIED, record.revision);
}

absl::StatusOr<v1::ListPairingsResponse> Ledger::List(const Caller& caller,
                                                      const v1::ListPairingsRequest& request) const {
  TANDEM_RETURN_IF_ERROR(CheckParty(caller, request.parent(), request.party()));
  const v1::Side viewer = ViewerOf(caller);
  const std::string edition(absl::StripPrefix(request.parent(), "editions/"));
  const bool by_party = !request.party().empty();
  const std::string prefix = by_party ? ListPrefix(request.party()) : catalog::RecordPrefix(kPairings, {edition});
  const std::string arguments = absl::StrCat("ListPairings|", prefix, "|", static_cast<int>(viewer), "|",
                                             caller.edition, "|", absl::StrJoin(request.states(), ","));
  std::string begin = prefix;
  if (!request.page_token().empty()) {
    TANDEM_ASSIGN_OR_RETURN(const std::string last, DecodePageToken(*options_.keys, arguments, request.page_token()));
    begin = absl::StrCat(prefix, last, absl::string_view("\0", 1));
  } else {
    const auto record = options_.store->Get(catalog::RecordKey("editions", {edition}));
    if (!record.ok()) return catalog::FromStore(record.status());
    if (!record->has_value()) return NoEdition(edition);
  }

  const int page_size = request.page_size() <= 0 ? kDefaultPage : std::min(request.page_size(), kLargestPage);
  v1::ListPairingsResponse response;
  size_t bytes = 0;
  std::string last, last_shown;  // examined, and of those in the page
  const auto end_page = [&](const std::string& at) {
    response.set_next_page_token(EncodePageToken(*options_.keys, arguments, at));
  };
  for (int examined = 0;;) {
    auto records = options_.store->Scan(begin, catalog::PrefixEnd(prefix), kReadAtOnce);
    if (!records.ok()) return catalog::FromStore(records.status());
    const bool more = static_cast<int>(records->size()) == kReadAtOnce;
    std::vector<std::string> ids;
    for (const Record& record : *records) ids.push_back(record.key.substr(prefix.size()));
    if (by_party && !ids.empty()) {
      std::vector<std::string> keys;
      for (const std::string& id : ids) keys.push_back(catalog::RecordKey(kPairings, {edition, id}));
      auto found = options_.store->BatchGet(keys);
      if (!found.ok()) return catalog::FromStore(found.status());
      records->clear();
      for (auto& record : *found) records->push_back(record.has_value() ? *std::move(record) : Record());
    }
    for (size_t i = 0; i < ids.size(); ++i) {
      const Record& record = (*records)[i];
      TANDEM_ASSIGN_OR_RETURN(const Pairing pairing, ParsePairing(record));
      const Pairing::State state = VisibleState(pairing, viewer);
      const bool wanted = request.states().empty() || std::find(request.states().begin(), request.states().end(),
                                                                static_cast<int>(state)) != request.states().end();
      if (!record.key.empty() && wanted && IsKnownTo(pairing, viewer)) {
        bytes += record.value.size();
        if (response.pairings_size() == page_size || (response.pairings_size() > 0 && bytes > kLargestResponseBytes)) {
          // Tokens can be read: one that named what was passed over would tell of hidden pairings.
          end_page(last_shown);
          return response;
        }
        last_shown = ids[i];
        *response.add_pairings() =
            Show(pairing, viewer, viewer == v1::SIDE_UNSPECIFIED ? record.revision : Revision{0});
      }
      last = ids[i];
      ++examined;
    }
    if (!more) return response;
    if (examined >= kMostExamined) {
      end_page(last);
      return response;
    }
    begin = absl::StrCat(prefix, last, absl::string_view("\0", 1));
  }
}

absl::StatusOr<std::string> Ledger::WatchPrefix(const Caller& caller, absl::string_view parent) const {
  if (!caller.IsOrganiser()) {
    return MakeError(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                     "watching pairings shows what is private and is the organiser's: list your own instead",
                     {{"method", "WatchPairings"}, {"cause", "side"}});
  }
  const std::string edition(absl::StripPrefix(parent, "editions/"));
  if (edition == "-") return catalog::RecordPrefix(kPairings);
  const auto record = options_.store->Get(catalog::RecordKey("editions", {edition}));
  if (!record.ok()) return catalog::FromStore(record.status());
  if (!record->has_value()) return NoEdition(edition);
  return catalog::RecordPrefix(kPairings, {edition});
}

}  // namespace tandem::pairing::ledger
