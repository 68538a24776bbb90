#include "services/pairing/matching/learning/trainer.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

#include "services/pairing/matching/learning/answer_examples.h"
#include "services/pairing/matching/learning/deal_table.h"
#include "services/pairing/matching/learning/demand_fit.h"
#include "services/pairing/matching/learning/example_maker.h"
#include "services/pairing/matching/learning/profile_fit.h"
#include "services/pairing/matching/learning/score_table.h"
#include "services/pairing/matching/learning/snapshot.h"

namespace tandem::pairing::matching {
namespace {

constexpr size_t kLeastExamples = 50;
constexpr size_t kEnoughForShapes = 200;
// Scores of investors times rounds that are kept at once while a window is measured.
constexpr size_t kMostScores = size_t{256} << 20;

// What to learn from: windows, the last one of which is held out first.
struct Plan {
  std::vector<Window> choices;       // of investors
  std::vector<Window> demand;        // of projects, all
  std::vector<Window> inner_demand;  // without the last window
  int knots = 0;
};

Plan MakePlan(int32_t day, size_t examples, int most_knots) {
  const auto back = [&](int32_t from, int32_t to) { return Window{day - from, day - to}; };
  Plan plan;
  plan.demand = {back(365, 182), back(182, 0)};
  if (examples < kEnoughForShapes) {
    plan.choices = plan.demand;
    plan.inner_demand = {back(365, 182)};
  } else {
    plan.choices = {back(365, 273), back(273, 182), back(182, 91), back(91, 0)};
    plan.inner_demand = {back(365, 182), back(182, 91)};
    plan.knots = std::min<int>(most_knots, 2 + static_cast<int>(examples / 200));
  }
  return plan;
}

// Choices in the year before `day` by investors with enough deals before their quarter.
size_t CountExamples(const DealTable& table, int32_t day, size_t least_deals) {
  std::vector<size_t> deals(table.investor_count(), 0);
  std::vector<size_t> before(table.investor_count(), 0);
  size_t examples = 0;
  int32_t quarter = day - 365;
  for (const DealTable::Row& row : table.rows()) {
    while (row.day >= quarter) {
      before = deals;
      quarter = quarter + 91 >= day ? std::numeric_limits<int32_t>::max() : quarter + 91;
    }
    if (row.day >= day - 365 && row.first && before[row.investor] >= least_deals) ++examples;
    ++deals[row.investor];
  }
  return examples;
}

// Rounds of the half year that has most of them, of those before `day` that are learned from.
size_t MostRounds(const DealTable& table, int32_t day) {
  size_t first = 0, second = 0;
  for (const DealTable::Round& round : table.rounds()) {
    if (round.day >= day - 365) ++(round.day < day - 182 ? first : second);
  }
  return std::max(first, second);
}

class Training {
 public:
  Training(const TrainingInput& input, const TrainingOptions& options, const Progress& progress, const DealTable& table,
           Plan plan)
      : options_(options),
        progress_(progress),
        table_(table),
        answers_(AnswersBefore(options.as_of_day, input.answers)),
        plan_(std::move(plan)),
        work_(options.threads, [this] { return !progress_ || progress_(phase_, done_); }),
        maker_(input.context.get(), *input.interner, *input.codes, &table,
               options.see_mandates ? absl::MakeConstSpan(input.investors)
                                    : absl::Span<const std::shared_ptr<const InvestorFacts>>()) {}

  absl::StatusOr<TrainingResult> Run() {
    TrainingResult result;
    Enter("statistics", 0);
    std::vector<int32_t> days = {options_.as_of_day};
    for (const Window& window : plan_.choices) days.push_back(window.from);
    for (const Window& window : plan_.demand) days.push_back(window.from);
    snapshots_ = maker_.Make(std::move(days), &work_);
    if (work_.stopped()) return Stopped();

    Enter("examples", 200);
    ExampleOptions example_options;
    example_options.seed = options_.seed;
    example_options.most_examples = options_.most_examples;
    example_options.alternatives = options_.alternatives;
    Choices choices;
    const auto add = [&](const Window& window) {
      WindowExamples examples = MakeExamples(&maker_, snapshots_.at(window.from), window, example_options, &work_);
      if (work_.stopped()) return;
      const AnswerCounts added = AddAnswers(&maker_, answers_, window, example_options, &work_, &examples);
      if (work_.stopped()) return;
      result.counts.acceptances += added.acceptances;
      result.counts.declines += added.declines;
      AppendChoices(examples, maker_.codes(), LearnedFeatures(), &work_, &choices);
      LeaveOut(&choices);
    };
    for (size_t i = 0; i + 1 < plan_.choices.size() && !work_.stopped(); ++i) add(plan_.choices[i]);
    if (work_.stopped()) return Stopped();

    Enter("inner shapes", 400);
    const Window& held_out = plan_.choices.back();
    const Snapshot& before = *snapshots_.at(held_out.from);
    Profile inner = FitShapes(choices, Base(), ShapeOptions{plan_.knots, options_.kept_for_mandates}, &work_);
    Enter("inner demand", 500);
    if (!work_.stopped() && !IsLeftOut(kDemand))
      inner.demand = FitDemand(&maker_, inner, Windows(plan_.inner_demand), before, options_.seed, &work_).points;
    if (work_.stopped()) return Stopped();
    Enter("evaluation", 600);
    result.fitted = Evaluate(before, inner, held_out, &result.calibration);
    result.shipped = Evaluate(before, DefaultProfile(), held_out, nullptr);
    if (work_.stopped()) return Stopped();

    Enter("shapes", 700);
    add(held_out);
    if (work_.stopped()) return Stopped();
    result.profile = FitShapes(choices, Base(), ShapeOptions{plan_.knots, options_.kept_for_mandates}, &work_);
    Enter("demand", 850);
    const Snapshot& latest = *snapshots_.at(options_.as_of_day);
    if (!work_.stopped() && !IsLeftOut(kDemand)) {
      result.profile.demand =
          FitDemand(&maker_, result.profile, Windows(plan_.demand), latest, options_.seed, &work_).points;
    }
    if (work_.stopped()) return Stopped();
    result.profile.known_until_day = options_.as_of_day;
    result.counts.deals = static_cast<int64_t>(table_.rows().size());
    result.counts.examples = static_cast<int64_t>(choices.examples());
    result.counts.investors = static_cast<int64_t>(table_.investor_count());
    result.counts.candidates = static_cast<int64_t>(latest.candidates.size());
    result.data_fingerprint = FingerprintWith(answers_, table_.fingerprint());
    Enter("done", 1000);
    return result;
  }

 private:
  bool IsLeftOut(Feature feature) const {
    return std::find(options_.left_out.begin(), options_.left_out.end(), feature) != options_.left_out.end();
  }

  // What is the same in every row is not fitted.
  void LeaveOut(Choices* choices) const {
    for (size_t f = 0; f < choices->features; ++f) {
      if (!IsLeftOut(LearnedFeatures()[f])) continue;
      for (size_t row = 0; row < choices->rows(); ++row) choices->values[row * choices->features + f] = 0;
    }
  }

  Profile Base() const {
    Profile base = options_.base == nullptr ? DefaultProfile() : *options_.base;
    for (const Feature feature : options_.left_out) base.shapes[feature] = Shape();
    if (IsLeftOut(kDemand)) base.demand.clear();
    return base;
  }

  void Enter(absl::string_view phase, int done) {
    phase_ = phase;
    done_ = done;
    work_.KeepGoing();
  }

  absl::Status Stopped() const {
    return absl::CancelledError(absl::StrCat("the training was stopped during: ", phase_));
  }

  std::vector<DemandWindow> Windows(const std::vector<Window>& windows) const {
    std::vector<DemandWindow> out;
    out.reserve(windows.size());
    for (const Window& window : windows) out.push_back({snapshots_.at(window.from), window});
    return out;
  }

  Evaluation Evaluate(const Snapshot& snapshot, const Profile& profile, Window window,
                      std::vector<CalibrationDecile>* calibration) {
    Evaluation evaluation;
    const MarketContext context = WithProfile(snapshot.context, profile);
    const float never = -std::numeric_limits<float>::infinity();

    std::map<uint32_t, std::vector<size_t>> chosen;  // by round: places among the candidates
    for (const uint32_t row : NewPairs(table_, snapshot, window)) {
      const auto it =
          std::lower_bound(snapshot.candidates.begin(), snapshot.candidates.end(), table_.rows()[row].investor);
      chosen[table_.rows()[row].round].push_back(static_cast<size_t>(it - snapshot.candidates.begin()));
    }
    std::vector<Subject> subjects;
    for (const auto& [round, places] : chosen) {
      Subject subject = maker_.MakeSubject(context, round, window.from);
      subject.taken = table_.InvestorsBefore(table_.rounds()[round].company, table_.rounds()[round].day);
      subjects.push_back(std::move(subject));
    }
    const ScoreTable by_round = ScoreAll(snapshot, context, maker_.codes(), subjects, CoInvestors::kCounted, &work_);
    if (work_.stopped()) return {};
    MetricSums investors;
    size_t s = 0;
    for (const auto& [round, places] : chosen) {
      std::vector<float> scores(snapshot.candidates.size());
      for (size_t c = 0; c < scores.size(); ++c) {
        const bool taken =
            std::binary_search(subjects[s].taken.begin(), subjects[s].taken.end(), snapshot.candidates[c]);
        scores[c] = taken ? never : by_round.At(c, s);
      }
      investors.Add(scores, places);
      ++s;
      if (!work_.KeepGoing()) return {};
    }
    evaluation.investors_for_project = investors.Means();
    if (calibration != nullptr) *calibration = investors.Calibration();

    const ProjectChoices choices = MakeProjectChoices(&maker_, snapshot, context, window);
    const ScoreTable by_company =
        ScoreAll(snapshot, context, maker_.codes(), choices.subjects, CoInvestors::kCounted, &work_);
    if (work_.stopped()) return {};
    MetricSums projects;
    for (const ProjectChoices::Choice& choice : choices.choices) {
      std::vector<float> scores(choices.subjects.size());
      for (size_t i = 0; i < scores.size(); ++i) {
        const std::vector<uint32_t>& taken = choices.subjects[i].taken;
        const bool was_in = std::binary_search(taken.begin(), taken.end(), snapshot.candidates[choice.candidate]);
        scores[i] = was_in ? never : by_company.At(choice.candidate, i);
      }
      projects.Add(scores, choice.chosen);
      if (!work_.KeepGoing()) return {};
    }
    evaluation.projects_for_investor = projects.Means();
    return evaluation;
  }

  const TrainingOptions& options_;
  const Progress& progress_;
  const DealTable& table_;
  const std::vector<PairAnswer> answers_;
  const Plan plan_;
  absl::string_view phase_ = "deals";
  int done_ = 0;
  Work work_;
  SnapshotMaker maker_;
  std::map<int32_t, std::shared_ptr<const Snapshot>> snapshots_;
};

}  // namespace

absl::StatusOr<TrainingResult> Train(const TrainingInput& input, const TrainingOptions& options,
                                     const Progress& progress) {
  if (input.context == nullptr || input.interner == nullptr || input.codes == nullptr) {
    return absl::InvalidArgumentError("training needs the market's context, interner and code book; give all three");
  }
  if (options.kept_for_mandates < 0 || options.kept_for_mandates > 1000) {
    return absl::InvalidArgumentError(
        absl::StrCat("kept_for_mandates=", options.kept_for_mandates, ": it is a part in thousandths, 0 to 1000"));
  }
  if (options.threads < 1 || options.alternatives < 1 || options.most_examples < kLeastExamples) {
    return absl::InvalidArgumentError(absl::StrCat("threads=", options.threads, ", alternatives=", options.alternatives,
                                                   ", most_examples=", options.most_examples, ": at least 1, 1 and ",
                                                   kLeastExamples, " are needed"));
  }
  if (progress && !progress("deals", 0)) return absl::CancelledError("the training was stopped during: deals");
  const DealTable table(input.deals, input.investors, options.as_of_day);
  const size_t examples =
      CountExamples(table, options.as_of_day, options.see_mandates ? 1 : SnapshotMaker::kLeastDeals);
  if (examples < kLeastExamples) {
    return absl::FailedPreconditionError(absl::StrCat(
        "too few deals to learn from: ", examples, " in the year before by investors with at least ",
        SnapshotMaker::kLeastDeals, " earlier ones (of ", table.rows().size(), " deals in all), ", kLeastExamples,
        " are needed; import more deals or past editions' exports, or keep the shipped profile"));
  }
  const size_t rounds = MostRounds(table, options.as_of_day);
  if (rounds * table.investor_count() > kMostScores) {
    return absl::ResourceExhaustedError(absl::StrCat(
        rounds, " rounds of half a year and ", table.investor_count(), " investors are more than can be measured: ",
        "their product may be ", kMostScores, "; learn from fewer past editions"));
  }
  return Training(input, options, progress, table, MakePlan(options.as_of_day, examples, options.most_knots)).Run();
}

}  // namespace tandem::pairing::matching
