#include "services/pairing/demo_data/texts.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace tandem::pairing {
namespace {

using namespace type::v1;

constexpr Phrase kFirst[] = {{"Qi", "启"},   {"Lan", "澜"},  {"Heng", "恒"}, {"Yun", "云"},  {"Tuo", "拓"},
                             {"He", "禾"},   {"Rui", "睿"},  {"Ling", "凌"}, {"Bo", "博"},   {"Chen", "辰"},
                             {"Jing", "景"}, {"Yuan", "源"}, {"Zhi", "知"},  {"Shuo", "朔"}, {"Ming", "明"},
                             {"Xing", "星"}, {"Hao", "浩"},  {"Song", "松"}, {"Nuo", "诺"},  {"Jia", "嘉"},
                             {"An", "安"},   {"Feng", "枫"}, {"Ze", "泽"},   {"Mu", "沐"}};
constexpr Phrase kSecond[] = {{"hai", "海"},  {"tong", "桐"}, {"wei", "微"},   {"guang", "光"}, {"li", "砺"},
                              {"xin", "鑫"},  {"yuan", "远"}, {"ke", "科"},    {"da", "达"},    {"ran", "然"},
                              {"he", "和"},   {"shan", "山"}, {"chuan", "川"}, {"ying", "盈"},  {"lu", "路"},
                              {"zhou", "舟"}, {"mai", "脉"},  {"tai", "泰"},   {"si", "思"},    {"heng", "衡"},
                              {"qiao", "桥"}, {"yu", "宇"},   {"fan", "帆"},   {"rong", "榕"}};
constexpr Phrase kStems[] = {{"Alder", "奥德"},  {"Brink", "布林"},  {"Calyx", "凯力"},   {"Doven", "多文"},
                             {"Elvar", "艾瓦"},  {"Fennic", "芬尼"}, {"Gravel", "格维"},  {"Halden", "哈登"},
                             {"Isra", "伊瑟"},   {"Juno", "朱诺"},   {"Kestrel", "凯翠"}, {"Lumen", "卢曼"},
                             {"Merid", "美瑞"},  {"Norr", "诺尔"},   {"Oster", "欧斯特"}, {"Pelag", "佩拉"},
                             {"Quarry", "夸瑞"}, {"Rivet", "瑞维"},  {"Sable", "赛博"},   {"Tarn", "塔恩"},
                             {"Umbra", "安博"},  {"Verd", "维德"},   {"Wicker", "威克"},  {"Zephyr", "泽菲"}};
constexpr Phrase kEndings[] = {{"wave", "威"},    {"point", "邦"},      {"field", "菲德"}, {"line", "莱恩"},
                               {"stone", "斯通"}, {"ix", "克斯"},       {"a", "雅"},       {"on", "昂"},
                               {"works", "沃克"}, {"bridge", "布里奇"}, {"is", "思"},      {"port", "波特"}};

// The Chinese and English short name of somebody from there.
Text ShortName(const Spot& spot, Prng* prng) {
  const bool chinese = absl::string_view(spot.country->currency) == "CNY" ||
                       absl::string_view(spot.country->language) == "zh-Hant" || prng->Percent(8);
  const Phrase& first = chinese ? prng->Pick(kFirst) : prng->Pick(kStems);
  const Phrase& second = chinese ? prng->Pick(kSecond) : prng->Pick(kEndings);
  return {absl::StrCat(first.en, second.en), absl::StrCat(first.zh, second.zh)};
}

std::string Capitalized(absl::string_view text) {
  std::string result(text);
  if (!result.empty()) result[0] = absl::ascii_toupper(static_cast<unsigned char>(result[0]));
  return result;
}

// Replaces {a}, {p}, {t}, {s} of a pattern: application, problem, technology, subsector.
Text Fill(const Phrase& pattern, const Topic& topic) {
  return {absl::StrReplaceAll(pattern.en, {{"{a}", topic.application->en},
                                           {"{p}", topic.problem->en},
                                           {"{t}", topic.technology->en},
                                           {"{T}", Capitalized(topic.technology->en)},

                                           {"{s}", absl::AsciiStrToLower(topic.subsector->label.en)}}),
          absl::StrReplaceAll(pattern.zh, {{"{a}", topic.application->zh},
                                           {"{p}", topic.problem->zh},
                                           {"{t}", topic.technology->zh},
                                           {"{s}", topic.subsector->label.zh}})};
}

constexpr Phrase kOpenings[] = {
    {"Our team builds {t} to answer a plain problem: {p}.", "针对{p}这一难题，团队自主研发{t}。"},
    {"What holds back {a}: {p}. We offer {t} as a way out.", "{p}长期困扰{a}，我们以{t}给出解决方案。"},
    {"With {t}, we bring {s} to {a}.", "项目以{t}为核心，将{s}带入{a}。"},
    {"We have spent years on {t}; the first users come from {a}.", "团队深耕{t}多年，首批用户来自{a}。"},
};
constexpr Phrase kEarly[] = {
    {"The principle is proven in the laboratory and a patent is filed.", "原理已在实验室验证，专利已提交申请。"},
    {"A first prototype runs; we seek partners for field trials.", "首台样机已运行，正寻找现场试验合作方。"},
    {"Three universities work with us on the next prototype.", "三所高校正与我们联合开发下一代样机。"},
};
constexpr Phrase kMiddle[] = {
    {"Pilot customers report savings of a quarter of their costs.", "试点客户反馈综合成本下降约四分之一。"},
    {"A demonstration line has run for six months without a stop.", "示范线已连续稳定运行六个月。"},
    {"Small series production begins next spring.", "明年春季启动小批量生产。"},
};
constexpr Phrase kLate[] = {
    {"The product sells in four countries and revenue doubles every year.", "产品已销往四个国家，营收逐年翻番。"},
    {"More than sixty customers are served, and a second plant is planned.", "已服务六十余家客户，正筹建第二工厂。"},
    {"Certification for China and Europe is complete.", "已完成中国与欧洲市场认证。"},
};

}  // namespace

Text CompanyName(const Subsector& subsector, const Spot& spot, Prng* prng) {
  const Text name = ShortName(spot, prng);
  const bool institute = prng->Percent(8);
  if (institute) {
    return {absl::StrCat(spot.city->name.en, " ", name.en, " Institute"),
            absl::StrCat(spot.city->name.zh, name.zh, subsector.label.zh, "研究院")};
  }
  return {absl::StrCat(name.en, " ", spot.country->legal_form),
          absl::StrCat(spot.city->name.zh, name.zh, prng->Percent(50) ? "科技" : "技术", "有限公司")};
}

Text InvestorName(const Taste& taste, Prng* prng) {
  const Text name = ShortName(taste.home, prng);
  const Phrase& city = taste.home.city->name;
  switch (taste.type) {
    case INVESTOR_TYPE_VENTURE_CAPITAL:
      return prng->Percent(50) ? Text{name.en + " Ventures", name.zh + "创投"}
                               : Text{name.en + " Capital", name.zh + "资本"};
    case INVESTOR_TYPE_CORPORATE:
      return {name.en + " Group", name.zh + "产业集团"};
    case INVESTOR_TYPE_ANGEL:
      return {name.en + " Personal Investments", name.zh + "个人投资"};
    case INVESTOR_TYPE_ANGEL_GROUP:
      return {absl::StrCat(city.en, " ", name.en, " Angels"), absl::StrCat(city.zh, name.zh, "天使会")};
    case INVESTOR_TYPE_PRIVATE_EQUITY:
      return {name.en + " Growth Partners", name.zh + "成长基金"};
    case INVESTOR_TYPE_ACCELERATOR:
      return {name.en + " Accelerator", name.zh + "加速器"};
    case INVESTOR_TYPE_INCUBATOR:
      return {name.en + " Incubator", name.zh + "孵化器"};
    case INVESTOR_TYPE_FAMILY_OFFICE:
      return {name.en + " Family Office", name.zh + "家族办公室"};
    case INVESTOR_TYPE_GOVERNMENT_FUND:
      return {absl::StrCat(city.en, " ", name.en, " Guidance Fund"), absl::StrCat(city.zh, name.zh, "引导基金")};
    case INVESTOR_TYPE_STATE_OWNED:
      return {absl::StrCat(city.en, " ", name.en, " State Capital"), absl::StrCat(city.zh, name.zh, "国有资本")};
    case INVESTOR_TYPE_INDUSTRIAL_PARK:
      return {absl::StrCat(city.en, " ", name.en, " Industrial Park"), absl::StrCat(city.zh, name.zh, "产业园")};
    case INVESTOR_TYPE_BANK:
      return {name.en + " Bank", name.zh + "银行"};
    case INVESTOR_TYPE_UNIVERSITY:
      return {name.en + " University Transfer Office", name.zh + "大学技术转移中心"};
    case INVESTOR_TYPE_STRATEGIC_PARTNER:
      return {name.en + " Industries", name.zh + "实业"};
    case INVESTOR_TYPE_FUND_OF_FUNDS:
      return {name.en + " Fund of Funds", name.zh + "母基金"};
    default:
      return {name.en + " Foundation", name.zh + "基金会"};
  }
}

Topic PickTopic(const Subsector& subsector, Prng* prng) {
  const Phrase* technology = &prng->Pick(subsector.technologies);
  const Phrase* problem = &prng->Pick(subsector.problems);
  return {&subsector, technology, problem, &prng->Pick(subsector.applications)};
}

Text TopicTitle(const Topic& topic) { return Fill({"{T} for {a}", "面向{a}的{t}"}, topic); }

Text TopicSummary(const Topic& topic, int trl, Prng* prng) {
  const Text opening = Fill(prng->Pick(kOpenings), topic);
  const Phrase& standing = trl <= 4 ? prng->Pick(kEarly) : trl <= 7 ? prng->Pick(kMiddle) : prng->Pick(kLate);
  return {absl::StrCat(opening.en, " ", standing.en), absl::StrCat(opening.zh, standing.zh)};
}

Text Thesis(const Taste& taste, Prng* prng) {
  Text list;
  for (size_t i = 0; i < taste.subsectors.size(); ++i) {
    const Phrase& label = Subsectors()[taste.subsectors[i]].label;
    absl::StrAppend(&list.en, i == 0 ? "" : ", ", absl::AsciiStrToLower(label.en));
    absl::StrAppend(&list.zh, i == 0 ? "" : "、", label.zh);
  }
  const Phrase& example = prng->Pick(Subsectors()[taste.subsectors[0]].technologies);
  const bool early = taste.rung <= 3;
  return {absl::StrCat("We invest in ", list.en, ", ", early ? "early, with hands-on help" : "once customers pay",
                       ". We would like to see teams that work on ", example.en, "."),
          absl::StrCat("我们关注", list.zh, "，", early ? "偏好早期项目并深度陪伴" : "偏好已有收入的成长期项目",
                       "。欢迎", example.zh, "方向的团队联系。")};
}

void AddTexts(const Text& title, const Text& summary, const Text& description, bool chinese_first,
              int translated_percent, Prng* prng, Texts* texts) {
  const bool translated = prng->Percent(translated_percent);
  for (const bool original : {true, false}) {
    if (!original && !translated) return;
    const bool chinese = chinese_first == original;
    LocalizedText* text = texts->Add();
    text->set_language_code(chinese ? "zh-Hans" : "en");
    text->set_title(title.In(chinese));
    text->set_summary(summary.In(chinese));
    text->set_description(description.In(chinese));
    text->set_original(original);
  }
}

}  // namespace tandem::pairing
