#include "services/pairing/matching/learning/example_maker.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "services/pairing/matching/co_investors.h"
#include "services/pairing/matching/learning/random.h"
#include "services/pairing/matching/learning/score_table.h"
#include "services/pairing/matching/lens.h"
#include "services/pairing/matching/scorer.h"

namespace tandem::pairing::matching {
namespace {

// What alternatives are drawn by: half of them by these, so that likely ones are among them; half evenly.
const Profile& DrawingProfile() {
  static const Profile profile = [] {
    Profile p;
    p.shapes[kActivityHalfYear].weight = 700;
    p.shapes[kCountry].weight = 1000;
    p.shapes[kRegion].weight = 700;
    p.shapes[kRound].weight = 800;
    p.shapes[kAskDensity].weight = 500;
    return p;
  }();
  return profile;
}

// Chances of the candidates to be drawn for one subject, summed up; the taken ones have none.
std::vector<double> DrawingChances(const Snapshot& snapshot, const ScoreTable& table, const Subject& subject,
                                   size_t s) {
  const size_t n = snapshot.candidates.size();
  std::vector<double> chances(n);
  float best = table.At(0, s);
  for (size_t c = 1; c < n; ++c) best = std::max(best, table.At(c, s));
  double sum = 0;
  for (size_t c = 0; c < n; ++c) sum += chances[c] = std::exp(static_cast<double>(table.At(c, s) - best));
  double left = 0;
  for (size_t c = 0; c < n; ++c) {
    const bool taken = std::binary_search(subject.taken.begin(), subject.taken.end(), snapshot.candidates[c]);
    chances[c] = taken ? 0 : 0.5 * chances[c] / sum + 0.5 / static_cast<double>(n);
    left += chances[c];
  }
  if (left > 0) {
    for (double& chance : chances) chance /= left;
  }
  return chances;
}

}  // namespace

Drawing::Drawing(const Snapshot& snapshot, const ScoreTable& scores, const Subject& subject, size_t s)
    : snapshot_(snapshot), chances_(DrawingChances(snapshot, scores, subject, s)), passed_(chances_.size()) {
  double sum = 0;
  for (size_t c = 0; c < chances_.size(); ++c) passed_[c] = sum += chances_[c];
}

void Drawing::AddTo(size_t count, Random* random, TrainingExample* example) const {
  if (passed_.empty() || passed_.back() <= 0) return;
  for (size_t k = 0; k < count; ++k) {
    const auto at = std::upper_bound(passed_.begin(), passed_.end(), random->Unit() * passed_.back());
    const auto c = static_cast<size_t>(std::min(at, passed_.end() - 1) - passed_.begin());
    const double expected = static_cast<double>(count) * std::max(chances_[c], 1e-12);
    example->alternatives.push_back(
        {snapshot_.candidates[c], static_cast<float>(-std::log(expected)), example->subject});
  }
}

ScoreTable ScoresForDrawing(const Snapshot& snapshot, const CodeBook& codes, const std::vector<Subject>& subjects,
                            Work* work) {
  return ScoreAll(snapshot, WithProfile(snapshot.context, DrawingProfile()), codes, subjects, CoInvestors::kLeftOut,
                  work);
}

std::vector<uint32_t> NewPairs(const DealTable& table, const Snapshot& snapshot, Window window) {
  std::vector<uint32_t> rows;
  for (uint32_t i = 0; i < table.rows().size(); ++i) {
    const DealTable::Row& row = table.rows()[i];
    if (row.day < window.from || row.day >= window.to || !row.first) continue;
    if (std::binary_search(snapshot.candidates.begin(), snapshot.candidates.end(), row.investor)) rows.push_back(i);
  }
  return rows;
}

std::vector<uint32_t> TakenFor(const DealTable& table, uint32_t round) {
  const DealTable::Round& raised = table.rounds()[round];
  return table.InvestorsBefore(raised.company, raised.day + 1);
}

WindowExamples MakeExamples(SnapshotMaker* maker, std::shared_ptr<const Snapshot> snapshot, Window window,
                            const ExampleOptions& options, Work* work) {
  const DealTable& table = maker->table();
  WindowExamples out;
  out.snapshot = std::move(snapshot);
  std::vector<uint32_t> rows = NewPairs(table, *out.snapshot, window);
  // A random subset, still by day.
  Random choose(options.seed, static_cast<uint64_t>(window.from));
  for (size_t i = 0; i < rows.size() && i < options.most_examples; ++i)
    std::swap(rows[i], rows[i + choose.Below(rows.size() - i)]);
  if (rows.size() > options.most_examples) rows.resize(options.most_examples);
  std::sort(rows.begin(), rows.end());

  std::map<uint32_t, uint32_t> subject_of;  // by round
  for (const uint32_t row : rows) {
    const uint32_t round = table.rows()[row].round;
    if (!subject_of.try_emplace(round, static_cast<uint32_t>(out.subjects.size())).second) continue;
    Subject subject = maker->MakeSubject(out.snapshot->context, round, window.from);
    subject.taken = TakenFor(table, round);
    out.subjects.push_back(std::move(subject));
  }
  const ScoreTable scores = ScoresForDrawing(*out.snapshot, maker->codes(), out.subjects, work);
  if (work->stopped()) return {};

  std::vector<std::vector<uint32_t>> rows_of(out.subjects.size());
  for (uint32_t i = 0; i < rows.size(); ++i) rows_of[subject_of.at(table.rows()[rows[i]].round)].push_back(i);
  out.examples.resize(rows.size());
  work->Each(out.subjects.size(), [&](size_t s) {
    const Drawing drawing(*out.snapshot, scores, out.subjects[s], s);
    for (const uint32_t i : rows_of[s]) {
      const DealTable::Row& row = table.rows()[rows[i]];
      TrainingExample& example = out.examples[i];
      example.day = row.day;
      example.subject = static_cast<uint32_t>(s);
      example.chosen = row.investor;
      Random random(options.seed, uint64_t{rows[i]} << 20 | static_cast<uint32_t>(window.from));
      drawing.AddTo(options.alternatives, &random, &example);
    }
  });
  if (work->stopped()) return {};
  return out;
}

void AppendChoices(const WindowExamples& window, const CodeBook& codes, const std::vector<Feature>& features,
                   Work* work, Choices* choices) {
  if (choices->begin.empty()) choices->begin.push_back(0);
  choices->features = features.size();
  const Snapshot& snapshot = *window.snapshot;
  // Rows by investor and subject: a lens is made once.
  struct Wanted {
    uint32_t subject = 0;
    size_t row = 0;
    bool operator<(const Wanted& other) const { return subject < other.subject; }
  };
  std::vector<std::vector<Wanted>> wanted(snapshot.investors.size());
  size_t row = choices->rows();
  const auto add = [&](uint32_t subject, uint32_t investor, float correction) {
    wanted[investor].push_back({subject, row++});
    choices->corrections.push_back(correction);
  };
  for (const TrainingExample& example : window.examples) {
    add(example.subject, example.chosen, 0);
    for (const TrainingExample::Alternative& other : example.alternatives)
      add(other.subject, other.investor, other.correction);
    choices->begin.push_back(row);
  }
  choices->values.resize(row * features.size());
  std::vector<std::vector<std::shared_ptr<const InvestorFacts>>> prior;
  for (const Subject& subject : window.subjects) prior.push_back(PriorOf(snapshot, subject));
  work->Each(wanted.size(), [&](size_t i) {
    std::vector<Wanted>& of = wanted[i];
    if (of.empty()) return;
    std::sort(of.begin(), of.end());
    const InvestorFacts& investor = *snapshot.investors[i];
    const Lens lens(snapshot.context, codes, investor, snapshot.day);
    SharedWith shared(snapshot.context, investor, snapshot.day);
    Terms terms;
    for (size_t k = 0; k < of.size(); ++k) {
      const uint32_t s = of[k].subject;
      if (k == 0 || of[k - 1].subject != s) {
        terms = ScorePair(snapshot.context, window.subjects[s].project, investor, lens, shared.Strength(prior[s]));
      }
      float* out = &choices->values[of[k].row * features.size()];
      for (const Feature feature : features) {
        *out++ = static_cast<float>(terms.mandate[feature] + terms.record[feature]) / 1000;
      }
    }
  });
}

}  // namespace tandem::pairing::matching
