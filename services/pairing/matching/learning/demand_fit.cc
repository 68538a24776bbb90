#include "services/pairing/matching/learning/demand_fit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "services/pairing/matching/features.h"
#include "services/pairing/matching/learning/crowd.h"
#include "services/pairing/matching/learning/minimizer.h"
#include "services/pairing/matching/learning/score_table.h"

namespace tandem::pairing::matching {
namespace {

constexpr double kRidge = 3;  // on the tables, of the summed loss
constexpr int kMostPrior = 6;
constexpr size_t kRowsOfPiece = 16;
constexpr size_t kTables = 2;  // where the tables begin among the variables: after lambda and beta

// Bands of asks, four to a power of ten; 0 is not stated.
int AskBand(int code) { return code == 0 ? 0 : 1 + (code - 1) * 4 / 10; }

// The entries of the tables that a project has, by name.
std::vector<std::string> TableEntries(const ProjectFacts& project) {
  return {NumberFeature("round", project.record.funding_round()),
          NumberFeature("prior_investors", std::min(project.record.prior_investors_size(), kMostPrior)),
          NumberFeature("band", AskBand(project.row.codes[kAskColumn]))};
}

struct ChoiceSet {
  size_t subjects = 0;
  std::vector<double> crowd;                 // by subject, less the mean
  std::vector<std::vector<size_t>> entries;  // by subject: variables
  std::vector<float> scores;                 // by choice, then subject; minus infinity when taken
  std::vector<std::vector<size_t>> chosen;   // by choice
};

struct Part {
  double loss = 0, lambda = 0;
  std::vector<double> pull;  // by subject
};

// Loss of choices [from, to) and what pulls on lambda and on each subject.
Part Examine(const ChoiceSet& set, size_t from, size_t to, double lambda, const std::vector<double>& fixed) {
  Part part;
  part.pull.assign(set.subjects, 0);
  std::vector<double> terms(set.subjects);
  for (size_t choice = from; choice < to; ++choice) {
    const float* scores = &set.scores[choice * set.subjects];
    double best = -std::numeric_limits<double>::infinity();
    for (size_t s = 0; s < set.subjects; ++s) {
      terms[s] = lambda * static_cast<double>(scores[s]) + fixed[s];
      best = std::max(best, terms[s]);
    }
    const auto times = static_cast<double>(set.chosen[choice].size());
    for (const size_t s : set.chosen[choice]) {
      part.loss -= terms[s];
      part.lambda -= static_cast<double>(scores[s]);
      part.pull[s] -= 1;
    }
    double sum = 0;
    for (double& term : terms) sum += term = std::exp(term - best);
    part.loss += times * (std::log(sum) + best);
    for (size_t s = 0; s < set.subjects; ++s) {
      if (terms[s] == 0) continue;
      const double share = terms[s] / sum * times;
      part.pull[s] += share;
      part.lambda += share * static_cast<double>(scores[s]);
    }
  }
  return part;
}

double Evaluate(const std::vector<ChoiceSet>& sets, size_t choices, const std::vector<double>& x,
                std::vector<double>* gradient, Work* work) {
  gradient->assign(x.size(), 0);
  double loss = 0;
  for (const ChoiceSet& set : sets) {
    std::vector<double> fixed(set.subjects);
    for (size_t s = 0; s < set.subjects; ++s) {
      fixed[s] = -x[1] * set.crowd[s];
      for (const size_t entry : set.entries[s]) fixed[s] += x[entry];
    }
    std::vector<Part> parts((set.chosen.size() + kRowsOfPiece - 1) / kRowsOfPiece);
    if (!work->Each(parts.size(), [&](size_t i) {
          parts[i] = Examine(set, i * kRowsOfPiece, std::min(set.chosen.size(), (i + 1) * kRowsOfPiece), x[0], fixed);
        })) {
      return std::numeric_limits<double>::quiet_NaN();
    }
    for (const Part& part : parts) {
      loss += part.loss;
      (*gradient)[0] += part.lambda;
      for (size_t s = 0; s < set.subjects; ++s) {
        (*gradient)[1] -= part.pull[s] * set.crowd[s];
        for (const size_t entry : set.entries[s]) (*gradient)[entry] += part.pull[s];
      }
    }
  }
  for (size_t i = kTables; i < x.size(); ++i) {
    loss += 0.5 * kRidge * x[i] * x[i];
    (*gradient)[i] += kRidge * x[i];
  }
  const auto n = static_cast<double>(choices);
  for (double& g : *gradient) g /= n;
  return loss / n;
}

int32_t Points(double nats) { return static_cast<int32_t>(std::lround(std::clamp(nats, -30.0, 30.0) * 1000)); }

}  // namespace

ProjectChoices MakeProjectChoices(SnapshotMaker* maker, const Snapshot& snapshot, const MarketContext& context,
                                  Window window) {
  const DealTable& table = maker->table();
  ProjectChoices out;
  std::map<uint32_t, size_t> subject_of;  // by company
  for (uint32_t i = 0; i < table.rounds().size(); ++i) {
    const DealTable::Round& round = table.rounds()[i];
    if (round.day < window.from || round.day >= window.to) continue;
    if (!subject_of.try_emplace(round.company, out.subjects.size()).second) continue;
    Subject subject = maker->MakeSubject(context, i, window.from);
    subject.taken = subject.prior;
    out.subjects.push_back(std::move(subject));
  }
  std::map<size_t, std::vector<size_t>> chosen;
  for (const uint32_t row : NewPairs(table, snapshot, window)) {
    const auto it =
        std::lower_bound(snapshot.candidates.begin(), snapshot.candidates.end(), table.rows()[row].investor);
    chosen[static_cast<size_t>(it - snapshot.candidates.begin())].push_back(subject_of.at(table.rows()[row].company));
  }
  for (auto& [candidate, subjects] : chosen) {
    std::sort(subjects.begin(), subjects.end());
    out.choices.push_back({candidate, std::move(subjects)});
  }
  return out;
}

DemandFit FitDemand(SnapshotMaker* maker, const Profile& profile, const std::vector<DemandWindow>& windows,
                    const Snapshot& latest, uint64_t seed, Work* work) {
  DemandFit fit;
  std::vector<ChoiceSet> sets;
  std::vector<std::string> names;
  absl::flat_hash_map<std::string, size_t> variables;
  for (const DemandWindow& window : windows) {
    const Snapshot& snapshot = *window.snapshot;
    const MarketContext context = WithProfile(snapshot.context, profile);
    const ProjectChoices choices = MakeProjectChoices(maker, snapshot, context, window.window);
    const Crowd crowd = FitCrowd(maker, snapshot, profile, seed, work);
    const ScoreTable table = ScoreAll(snapshot, context, maker->codes(), choices.subjects, CoInvestors::kCounted, work);
    if (work->stopped()) return {};
    ChoiceSet set;
    set.subjects = choices.subjects.size();
    double mean = 0;
    for (const Subject& subject : choices.subjects) {
      set.crowd.push_back(crowd.At(subject.project));
      mean += set.crowd.back() / static_cast<double>(set.subjects);
      auto& entries = set.entries.emplace_back();
      for (const std::string& name : TableEntries(subject.project)) {
        const auto [it, inserted] = variables.try_emplace(name, kTables + names.size());
        if (inserted) names.push_back(name);
        entries.push_back(it->second);
      }
    }
    for (double& value : set.crowd) value -= mean;
    for (const ProjectChoices::Choice& choice : choices.choices) {
      const uint32_t investor = snapshot.candidates[choice.candidate];
      for (size_t s = 0; s < set.subjects; ++s) {
        const std::vector<uint32_t>& taken = choices.subjects[s].taken;
        // Far below anything, yet finite: a product with it stays a number.
        set.scores.push_back(std::binary_search(taken.begin(), taken.end(), investor) ? -1e6f
                                                                                      : table.At(choice.candidate, s));
      }
      set.chosen.push_back(choice.chosen);
      fit.choices += choice.chosen.size();
    }
    sets.push_back(std::move(set));
  }
  if (fit.choices < kLeastDemandChoices) return fit;

  const double infinite = std::numeric_limits<double>::infinity();
  MinimizeOptions options;
  options.least.assign(kTables + names.size(), -infinite);
  options.most.assign(kTables + names.size(), infinite);
  options.least[0] = 0.1;
  options.least[1] = 0;
  options.most[0] = options.most[1] = 3;
  options.iterations = 80;
  std::vector<double> start(options.least.size(), 0);
  start[0] = 1;
  start[1] = 0.5;
  const Minimum minimum = Minimize(
      [&](const std::vector<double>& x, std::vector<double>* g) { return Evaluate(sets, fit.choices, x, g, work); },
      std::move(start), options);
  const Crowd crowd = FitCrowd(maker, latest, profile, seed, work);
  if (work->stopped()) return {};
  fit.lambda = minimum.x[0];
  fit.beta = minimum.x[1];
  std::map<std::string, double> points;
  for (const auto& [name, weight] : crowd.weights) points[name] -= fit.beta * weight / fit.lambda;
  for (size_t i = 0; i < names.size(); ++i) {
    const double value = minimum.x[kTables + i] / fit.lambda;
    if (names[i].rfind("band:", 0) != 0) {
      points[names[i]] += value;
      continue;
    }
    for (int code = 0; code < static_cast<int>(Shares::kMostAskCodes); ++code) {
      if (NumberFeature("band", AskBand(code)) == names[i]) points[NumberFeature("ask", code)] += value;
    }
  }
  for (const auto& [name, value] : points) {
    if (Points(value) != 0) fit.points[name] = Points(value);
  }
  return fit;
}

}  // namespace tandem::pairing::matching
