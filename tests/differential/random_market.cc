#include "tests/differential/random_market.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace tandem::pairing::matching {
namespace {

uint64_t Mixed(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

int16_t SomePoints(Random& random, const MarketShape& shape) {
  return static_cast<int16_t>(random.Between(-shape.most_points, shape.most_points));
}

// Asks and tickets meet often on round values, so that both sides of a bound are seen.
int32_t SomeAmount(Random& random) {
  return random.Chance(50) ? 11'000'000 + 1'000'000 * random.Between(0, 8) : random.Between(10'000'000, 21'000'000);
}

TextWeights SomeText(Random& random, uint32_t terms, uint32_t most, bool unit) {
  std::set<uint32_t> chosen;
  for (uint32_t count = random.Below(most + 1); count > 0; --count) chosen.insert(random.Skewed(terms));
  TextWeights text;
  double squares = 0;
  for (const uint32_t term : chosen) {
    const int32_t weight = unit ? random.Between(1, 255) : random.Between(random.Chance(20) ? -500 : 0, 900);
    squares += double(weight) * weight;
    text.push_back({term, static_cast<int16_t>(weight)});
  }
  if (unit) {
    for (TermWeight& t : text) t.weight = static_cast<int16_t>(std::lround(t.weight * 255 / std::sqrt(squares)));
  }
  return text;
}

bool Flag(const std::vector<bool>& flags, uint32_t slot) { return slot < flags.size() && flags[slot]; }

void SetFlag(std::vector<bool>& flags, uint32_t slot, bool value) {
  if (slot >= flags.size()) flags.resize(slot + 1);
  flags[slot] = value;
}

void KeepBest(TopList& list, size_t k, const SlotOrder& order) {
  std::sort(list.best.begin(), list.best.end(), [&](const Scored& a, const Scored& b) {
    return a.score != b.score ? a.score > b.score : order.Before(a.slot, b.slot);
  });
  list.passed = static_cast<uint32_t>(list.best.size());
  if (list.best.size() > k) list.best.resize(k);
}

}  // namespace

uint64_t Random::Next() { return Mixed(state_ += 0x9e3779b97f4a7c15u); }

MarketShape RandomShape(Random& random) {
  MarketShape shape;
  if (random.Chance(15)) shape.sectors = 1;
  if (random.Chance(10)) shape.sectors = 5000;
  if (random.Chance(20)) shape.most_sectors = ProjectRow::kMostSectors;
  if (random.Chance(20)) shape.codes[random.Below(kColumnCount)] = 2000;
  if (random.Chance(10)) shape.codes.fill(1);
  if (random.Chance(50)) shape.with_text = 70;
  if (random.Chance(40)) shape.with_extra_points = 20;
  if (random.Chance(30)) shape.with_extra_gates = 15;
  if (random.Chance(30)) shape.form_extra_gates = 30;
  if (random.Chance(15)) shape.most_points = 0;
  if (random.Chance(15)) shape.most_points = 3;
  if (random.Chance(10)) shape.most_points = 8000;
  if (random.Chance(20)) shape.required = 0;
  if (random.Chance(20)) shape.refusing = 0;
  return shape;
}

ProjectRow RandomRow(Random& random, const MarketShape& shape) {
  ProjectRow row;
  for (size_t c = 0; c < kColumnCount; ++c) row.codes[c] = static_cast<uint16_t>(random.Skewed(shape.codes[c]));
  if (!random.Chance(shape.without_sectors)) {
    const uint32_t wanted = 1 + random.Skewed(std::min(shape.most_sectors, shape.sectors));
    while (row.sector_count < wanted) {
      const auto sector = static_cast<uint16_t>(random.Skewed(shape.sectors));
      const auto end = row.sectors.begin() + row.sector_count;
      if (std::find(row.sectors.begin(), end, sector) == end) row.sectors[row.sector_count++] = sector;
    }
    row.sector_norm = static_cast<uint16_t>(random.Chance(90) ? 1024 / (1 + row.sector_count / 2) : random.Below(1025));
  }
  row.points = SomePoints(random, shape);
  if (row.codes[kAskColumn] != 0) {
    row.ask_least = SomeAmount(random);
    row.ask_most = row.ask_least + (random.Chance(60) ? 0 : random.Between(0, 1'500'000));
  }
  row.extra_points = random.Chance(shape.with_extra_points);
  row.extra_gates = random.Chance(shape.with_extra_gates);
  if (random.Chance(shape.with_text)) {
    row.text = std::make_shared<TextWeights>(SomeText(random, shape.terms, shape.project_terms, true));
  }
  return row;
}

InvestorForm RandomForm(Random& random, const MarketShape& shape) {
  InvestorForm form;
  form.bias = random.Between(-2000, 2000);
  form.extra_points_most = shape.extra_points;
  form.extra_gates = random.Chance(shape.form_extra_gates);
  if (random.Chance(shape.with_text)) form.text = SomeText(random, shape.terms, shape.investor_terms, false);
  if (random.Chance(shape.empty_forms)) return form;

  for (size_t c = 0; c < kColumnCount; ++c) {
    ColumnPoints& column = form.columns[c];
    const bool refusing = random.Chance(shape.refusing);
    column.otherwise = refusing && random.Chance(40) ? kRefused : SomePoints(random, shape);
    const uint32_t listed_percent = random.Chance(50) ? 60 : 5;
    for (uint32_t code = 0; code < shape.codes[c]; ++code) {
      if (!random.Chance(listed_percent)) continue;
      const bool refused = refusing && column.otherwise != kRefused && random.Chance(25);
      column.listed.push_back({static_cast<uint16_t>(code), refused ? kRefused : SomePoints(random, shape)});
    }
  }
  SectorPoints& wanted = form.sectors;
  wanted.required = random.Chance(shape.required);
  wanted.refuse_unstated = random.Chance(30);
  wanted.otherwise = SomePoints(random, shape);
  const bool refuses = random.Chance(shape.refusing);
  const uint32_t listed_percent = random.Chance(50) ? 30 : 5;
  for (uint32_t sector = 0; sector < shape.sectors; ++sector) {
    if (!random.Chance(listed_percent)) continue;
    wanted.listed.push_back(
        {static_cast<uint16_t>(sector), SomePoints(random, shape), random.Chance(60), refuses && random.Chance(10)});
  }
  if (random.Chance(60)) {
    form.ticket_least = SomeAmount(random);
    form.ticket_most = form.ticket_least + random.Between(0, 5) * 1'000'000;
  }
  return form;
}

void RandomExtras::SetRow(uint32_t project, const ProjectRow& row) {
  SetFlag(project_gates_, project, row.extra_gates);
}

void RandomExtras::SetForm(uint32_t investor, const InvestorForm& form) {
  SetFlag(investor_gates_, investor, form.extra_gates);
}

std::optional<int32_t> RandomExtras::Points(uint32_t project, uint32_t investor) const {
  Random random(Mixed(seed_ ^ (uint64_t{project} << 32 | investor)));
  if ((Flag(project_gates_, project) || Flag(investor_gates_, investor)) && random.Chance(40)) return std::nullopt;
  return random.Between(-most_, most_);
}

bool ShuffledOrder::Before(uint32_t a, uint32_t b) const {
  const uint64_t x = Mixed(seed_ ^ a), y = Mixed(seed_ ^ b);
  return x != y ? x < y : a < b;
}

std::optional<int32_t> PairScore(const ProjectRow& row, uint32_t project, const InvestorForm& form, uint32_t investor,
                                 const PairExtras* extras) {
  std::optional<int32_t> score = LinearScore(row, form);
  if (!score || extras == nullptr || !(row.extra_points || row.extra_gates || form.extra_gates)) return score;
  const std::optional<int32_t> more = extras->Points(project, investor);
  if (!more) return std::nullopt;
  return *score + *more;
}

TopList NaiveProjects(const Rows& rows, const InvestorForm& form, uint32_t investor, size_t k, const PairExtras* extras,
                      const SlotOrder& order) {
  TopList list;
  for (const auto& [slot, row] : rows) {
    if (const auto score = PairScore(row, slot, form, investor, extras)) list.best.push_back({slot, *score});
  }
  KeepBest(list, k, order);
  list.considered = static_cast<uint32_t>(rows.size());
  return list;
}

TopList NaiveInvestors(const Forms& forms, const ProjectRow& row, uint32_t project, size_t k, const PairExtras* extras,
                       const SlotOrder& order) {
  TopList list;
  for (const auto& [slot, form] : forms) {
    if (const auto score = PairScore(row, project, *form, slot, extras)) list.best.push_back({slot, *score});
  }
  KeepBest(list, k, order);
  list.considered = static_cast<uint32_t>(forms.size());
  return list;
}

bool SameRow(const ProjectRow& a, const ProjectRow& b) {
  const auto same_text = [](const TermWeight& x, const TermWeight& y) {
    return x.term == y.term && x.weight == y.weight;
  };
  if ((a.text == nullptr) != (b.text == nullptr)) return false;
  if (a.text != nullptr && !std::equal(a.text->begin(), a.text->end(), b.text->begin(), b.text->end(), same_text)) {
    return false;
  }
  return a.codes == b.codes && a.sector_count == b.sector_count &&
         std::equal(a.sectors.begin(), a.sectors.begin() + a.sector_count, b.sectors.begin()) &&
         a.sector_norm == b.sector_norm && a.points == b.points && a.ask_least == b.ask_least &&
         a.ask_most == b.ask_most && a.extra_points == b.extra_points && a.extra_gates == b.extra_gates;
}

}  // namespace tandem::pairing::matching
