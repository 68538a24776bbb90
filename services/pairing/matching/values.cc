#include "services/pairing/matching/values.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

#include "common/vocab/country.h"
#include "common/vocab/currency.h"
#include "common/vocab/language.h"
#include "common/vocab/region.h"
#include "services/pairing/matching/features.h"
#include "services/pairing/matching/kernels.h"
#include "services/pairing/matching/labels.h"

namespace tandem::pairing::matching {
namespace {

using investors::v1::Criterion;
using projects::v1::InvestorWish;

constexpr size_t kMostShown = 6;

std::string OrNotStated(std::string text) { return text.empty() ? "not stated" : text; }

std::string Listed(std::vector<std::string> parts) {
  const size_t all = parts.size();
  if (all > kMostShown) parts.resize(kMostShown);
  std::string text = absl::StrJoin(parts, ", ");
  if (all > kMostShown) absl::StrAppend(&text, " and ", all - kMostShown, " more");
  return text;
}

template <typename Enum, typename Values>
std::string LabelsOf(const Values& values, absl::string_view language) {
  std::vector<std::string> parts;
  for (const int value : values) parts.push_back(Label(static_cast<Enum>(value), language));
  return Listed(std::move(parts));
}

std::string SectorName(const MarketContext& context, uint32_t id, const type::v1::SectorCode& code,
                       absl::string_view language) {
  std::string label = context.sectors.Label(id, language);
  return label.empty() ? code.code() : label;
}

std::string PlaceName(absl::string_view country, absl::string_view region, absl::string_view language) {
  std::string name = CountryName(country, language.empty() ? "en" : language);
  if (name.empty()) name = GroupName(country, language.empty() ? "en" : language);
  if (name.empty()) name = std::string(country);
  return region.empty() ? name : absl::StrCat(name, "/", region);
}

std::string AmountText(int64_t minor, const std::string& currency) {
  int64_t unit = 1;
  for (int i = MinorUnitDigits(currency); i > 0; --i) unit *= 10;
  return absl::StrCat(minor / unit);
}

std::string RangeText(const type::v1::MoneyRange& range) {
  if (range.currency_code().empty()) return "";
  const std::string& currency = range.currency_code();
  std::vector<std::string> parts;
  if (range.min_minor() != 0) parts.push_back("from " + AmountText(range.min_minor(), currency));
  if (range.target_minor() != 0) parts.push_back("about " + AmountText(range.target_minor(), currency));
  if (range.max_minor() != 0) parts.push_back("up to " + AmountText(range.max_minor(), currency));
  return parts.empty() ? "" : absl::StrCat(currency, " ", absl::StrJoin(parts, ", "));
}

std::string TrlText(int trl) { return trl == 0 ? "" : absl::StrCat("TRL ", trl); }

Criterion::WantsCase AspectOf(v1::Signal signal) {
  switch (signal) {
    case v1::SIGNAL_SECTOR:
    case v1::SIGNAL_TRACK_SECTOR:
      return Criterion::kSectors;
    case v1::SIGNAL_STAGE:
    case v1::SIGNAL_TRACK_STAGE:
      return Criterion::kStages;
    case v1::SIGNAL_ROUND:
    case v1::SIGNAL_TRACK_ROUND:
      return Criterion::kRounds;
    case v1::SIGNAL_TICKET:
    case v1::SIGNAL_TRACK_TICKET:
      return Criterion::kTicket;
    case v1::SIGNAL_PLACE:
    case v1::SIGNAL_TRACK_PLACE:
      return Criterion::kPlaces;
    case v1::SIGNAL_INSTRUMENT:
    case v1::SIGNAL_TRACK_INSTRUMENT:
      return Criterion::kInstruments;
    case v1::SIGNAL_TRL:
    case v1::SIGNAL_TRACK_TRL:
      return Criterion::kTrl;
    case v1::SIGNAL_COOPERATION:
    case v1::SIGNAL_TRACK_COOPERATION:
      return Criterion::kCooperationTypes;
    case v1::SIGNAL_LANGUAGE:
    case v1::SIGNAL_TRACK_LANGUAGE:
      return Criterion::kCommonLanguage;
    default:
      return Criterion::WANTS_NOT_SET;
  }
}

// "2.4 of 3.0 deals": weights in millionths of a deal.
std::string TallyText(int64_t alike, int64_t stated) {
  return stated == 0 ? "no deals that state it"
                     : absl::StrFormat("%.1f of %.1f deals, older ones count less", static_cast<double>(alike) / 1e6,
                                       static_cast<double>(stated) / 1e6);
}

std::string TallyText(const Habits& habits, const ProjectFacts& project, Column column) {
  const Tally& tally = habits.all[column];
  const uint16_t code = project.row.codes[column];
  const bool even = column == kCountryColumn || column == kRegionColumn;
  return TallyText(tally.Of(even ? static_cast<uint16_t>(code & ~1u) : code), tally.total());
}

// Deals whose set has something in common with the project's.
std::string SetTallyText(const Tally& tally, uint16_t code) {
  int64_t alike = 0;
  for (const auto& [other, weight] : tally.entries()) {
    if ((other & code) != 0) alike += weight;
  }
  return TallyText(alike, tally.total());
}

// Deals with an ask up to about twice more or less.
std::string AskTallyText(const Tally& tally, uint16_t code) {
  int64_t alike = 0;
  for (const auto& [other, weight] : tally.entries()) {
    if (code != 0 && std::abs(other - code) <= 3) alike += weight;
  }
  return TallyText(alike, tally.total());
}

std::string WishesOf(const ProjectFacts& project, InvestorWish::WishCase aspect, absl::string_view language) {
  std::vector<std::string> parts;
  for (int i = 0; i < project.record.wishes_size(); ++i) {
    const InvestorWish& wish = project.record.wishes(i);
    if (wish.wish_case() == aspect && wish.strength() != type::v1::STRENGTH_MUST_NOT) {
      parts.push_back(WishValue(project, static_cast<size_t>(i), language));
    }
  }
  return absl::StrJoin(parts, "; ");
}

}  // namespace

std::string Title(const google::protobuf::RepeatedPtrField<type::v1::LocalizedText>& texts,
                  absl::string_view language) {
  const std::string wanted = PrimaryLanguage(language);
  const type::v1::LocalizedText* original = nullptr;
  for (const type::v1::LocalizedText& text : texts) {
    if (!wanted.empty() && PrimaryLanguage(text.language_code()) == wanted) return text.title();
    if (original == nullptr && text.original()) original = &text;
  }
  return original != nullptr ? original->title() : texts.empty() ? "" : texts[0].title();
}

std::string ProjectValueFor(const MarketContext& context, const ProjectFacts& project, Criterion::WantsCase aspect,
                            absl::string_view language) {
  const projects::v1::Project& record = project.record;
  switch (aspect) {
    case Criterion::kSectors: {
      std::vector<std::string> parts;
      parts.reserve(static_cast<size_t>(record.sectors_size()));
      for (int i = 0; i < record.sectors_size(); ++i) {
        parts.push_back(SectorName(context, project.all_sectors[static_cast<size_t>(i)], record.sectors(i), language));
      }
      return OrNotStated(Listed(std::move(parts)));
    }
    case Criterion::kStages:
      return OrNotStated(Label(record.stage_of_development(), language));
    case Criterion::kRounds:
      return OrNotStated(Label(record.funding_round(), language));
    case Criterion::kTicket:
      return OrNotStated(RangeText(record.ask()));
    case Criterion::kPlaces:
      return record.has_place() ? PlaceName(record.place().country_code(), record.place().region(), language)
                                : "not stated";
    case Criterion::kInstruments:
      return OrNotStated(LabelsOf<type::v1::Instrument>(record.instruments(), language));
    case Criterion::kTrl:
      return OrNotStated(TrlText(record.trl()));
    case Criterion::kCooperationTypes:
      return OrNotStated(LabelsOf<type::v1::CooperationType>(record.cooperation_types(), language));
    case Criterion::kCommonLanguage:
      return OrNotStated(absl::StrJoin(record.languages(), ", "));
    case Criterion::WANTS_NOT_SET:
      break;
  }
  return "not stated";
}

std::string CriterionValue(const MarketContext& context, const InvestorFacts& investor, size_t index,
                           absl::string_view language) {
  const Criterion& criterion = investor.record.mandate().criteria(static_cast<int>(index));
  std::vector<std::string> parts;
  switch (criterion.wants_case()) {
    case Criterion::kSectors:
      for (int i = 0; i < criterion.sectors().items_size(); ++i) {
        parts.push_back(SectorName(context, investor.criteria[index][static_cast<size_t>(i)].id,
                                   criterion.sectors().items(i).sector(), language));
      }
      break;
    case Criterion::kStages:
      for (const auto& item : criterion.stages().items()) parts.push_back(Label(item.stage(), language));
      break;
    case Criterion::kRounds:
      for (const auto& item : criterion.rounds().items()) parts.push_back(Label(item.round(), language));
      break;
    case Criterion::kTicket:
      return RangeText(criterion.ticket());
    case Criterion::kPlaces:
      for (const auto& item : criterion.places().items()) {
        parts.push_back(PlaceName(item.country_or_group(), item.region(), language));
      }
      break;
    case Criterion::kInstruments:
      return LabelsOf<type::v1::Instrument>(criterion.instruments().instruments(), language);
    case Criterion::kTrl:
      return absl::StrCat("TRL ", std::max(1, criterion.trl().min()), " to ",
                          criterion.trl().max() == 0 ? 9 : criterion.trl().max());
    case Criterion::kCooperationTypes:
      return LabelsOf<type::v1::CooperationType>(criterion.cooperation_types().types(), language);
    case Criterion::kCommonLanguage:
      return absl::StrCat("one of ", OrNotStated(absl::StrJoin(investor.record.languages(), ", ")));
    case Criterion::WANTS_NOT_SET:
      break;
  }
  return Listed(std::move(parts));
}

std::string WishValue(const ProjectFacts& project, size_t index, absl::string_view language) {
  const InvestorWish& wish = project.record.wishes(static_cast<int>(index));
  std::vector<std::string> parts;
  switch (wish.wish_case()) {
    case InvestorWish::kTypes:
      return LabelsOf<type::v1::InvestorType>(wish.types().types(), language);
    case InvestorWish::kCountries:
      for (const std::string& code : wish.countries().codes()) parts.push_back(PlaceName(code, "", language));
      break;
    case InvestorWish::kInvestors:
      // Whom a project excludes stays with the project.
      return absl::StrCat(wish.investors().investors_size(), " named investors");
    case InvestorWish::WISH_NOT_SET:
      break;
  }
  return Listed(std::move(parts));
}

std::string InvestorValueFor(const InvestorFacts& investor, InvestorWish::WishCase aspect, absl::string_view language) {
  switch (aspect) {
    case InvestorWish::kTypes:
      return OrNotStated(Label(investor.record.type(), language));
    case InvestorWish::kCountries: {
      std::vector<std::string> parts;
      for (const type::v1::Place& place : investor.record.places())
        parts.push_back(PlaceName(place.country_code(), "", language));
      return OrNotStated(Listed(std::move(parts)));
    }
    case InvestorWish::kInvestors:
      return Title(investor.record.texts(), language);
    case InvestorWish::WISH_NOT_SET:
      break;
  }
  return "not stated";
}

std::string ProjectValue(const MarketContext& context, v1::Signal signal, const ProjectFacts& project,
                         absl::string_view language) {
  switch (signal) {
    case v1::SIGNAL_TEXT:
    case v1::SIGNAL_TRACK_TEXT:
      return Title(project.record.texts(), language);
    case v1::SIGNAL_CO_INVESTORS:
    case v1::SIGNAL_TRACK_HISTORY:
      return absl::StrCat(project.record.prior_investors_size(), " prior investors");
    case v1::SIGNAL_INVESTOR_TYPE:
      return OrNotStated(WishesOf(project, InvestorWish::kTypes, language));
    case v1::SIGNAL_INVESTOR_PLACE:
      return OrNotStated(WishesOf(project, InvestorWish::kCountries, language));
    case v1::SIGNAL_WISHED_INVESTOR:
      return OrNotStated(WishesOf(project, InvestorWish::kInvestors, language));
    case v1::SIGNAL_DEMAND:
      return "how wanted such projects are by everybody";
    case v1::SIGNAL_ACTIVITY:
    case v1::SIGNAL_CAPACITY:
    case v1::SIGNAL_SPENT_CAPACITY:
      return "";
    default:
      return ProjectValueFor(context, project, AspectOf(signal), language);
  }
}

std::string InvestorValue(const MarketContext& context, v1::Signal signal, type::v1::Side side,
                          const ProjectFacts& project, const InvestorFacts& investor, const Habits& habits,
                          absl::string_view language) {
  switch (signal) {
    case v1::SIGNAL_TRACK_STAGE:
      return TallyText(habits, project, kStageColumn);
    case v1::SIGNAL_TRACK_ROUND:
      return TallyText(habits, project, kRoundColumn);
    case v1::SIGNAL_TRACK_HISTORY:
      return TallyText(habits, project, kHistoryColumn);
    case v1::SIGNAL_TRACK_TICKET:
      return AskTallyText(habits.all[kAskColumn], project.row.codes[kAskColumn]);
    case v1::SIGNAL_TRACK_PLACE:
      return TallyText(habits, project, kCountryColumn);
    case v1::SIGNAL_TRACK_INSTRUMENT:
      return SetTallyText(habits.all[kInstrumentColumn], project.row.codes[kInstrumentColumn]);
    case v1::SIGNAL_TRACK_TRL: {
      // Levels near the project's count in part, as they do in the points.
      int64_t alike = 0;
      for (const auto& [level, weight] : habits.all[kTrlColumn].entries()) {
        alike += weight * TrlCloseness(level, project.row.codes[kTrlColumn]) / kSame;
      }
      return TallyText(alike, habits.all[kTrlColumn].total());
    }
    case v1::SIGNAL_TRACK_COOPERATION:
      return SetTallyText(habits.all[kCooperationColumn], project.row.codes[kCooperationColumn]);
    case v1::SIGNAL_TRACK_LANGUAGE:
      return absl::StrFormat("%.1f deals that state a language",
                             static_cast<double>(habits.all[kLanguageColumn].total()) / 1e6);
    case v1::SIGNAL_TRACK_TEXT:
      return absl::StrCat(habits.deals, " deals");
    case v1::SIGNAL_TRACK_SECTOR: {
      int64_t best = 0;
      for (size_t i = 0; i < project.row.sector_count; ++i) {
        best = std::max(best, habits.sectors.Of(project.row.sectors[i]));
      }
      return TallyText(best, habits.sectors.total());
    }
    case v1::SIGNAL_ACTIVITY:
      return absl::StrFormat("%.1f first deals in a year, older ones count less",
                             static_cast<double>(habits.activity_year) / 1e6);
    case v1::SIGNAL_CO_INVESTORS:
      return absl::StrCat(investor.track->companies.size(), " companies in its record");
    case v1::SIGNAL_TEXT:
      return Title(investor.record.texts(), language);
    case v1::SIGNAL_INVESTOR_TYPE:
      return InvestorValueFor(investor, InvestorWish::kTypes, language);
    case v1::SIGNAL_INVESTOR_PLACE:
      return InvestorValueFor(investor, InvestorWish::kCountries, language);
    case v1::SIGNAL_WISHED_INVESTOR:
      return InvestorValueFor(investor, InvestorWish::kInvestors, language);
    case v1::SIGNAL_CAPACITY:
      return investor.record.capacity() == 0 ? "not stated" : absl::StrCat("takes on ", investor.record.capacity());
    case v1::SIGNAL_SPENT_CAPACITY:
      return absl::StrCat("takes on ", investor.record.capacity(), ", and has as many pairings");
    case v1::SIGNAL_DEMAND:
      return "";
    default:
      break;
  }
  if (signal == v1::SIGNAL_LANGUAGE && side == type::v1::SIDE_PROJECT) {
    return OrNotStated(absl::StrJoin(investor.record.languages(), ", "));
  }
  std::vector<std::string> parts;
  const auto& criteria = investor.record.mandate().criteria();
  for (int i = 0; i < criteria.size(); ++i) {
    if (criteria[i].wants_case() != AspectOf(signal) || criteria[i].strength() == type::v1::STRENGTH_MUST_NOT) continue;
    parts.push_back(CriterionValue(context, investor, static_cast<size_t>(i), language));
  }
  return OrNotStated(absl::StrJoin(parts, "; "));
}

}  // namespace tandem::pairing::matching
