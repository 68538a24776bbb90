#include "services/pairing/matching/labels.h"

#include <array>

#include "common/vocab/language.h"

namespace tandem::pairing::matching {
namespace {

struct Pair {
  const char* en;
  const char* zh;
};

constexpr std::array<Pair, type::v1::StageOfDevelopment_ARRAYSIZE> kStages = {{
    {"", ""},
    {"concept", "概念阶段"},
    {"under development", "研发中"},
    {"lab tested", "实验室验证"},
    {"available for demonstration", "可演示"},
    {"on the market", "已上市销售"},
}};

constexpr std::array<Pair, type::v1::FundingRound_ARRAYSIZE> kRounds = {{
    {"", ""},
    {"pre-seed", "种子前"},
    {"angel", "天使轮"},
    {"seed", "种子轮"},
    {"pre-A", "Pre-A轮"},
    {"series A", "A轮"},
    {"series B", "B轮"},
    {"series C", "C轮"},
    {"series D", "D轮"},
    {"series E or later", "E轮及以后"},
    {"pre-IPO", "上市前"},
    {"post-IPO", "已上市"},
    {"private equity", "私募股权"},
    {"strategic", "战略投资"},
    {"debt", "债权融资"},
    {"convertible note", "可转债"},
    {"grant", "资助"},
    {"crowdfunding", "众筹"},
    {"other", "其他"},
    {"venture", "风险投资（轮次不明）"},
}};

constexpr std::array<Pair, type::v1::Instrument_ARRAYSIZE> kInstruments = {{
    {"", ""},
    {"equity", "股权"},
    {"convertible", "可转债"},
    {"debt", "债权"},
    {"grant", "资助"},
    {"revenue share", "收入分成"},
    {"licence fee", "许可费"},
    {"technology as shares", "技术入股"},
}};

constexpr std::array<Pair, type::v1::CooperationType_ARRAYSIZE> kCooperation = {{
    {"", ""},
    {"investment", "投资"},
    {"licence", "技术许可"},
    {"joint venture", "合资"},
    {"R&D cooperation", "合作研发"},
    {"technical cooperation", "技术合作"},
    {"outsourcing", "外包"},
    {"commercial agreement", "商业合作"},
    {"supply", "供应"},
}};

constexpr std::array<Pair, type::v1::InvestorType_ARRAYSIZE> kInvestorTypes = {{
    {"", ""},
    {"angel", "天使投资人"},
    {"angel group", "天使投资团"},
    {"venture capital", "风险投资"},
    {"corporate", "企业投资"},
    {"private equity", "私募股权"},
    {"accelerator", "加速器"},
    {"incubator", "孵化器"},
    {"family office", "家族办公室"},
    {"government fund", "政府引导基金"},
    {"state-owned capital", "国资"},
    {"industrial park", "产业园区"},
    {"bank", "银行"},
    {"university", "高校院所"},
    {"strategic partner", "战略伙伴"},
    {"fund of funds", "母基金"},
    {"other", "其他"},
}};

template <typename Table>
std::string Look(const Table& table, int value, absl::string_view language) {
  if (value < 0 || static_cast<size_t>(value) >= table.size()) return "";
  const Pair& pair = table[static_cast<size_t>(value)];
  return PrimaryLanguage(language) == "zh" ? pair.zh : pair.en;
}

}  // namespace

std::string Label(type::v1::StageOfDevelopment value, absl::string_view language) {
  return Look(kStages, value, language);
}
std::string Label(type::v1::FundingRound value, absl::string_view language) { return Look(kRounds, value, language); }
std::string Label(type::v1::Instrument value, absl::string_view language) {
  return Look(kInstruments, value, language);
}
std::string Label(type::v1::CooperationType value, absl::string_view language) {
  return Look(kCooperation, value, language);
}
std::string Label(type::v1::InvestorType value, absl::string_view language) {
  return Look(kInvestorTypes, value, language);
}

}  // namespace tandem::pairing::matching
