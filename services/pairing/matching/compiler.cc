#include "services/pairing/matching/compiler.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"

#include "common/base/civil_date.h"
#include "common/base/fixed_point.h"
#include "common/vocab/currency.h"
#include "common/vocab/language.h"
#include "common/vocab/region.h"
#include "services/pairing/matching/features.h"
#include "services/pairing/matching/kernels.h"

namespace tandem::pairing::matching {
namespace {

// What share of the market a value is taken to have before anything was counted.
constexpr int64_t kSectorShare = 30'000;
constexpr int64_t kStageShare = 200'000;
constexpr int64_t kRoundShare = 120'000;
constexpr int64_t kTrlShare = 110'000;
constexpr int64_t kAmountShare = 100'000;
constexpr int64_t kCountryShare = 60'000;
constexpr int64_t kRegionPart = 150'000;  // of its country
constexpr int64_t kInstrumentShare = 300'000;
constexpr int64_t kCooperationShare = 250'000;
constexpr int64_t kLanguageShare = 300'000;

template <typename Values>
uint32_t Bits(const Values& values) {
  uint32_t bits = 0;
  for (const int value : values) bits |= value > 0 && value < 32 ? uint32_t{1} << value : 0;
  return bits;
}

}  // namespace

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

uint32_t Compiler::Region(const type::v1::Place& place) {
  if (place.country_code().empty() || place.region().empty()) return 0;
  return interner_->Intern(RegionFeature(place.country_code(), place.region()));
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

int64_t Compiler::Share(const std::string& feature, int64_t fallback) const {
  return context_->statistics.DealShare(interner_->Find(feature), fallback);
}

TextVector Compiler::Text(const google::protobuf::RepeatedPtrField<type::v1::LocalizedText>& texts,
                          const google::protobuf::RepeatedPtrField<std::string>& keywords) {
  TextVectorBuilder builder(interner_, &context_->statistics);
  for (const type::v1::LocalizedText& text : texts) {
    builder.Add(text.title(), text.language_code(), 2);
    builder.Add(text.summary(), text.language_code());
    builder.Add(text.description(), text.language_code());
  }
  for (const std::string& keyword : keywords) builder.Add(keyword, "", 2);
  return builder.Build();
}

void Compiler::AddSectors(ProjectFacts* facts) {
  for (const type::v1::SectorCode& code : facts->record.sectors()) {
    const uint32_t sector = Sector(code);
    facts->all_sectors.push_back(sector);
    if (facts->sectors.size() == ProjectFacts::kMostSectors) continue;
    const auto slot = static_cast<uint8_t>(facts->sectors.size());
    int64_t share = 0;
    for (const Relative& relative : context_->sectors.RelativesOf(sector)) {
      facts->near.push_back({relative.sector, slot, relative.closeness});
      // Relatives that were never counted add nothing: only the sector itself falls back.
      const int64_t fallback = relative.sector == sector ? kSectorShare : 0;
      share += context_->statistics.DealShare(relative.sector, fallback) * relative.closeness / kSame;
    }
    facts->sectors.push_back({sector, std::min(share, kSame / 2)});
  }
  std::sort(facts->near.begin(), facts->near.end(), [](const NearSector& a, const NearSector& b) {
    return a.sector != b.sector ? a.sector < b.sector : a.slot < b.slot;
  });
}

void Compiler::AddShares(ProjectFacts* facts) {
  const projects::v1::Project& record = facts->record;
  if (record.stage_of_development() != 0) {
    for (int stage = 1; stage < type::v1::StageOfDevelopment_ARRAYSIZE; ++stage) {
      const int64_t closeness = StageCloseness(stage, record.stage_of_development());
      if (closeness > 0) facts->stage_share += Share(NumberFeature("stage", stage), kStageShare) * closeness / kSame;
    }
  }
  if (record.funding_round() != 0) {
    for (int round = 1; round < type::v1::FundingRound_ARRAYSIZE; ++round) {
      const int64_t closeness = RoundCloseness(round, record.funding_round());
      if (closeness > 0) facts->round_share += Share(NumberFeature("round", round), kRoundShare) * closeness / kSame;
    }
  }
  if (record.trl() != 0) {
    for (int trl = 1; trl <= 9; ++trl) {
      const int64_t closeness = TrlCloseness(trl, record.trl());
      if (closeness > 0) facts->trl_share += Share(NumberFeature("trl", trl), kTrlShare) * closeness / kSame;
    }
  }
  if (facts->ask.known) {
    const int64_t bucket = AmountBucket(facts->ask.ln);
    for (int64_t b = bucket - 3; b <= bucket + 3; ++b) {
      const int64_t closeness = AmountCloseness(facts->ask.ln, b * kAmountBucket + kAmountBucket / 2);
      if (closeness > 0) facts->ask_share += Share(NumberFeature("ask", b), kAmountShare) * closeness / kSame;
    }
  }
  if (facts->country != 0) {
    facts->country_share = context_->statistics.DealShare(facts->country, kCountryShare);
    facts->region_share = context_->statistics.DealShare(facts->region, facts->country_share * kRegionPart / kSame);
  }
  const auto add_bits = [&](uint32_t bits, const char* aspect, int64_t fallback, int64_t* share) {
    for (int bit = 1; bit < 32; ++bit) {
      if ((bits >> bit & 1) != 0) *share += Share(NumberFeature(aspect, bit), fallback);
    }
    *share = std::min(*share, kSame * 9 / 10);
  };
  add_bits(facts->instruments, "instrument", kInstrumentShare, &facts->instrument_share);
  add_bits(facts->cooperation, "cooperation", kCooperationShare, &facts->cooperation_share);
  for (const uint32_t language : facts->languages)
    facts->language_share += context_->statistics.DealShare(language, kLanguageShare);
  facts->language_share = std::min(facts->language_share, kSame * 9 / 10);
}

ProjectFacts Compiler::Compile(projects::v1::Project project) {
  ProjectFacts facts;
  facts.record = std::move(project);
  const projects::v1::Project& record = facts.record;
  facts.matched = record.state() == projects::v1::Project::STATE_PUBLISHED && !record.has_delete_time();
  const type::v1::MoneyRange& ask = record.ask();
  const int64_t middle = MiddleOf(ask);
  facts.ask = Amount(ask.currency_code(), middle);
  facts.ask_least = Amount(ask.currency_code(), ask.min_minor() != 0 ? ask.min_minor() : middle);
  facts.ask_most = Amount(ask.currency_code(), ask.max_minor() != 0 ? ask.max_minor() : middle);
  facts.country = Country(record.place().country_code());
  facts.region = Region(record.place());
  facts.country_groups = Groups(record.place().country_code());
  facts.instruments = Bits(record.instruments());
  facts.cooperation = Bits(record.cooperation_types());
  for (const std::string& tag : record.languages()) {
    const uint32_t language = Language(tag);
    if (std::find(facts.languages.begin(), facts.languages.end(), language) == facts.languages.end())
      facts.languages.push_back(language);
  }
  facts.text = Text(record.texts(), record.keywords());
  for (const projects::v1::InvestorWish& wish : record.wishes()) {
    std::vector<uint32_t>& ids = facts.wished_countries.emplace_back();
    for (const std::string& code : wish.countries().codes()) ids.push_back(Country(code));
  }
  AddSectors(&facts);
  AddShares(&facts);
  return facts;
}

InvestorFacts Compiler::Compile(investors::v1::Investor investor, std::shared_ptr<const TrackRecord> track) {
  using investors::v1::Criterion;
  InvestorFacts facts;
  facts.record = std::move(investor);
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
        for (const auto& item : criterion.sectors().items())
          facts.criteria[i].push_back({Sector(item.sector()), weight_of(item.weight())});
        break;
      case Criterion::kPlaces:
        for (const auto& item : criterion.places().items()) {
          const uint32_t id = item.region().empty()
                                  ? Country(item.country_or_group())
                                  : interner_->Intern(RegionFeature(item.country_or_group(), item.region()));
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
  facts.text = Text(record.texts(), {});
  return facts;
}

DealFacts Compiler::Compile(const investors::v1::Deal& deal) {
  DealFacts facts;
  facts.day = DayOf(deal.date(), 0);
  const investors::v1::Company& company = deal.company();
  facts.company =
      interner_->Intern("company:" + (company.external_id().empty() ? absl::AsciiStrToLower(company.display_name())
                                                                    : company.external_id()));
  facts.stage = deal.stage_of_development();
  facts.round = deal.funding_round();
  facts.trl = deal.trl();
  facts.size = Amount(deal.round_size().currency_code(), deal.round_size().amount_minor());
  facts.country = Country(deal.place().country_code());
  facts.region = Region(deal.place());
  facts.instruments = Bits(deal.instruments());
  facts.cooperation = Bits(deal.cooperation_types());
  facts.language = Language(deal.language_code());
  for (const type::v1::SectorCode& code : deal.sectors()) {
    if (facts.sector_count == DealFacts::kMostSectors) break;
    facts.sectors[facts.sector_count++] = Sector(code);
  }
  if (!company.summary().empty()) {
    TextVectorBuilder builder(interner_, &context_->statistics);
    builder.Add(company.summary(), "");
    facts.text = std::make_shared<const TextVector>(builder.Build());
  }
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
