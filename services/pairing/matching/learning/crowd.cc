#include "services/pairing/matching/learning/crowd.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "services/pairing/matching/features.h"
#include "services/pairing/matching/learning/random.h"
#include "services/pairing/matching/learning/score_table.h"

namespace tandem::pairing::matching {
namespace {

constexpr int32_t kYears = 2 * 365;
constexpr size_t kMostRounds = 4000;
constexpr size_t kBlock = 200;  // rounds that are scored at once
constexpr double kRidge = 1;
constexpr int kSteps = 300;

// Rows of few entries.
struct SparseRows {
  std::vector<std::vector<std::pair<size_t, double>>> rows;
  size_t columns = 0;

  std::vector<double> Times(const std::vector<double>& x) const {
    std::vector<double> y(rows.size(), 0);
    for (size_t i = 0; i < rows.size(); ++i) {
      for (const auto& [column, value] : rows[i]) y[i] += value * x[column];
    }
    return y;
  }
  std::vector<double> TransposedTimes(const std::vector<double>& y) const {
    std::vector<double> x(columns, 0);
    for (size_t i = 0; i < rows.size(); ++i) {
      for (const auto& [column, value] : rows[i]) x[column] += value * y[i];
    }
    return x;
  }
};

double Dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// argmin |X w - y|^2 + ridge |w|^2, by conjugate gradients.
std::vector<double> Ridge(const SparseRows& x, const std::vector<double>& y, Work* work) {
  std::vector<double> w(x.columns, 0);
  std::vector<double> residual = x.TransposedTimes(y);
  std::vector<double> direction = residual;
  double squares = Dot(residual, residual);
  const double enough = 1e-12 * squares;
  for (int step = 0; step < kSteps && squares > enough && work->KeepGoing(); ++step) {
    std::vector<double> image = x.TransposedTimes(x.Times(direction));
    for (size_t i = 0; i < image.size(); ++i) image[i] += kRidge * direction[i];
    const double length = squares / Dot(direction, image);
    for (size_t i = 0; i < w.size(); ++i) {
      w[i] += length * direction[i];
      residual[i] -= length * image[i];
    }
    const double next = Dot(residual, residual);
    for (size_t i = 0; i < w.size(); ++i) direction[i] = residual[i] + next / squares * direction[i];
    squares = next;
  }
  return w;
}

}  // namespace

std::vector<std::pair<std::string, double>> CrowdFeatures(const ProjectFacts& project) {
  const projects::v1::Project& record = project.record;
  const ProjectRow& row = project.row;
  std::vector<std::pair<std::string, double>> features = {
      {NumberFeature("round", record.funding_round()), 1},
      {NumberFeature("history", row.codes[kHistoryColumn]), 1},
      {NumberFeature("ask", row.codes[kAskColumn]), 1},
  };
  const type::v1::Place& place = record.place();
  if (!place.country_code().empty()) {
    features.emplace_back(CountryFeature(place.country_code()), 1);
    if (!place.region().empty()) {
      features.emplace_back(RegionFeature(place.country_code(), place.region()), 1);
      if (!place.city().empty())
        features.emplace_back(CityFeature(place.country_code(), place.region(), place.city()), 1);
    }
  }
  const auto sectors = std::min<int>(record.sectors_size(), ProjectRow::kMostSectors);
  for (int i = 0; i < sectors; ++i) {
    features.emplace_back(SectorFeature(SectorKey(record.sectors(i))), row.sector_norm / 1024.0);
  }
  return features;
}

double Crowd::At(const ProjectFacts& project) const {
  double sum = 0;
  for (const auto& [name, value] : CrowdFeatures(project)) {
    const auto it = weights.find(name);
    if (it != weights.end()) sum += it->second * value;
  }
  return sum;
}

Crowd FitCrowd(SnapshotMaker* maker, const Snapshot& snapshot, const Profile& profile, uint64_t seed, Work* work) {
  std::vector<uint32_t> rounds;
  for (uint32_t i = 0; i < maker->table().rounds().size(); ++i) {
    const int32_t day = maker->table().rounds()[i].day;
    if (day < snapshot.day && day >= snapshot.day - kYears) rounds.push_back(i);
  }
  Random random(seed, static_cast<uint64_t>(snapshot.day) << 8 | 1);
  for (size_t i = 0; i < rounds.size() && i < kMostRounds; ++i)
    std::swap(rounds[i], rounds[i + random.Below(rounds.size() - i)]);
  if (rounds.size() > kMostRounds) rounds.resize(kMostRounds);

  const MarketContext context = WithProfile(snapshot.context, profile);
  std::vector<Subject> subjects;
  for (const uint32_t round : rounds) {
    subjects.push_back(maker->MakeSubject(context, round, maker->table().rounds()[round].day));
    if (!work->KeepGoing()) return {};
  }
  const ScoreTable table = ScoreAll(snapshot, context, maker->codes(), subjects, CoInvestors::kLeftOut, work);
  if (work->stopped() || snapshot.candidates.empty() || subjects.empty()) return {};

  std::vector<double> wanted(subjects.size());
  work->Each((subjects.size() + kBlock - 1) / kBlock, [&](size_t block) {
    for (size_t s = block * kBlock; s < std::min(subjects.size(), (block + 1) * kBlock); ++s) {
      float best = -std::numeric_limits<float>::infinity();
      for (size_t c = 0; c < snapshot.candidates.size(); ++c) best = std::max(best, table.At(c, s));
      double sum = 0;
      for (size_t c = 0; c < snapshot.candidates.size(); ++c)
        sum += std::exp(static_cast<double>(table.At(c, s) - best));
      wanted[s] = std::log(sum) + static_cast<double>(best);
    }
  });
  if (work->stopped()) return {};
  double mean = 0;
  for (const double value : wanted) mean += value / static_cast<double>(wanted.size());
  for (double& value : wanted) value -= mean;

  SparseRows rows;
  std::vector<std::string> names;
  absl::flat_hash_map<std::string, size_t> columns;
  for (const Subject& subject : subjects) {
    auto& row = rows.rows.emplace_back();
    for (auto& [name, value] : CrowdFeatures(subject.project)) {
      const auto [it, inserted] = columns.try_emplace(name, columns.size());
      if (inserted) names.push_back(name);
      row.emplace_back(it->second, value);
    }
  }
  // One more for everything: what the features need not explain.
  for (auto& row : rows.rows) row.emplace_back(columns.size(), 1.0);
  rows.columns = columns.size() + 1;
  const std::vector<double> weights = Ridge(rows, wanted, work);
  Crowd crowd;
  for (size_t i = 0; i < names.size(); ++i) crowd.weights[names[i]] = weights[i];
  return crowd;
}

}  // namespace tandem::pairing::matching
