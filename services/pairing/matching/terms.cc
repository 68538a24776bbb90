#include "services/pairing/matching/terms.h"

namespace tandem::pairing::matching {
namespace {

struct Entry {
  absl::string_view name;
  TermKind kind;
};

constexpr auto kInvestor = type::v1::SIDE_INVESTOR;
constexpr auto kProject = type::v1::SIDE_PROJECT;
constexpr auto kNone = v1::SIGNAL_UNSPECIFIED;

// In the order of Feature.
constexpr std::array<Entry, kFeatureCount> kEntries = {{
    {"sector_bayes", {v1::SIGNAL_SECTOR, v1::SIGNAL_TRACK_SECTOR, kInvestor}},
    {"sector_cosine", {v1::SIGNAL_SECTOR, v1::SIGNAL_TRACK_SECTOR, kInvestor}},
    {"stage", {v1::SIGNAL_STAGE, v1::SIGNAL_TRACK_STAGE, kInvestor}},
    {"round", {v1::SIGNAL_ROUND, v1::SIGNAL_TRACK_ROUND, kInvestor}},
    {"round_recent", {kNone, v1::SIGNAL_TRACK_ROUND, kInvestor}},
    {"history", {kNone, v1::SIGNAL_TRACK_HISTORY, kInvestor}},
    {"ask_stated", {kNone, v1::SIGNAL_TRACK_TICKET, kInvestor}},
    {"ask_normal", {kNone, v1::SIGNAL_TRACK_TICKET, kInvestor}},
    {"ask_density", {kNone, v1::SIGNAL_TRACK_TICKET, kInvestor}},
    {"ticket_range", {v1::SIGNAL_TICKET, kNone, kInvestor}},
    {"country", {v1::SIGNAL_PLACE, v1::SIGNAL_TRACK_PLACE, kInvestor}},
    {"region", {v1::SIGNAL_PLACE, v1::SIGNAL_TRACK_PLACE, kInvestor}},
    {"city", {kNone, v1::SIGNAL_TRACK_PLACE, kInvestor}},
    {"region_round", {kNone, v1::SIGNAL_TRACK_PLACE, kInvestor}},
    {"instrument", {v1::SIGNAL_INSTRUMENT, v1::SIGNAL_TRACK_INSTRUMENT, kInvestor}},
    {"trl", {v1::SIGNAL_TRL, v1::SIGNAL_TRACK_TRL, kInvestor}},
    {"cooperation", {v1::SIGNAL_COOPERATION, v1::SIGNAL_TRACK_COOPERATION, kInvestor}},
    {"language", {v1::SIGNAL_LANGUAGE, v1::SIGNAL_TRACK_LANGUAGE, kInvestor}},
    {"text", {v1::SIGNAL_TEXT, v1::SIGNAL_TRACK_TEXT, kInvestor}},
    {"activity_quarter", {kNone, v1::SIGNAL_ACTIVITY, kProject}},
    {"activity_half_year", {kNone, v1::SIGNAL_ACTIVITY, kProject}},
    {"activity_year", {kNone, v1::SIGNAL_ACTIVITY, kProject}},
    {"deal_count", {kNone, v1::SIGNAL_ACTIVITY, kProject}},
    {"last_deal", {kNone, v1::SIGNAL_ACTIVITY, kProject}},
    {"co_investors", {kNone, v1::SIGNAL_CO_INVESTORS, kProject}},
    {"succession", {kNone, v1::SIGNAL_CO_INVESTORS, kProject}},
    {"common_language", {v1::SIGNAL_LANGUAGE, kNone, kProject}},
    {"investor_type", {v1::SIGNAL_INVESTOR_TYPE, kNone, kProject}},
    {"investor_place", {v1::SIGNAL_INVESTOR_PLACE, kNone, kProject}},
    {"wished_investor", {v1::SIGNAL_WISHED_INVESTOR, kNone, kProject}},
    {"capacity", {v1::SIGNAL_CAPACITY, kNone, kProject}},
    {"demand", {v1::SIGNAL_DEMAND, kNone, kInvestor}},
}};

}  // namespace

TermKind KindOf(Feature feature) { return kEntries[feature].kind; }

absl::string_view NameOf(Feature feature) { return kEntries[feature].name; }

}  // namespace tandem::pairing::matching
