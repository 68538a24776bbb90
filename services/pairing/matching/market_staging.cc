// How a Market takes records in: many at once, their texts on all cores.
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

#include "common/base/parallel.h"
#include "services/pairing/matching/company_feature.h"
#include "services/pairing/matching/compiler.h"
#include "services/pairing/matching/market.h"

namespace tandem::pairing::matching {
namespace {

// How many staged records are compiled together, and how many of them by one thread at a time.
constexpr size_t kCompiledAtOnce = 4096;
constexpr size_t kRecordsAtOnce = 32;
// Deals of a company in which the text of one more is sought.
constexpr int kMostComparedDeals = 16;

}  // namespace

void Market::Stage(std::shared_ptr<const projects::v1::Project> project) {
  staged_.push_back({std::move(project), nullptr, nullptr});
}

void Market::Stage(std::shared_ptr<const investors::v1::Investor> investor) {
  staged_.push_back({nullptr, std::move(investor), nullptr});
}

void Market::Stage(std::shared_ptr<const investors::v1::Deal> deal) {
  staged_.push_back({nullptr, nullptr, std::move(deal)});
}

void Market::PutProject(projects::v1::Project project) {
  Stage(std::make_shared<const projects::v1::Project>(std::move(project)));
  CompileStaged();
}

void Market::PutInvestor(investors::v1::Investor investor) {
  Stage(std::make_shared<const investors::v1::Investor>(std::move(investor)));
  CompileStaged();
}

void Market::PutDeal(investors::v1::Deal deal) {
  Stage(std::make_shared<const investors::v1::Deal>(std::move(deal)));
  CompileStaged();
}

void Market::CompileStaged() {
  const std::vector<Staged> staged = std::exchange(staged_, {});
  for (size_t begin = 0; begin < staged.size(); begin += kCompiledAtOnce) {
    const size_t count = std::min(staged.size() - begin, kCompiledAtOnce);
    std::vector<RecordText> texts = WeighTexts(&staged[begin], count);
    for (size_t i = 0; i < count; ++i) {
      Visit(staged[begin + i], [&](const auto& record) { Put(record, std::move(texts[i])); });
    }
  }
}

std::vector<RecordText> Market::WeighTexts(const Staged* staged, size_t count) {
  std::vector<RecordText> texts(count);
  // The deals of a company often say the same of it: such a text is weighed once, and shared.
  const auto known = [this](const investors::v1::Company& company) -> RecordText {
    const auto deals = deals_in_.find(interner_.Find(CompanyFeature(company)));
    if (deals == deals_in_.end()) return nullptr;
    int left = kMostComparedDeals;
    for (auto it = deals->second.begin(); it != deals->second.end() && left > 0; ++it, --left) {
      const StoredDeal& deal = deals_.at(it->second);
      if (deal.record->company().summary() == company.summary()) return deal.facts.text;
    }
    return nullptr;
  };
  constexpr size_t kItself = std::numeric_limits<size_t>::max();
  std::vector<size_t> same_as(count, kItself);
  absl::flat_hash_map<absl::string_view, size_t> first_to_say;
  for (size_t i = 0; i < count; ++i) {
    if (staged[i].deal == nullptr || staged[i].deal->company().summary().empty()) continue;
    const auto [first, is_new] = first_to_say.try_emplace(staged[i].deal->company().summary(), i);
    if (is_new) {
      texts[i] = known(staged[i].deal->company());
    } else {
      same_as[i] = first->second;
    }
  }
  // Nothing but terms that nobody said before needs to wait for one another: those get their numbers in order.
  std::vector<std::unique_ptr<TermCounts>> with_new_terms(count);
  const FrozenStatistics& statistics = context_->statistics;
  ParallelFor(count, kRecordsAtOnce, [&](size_t begin, size_t end) {
    auto counts = std::make_unique<TermCounts>();
    for (size_t i = begin; i < end; ++i) {
      if (texts[i] != nullptr || same_as[i] != kItself) continue;
      counts->Clear();
      Visit(staged[i], [&](const auto& record) { CountTerms(*record, counts.get()); });
      if (counts->Number(std::as_const(interner_))) {
        texts[i] = WeighText(*counts, statistics);
      } else {
        with_new_terms[i] = std::exchange(counts, std::make_unique<TermCounts>());
      }
    }
  });
  std::vector<size_t> waiting;
  for (size_t i = 0; i < count; ++i) {
    if (with_new_terms[i] == nullptr) continue;
    with_new_terms[i]->Number(&interner_);
    waiting.push_back(i);
  }
  ParallelFor(waiting.size(), kRecordsAtOnce, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) texts[waiting[i]] = WeighText(*with_new_terms[waiting[i]], statistics);
  });
  for (size_t i = 0; i < count; ++i) {
    if (same_as[i] != kItself) texts[i] = texts[same_as[i]];
  }
  return texts;
}

}  // namespace tandem::pairing::matching
