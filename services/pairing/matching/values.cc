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

Criterion::WantsCase AspectOf(size_t term) {
  switch (term) {
    case kSector:
    case kTrackSector:
      return Criterion::kSectors;
    case kStage:
    case kTrackStage:
      return Criterion::kStages;
    case kRound:
    case kTrackRound:
      return Criterion::kRounds;
    case kTicket:
    case kTrackTicket:
      return Criterion::kTicket;
    case kPlace:
    case kTrackPlace:
      return Criterion::kPlaces;
    case kInstrument:
    case kTrackInstrument:
      return Criterion::kInstruments;
    case kTrl:
    case kTrackTrl:
      return Criterion::kTrl;
    case kCooperation:
    case kTrackCooperation:
      return Criterion::kCooperationTypes;
    case kLanguage:
    case kTrackLanguage:
    case kProjectLanguage:
      return Criterion::kCommonLanguage;
    default:
      return Criterion::WANTS_NOT_SET;
  }
}

// "2.4 of 3.0 recent deals": decayed weights, in deals.
std::string TallyText(const AspectTally& tally) {
  return tally.stated == 0
             ? "no deals that state it"
             : absl::StrFormat("%.1f of %.1f deals, older ones count less", static_cast<double>(tally.alike) / 1e6,
                               static_cast<double>(tally.stated) / 1e6);
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

std::string ProjectValue(const MarketContext& context, size_t term, const ProjectFacts& project,
                         absl::string_view language) {
  switch (term) {
    case kText:
    case kTrackText:
      return Title(project.record.texts(), language);
    case kCoInvestors:
      return absl::StrCat(project.record.prior_investors_size(), " prior investors");
    case kInvestorType:
      return OrNotStated(WishesOf(project, InvestorWish::kTypes, language));
    case kInvestorPlace:
      return OrNotStated(WishesOf(project, InvestorWish::kCountries, language));
    case kWishedInvestor:
      return OrNotStated(WishesOf(project, InvestorWish::kInvestors, language));
    case kActivity:
    case kCapacity:
      return "";
    default:
      return ProjectValueFor(context, project, AspectOf(term), language);
  }
}

std::string InvestorValue(const MarketContext& context, size_t term, const ProjectFacts& project,
                          const InvestorFacts& investor, const TrackTally& tally, absl::string_view language) {
  switch (term) {
    case kTrackStage:
      return TallyText(tally.stage);
    case kTrackRound:
      return TallyText(tally.round);
    case kTrackTicket:
      return TallyText(tally.ticket);
    case kTrackPlace:
      return TallyText(tally.country);
    case kTrackInstrument:
      return TallyText(tally.instrument);
    case kTrackTrl:
      return TallyText(tally.trl);
    case kTrackCooperation:
      return TallyText(tally.cooperation);
    case kTrackLanguage:
      return TallyText(tally.language);
    case kTrackText:
      return TallyText(tally.text);
    case kTrackSector: {
      AspectTally best{tally.sectors_stated, 0};
      for (size_t slot = 0; slot < project.sectors.size(); ++slot)
        best.alike = std::max(best.alike, tally.sector_alike[slot]);
      return TallyText(best);
    }
    case kActivity:
      return absl::StrFormat("%.1f recent first deals, older ones count less", static_cast<double>(tally.recent) / 1e6);
    case kCoInvestors:
      return absl::StrCat(investor.track->companies.size(), " companies in its record");
    case kText:
      return Title(investor.record.texts(), language);
    case kInvestorType:
      return InvestorValueFor(investor, InvestorWish::kTypes, language);
    case kInvestorPlace:
      return InvestorValueFor(investor, InvestorWish::kCountries, language);
    case kWishedInvestor:
      return InvestorValueFor(investor, InvestorWish::kInvestors, language);
    case kCapacity:
      return investor.record.capacity() == 0 ? "not stated" : absl::StrCat("takes on ", investor.record.capacity());
    case kProjectLanguage:
      return OrNotStated(absl::StrJoin(investor.record.languages(), ", "));
    default:
      break;
  }
  std::vector<std::string> parts;
  const auto& criteria = investor.record.mandate().criteria();
  for (int i = 0; i < criteria.size(); ++i) {
    if (criteria[i].wants_case() != AspectOf(term) || criteria[i].strength() == type::v1::STRENGTH_MUST_NOT) continue;
    parts.push_back(CriterionValue(context, investor, static_cast<size_t>(i), language));
  }
  return OrNotStated(absl::StrJoin(parts, "; "));
}

}  // namespace tandem::pairing::matching
