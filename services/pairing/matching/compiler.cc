#include "services/pairing/matching/compiler.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "common/base/civil_date.h"
#include "common/base/fixed_point.h"
#include "common/vocab/currency.h"
#include "common/vocab/language.h"
#include "common/vocab/region.h"
#include "services/pairing/matching/company_feature.h"
#include "services/pairing/matching/extra_terms.h"
#include "services/pairing/matching/features.h"
#include "services/pairing/matching/fits.h"
#include "services/pairing/matching/integers.h"

namespace tandem::pairing::matching {
namespace {

// Sectors of a project are spread by the root of their number: 1024 / sqrt(n), n from 0 to kMostSectors.
constexpr std::array<uint16_t, ProjectRow::kMostSectors + 1> kSectorNorm = {
    1024, 1024, 724, 591, 512, 458, 418, 387, 362, 341, 324, 309, 296, 284, 274, 264, 256};

// Earlier investors beyond this are not told apart.
constexpr int kMostPrior = 6;

void CountTerms(const google::protobuf::RepeatedPtrField<type::v1::LocalizedText>& texts, TermCounts* counts) {
  for (const type::v1::LocalizedText& text : texts) {
    counts->Add(text.title(), text.language_code(), TermCounts::kTitleTimes);
    counts->Add(text.summary(), text.language_code());
    counts->Add(text.description(), text.language_code());
  }
}

}  // namespace

void CountTerms(const projects::v1::Project& project, TermCounts* counts) {
  CountTerms(project.texts(), counts);
  for (const std::string& keyword : project.keywords()) counts->Add(keyword, "", TermCounts::kKeywordTimes);
}

void CountTerms(const investors::v1::Investor& investor, TermCounts* counts) { CountTerms(investor.texts(), counts); }

void CountTerms(const investors::v1::Deal& deal, TermCounts* counts) {
  if (!deal.company().summary().empty()) counts->Add(deal.company().summary(), "");
}

RecordText WeighText(const TermCounts& counts, const FrozenStatistics& statistics) {
  TextWeights weights = UnitWeights(counts.Build(statistics));
  return weights.empty() ? nullptr : std::make_shared<const TextWeights>(std::move(weights));
}

int32_t DayOf(const std::string& date, int32_t otherwise) {
  const auto day = ParseDate(date);
  return day.ok() ? *day : otherwise;
}

int64_t MiddleOf(const type::v1::MoneyRange& range) {
  return range.target_minor() != 0 ? range.target_minor()
         : range.max_minor() != 0  ? range.max_minor()
                                   : range.min_minor();
}

LogAmount Compiler::Amount(const std::string& currency, int64_t minor) const {
  return BaseAmount(context_->edition, currency, minor);
}

LogAmount BaseAmount(const v1::Edition& edition, const std::string& currency, int64_t minor) {
  if (minor <= 0) return {};
  int64_t rate_nanos = 0;
  if (currency == edition.base_currency_code()) {
    rate_nanos = 1'000'000'000;
  } else {
    for (const v1::ExchangeRate& rate : edition.exchange_rates()) {
      if (rate.currency_code() == currency) rate_nanos = rate.rate_nanos();
    }
  }
  if (rate_nanos <= 0) return {};
  // Amounts and rates are below 10^15 each; the digits of the two currencies' minor units may differ.
  const int digits = MinorUnitDigits(edition.base_currency_code()) - MinorUnitDigits(currency);
  int64_t shift = 0;
  for (int i = 0; i < std::abs(digits); ++i) shift += LogMicro(10, 1);
  const int64_t ln = LogMicro(static_cast<uint64_t>(minor), 1) +
                     LogMicro(static_cast<uint64_t>(rate_nanos), 1'000'000'000) + (digits < 0 ? -shift : shift);
  return {true, std::max<int64_t>(0, ln)};
}

uint32_t Compiler::Sector(const type::v1::SectorCode& code) {
  return interner_->Intern(SectorFeature(SectorKey(code)));
}

uint32_t Compiler::Country(const std::string& code) {
  return code.empty() ? 0 : interner_->Intern(CountryFeature(code));
}

uint16_t Compiler::SectorCodeOf(uint32_t sector) {
  const size_t before = codes_->sector_count();
  const uint16_t code = codes_->Sector(sector);
  // Forms list a sector of a taxonomy through its relatives: those made before do not know it.
  if (codes_->sector_count() != before && context_->sectors.Has(sector)) codes_->Grow();
  return code;
}

void Compiler::SetPlaceAndRound(const type::v1::Place& place, int round, std::array<uint16_t, kColumnCount>* codes) {
  (*codes)[kRoundColumn] = static_cast<uint16_t>(round);
  if (place.country_code().empty()) return;
  const std::string& country_code = place.country_code();
  const uint32_t country = Country(country_code);
  const bool has_region = !place.region().empty();
  const bool has_city = has_region && !place.city().empty();
  const size_t countries = codes_->country_count();
  (*codes)[kCountryColumn] = codes_->Country(country, has_region);
  if (codes_->country_count() != countries) {
    codes_->DescribeCountry((*codes)[kCountryColumn], Groups(country_code),
                            interner_->Intern(StatedFeature("region/" + country_code)));
  }
  if (!has_region) return;
  const std::string region = RegionFeature(country_code, place.region());
  const size_t regions = codes_->region_count();
  (*codes)[kRegionColumn] = codes_->Region(country, interner_->Intern(region), has_city);
  if (codes_->region_count() != regions) {
    codes_->DescribeRegion((*codes)[kRegionColumn], interner_->Intern(StatedFeature("city/" + region)));
  }
  (*codes)[kRegionRoundColumn] = codes_->RegionRound((*codes)[kRegionColumn], round);
  if (has_city) {
    (*codes)[kCityColumn] = codes_->City((*codes)[kRegionColumn],
                                         interner_->Intern(CityFeature(country_code, place.region(), place.city())));
  }
}

std::vector<uint32_t> Compiler::Groups(const std::string& country) {
  std::vector<uint32_t> groups;
  for (const std::string& group : RegionGroups(country)) groups.push_back(interner_->Intern(CountryFeature(group)));
  return groups;
}

uint32_t Compiler::Language(const std::string& tag) {
  const std::string primary = PrimaryLanguage(tag);
  return primary.empty() ? 0 : interner_->Intern(LanguageFeature(primary));
}

template <typename Record>
RecordText Compiler::TextOf(const Record& record) {
  TermCounts counts;
  CountTerms(record, &counts);
  counts.Number(interner_);
  return WeighText(counts, context_->statistics);
}

void Compiler::AddSectors(ProjectFacts* facts) {
  ProjectRow& row = facts->row;
  for (const type::v1::SectorCode& sector : facts->record.sectors()) {
    const uint32_t id = Sector(sector);
    facts->all_sectors.push_back(id);
    if (facts->all_sectors.size() > ProjectRow::kMostSectors) continue;
    const uint16_t code = SectorCodeOf(id);
    if (code == 0) facts->all_sectors.back() = 0;
    const auto end = row.sectors.begin() + row.sector_count;
    if (code != 0 && std::find(row.sectors.begin(), end, code) == end) row.sectors[row.sector_count++] = code;
  }
  row.sector_norm = kSectorNorm[row.sector_count];
}

void Compiler::SetRow(ProjectFacts* facts) {
  const projects::v1::Project& record = facts->record;
  ProjectRow& row = facts->row;
  SetPlaceAndRound(record.place(), record.funding_round(), &row.codes);
  if (row.codes[kCountryColumn] == 0) facts->country = 0;
  if (row.codes[kRegionColumn] == 0) facts->region = 0;
  row.codes[kStageColumn] = static_cast<uint16_t>(record.stage_of_development());
  row.codes[kHistoryColumn] = record.prior_investors().empty() ? kFirstRound : kLaterRound;
  row.codes[kAskColumn] = AskCodeOf(facts->ask);
  row.codes[kTrlColumn] = static_cast<uint16_t>(record.trl());
  row.codes[kInstrumentColumn] = SetCode(facts->instruments);
  row.codes[kCooperationColumn] = SetCode(facts->cooperation);
  row.codes[kLanguageColumn] = codes_->Languages(facts->languages);
  if (row.codes[kLanguageColumn] == 0) facts->languages.clear();
  row.ask_least = static_cast<int32_t>(facts->ask_least.ln);
  row.ask_most = static_cast<int32_t>(facts->ask_most.ln);
  row.extra_points = HasExtraPoints(*facts);
  row.extra_gates = HasExtraGates(*facts);
  for (size_t column = 0; column < kColumnCount; ++column) codes_->Use(static_cast<Column>(column), row.codes[column]);
  row.points = static_cast<int16_t>(std::clamp(Demand(*facts), -32'000, 32'000));
}

int32_t Compiler::Demand(const ProjectFacts& facts) const {
  const auto& demand = context_->profile.demand;
  if (demand.empty()) return 0;
  const auto points = [&](const std::string& feature) {
    const auto it = demand.find(feature);
    return it == demand.end() ? 0 : it->second;
  };
  const projects::v1::Project& record = facts.record;
  const type::v1::Place& place = record.place();
  int32_t sum = points(NumberFeature("round", record.funding_round())) +
                points(NumberFeature("history", facts.row.codes[kHistoryColumn])) +
                points(NumberFeature("ask", facts.row.codes[kAskColumn])) +
                points(NumberFeature("prior_investors", std::min(record.prior_investors_size(), kMostPrior)));
  if (!place.country_code().empty()) {
    sum += points(CountryFeature(place.country_code()));
    if (!place.region().empty()) {
      sum += points(RegionFeature(place.country_code(), place.region()));
      if (!place.city().empty()) sum += points(CityFeature(place.country_code(), place.region(), place.city()));
    }
  }
  int32_t sectors = 0;
  for (int i = 0; i < record.sectors_size() && i < static_cast<int>(ProjectRow::kMostSectors); ++i) {
    sectors += points(SectorFeature(SectorKey(record.sectors(i))));
  }
  return sum + ((sectors * facts.row.sector_norm) >> 10);
}

uint16_t AskCodeOf(const LogAmount& amount) {
  return amount.known ? std::min<uint16_t>(AskCode(amount.ln), Shares::kMostAskCodes - 1) : uint16_t{0};
}

uint32_t Compiler::NameKey(absl::string_view name) { return interner_->Intern(absl::StrCat("investor:", name)); }
uint32_t Compiler::IdKey(absl::string_view id) { return interner_->Intern(absl::StrCat("investor id:", id)); }

ProjectFacts Compiler::Compile(projects::v1::Project project) {
  auto record = std::make_shared<const projects::v1::Project>(std::move(project));
  RecordText text = TextOf(*record);
  return Compile(std::move(record), std::move(text));
}

InvestorFacts Compiler::Compile(investors::v1::Investor investor, std::shared_ptr<const TrackRecord> track) {
  auto record = std::make_shared<const investors::v1::Investor>(std::move(investor));
  RecordText text = TextOf(*record);
  return Compile(std::move(record), std::move(text), std::move(track));
}

DealFacts Compiler::Compile(const investors::v1::Deal& deal) { return Compile(deal, TextOf(deal)); }

ProjectFacts Compiler::Compile(std::shared_ptr<const projects::v1::Project> project, RecordText text) {
  ProjectFacts facts(std::move(project));
  const projects::v1::Project& record = facts.record;
  facts.matched = record.state() == projects::v1::Project::STATE_PUBLISHED && !record.has_delete_time();
  const type::v1::MoneyRange& ask = record.ask();
  const int64_t middle = MiddleOf(ask);
  facts.ask = Amount(ask.currency_code(), middle);
  facts.ask_least = Amount(ask.currency_code(), ask.min_minor() != 0 ? ask.min_minor() : middle);
  facts.ask_most = Amount(ask.currency_code(), ask.max_minor() != 0 ? ask.max_minor() : middle);
  facts.country = Country(record.place().country_code());
  if (facts.country != 0 && !record.place().region().empty()) {
    facts.region = interner_->Intern(RegionFeature(record.place().country_code(), record.place().region()));
  }
  facts.country_groups = Groups(record.place().country_code());
  facts.instruments = BitsOf(record.instruments());
  facts.cooperation = BitsOf(record.cooperation_types());
  for (const std::string& tag : record.languages()) {
    const uint32_t language = Language(tag);
    if (std::find(facts.languages.begin(), facts.languages.end(), language) == facts.languages.end())
      facts.languages.push_back(language);
  }
  facts.row.text = std::move(text);
  for (const projects::v1::InvestorWish& wish : record.wishes()) {
    std::vector<uint32_t>& ids = facts.wished_countries.emplace_back();
    for (const std::string& code : wish.countries().codes()) ids.push_back(Country(code));
    if (wish.has_investors()) facts.extra_keys.wishes = ExtraKeys::kNamesInvestors;
  }
  if (record.wishes_size() > 0 && facts.extra_keys.wishes == ExtraKeys::kNoWishes) {
    std::string all = "wishes:";
    for (const projects::v1::InvestorWish& wish : record.wishes()) {
      const std::string one = wish.SerializeAsString();  // without maps: equal wishes have equal bytes
      absl::StrAppend(&all, one.size(), ":", one);
    }
    facts.extra_keys.wishes = interner_->Intern(all);
  }
  for (const type::v1::InvestorRef& ref : record.prior_investors()) {
    if (!ref.name().empty()) {
      facts.prior.push_back(NameKey(ref.name()));
    } else if (!ref.external_id().empty()) {
      facts.prior.push_back(IdKey(ref.external_id()));
    }
  }
  facts.extra_keys.more_prior = facts.prior.size() > ExtraKeys::kMostPrior;
  std::copy_n(facts.prior.begin(), std::min(facts.prior.size(), ExtraKeys::kMostPrior), facts.extra_keys.prior.begin());
  AddSectors(&facts);
  SetRow(&facts);
  return facts;
}

InvestorFacts Compiler::Compile(std::shared_ptr<const investors::v1::Investor> investor, RecordText text,
                                std::shared_ptr<const TrackRecord> track) {
  using investors::v1::Criterion;
  InvestorFacts facts(std::move(investor));
  facts.track = std::move(track);
  const investors::v1::Investor& record = facts.record;
  facts.matched = record.state() == investors::v1::Investor::STATE_VERIFIED && !record.has_delete_time();
  facts.deploying = record.deployment() == investors::v1::Investor::DEPLOYMENT_UNSPECIFIED ||
                    record.deployment() == investors::v1::Investor::DEPLOYMENT_DEPLOYING;
  const auto count = static_cast<size_t>(record.mandate().criteria_size());
  facts.criteria.resize(count);
  facts.ticket_least.resize(count);
  facts.ticket_usual.resize(count);
  facts.ticket_most.resize(count);
  const auto weight_of = [](int32_t weight) { return int64_t{weight == 0 ? 1 : weight}; };
  for (size_t i = 0; i < count; ++i) {
    const Criterion& criterion = record.mandate().criteria(static_cast<int>(i));
    switch (criterion.wants_case()) {
      case Criterion::kSectors:
        for (const auto& item : criterion.sectors().items()) {
          const uint32_t sector = Sector(item.sector());
          SectorCodeOf(sector);
          facts.criteria[i].push_back({sector, weight_of(item.weight())});
        }
        break;
      case Criterion::kPlaces:
        for (const auto& item : criterion.places().items()) {
          uint32_t id = Country(item.country_or_group());
          if (!item.region().empty()) {
            id = interner_->Intern(RegionFeature(item.country_or_group(), item.region()));
            type::v1::Place place;
            place.set_country_code(item.country_or_group());
            place.set_region(item.region());
            std::array<uint16_t, kColumnCount> codes = {};
            SetPlaceAndRound(place, 0, &codes);
          }
          facts.criteria[i].push_back({id, weight_of(item.weight())});
        }
        break;
      case Criterion::kTicket: {
        const type::v1::MoneyRange& ticket = criterion.ticket();
        facts.ticket_least[i] = Amount(ticket.currency_code(), ticket.min_minor());
        facts.ticket_usual[i] = Amount(ticket.currency_code(), ticket.target_minor());
        facts.ticket_most[i] = Amount(ticket.currency_code(), ticket.max_minor());
        break;
      }
      default:
        break;
    }
  }
  for (const std::string& tag : record.languages()) facts.languages.push_back(Language(tag));
  for (const type::v1::Place& place : record.places()) {
    facts.countries.push_back(Country(place.country_code()));
    for (const uint32_t group : Groups(place.country_code())) facts.country_groups.push_back(group);
  }
  if (text != nullptr) facts.text = *text;
  facts.name_key = NameKey(record.name());
  if (!record.external_id().empty()) facts.id_key = IdKey(record.external_id());
  facts.wished_as =
      interner_->Intern(absl::StrCat("wished as:", record.type(), "|", absl::StrJoin(facts.countries, ","), "|",
                                     absl::StrJoin(facts.country_groups, ",")));
  return facts;
}

DealFacts Compiler::Compile(const investors::v1::Deal& deal, RecordText text) {
  DealFacts facts;
  facts.day = DayOf(deal.date(), 0);
  const investors::v1::Company& company = deal.company();
  facts.company = interner_->Intern(CompanyFeature(company));
  SetPlaceAndRound(deal.place(), deal.funding_round(), &facts.codes);
  facts.codes[kStageColumn] = static_cast<uint16_t>(deal.stage_of_development());
  facts.codes[kAskColumn] = AskCodeOf(Amount(deal.round_size().currency_code(), deal.round_size().amount_minor()));
  facts.codes[kTrlColumn] = static_cast<uint16_t>(deal.trl());
  facts.codes[kInstrumentColumn] = SetCode(BitsOf(deal.instruments()));
  facts.codes[kCooperationColumn] = SetCode(BitsOf(deal.cooperation_types()));
  if (const uint32_t language = Language(deal.language_code()); language != 0) {
    facts.codes[kLanguageColumn] = codes_->Languages({language});
  }
  int64_t squares = 0;
  for (const type::v1::SectorCode& sector : deal.sectors()) {
    if (facts.sector_count == DealFacts::kMostSectors) break;
    const uint32_t id = Sector(sector);
    const uint16_t code = SectorCodeOf(id);
    if (code == 0) continue;
    facts.sectors[facts.sector_count++] = code;
    const int64_t rarity = context_->statistics.SectorRarity(id) / 1000;
    squares += rarity * rarity;
  }
  facts.sector_length = 1000 * SquareRoot(squares);
  facts.text = std::move(text);
  return facts;
}

TrackRecord MakeTrackRecord(std::vector<DealFacts> deals) {
  TrackRecord track;
  track.deals = std::move(deals);
  std::sort(track.deals.begin(), track.deals.end(), [](const DealFacts& a, const DealFacts& b) {
    return a.day != b.day ? a.day < b.day : a.company < b.company;
  });
  for (const DealFacts& deal : track.deals) track.companies.push_back({deal.company, deal.day});
  std::sort(track.companies.begin(), track.companies.end(), [](const auto& a, const auto& b) {
    return a.company != b.company ? a.company < b.company : a.first_day < b.first_day;
  });
  track.companies.erase(std::unique(track.companies.begin(), track.companies.end(),
                                    [](const auto& a, const auto& b) { return a.company == b.company; }),
                        track.companies.end());
  // One deal of each company is its first; of several on that day, one.
  absl::flat_hash_set<uint32_t> seen;
  for (DealFacts& deal : track.deals) deal.first = seen.insert(deal.company).second;
  return track;
}

}  // namespace tandem::pairing::matching
