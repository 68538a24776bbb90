#include "services/pairing/matching/learning/answer_examples.h"

#include <algorithm>
#include <openssl/sha.h>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "services/pairing/matching/learning/random.h"
#include "services/pairing/matching/learning/score_table.h"

namespace tandem::pairing::matching {
namespace {

// Other numbers than those that draw the alternatives of deals.
constexpr uint64_t kStream = uint64_t{1} << 60;

// An answer whose two sides are known to the window.
struct Known {
  uint32_t subject = 0, investor = 0;
  bool accepted = false;
};

class Adder {
 public:
  Adder(SnapshotMaker* maker, Window window, const ExampleOptions& options, WindowExamples* examples)
      : maker_(*maker), window_(window), options_(options), examples_(*examples) {
    const DealTable& table = maker->table();
    for (uint32_t i = 0; i < table.investor_count(); ++i) numbers_[table.InvestorKey(i)] = i;
  }

  AnswerCounts Add(std::vector<const PairAnswer*> answers, Work* work) {
    AnswerCounts counts;
    std::erase_if(answers, [&](const PairAnswer* answer) { return !IsKnown(answer->investor); });
    // A random subset, still by day.
    Random choose(options_.seed, kStream | static_cast<uint32_t>(window_.from));
    if (answers.size() > options_.most_examples) {
      for (size_t i = 0; i < options_.most_examples; ++i) {
        std::swap(answers[i], answers[i + choose.Below(answers.size() - i)]);
      }
      answers.resize(options_.most_examples);
      std::sort(answers.begin(), answers.end());  // they lie in their order
    }
    if (answers.empty()) return counts;
    for (const PairAnswer* answer : answers) AddSubject(*answer);
    const ScoreTable scores = ScoresForDrawing(*examples_.snapshot, maker_.codes(), subjects_, work);
    if (work->stopped()) return counts;
    const auto first_subject = static_cast<uint32_t>(examples_.subjects.size());
    for (const Subject& subject : subjects_) examples_.subjects.push_back(subject);
    for (size_t i = 0; i < known_.size(); ++i) {
      if (!known_[i].accepted) continue;
      TrainingExample& example = examples_.examples.emplace_back();
      example.kind = ExampleKind::kAcceptance;
      example.day = answers[i]->day;
      example.subject = first_subject + known_[i].subject;
      example.chosen = known_[i].investor;
      Random random(options_.seed, kStream | uint64_t{i} << 20 | static_cast<uint32_t>(window_.from));
      Drawing(*examples_.snapshot, scores, subjects_[known_[i].subject], known_[i].subject)
          .AddTo(options_.alternatives, &random, &example);
      ++counts.acceptances;
    }
    NoteChoices();
    for (size_t i = 0; i < known_.size(); ++i) {
      if (known_[i].accepted) continue;
      const uint32_t subject = first_subject + known_[i].subject;
      const TrainingExample* chosen = Before(subject, known_[i].investor, &choose);
      if (chosen == nullptr) break;  // nothing was ever chosen here
      TrainingExample example;
      example.kind = ExampleKind::kDecline;
      example.day = answers[i]->day;
      example.subject = chosen->subject;
      example.chosen = chosen->chosen;
      example.alternatives.push_back({known_[i].investor, 0, subject});
      declines_.push_back(std::move(example));
      ++counts.declines;
    }
    examples_.examples.insert(examples_.examples.end(), declines_.begin(), declines_.end());
    return counts;
  }

 private:
  bool IsKnown(absl::string_view investor) const {
    const auto it = numbers_.find(investor);
    return it != numbers_.end() && examples_.snapshot->investors[it->second] != nullptr;
  }

  void AddSubject(const PairAnswer& answer) {
    const auto [it, is_new] = subject_of_.try_emplace(answer.project->name(), static_cast<uint32_t>(subjects_.size()));
    if (is_new) {
      projects::v1::Project project = *answer.project;
      project.clear_texts();  // not learned from
      Subject subject = maker_.MakeSubjectOf(examples_.snapshot->context, std::move(project));
      for (const type::v1::InvestorRef& ref : answer.project->prior_investors()) {
        if (const auto prior = numbers_.find(ref.name()); prior != numbers_.end())
          subject.prior.push_back(prior->second);
      }
      std::sort(subject.prior.begin(), subject.prior.end());
      subject.prior.erase(std::unique(subject.prior.begin(), subject.prior.end()), subject.prior.end());
      subject.day = answer.day;
      subjects_.push_back(std::move(subject));
    }
    const uint32_t investor = numbers_.at(answer.investor);
    known_.push_back({it->second, investor, answer.accepted});
    // Whoever has answered is not one of those that could have been chosen besides.
    std::vector<uint32_t>& taken = subjects_[it->second].taken;
    if (const auto at = std::lower_bound(taken.begin(), taken.end(), investor); at == taken.end() || *at != investor) {
      taken.insert(at, investor);
    }
  }

  void NoteChoices() {
    const std::vector<TrainingExample>& all = examples_.examples;
    for (uint32_t i = 0; i < all.size(); ++i) {
      if (all[i].kind == ExampleKind::kAcceptance) {
        of_subject_[all[i].subject].push_back(i);
        accepted_by_[all[i].chosen].push_back(i);
        accepted_.push_back(i);
      }
      chosen_by_[all[i].chosen].push_back(i);
      chosen_.push_back(i);
    }
  }

  // What goes before a decline; null when nothing was chosen.
  const TrainingExample* Before(uint32_t subject, uint32_t investor, Random* random) const {
    const auto of = [](const ExamplesOf& examples, uint32_t key) {
      const auto it = examples.find(key);
      return it == examples.end() ? nullptr : &it->second;
    };
    for (const std::vector<uint32_t>* likes :
         {of(of_subject_, subject), of(accepted_by_, investor), of(chosen_by_, investor), &accepted_, &chosen_}) {
      if (likes != nullptr && !likes->empty()) return &examples_.examples[(*likes)[random->Below(likes->size())]];
    }
    return nullptr;
  }

  SnapshotMaker& maker_;
  const Window window_;
  const ExampleOptions& options_;
  WindowExamples& examples_;
  absl::flat_hash_map<absl::string_view, uint32_t> numbers_;  // of investors, by what the table knows them by
  absl::flat_hash_map<absl::string_view, uint32_t> subject_of_;
  std::vector<Subject> subjects_;
  std::vector<Known> known_;  // as the answers
  // Places of examples: acceptances, and choices of any kind.
  using ExamplesOf = absl::flat_hash_map<uint32_t, std::vector<uint32_t>>;
  ExamplesOf of_subject_, accepted_by_, chosen_by_;
  std::vector<uint32_t> accepted_, chosen_;
  std::vector<TrainingExample> declines_;
};

}  // namespace

std::vector<PairAnswer> AnswersBefore(int32_t day, std::vector<PairAnswer> answers) {
  std::erase_if(answers, [&](const PairAnswer& answer) { return answer.day >= day; });
  const auto key = [](const PairAnswer& answer) {
    return std::tuple<int32_t, const std::string&, const std::string&, bool>(answer.day, answer.project->name(),
                                                                             answer.investor, answer.accepted);
  };
  std::sort(answers.begin(), answers.end(), [&](const PairAnswer& a, const PairAnswer& b) { return key(a) < key(b); });
  return answers;
}

std::string FingerprintWith(const std::vector<PairAnswer>& answers, const std::string& fingerprint) {
  if (answers.empty()) return fingerprint;
  std::string text = fingerprint;
  for (const PairAnswer& answer : answers) {
    absl::StrAppend(&text, "|", answer.day, ",", answer.project->name(), ",", answer.investor, ",",
                    int{answer.accepted});
  }
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(digest), sizeof(digest)));
}

AnswerCounts AddAnswers(SnapshotMaker* maker, const std::vector<PairAnswer>& answers, Window window,
                        const ExampleOptions& options, Work* work, WindowExamples* examples) {
  std::vector<const PairAnswer*> within;
  for (const PairAnswer& answer : answers) {
    if (answer.day >= window.from && answer.day < window.to) within.push_back(&answer);
  }
  if (within.empty()) return {};
  return Adder(maker, window, options, examples).Add(std::move(within), work);
}

}  // namespace tandem::pairing::matching
