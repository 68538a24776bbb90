// The decisions against a naive model that keeps no counts and no states: it remembers what was said and asked, and
// works everything out from that each time.
#include <algorithm>
#include <cstdint>
#include <gtest/gtest.h>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "services/pairing/ledger/decision.h"
#include "services/pairing/ledger/view.h"

namespace tandem::pairing::ledger {
namespace {

using v1::Pairing;
using Step = Command::Step;

constexpr int kProjects = 3, kInvestors = 3;

struct Ask {
  int project = 0, investor = 0;
  v1::Side sender = v1::SIDE_UNSPECIFIED;
  absl::Time sent, expires;
  bool open = true;
  std::optional<absl::Time> cooldown;
  std::set<std::string> unmet, broken;  // must-haves: when it was sent or confirmed, and since
};

struct Pair {
  bool begun = false;
  std::map<v1::Side, v1::StanceKind> said;
  std::string ended = "OPEN";  // what is read where nothing is open, mutual or blocked
};

struct Used {
  int64_t pending = 0, today = 0, total = 0;
};

// The world as it is remembered.
struct Model {
  Pair pairs[kProjects][kInvestors];
  std::vector<Ask> asks;             // those that count
  std::map<int, v1::Side> last;      // who asked last in a pair, also without being counted
  std::map<int, size_t> last_count;  // index of the last counted ask of a pair

  static int Key(int project, int investor) { return project * kInvestors + investor; }
  Pair& At(int project, int investor) { return pairs[project][investor]; }
  const Pair& At(int project, int investor) const { return pairs[project][investor]; }

  v1::StanceKind Said(int project, int investor, v1::Side side) const {
    const auto& said = At(project, investor).said;
    const auto found = said.find(side);
    return found == said.end() ? v1::STANCE_KIND_UNSPECIFIED : found->second;
  }
  Ask* Open(int project, int investor) {
    for (Ask& ask : asks) {
      if (ask.open && ask.project == project && ask.investor == investor) return &ask;
    }
    return nullptr;
  }
  bool Mutual(int project, int investor) const {
    return IsInterest(Said(project, investor, v1::SIDE_PROJECT)) &&
           IsInterest(Said(project, investor, v1::SIDE_INVESTOR));
  }
  std::string State(int project, int investor) {
    const Pair& pair = At(project, investor);
    if (!pair.begun) return "UNSPECIFIED";
    for (const v1::Side side : {v1::SIDE_PROJECT, v1::SIDE_INVESTOR}) {
      if (Said(project, investor, side) == v1::STANCE_KIND_BLOCKED) return "BLOCKED";
    }
    if (Mutual(project, investor)) return "MUTUAL";
    return Open(project, investor) != nullptr ? "REQUESTED" : pair.ended;
  }
  int Attempts(int project, int investor, v1::Side side) const {
    return static_cast<int>(std::count_if(asks.begin(), asks.end(), [&](const Ask& ask) {
      return ask.project == project && ask.investor == investor && ask.sender == side;
    }));
  }
  Used Requests(v1::Side side, int party, bool outgoing, int32_t day, const Rules& rules) const {
    Used used;
    for (const Ask& ask : asks) {
      if ((side == v1::SIDE_PROJECT ? ask.project : ask.investor) != party) continue;
      if ((ask.sender == side) != outgoing) continue;
      ++used.total;
      used.pending += ask.open;
      used.today += rules.local_day(ask.sent) == day;
    }
    return used;
  }
  int64_t Pairings(v1::Side side, int party) const {
    int64_t pairings = 0;
    for (int p = 0; p < kProjects; ++p) {
      for (int i = 0; i < kInvestors; ++i) pairings += (side == v1::SIDE_PROJECT ? p : i) == party && Mutual(p, i);
    }
    return pairings;
  }
};

bool Over(int64_t used, int32_t limit) { return limit > 0 && used > limit; }

// What a command does to the world: "", "same" or a reason. The world of an error is to be thrown away.
std::string Do(const Command& command, int p, int i, const Rules& rules, const bool open[2], absl::Time now,
               Model* world) {
  const v1::Side me = command.side, you = OtherSide(me);
  Pair& pair = world->At(p, i);
  Ask* ask = world->Open(p, i);
  const std::string state = world->State(p, i);
  const auto party = [&](v1::Side side) { return side == v1::SIDE_PROJECT ? p : i; };
  const auto room = [&](int more) {
    return !Over(world->Pairings(me, party(me)) + more, rules.quotas(me).pairings()) &&
           !Over(world->Pairings(you, party(you)) + more, rules.quotas(you).pairings());
  };
  const auto begin = [&] { pair.begun = true; };
  const auto meet = [&](v1::StanceKind kind) -> std::string {
    if (!open[0] || !open[1]) return "PARTY_NOT_OPEN";
    if (ask != nullptr && !ask->broken.empty() && me == v1::SIDE_PROJECT) return "STATE_CONFLICT";
    if (!room(1)) return "QUOTA_EXCEEDED";
    begin();
    pair.said[me] = kind;
    if (ask != nullptr) ask->open = false;
    return "";
  };
  const v1::StanceKind mine = world->Said(p, i, me), yours = world->Said(p, i, you);
  const v1::StanceKind at_least = IsInterest(mine) ? mine : v1::STANCE_KIND_INTERESTED;
  switch (command.step) {
    case Step::kExpire:
      ask->open = false;
      pair.ended = "EXPIRED";
      return "";
    case Step::kSetStance: {
      if (command.stance == mine) return "same";
      if (IsInterest(command.stance) && IsInterest(yours) && state != "MUTUAL") return meet(command.stance);
      begin();
      const bool was_mutual = state == "MUTUAL";
      pair.said[me] = command.stance;
      if (command.stance == v1::STANCE_KIND_BLOCKED) {
        pair.ended = "OPEN";
        if (ask != nullptr) ask->open = false;
      } else if (!IsInterest(command.stance)) {
        if (was_mutual) pair.ended = "WITHDRAWN";
        if (ask != nullptr && ask->sender == me) {
          ask->open = false;
          pair.ended = "WITHDRAWN";
        }
      }
      return "";
    }
    case Step::kSendRequest: {
      if (!open[0] || !open[1] || state == "BLOCKED") return "PARTY_NOT_OPEN";
      if (ask != nullptr && ask->sender == me && me == v1::SIDE_INVESTOR && !ask->broken.empty()) {
        ask->unmet.merge(ask->broken);
        ask->unmet.insert(command.rules.begin(), command.rules.end());
        ask->broken.clear();
        return "";
      }
      if (state == "MUTUAL" || (ask != nullptr && ask->sender == me)) return "STATE_CONFLICT";
      if (IsInterest(yours)) {
        if (ask == nullptr) world->last[Model::Key(p, i)] = v1::SIDE_UNSPECIFIED;
        return meet(at_least);
      }
      if (world->Attempts(p, i, me) >= rules.most_attempts) return "REQUEST_COOLDOWN";
      const int key = Model::Key(p, i);
      if (world->last[key] == me) {
        const Ask& before = world->asks[world->last_count[key]];
        if (before.cooldown.has_value() && now < *before.cooldown) return "REQUEST_COOLDOWN";
      }
      begin();
      pair.said[me] = at_least;
      Ask sent;
      sent.project = p;
      sent.investor = i;
      sent.sender = me;
      sent.sent = now;
      sent.expires = now + rules.request_expiry;
      sent.unmet.insert(command.rules.begin(), command.rules.end());
      world->asks.push_back(sent);
      world->last[key] = me;
      world->last_count[key] = world->asks.size() - 1;
      const int32_t day = rules.local_day(now);
      const Used out = world->Requests(me, party(me), true, day, rules);
      const Used in = world->Requests(you, party(you), false, day, rules);
      const v1::Quotas &mine_q = rules.quotas(me), &yours_q = rules.quotas(you);
      const bool over = Over(out.pending, mine_q.outgoing_pending()) || Over(out.today, mine_q.outgoing_per_day()) ||
                        Over(out.total, mine_q.outgoing_total()) || Over(in.pending, yours_q.incoming_pending()) ||
                        Over(in.today, yours_q.incoming_per_day()) || Over(in.total, yours_q.incoming_total());
      return over || !room(1) ? "QUOTA_EXCEEDED" : "";
    }
    case Step::kAccept:
      if (ask == nullptr || ask->sender == me) return "STATE_CONFLICT";
      return meet(at_least);
    case Step::kDecline:
      if (ask == nullptr || ask->sender == me) return "STATE_CONFLICT";
      ask->open = false;
      ask->cooldown = now + rules.request_cooldown;
      pair.ended = "DECLINED";
      return "";
    case Step::kWithdraw:
      if (state != "MUTUAL" && (ask == nullptr || ask->sender != me)) return "STATE_CONFLICT";
      if (ask != nullptr) ask->open = false;
      pair.said[me] = v1::STANCE_KIND_UNSPECIFIED;
      pair.ended = "WITHDRAWN";
      return "";
    case Step::kLeave:
      if (state == "BLOCKED" || state == "CLOSED") return "same";
      if (ask != nullptr) ask->open = false;
      if (IsInterest(mine)) pair.said[me] = v1::STANCE_KIND_UNSPECIFIED;
      pair.ended = "CLOSED";
      return "";
    case Step::kJudge: {
      if (ask == nullptr) return "same";
      std::set<std::string> broken;
      for (const std::string& rule : command.rules) {
        if (ask->unmet.count(rule) == 0) broken.insert(rule);
      }
      if (broken == ask->broken) return "same";
      ask->broken = broken;
      return "";
    }
  }
  return "";
}

v1::Quotas RandomQuotas(std::mt19937_64* random) {
  v1::Quotas quotas;
  const auto number = [&](int most) {
    return (*random)() % 2 == 0 ? 0 : 1 + static_cast<int32_t>((*random)() % static_cast<uint64_t>(most));
  };
  quotas.set_outgoing_pending(number(3));
  quotas.set_outgoing_per_day(number(4));
  quotas.set_outgoing_total(number(12));
  quotas.set_incoming_pending(number(3));
  quotas.set_incoming_per_day(number(4));
  quotas.set_incoming_total(number(12));
  quotas.set_pairings(number(3));
  return quotas;
}

TEST(DecisionModel, DecidesAsTheNaiveModelDoes) {
  std::map<std::string, int> seen;
  const uint64_t first = std::random_device()();
  for (uint64_t seed = first; seed < first + 300; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::mt19937_64 random(seed);
    const auto pick = [&](uint64_t below) { return static_cast<int>(random() % below); };
    Rules rules;
    rules.project_quotas = RandomQuotas(&random);
    rules.investor_quotas = RandomQuotas(&random);
    rules.most_attempts = 1 + pick(6);
    rules.request_expiry = absl::Hours(1 + pick(60));
    rules.request_cooldown = absl::Hours(pick(60));
    absl::Time now = absl::FromUnixSeconds(1'800'000'000);
    Model world;
    Pairing pairings[kProjects][kInvestors];
    PartyCounts projects[kProjects], investors[kInvestors];
    for (int p = 0; p < kProjects; ++p) {
      for (int i = 0; i < kInvestors; ++i) {
        pairings[p][i].set_name(absl::StrCat("editions/e/pairings/x", p, i));
        pairings[p][i].set_project(absl::StrCat("editions/e/projects/p", p));
        pairings[p][i].set_investor(absl::StrCat("editions/e/investors/i", i));
      }
    }
    for (int step = 0; step < 400; ++step) {
      now += absl::Minutes(pick(200));
      // Quotas move while they are used.
      if (pick(100) == 0) rules.project_quotas = RandomQuotas(&random);
      const int p = pick(kProjects), i = pick(kInvestors);
      PairState pair{pairings[p][i], projects[p], investors[i]};
      Command command;
      const bool due = IsDue(pair.pairing, now);
      ASSERT_EQ(due, world.Open(p, i) != nullptr && now >= world.Open(p, i)->expires);
      if (!due) {
        command.step =
            std::vector<Step>{Step::kSetStance, Step::kSetStance, Step::kSendRequest, Step::kSendRequest,
                              Step::kAccept,    Step::kDecline,   Step::kWithdraw}[static_cast<size_t>(pick(7))];
        command.side = pick(2) == 0 ? v1::SIDE_PROJECT : v1::SIDE_INVESTOR;
        command.stance = static_cast<v1::StanceKind>(pick(5));
        const bool exists = pair.pairing.state() != Pairing::STATE_UNSPECIFIED;
        if (exists && pick(30) == 0) command.step = Step::kLeave;
        if (exists && pick(8) == 0) command.step = Step::kJudge;
        for (const char* rule : {"a", "b", "c"}) {
          if (pick(3) == 0) command.rules.push_back(rule);
        }
      }
      const bool open[2] = {pick(20) != 0, pick(20) != 0};
      const Circumstances circumstances = {&rules, open[0] ? PartyState::kOpen : PartyState::kNotOpen,
                                           open[1] ? PartyState::kOpen : PartyState::kNotOpen, now};
      Model after = world;
      const std::string expected = Do(command, p, i, rules, open, now, &after);
      const auto taken = Take(command, circumstances, &pair);
      const std::string got = !taken.ok() ? GetErrorDetail(taken.status()).reason : *taken ? "" : "same";
      ASSERT_EQ(got, expected) << "step " << step << ": " << static_cast<int>(command.step) << " by " << command.side
                               << " saying " << command.stance << " in " << pairings[p][i].ShortDebugString();
      ++seen[absl::StrCat(static_cast<int>(command.step), " ", got.empty() ? StateText(pair.pairing.state()) : got)];
      if (expected.empty()) world = after;
      pairings[p][i] = pair.pairing;
      projects[p] = pair.project;
      investors[i] = pair.investor;

      ASSERT_EQ(StateText(pairings[p][i].state()), world.State(p, i)) << "step " << step;
      if (const Ask* open_ask = world.Open(p, i)) {
        const v1::Request& request = pairings[p][i].request();
        ASSERT_EQ(request.needs_reconfirm(), !open_ask->broken.empty()) << "step " << step;
        ASSERT_EQ(std::set<std::string>(request.broken_rules().begin(), request.broken_rules().end()),
                  open_ask->broken);
        ASSERT_EQ(std::set<std::string>(request.unmet_rules().begin(), request.unmet_rules().end()), open_ask->unmet);
      } else {
        ASSERT_FALSE(pairings[p][i].request().needs_reconfirm()) << "step " << step;
      }
      const int32_t day = rules.local_day(now);
      for (const v1::Side side : {v1::SIDE_PROJECT, v1::SIDE_INVESTOR}) {
        const int party = side == v1::SIDE_PROJECT ? p : i;
        const PartyCounts& counts = side == v1::SIDE_PROJECT ? projects[p] : investors[i];
        ASSERT_EQ(StanceOf(pairings[p][i], side), world.Said(p, i, side)) << "step " << step;
        const Used out = world.Requests(side, party, true, day, rules);
        const Used in = world.Requests(side, party, false, day, rules);
        ASSERT_EQ(counts.outgoing.pending, out.pending) << "step " << step;
        ASSERT_EQ(counts.outgoing.total, out.total);
        ASSERT_EQ(counts.outgoing.On(day), out.today);
        ASSERT_EQ(counts.incoming.pending, in.pending);
        ASSERT_EQ(counts.incoming.total, in.total);
        ASSERT_EQ(counts.incoming.On(day), in.today);
        ASSERT_EQ(counts.pairings, world.Pairings(side, party));
      }
    }
  }
  // The walk went everywhere.
  for (const char* where :
       {"0 MUTUAL", "0 BLOCKED", "0 WITHDRAWN", "0 QUOTA_EXCEEDED", "1 REQUESTED", "1 MUTUAL", "1 QUOTA_EXCEEDED",
        "1 REQUEST_COOLDOWN", "1 PARTY_NOT_OPEN", "1 STATE_CONFLICT", "2 MUTUAL", "2 QUOTA_EXCEEDED", "3 DECLINED",
        "4 WITHDRAWN", "5 EXPIRED", "6 CLOSED", "6 same", "7 REQUESTED", "7 same"}) {
    EXPECT_GT(seen[where], 0) << where;
  }
}

}  // namespace
}  // namespace tandem::pairing::ledger
