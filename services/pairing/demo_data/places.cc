#include "services/pairing/demo_data/places.h"

#include <cstddef>

namespace tandem::pairing {

const std::vector<Country>& Countries() {
  static const auto* const kCountries = new std::vector<Country>{
      {"CN",
       {"China", "中国"},
       "CNY",
       "zh-Hans",
       "Technology Co., Ltd.",
       92,
       {{"CN-GD", {"Shenzhen", "深圳"}},
        {"CN-BJ", {"Beijing", "北京"}},
        {"CN-SH", {"Shanghai", "上海"}},
        {"CN-GD", {"Guangzhou", "广州"}},
        {"CN-JS", {"Suzhou", "苏州"}},
        {"CN-ZJ", {"Hangzhou", "杭州"}},
        {"CN-JS", {"Nanjing", "南京"}},
        {"CN-HB", {"Wuhan", "武汉"}},
        {"CN-SC", {"Chengdu", "成都"}},
        {"CN-SN", {"Xi'an", "西安"}},
        {"CN-AH", {"Hefei", "合肥"}},
        {"CN-SD", {"Qingdao", "青岛"}},
        {"CN-HN", {"Changsha", "长沙"}},
        {"CN-TJ", {"Tianjin", "天津"}},
        {"CN-FJ", {"Xiamen", "厦门"}}}},
      {"US",
       {"United States", "美国"},
       "USD",
       "en",
       "Inc.",
       12,
       {{"US-CA", {"San Jose", "圣何塞"}}, {"US-MA", {"Boston", "波士顿"}}, {"US-TX", {"Austin", "奥斯汀"}}}},
      {"DE",
       {"Germany", "德国"},
       "EUR",
       "de",
       "GmbH",
       12,
       {{"DE-BY", {"Munich", "慕尼黑"}}, {"DE-BE", {"Berlin", "柏林"}}, {"DE-BW", {"Stuttgart", "斯图加特"}}}},
      {"GB",
       {"United Kingdom", "英国"},
       "GBP",
       "en",
       "Ltd",
       12,
       {{"GB-ENG", {"Cambridge", "剑桥"}}, {"GB-SCT", {"Edinburgh", "爱丁堡"}}}},
      {"JP", {"Japan", "日本"}, "JPY", "ja", "K.K.", 18, {{"JP-13", {"Tokyo", "东京"}}, {"JP-27", {"Osaka", "大阪"}}}},
      {"SG", {"Singapore", "新加坡"}, "SGD", "en", "Pte. Ltd.", 45, {{"", {"Singapore", "新加坡"}}}},
      {"KR",
       {"South Korea", "韩国"},
       "KRW",
       "ko",
       "Co., Ltd.",
       15,
       {{"KR-11", {"Seoul", "首尔"}}, {"KR-30", {"Daejeon", "大田"}}}},
      {"HK", {"Hong Kong", "中国香港"}, "HKD", "zh-Hant", "Limited", 60, {{"", {"Hong Kong", "香港"}}}},
      {"IL",
       {"Israel", "以色列"},
       "ILS",
       "he",
       "Ltd.",
       8,
       {{"IL-TA", {"Tel Aviv", "特拉维夫"}}, {"IL-HA", {"Haifa", "海法"}}}},
      {"FR",
       {"France", "法国"},
       "EUR",
       "fr",
       "SAS",
       10,
       {{"FR-IDF", {"Paris", "巴黎"}}, {"FR-ARA", {"Grenoble", "格勒诺布尔"}}}},
      {"CH",
       {"Switzerland", "瑞士"},
       "CHF",
       "de",
       "AG",
       8,
       {{"CH-ZH", {"Zurich", "苏黎世"}}, {"CH-VD", {"Lausanne", "洛桑"}}}},
      {"RU",
       {"Russia", "俄罗斯"},
       "USD",
       "ru",
       "LLC",
       20,
       {{"RU-MOW", {"Moscow", "莫斯科"}}, {"RU-NVS", {"Novosibirsk", "新西伯利亚"}}}},
      {"CA",
       {"Canada", "加拿大"},
       "CAD",
       "en",
       "Inc.",
       15,
       {{"CA-ON", {"Toronto", "多伦多"}}, {"CA-BC", {"Vancouver", "温哥华"}}}},
      {"AU",
       {"Australia", "澳大利亚"},
       "AUD",
       "en",
       "Pty Ltd",
       15,
       {{"AU-NSW", {"Sydney", "悉尼"}}, {"AU-VIC", {"Melbourne", "墨尔本"}}}},
      {"NL",
       {"Netherlands", "荷兰"},
       "EUR",
       "nl",
       "B.V.",
       8,
       {{"NL-NB", {"Eindhoven", "埃因霍温"}}, {"NL-ZH", {"Delft", "代尔夫特"}}}},
      {"SE",
       {"Sweden", "瑞典"},
       "SEK",
       "sv",
       "AB",
       6,
       {{"SE-AB", {"Stockholm", "斯德哥尔摩"}}, {"SE-O", {"Gothenburg", "哥德堡"}}}},
      {"IT",
       {"Italy", "意大利"},
       "EUR",
       "it",
       "S.r.l.",
       8,
       {{"IT-25", {"Milan", "米兰"}}, {"IT-21", {"Turin", "都灵"}}}},
      {"FI", {"Finland", "芬兰"}, "EUR", "fi", "Oy", 6, {{"FI-18", {"Espoo", "埃斯波"}}, {"FI-14", {"Oulu", "奥卢"}}}},
      {"IN",
       {"India", "印度"},
       "USD",
       "en",
       "Pvt. Ltd.",
       4,
       {{"IN-KA", {"Bengaluru", "班加罗尔"}}, {"IN-MH", {"Pune", "浦那"}}}},
      {"AT",
       {"Austria", "奥地利"},
       "EUR",
       "de",
       "GmbH",
       6,
       {{"AT-9", {"Vienna", "维也纳"}}, {"AT-6", {"Graz", "格拉茨"}}}},
      {"DK", {"Denmark", "丹麦"}, "EUR", "da", "ApS", 6, {{"DK-84", {"Copenhagen", "哥本哈根"}}}},
      {"MY",
       {"Malaysia", "马来西亚"},
       "USD",
       "ms",
       "Sdn. Bhd.",
       45,
       {{"MY-14", {"Kuala Lumpur", "吉隆坡"}}, {"MY-07", {"Penang", "槟城"}}}},
      {"ES",
       {"Spain", "西班牙"},
       "EUR",
       "es",
       "S.L.",
       6,
       {{"ES-CT", {"Barcelona", "巴塞罗那"}}, {"ES-MD", {"Madrid", "马德里"}}}},
      {"BE", {"Belgium", "比利时"}, "EUR", "nl", "BV", 6, {{"BE-VLG", {"Leuven", "鲁汶"}}}},
      {"PL",
       {"Poland", "波兰"},
       "EUR",
       "pl",
       "sp. z o.o.",
       6,
       {{"PL-14", {"Warsaw", "华沙"}}, {"PL-12", {"Krakow", "克拉科夫"}}}},
      {"UA", {"Ukraine", "乌克兰"}, "USD", "uk", "LLC", 8, {{"UA-30", {"Kyiv", "基辅"}}}},
      {"NZ", {"New Zealand", "新西兰"}, "USD", "en", "Limited", 10, {{"NZ-AUK", {"Auckland", "奥克兰"}}}},
      {"BR", {"Brazil", "巴西"}, "USD", "pt", "Ltda.", 4, {{"BR-SP", {"Campinas", "坎皮纳斯"}}}},
  };
  return *kCountries;
}

const std::array<Rate, 12>& Rates() {
  static constexpr std::array<Rate, 12> kRates = {{
      {"USD", 7'100'000'000, 100},
      {"EUR", 8'200'000'000, 100},
      {"GBP", 9'400'000'000, 100},
      {"HKD", 910'000'000, 100},
      {"JPY", 47'000'000, 1},
      {"KRW", 5'100'000, 1},
      {"SGD", 5'450'000'000, 100},
      {"CHF", 8'800'000'000, 100},
      {"ILS", 2'100'000'000, 100},
      {"CAD", 5'100'000'000, 100},
      {"AUD", 4'650'000'000, 100},
      {"SEK", 740'000'000, 100},
  }};
  return kRates;
}

Spot PickSpot(Prng* prng) {
  static const auto* const kWeights = [] {
    auto* weights = new std::vector<int>;
    for (size_t i = 0; i < Countries().size(); ++i) weights->push_back(10'000 / static_cast<int>(i + 1));
    weights->front() *= 2;  // the host
    return weights;
  }();
  const Country& country = Countries()[prng->PickWeighted(*kWeights)];
  return {&country, PickCity(country, prng)};
}

const City* PickCity(const Country& country, Prng* prng) {
  std::vector<int> weights;
  for (size_t i = 0; i < country.cities.size(); ++i) weights.push_back(1000 / static_cast<int>(i + 1));
  return &country.cities[prng->PickWeighted(weights)];
}

type::v1::Place ToPlace(const Spot& spot) {
  type::v1::Place place;
  place.set_country_code(spot.country->code);
  place.set_region(spot.city->region);
  place.set_city(spot.city->name.en);
  return place;
}

int64_t FromYuan(int64_t yuan, absl::string_view currency) {
  int64_t units = yuan;
  int minor_units = 100;
  for (const Rate& rate : Rates()) {
    if (rate.currency != currency) continue;
    // At most 10^10 yuan (a round of 3 billion, doubled): times 10^6 fits, and three digits of the rate are lost at
    // most.
    units = yuan * 1'000'000 / (rate.nanos / 1'000);
    minor_units = rate.minor_units;
  }
  int64_t step = 1;
  while (units / step >= 100) step *= 10;
  return (units + step / 2) / step * step * minor_units;
}

}  // namespace tandem::pairing
