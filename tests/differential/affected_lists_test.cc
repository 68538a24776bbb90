// AffectedLists and marks against scanning every subject's ranking after every change of a small edition.
#include "services/pairing/matching/affected_lists.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/pairing/matching/gates.h"
#include "services/pairing/matching/ranking.h"
#include "services/pairing/matching/selected_ranking.h"
#include "tests/differential/long_mode.h"
#include "tests/differential/random_edition.h"

namespace tandem::pairing::matching {
namespace {

using ::testing::ContainerEq;

constexpr size_t kLong = 200;                               // places of the longest answer
using List = std::vector<std::pair<std::string, int64_t>>;  // names and scores

// What an answer shows of a place: the record itself stands for all of it.
struct Place {
  const void* record = nullptr;
  int64_t score = 0;
  int64_t together = 0, after = 0;
  friend bool operator==(const Place&, const Place&) = default;
};
// Answers of other shapes, and how many passed. The rankings keep the records alive, so that none has another's place.
struct Shapes {
  std::vector<std::vector<Place>> answers;
  std::vector<size_t> passed;
  std::vector<std::shared_ptr<const Ranking>> rankings;
};

List FirstOf(const Ranking& ranking, size_t k) {
  List list;
  for (size_t i = 0; i < std::min(k, ranking.size()); ++i) {
    ranking.project != nullptr
        ? list.emplace_back(ranking.investors[i].investor->record.name(), ranking.investors[i].score)
        : list.emplace_back(ranking.projects[i].project->record.name(), ranking.projects[i].score);
  }
  return list;
}

void Add(std::shared_ptr<const Ranking> ranking, Shapes* shapes) {
  std::vector<Place>& answer = shapes->answers.emplace_back();
  for (size_t i = 0; i < std::min(kLong, ranking->size()); ++i) {
    const SharedStrength& shared =
        ranking->project != nullptr ? ranking->investors[i].shared : ranking->projects[i].shared;
    ranking->project != nullptr ? answer.push_back({ranking->investors[i].investor.get(), ranking->investors[i].score,
                                                    shared.together, shared.after})
                                : answer.push_back({ranking->projects[i].project.get(), ranking->projects[i].score,
                                                    shared.together, shared.after});
  }
  shapes->passed.push_back(ranking->passed);
  shapes->rankings.push_back(std::move(ranking));
}

// Long, with options, and of another day.
Shapes ShapesOf(std::shared_ptr<const Ranking> plain, std::shared_ptr<const Ranking> of_another_day) {
  Shapes shapes;
  v1::MatchOptions options;
  options.set_most_per_owner(1);
  options.set_spare_spent_capacity(true);
  Add(WithOptions(plain, options), &shapes);
  Add(std::move(plain), &shapes);
  Add(std::move(of_another_day), &shapes);
  return shapes;
}

struct Subject {
  List list;      // as if nobody was gone from it, which is what is named
  List honoured;  // and as it is
  size_t gone = 0;
  uint64_t mark = 0, stances = 0;
  Shapes shapes;
  bool takes_part = false;
};
using Subjects = std::map<std::string, Subject>;

class Compared {
 public:
  explicit Compared(uint64_t seed) : edition_(seed), random_(seed + 1) {
    options_.k = random_.Chance(40) ? 50 : 1 + random_.Below(8);
    options_.kmax = options_.k + random_.Below(6);
    if (random_.Chance(10)) options_.most_changes = 5;
    view_ = edition_.market().View();
    Scan(&investors_, &projects_);
    Begin();
  }

  // How many lists were compared.
  size_t Step() {
    const std::string done = edition_.Change();
    SCOPED_TRACE(done);
    const auto before = view_;
    view_ = edition_.market().View();
    if (view_ == before) return 0;
    Subjects investors, projects;
    Scan(&investors, &projects);
    CheckMarks(investors_, investors);
    CheckMarks(projects_, projects);
    const bool filled = lists_->filled();
    const Affected affected = lists_->Update(view_);
    EXPECT_EQ(affected.version, view_->version);
    if (!lists_->usable()) {
      EXPECT_TRUE(affected.all_investors && affected.all_projects);
      EXPECT_TRUE(view_->changes.everything || options_.most_changes < 50) << "that was not too much";
      Begin();
    } else {
      EXPECT_EQ(affected.all_investors, !filled);
      EXPECT_FALSE(affected.all_projects);
      if (filled) CheckInvestors(affected, investors);
      CheckWatched(affected, projects);
    }
    investors_ = std::move(investors);
    projects_ = std::move(projects);
    if (!lists_->filled()) lists_->Fill(1 + random_.Below(20));
    WatchSome(before);
    return investors_.size() + projects_.size();
  }

  size_t named = 0, kept_marks = 0, other_marks = 0, kept_stances = 0, other_stances = 0;

 private:
  void Begin() {
    lists_ = std::make_unique<AffectedLists>(options_, view_);
    watched_.clear();
    if (random_.Chance(80)) lists_->Fill(1'000);
  }

  void Scan(Subjects* investors, Subjects* projects) {
    const Market& market = edition_.market();
    const int32_t day = market.context()->reference_day;
    const int32_t other_day = 20'000;
    for (const auto& [name, facts] : market.investors()) {
      auto plain = std::make_shared<const Ranking>(RankProjects(market, facts, day));
      Subject& subject = (*investors)[name];
      subject.gone = market.GoneFromInvestor(name).size();
      subject.honoured = FirstOf(*plain, options_.k);
      subject.list = subject.gone == 0 ? subject.honoured
                                       : FirstOf(RankProjects(market, facts, day, Stances::kIgnored), options_.k);
      subject.mark = view_->MarkOfInvestor(name);
      subject.stances = view_->marks.OfStancesOfInvestor(*view_->investor_names->Find(name));
      auto other = std::make_shared<const Ranking>(RankProjects(market, facts, other_day));
      subject.shapes = ShapesOf(std::move(plain), std::move(other));
      subject.takes_part = TakesPart(*facts);
    }
    for (const auto& [name, facts] : market.projects()) {
      auto plain = std::make_shared<const Ranking>(RankInvestors(market, facts, day));
      Subject& subject = (*projects)[name];
      subject.gone = market.GoneFromProject(name).size();
      subject.honoured = FirstOf(*plain, options_.k);
      subject.list = subject.gone == 0 ? subject.honoured
                                       : FirstOf(RankInvestors(market, facts, day, Stances::kIgnored), options_.k);
      subject.mark = view_->MarkOfProject(name);
      subject.stances = view_->marks.OfStancesOfProject(*view_->project_names->Find(name));
      auto other = std::make_shared<const Ranking>(RankInvestors(market, facts, other_day));
      subject.shapes = ShapesOf(std::move(plain), std::move(other));
      subject.takes_part = TakesPart(*facts);
    }
  }

  void CheckMarks(const Subjects& before, const Subjects& now) {
    for (const auto& [name, subject] : now) {
      const auto it = before.find(name);
      if (it == before.end()) {
        EXPECT_EQ(subject.mark, view_->version) << name << " is new";
        continue;
      }
      if (it->second.mark != subject.mark) {
        EXPECT_EQ(subject.mark, view_->version) << name;
        ++other_marks;
        continue;
      }
      ++kept_marks;
      EXPECT_EQ(it->second.list, subject.list) << name;
      EXPECT_EQ(it->second.shapes.passed, subject.shapes.passed) << name;
      EXPECT_EQ(it->second.shapes.answers, subject.shapes.answers) << name;
    }
  }

  // What is not named is as it was, up to where there is room for those who are gone, unless somebody was said to be.
  void CheckHonoured(const Subjects& before, const Subjects& now, const std::set<std::string>& told) {
    for (const auto& [name, subject] : now) {
      const auto it = before.find(name);
      if (it == before.end() || told.count(name) > 0 || subject.gone > options_.k) continue;
      if (subject.stances != it->second.stances) {
        EXPECT_EQ(subject.stances, view_->version) << name;
        ++other_stances;
        continue;
      }
      EXPECT_EQ(subject.gone, it->second.gone) << name;
      const auto first = [&](List list) {
        if (list.size() > options_.k - subject.gone) list.resize(options_.k - subject.gone);
        return list;
      };
      EXPECT_EQ(first(subject.honoured), first(it->second.honoured)) << name;
      if (subject.gone > 0) ++kept_stances;
    }
  }

  static List ListOf(const Subjects& subjects, const std::string& name) {
    const auto it = subjects.find(name);
    return it == subjects.end() ? List() : it->second.list;
  }

  void CheckInvestors(const Affected& affected, const Subjects& now) {
    std::set<std::string> expected, got;
    for (const auto& [name, subject] : investors_) {
      if (subject.list != ListOf(now, name)) expected.insert(name);
    }
    for (const auto& [name, subject] : now) {
      if (subject.list != ListOf(investors_, name)) expected.insert(name);
    }
    for (const uint32_t slot : affected.investors) got.insert(view_->investor_names->NameOf(slot));
    EXPECT_THAT(got, ContainerEq(expected));
    EXPECT_EQ(got.size(), affected.investors.size()) << "named twice";
    CheckHonoured(investors_, now, got);
    named += got.size();
  }

  void CheckWatched(const Affected& affected, const Subjects& now) {
    std::set<std::string> expected, got;
    for (const auto& [name, list] : watched_) {
      const auto it = now.find(name);
      if (it == now.end() || !it->second.takes_part || it->second.list != list) expected.insert(name);
    }
    for (const uint32_t slot : affected.projects) got.insert(view_->project_names->NameOf(slot));
    EXPECT_THAT(got, ContainerEq(expected));
    Subjects watched;
    for (const auto& [name, list] : watched_) {
      if (const auto it = now.find(name); it != now.end()) watched[name] = it->second;
    }
    CheckHonoured(projects_, watched, got);
    for (const std::string& name : got) watched_.erase(name);
    EXPECT_EQ(lists_->watched_count(), watched_.size());
    named += got.size();
  }

  // Some of them by what they were one view ago.
  void WatchSome(const std::shared_ptr<const MarketView>& before) {
    for (const auto& [name, subject] : projects_) {
      if (!random_.Chance(25) || watched_.contains(name)) continue;
      const uint32_t slot = *view_->project_names->Find(name);
      const bool late = random_.Chance(30);
      const auto facts = before->FindProject(name);
      const bool watched = lists_->Watch(late ? *before : *view_, slot);
      if (!late) {
        EXPECT_EQ(watched, subject.takes_part) << name;
      } else if (watched) {
        EXPECT_TRUE(subject.takes_part);
        if (facts != nullptr && subject.gone == 0 && before->gone.from_projects.Peek(slot) == nullptr) {
          EXPECT_EQ(FirstOf(TopInvestors(*before, facts, before->context->reference_day, options_.k), options_.k),
                    subject.list);
        }
      }
      if (watched) watched_[name] = subject.list;
    }
  }

  RandomEdition edition_;
  Random random_;
  AffectedLists::Options options_;
  std::shared_ptr<const MarketView> view_;
  std::unique_ptr<AffectedLists> lists_;
  Subjects investors_, projects_;
  std::map<std::string, List> watched_;
};

TEST(AffectedListsDifferential, NamesExactlyTheListsThatChangedAndMarksMissNone) {
  constexpr int kStepsOfAnEdition = 40;
  const uint64_t comparisons = DifferentialQueries(30'000);
  uint64_t compared = 0;
  size_t named = 0, kept_marks = 0, other_marks = 0, kept_stances = 0, other_stances = 0;
  for (uint64_t seed = DifferentialSeed(); compared < comparisons; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Compared edition(seed);
    for (int step = 0; step < kStepsOfAnEdition && compared < comparisons; ++step) {
      SCOPED_TRACE("step " + std::to_string(step));
      compared += edition.Step();
      if (::testing::Test::HasFailure()) return;
    }
    named += edition.named;
    kept_marks += edition.kept_marks;
    other_marks += edition.other_marks;
    kept_stances += edition.kept_stances;
    other_stances += edition.other_stances;
  }
  EXPECT_GT(named, 0u);
  EXPECT_GT(kept_marks, 0u);
  EXPECT_GT(other_marks, 0u);
  EXPECT_GT(kept_stances, 0u);
  EXPECT_GT(other_stances, 0u);
  RecordProperty("named", static_cast<int>(named));
  RecordProperty("kept_marks", static_cast<int>(kept_marks));
  RecordProperty("other_marks", static_cast<int>(other_marks));
}

}  // namespace
}  // namespace tandem::pairing::matching
