#include "services/pairing/meetings/breaks/schedule_formula.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <limits>
#include <utility>

namespace tandem::breaks {
namespace {

constexpr int kTrue = Clauses::kTrue;
constexpr int kFalse = Clauses::kFalse;

std::size_t Index(int value) { return static_cast<std::size_t>(value); }

class Builder {
 public:
  Builder(const BreakProblem& problem, const SlotDomains& domains, int break_limit)
      : problem_(problem),
        domains_(domains),
        slots_(Index(problem.slots)),
        by_person_(MeetingsByPerson(problem)),
        limit_(break_limit < 0 ? std::numeric_limits<int>::max() : break_limit),
        difference_(std::min(problem.max_break_difference, problem.slots)),
        least_possible_(problem.slots) {}

  ScheduleFormula Build() {
    AddMeetings();
    AddPrecedences();
    // Somebody with at most one meeting never has a break, and then a person's breaks are at most the difference
    // allowed.
    for (const std::vector<int>& meetings : by_person_) {
      least_possible_ = std::min(least_possible_, std::max(0, static_cast<int>(meetings.size()) - 1));
    }
    cap_ = std::min(least_possible_ + difference_, limit_);
    for (std::size_t p = 0; p < by_person_.size(); ++p) AddPerson(p);
    AddTables();
    AddFairness();
    AddTotal();
    AddCrowdedSlots();
    return std::move(formula_);
  }

 private:
  Clauses& clauses() { return formula_.clauses; }

  void AddMeetings() {
    for (std::size_t m = 0; m < problem_.meetings.size(); ++m) {
      std::vector<int> row(slots_, kFalse);
      for (std::size_t s = 0; s < slots_; ++s) {
        if (domains_.allowed[m][s]) row[s] = clauses().NewVariable();
      }
      clauses().Add(row);
      std::vector<int> some;
      std::copy_if(row.begin(), row.end(), std::back_inserter(some), [](int x) { return x != kFalse; });
      clauses().AddAtMostOne(some);
      formula_.meeting_in_slot.push_back(std::move(row));
    }
  }

  // started[s]: the meeting is in slot s or before.
  const std::vector<int>& Started(std::size_t m) {
    if (started_.empty()) started_.resize(problem_.meetings.size());
    std::vector<int>& started = started_[m];
    if (!started.empty()) return started;
    const std::vector<int>& row = formula_.meeting_in_slot[m];
    int before = kFalse;
    for (std::size_t s = 0; s < slots_; ++s) {
      before = clauses().AddOr({before, row[s]});
      started.push_back(before);
    }
    return started;
  }

  void AddPrecedences() {
    for (std::size_t m = 0; m < problem_.meetings.size(); ++m) {
      for (int earlier : problem_.meetings[m].predecessors) {
        const std::vector<int> before = Started(Index(earlier));
        const std::vector<int> after = Started(m);
        if (slots_ > 0) clauses().Add({-after[0]});
        for (std::size_t s = 1; s < slots_; ++s) clauses().Add({-after[s], before[s - 1]});
      }
    }
  }

  void AddPerson(std::size_t p) {
    const std::vector<int>& meetings = by_person_[p];
    std::vector<int> busy;
    for (std::size_t s = 0; s < slots_; ++s) {
      std::vector<int> here;
      for (int m : meetings) {
        const int x = formula_.meeting_in_slot[Index(m)][s];
        if (x != kFalse) here.push_back(x);
      }
      clauses().AddAtMostOne(here);
      busy.push_back(clauses().AddOr(here));
    }
    busy_.push_back(busy);
    const int most_breaks = std::min(static_cast<int>(meetings.size()) - 1, cap_);
    std::vector<int> breaks(Index(std::max(most_breaks, 0)));
    for (int& literal : breaks) literal = clauses().NewVariable();
    const std::vector<std::vector<int>> counts =
        AddCountsBySlot(meetings, busy, breaks.empty() ? kFalse : breaks.front());
    std::vector<char> amid(slots_, 0);
    for (std::size_t s = 1; s < slots_; ++s) {
      amid[s] = meetings.size() > 1 && counts[s].front() == kTrue && counts[s - 1].back() == kFalse ? 1 : 0;
    }
    amid_.push_back(std::move(amid));
    AddBreaks(counts, busy, breaks);
    formula_.person_breaks.push_back(std::move(breaks));
  }

  // counts[s][k]: the person has more than k meetings in the slots up to s. Exact, and with what the slots left on
  // either side demand already known.
  std::vector<std::vector<int>> AddCountsBySlot(const std::vector<int>& meetings, const std::vector<int>& busy,
                                                int broken) {
    const int degree = static_cast<int>(meetings.size());
    std::vector<int> done(slots_, 0);      // meetings that must be over by then
    std::vector<int> begun(slots_, 0);     // meetings that can have been by then
    std::vector<int> left(slots_ + 1, 0);  // slots that can be used from there on
    for (int m : meetings) {
      const std::vector<char>& row = domains_.allowed[Index(m)];
      const auto first = Index(static_cast<int>(std::find(row.begin(), row.end(), 1) - row.begin()));
      const auto last = Index(static_cast<int>(row.rend() - std::find(row.rbegin(), row.rend(), 1)));  // one past
      for (std::size_t s = 0; s < slots_; ++s) {
        if (s + 1 >= last) ++done[s];
        if (s >= first) ++begun[s];
      }
    }
    for (std::size_t s = slots_; s-- > 0;) left[s] = left[s + 1] + (busy[s] != kFalse);
    std::vector<std::vector<int>> counts(slots_, std::vector<int>(Index(degree), kFalse));
    for (std::size_t s = 0; s < slots_; ++s) {
      const int least = std::max(done[s], degree - left[s + 1]);
      const int most = std::min(begun[s], left[0] - left[s + 1]);
      for (int k = 0; k < degree; ++k) {
        int& count = counts[s][Index(k)];
        // Without a break every slot from the first meeting on is one meeting more, so that only the first is free to
        // choose.
        const bool follows = broken == kFalse && k > 0 && s > 0;
        count = k < least   ? kTrue
                : k >= most ? kFalse
                : follows   ? counts[s - 1][Index(k - 1)]
                            : clauses().NewVariable();
        const int same = s > 0 ? counts[s - 1][Index(k)] : kFalse;
        const int fewer = k == 0 ? kTrue : s > 0 ? counts[s - 1][Index(k - 1)] : kFalse;
        clauses().Add({-same, count});
        clauses().Add({-busy[s], -fewer, count});
        clauses().Add({-count, same, busy[s]});
        clauses().Add({-count, fewer});
        if (k > 0) clauses().Add({broken, -fewer, count});
      }
      // No more than all of them.
      if (s > 0 && degree > 0) clauses().Add({-busy[s], -counts[s - 1][Index(degree - 1)]});
    }
    return counts;
  }

  void AddBreaks(const std::vector<std::vector<int>>& counts, const std::vector<int>& busy,
                 const std::vector<int>& breaks) {
    const int degree = counts.empty() ? 0 : static_cast<int>(counts.front().size());
    for (std::size_t k = 1; k < breaks.size(); ++k) clauses().Add({-breaks[k], breaks[k - 1]});
    if (degree > 1) {
      // Idle between the first meeting and the last.
      for (std::size_t s = 1; s + 1 < slots_; ++s) {
        clauses().Add({busy[s], -counts[s][0], counts[s][Index(degree - 1)], breaks.empty() ? kFalse : breaks[0]});
      }
      AddBreakCounts(counts, busy, breaks);
    }
  }

  // Breaks are counted where they end. Beyond the cap there is no literal: the clause then forbids them.
  void AddBreakCounts(const std::vector<std::vector<int>>& counts, const std::vector<int>& busy,
                      const std::vector<int>& breaks) {
    const bool exact = least_possible_ > 0;  // only fairness asks whether breaks are there
    std::vector<int> before(breaks.size(), kFalse);
    for (std::size_t s = 2; s < slots_; ++s) {
      const int end = clauses().NewVariable();
      clauses().Add({-busy[s], busy[s - 1], -counts[s - 1][0], end});
      if (exact) {
        clauses().Add({-end, busy[s]});
        clauses().Add({-end, -busy[s - 1]});
        clauses().Add({-end, counts[s - 1][0]});
      }
      std::vector<int> now(breaks.size());
      for (std::size_t k = 0; k < breaks.size(); ++k) {
        now[k] = s + 1 == slots_ ? breaks[k] : clauses().NewVariable();
        const int fewer = k == 0 ? kTrue : before[k - 1];
        clauses().Add({-before[k], now[k]});
        clauses().Add({-end, -fewer, now[k]});
        if (exact) {
          clauses().Add({-now[k], before[k], end});
          clauses().Add({-now[k], before[k], fewer});
        }
      }
      clauses().Add({-end, breaks.empty() ? kFalse : -before.back()});
      before = std::move(now);
    }
    if (slots_ < 3) {
      for (int literal : breaks) clauses().Add({-literal});
    }
  }

  // Each meeting is counted at one of its two people: few people take part in most meetings, and whoever hosts all of
  // his own meetings needs no new variable.
  void AddTables() {
    const std::size_t tables = Index(problem_.tables);
    std::vector<int> open(by_person_.size());
    for (std::size_t p = 0; p < open.size(); ++p) open[p] = static_cast<int>(by_person_[p].size());
    std::vector<std::vector<int>> hosted(by_person_.size());
    std::vector<char> taken(problem_.meetings.size(), 0);
    for (;;) {
      const auto most = std::max_element(open.begin(), open.end());
      if (most == open.end() || *most == 0) break;
      const std::size_t p = Index(static_cast<int>(most - open.begin()));
      for (int m : by_person_[p]) {
        if (taken[Index(m)]) continue;
        taken[Index(m)] = 1;
        hosted[p].push_back(m);
        --open[Index(problem_.meetings[Index(m)].a)];
        --open[Index(problem_.meetings[Index(m)].b)];
      }
      open[p] = 0;
    }
    for (std::size_t s = 0; s < slots_; ++s) {
      std::vector<int> used;
      for (std::size_t p = 0; p < hosted.size(); ++p) {
        if (hosted[p].empty()) continue;
        if (hosted[p].size() == by_person_[p].size()) {
          used.push_back(busy_[p][s]);
          continue;
        }
        std::vector<int> here;
        for (int m : hosted[p]) here.push_back(formula_.meeting_in_slot[Index(m)][s]);
        used.push_back(clauses().AddOr(here));
      }
      used.erase(std::remove(used.begin(), used.end(), kFalse), used.end());
      if (used.size() <= tables || static_cast<std::size_t>(problem_.people / 2) <= tables) continue;
      const std::vector<int> counts = clauses().AddCounts(used, tables + 1);
      if (counts.size() > tables) clauses().Add({-counts[tables]});
    }
  }

  // Not needed for exactness, but proofs are long without it. Around noon above all, many people are sure to be between
  // their first and their last meeting; those of them who are not seated have a break, and the tables seat two each.
  // That is seen only by counting the people, seated and with breaks, over the same groups.
  void AddCrowdedSlots() {
    const std::size_t seats = 2 * Index(problem_.tables);
    for (std::size_t s = 0; s < slots_; ++s) {
      std::vector<std::size_t> amid, others;
      for (std::size_t p = 0; p < busy_.size(); ++p) {
        if (busy_[p][s] != kFalse || amid_[p][s]) (amid_[p][s] ? amid : others).push_back(p);
      }
      if (amid.size() <= seats / 2 || amid.size() + others.size() <= seats) continue;
      const Counted crowd = CountIdleOrBroken(amid, s, seats + 1);
      for (std::size_t k = 0; k < crowd.broken.size(); ++k) {
        clauses().Add({-crowd.broken[k], k < formula_.total_breaks.size() ? formula_.total_breaks[k] : kFalse});
      }
      std::vector<int> rest;
      rest.reserve(others.size());
      for (std::size_t p : others) rest.push_back(busy_[p][s]);
      const std::vector<int> all = clauses().MergeCounts(crowd.busy, clauses().AddCounts(rest, seats + 1), seats + 1);
      if (all.size() > seats) clauses().Add({-all[seats]});
    }
  }

  struct Counted {
    std::vector<int> busy;    // [k]: more than k are busy
    std::vector<int> broken;  // [k]: more than k have a break
  };

  Counted CountIdleOrBroken(const std::vector<std::size_t>& people, std::size_t slot, std::size_t most) {
    if (people.size() == 1) {
      const std::vector<int>& breaks = formula_.person_breaks[people.front()];
      return {{busy_[people.front()][slot]}, {breaks.empty() ? kFalse : breaks.front()}};
    }
    const auto middle = people.begin() + static_cast<std::ptrdiff_t>(people.size() / 2);
    const Counted left = CountIdleOrBroken({people.begin(), middle}, slot, most);
    const Counted right = CountIdleOrBroken({middle, people.end()}, slot, most);
    Counted both;
    both.busy = clauses().MergeCounts(left.busy, right.busy, most);
    both.broken = clauses().MergeCounts(left.broken, right.broken, people.size());
    for (std::size_t busy = 0; busy < std::min(both.busy.size(), people.size()); ++busy) {
      clauses().Add({both.busy[busy], both.broken[people.size() - 1 - busy]});
    }
    return both;
  }

  // Whoever has more than k + difference breaks obliges everybody to more than k.
  void AddFairness() {
    for (int k = 0; k < least_possible_ && k < cap_; ++k) {
      const std::size_t high = Index(k + difference_);
      std::vector<int> many;
      for (const std::vector<int>& breaks : formula_.person_breaks) {
        if (high < breaks.size()) many.push_back(breaks[high]);
      }
      const int obliged = clauses().AddOr(many);
      for (const std::vector<int>& breaks : formula_.person_breaks) {
        clauses().Add({-obliged, Index(k) < breaks.size() ? breaks[Index(k)] : kFalse});
      }
    }
  }

  void AddTotal() {
    std::vector<int> all;
    for (const std::vector<int>& breaks : formula_.person_breaks) all.insert(all.end(), breaks.begin(), breaks.end());
    const std::size_t limit = std::min(all.size(), Index(std::min(limit_, std::numeric_limits<int>::max() - 1)) + 1);
    formula_.total_breaks = clauses().AddCounts(all, limit);
    if (limit_ < static_cast<int>(formula_.total_breaks.size())) {
      clauses().Add({-formula_.total_breaks[Index(limit_)]});
      formula_.total_breaks.resize(Index(limit_));
    }
  }

  const BreakProblem& problem_;
  const SlotDomains& domains_;
  const std::size_t slots_;
  const std::vector<std::vector<int>> by_person_;
  const int limit_;
  const int difference_;
  int least_possible_;  // breaks that everybody can have at once, by the number of meetings
  int cap_ = 0;         // breaks that anybody can have
  std::vector<std::vector<int>> started_;
  std::vector<std::vector<int>> busy_;
  std::vector<std::vector<char>>
      amid_;  // [person][slot]: surely has meetings up to the slot and from it on, so that to be idle is a break
  ScheduleFormula formula_;
};

}  // namespace

ScheduleFormula BuildScheduleFormula(const BreakProblem& problem, const SlotDomains& domains, int break_limit) {
  return Builder(problem, domains, break_limit).Build();
}

}  // namespace tandem::breaks
