#include "services/pairing/meetings/report/counting.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"

#include "services/pairing/meetings/report/request_standing.h"
#include "services/pairing/meetings/report/spread.h"

namespace tandem::pairing::meetings {
namespace {

using v1::Meeting;
using v1::MeetingReport;
using v1::Pairing;

bool Stands(const Meeting& meeting) { return meeting.state() != Meeting::STATE_CANCELLED; }
bool Answered(RequestStanding standing) {
  return standing == RequestStanding::kAccepted || standing == RequestStanding::kDeclined ||
         standing == RequestStanding::kExpired;
}

void CountRequest(RequestStanding standing, v1::RequestCounts* counts) {
  switch (standing) {
    case RequestStanding::kNotAsked:
      return;
    case RequestStanding::kPending:
      return counts->set_pending(counts->pending() + 1);
    case RequestStanding::kAccepted:
      return counts->set_accepted(counts->accepted() + 1);
    case RequestStanding::kDeclined:
      return counts->set_declined(counts->declined() + 1);
    case RequestStanding::kWithdrawn:
      return counts->set_withdrawn(counts->withdrawn() + 1);
    case RequestStanding::kExpired:
      return counts->set_expired(counts->expired() + 1);
    case RequestStanding::kEnded:
      return counts->set_ended(counts->ended() + 1);
  }
}

void CountPairings(const Counted& counted, MeetingReport* report) {
  std::map<v1::DeclineReason, int64_t> declines;
  report->set_pairing_count(static_cast<int64_t>(counted.pairings.size()));
  v1::RequestCounts* requests = report->mutable_requests();
  for (const Pairing& pairing : counted.pairings) {
    if (pairing.state() == Pairing::STATE_MUTUAL) report->set_mutual_count(report->mutual_count() + 1);
    const RequestStanding standing = StandingOf(pairing);
    CountRequest(standing, requests);
    if (standing == RequestStanding::kDeclined) ++declines[pairing.request().decline_reason()];
  }
  const auto share =
      ShareMillionths(requests->accepted(), requests->accepted() + requests->declined() + requests->expired());
  if (share.has_value()) report->set_acceptance_millionths(*share);
  std::vector<std::pair<v1::DeclineReason, int64_t>> sorted(declines.begin(), declines.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  for (const auto& [reason, count] : sorted) {
    auto* item = report->add_declines();
    item->set_reason(reason);
    item->set_count(count);
  }
}

void CountStates(const Counted& counted, MeetingReport* report) {
  std::map<Meeting::State, int64_t> states;
  std::map<absl::string_view, v1::OutcomeStage> rungs;  // by pairing: the highest
  for (const Meeting& meeting : counted.meetings) {
    ++states[meeting.state()];
    for (const v1::Outcome& outcome : meeting.outcomes()) {
      v1::OutcomeStage& rung = rungs[meeting.pairing()];
      rung = std::max(rung, outcome.stage());
    }
  }
  for (const auto& [state, count] : states) {
    auto* item = report->add_meetings();
    item->set_state(state);
    item->set_count(count);
  }
  const int64_t held = states[Meeting::STATE_HELD];
  const auto kept = ShareMillionths(held, held + states[Meeting::STATE_NO_SHOW]);
  if (kept.has_value()) report->set_kept_millionths(*kept);
  std::map<v1::OutcomeStage, int64_t> ladder;
  for (const auto& [pairing, rung] : rungs) ++ladder[rung];
  for (const auto& [rung, count] : ladder) {
    auto* item = report->add_outcomes();
    item->set_stage(rung);
    item->set_count(count);
  }
}

void CountFill(const Counted& counted, MeetingReport* report) {
  const Agenda& agenda = *counted.agenda;
  std::vector<int64_t> taken(agenda.sessions().size());
  for (const Meeting& meeting : counted.meetings) {
    const int slot = Stands(meeting) && meeting.has_start_time() ? agenda.FindSlot(meeting.start_time()) : kNone;
    const int place = slot == kNone ? kNone : agenda.FindPlace(meeting.place());
    if (place == kNone) continue;
    const int session = agenda.slots()[static_cast<size_t>(slot)].session;
    const Place& on_site = agenda.places()[static_cast<size_t>(place)];
    if (!on_site.is_virtual() && on_site.sessions.Has(session)) ++taken[static_cast<size_t>(session)];
  }
  int64_t all_places = 0, all_taken = 0;
  for (size_t i = 0; i < taken.size(); ++i) {
    const AgendaSession& session = agenda.sessions()[i];
    int64_t capacity = 0;
    for (const Place& place : agenda.places()) {
      if (!place.is_virtual() && place.sessions.Has(static_cast<int>(i))) capacity += place.capacity;
    }
    auto* item = report->add_sessions();
    item->set_session(session.id);
    item->mutable_start_time()->set_seconds(absl::ToUnixSeconds(session.start));
    item->set_places(capacity * static_cast<int64_t>(session.slots.size()));
    item->set_taken(taken[i]);
    all_places += item->places();
    all_taken += taken[i];
  }
  const auto fill = ShareMillionths(all_taken, all_places);
  if (fill.has_value()) report->set_fill_millionths(*fill);
}

// The parties that are mutual with anybody, by name, with their meetings that were not cancelled.
using PartyMeetings = absl::flat_hash_map<absl::string_view, int32_t>;

v1::MeetingSpread SpreadOfParties(const PartyMeetings& parties) {
  std::vector<int32_t> counts;
  counts.reserve(parties.size());
  for (const auto& [party, count] : parties) counts.push_back(count);
  return SpreadOf(std::move(counts));
}

// Remembers what `of` says.
class Countries {
 public:
  explicit Countries(const CountryOf& of) : of_(of) {}

  v1::CountryCount& At(absl::string_view party) {
    auto [found, is_new] = codes_.try_emplace(party);
    if (is_new) found->second = of_(party);
    return counts_[found->second];
  }
  void Write(MeetingReport* report) {
    std::vector<v1::CountryCount> sorted;
    for (auto& [code, count] : counts_) {
      count.set_country_code(code);
      sorted.push_back(count);
    }
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.meetings() > b.meetings(); });
    for (auto& count : sorted) *report->add_countries() = std::move(count);
  }

 private:
  const CountryOf& of_;
  absl::flat_hash_map<absl::string_view, std::string> codes_;  // by party
  std::map<std::string, v1::CountryCount> counts_;             // by code; addresses stay
};

void CountParties(const Counted& counted, MeetingReport* report) {
  PartyMeetings projects, investors;
  Countries countries(counted.country_of);
  for (const Pairing& pairing : counted.pairings) {
    if (pairing.state() == Pairing::STATE_MUTUAL) {
      projects.try_emplace(pairing.project());
      investors.try_emplace(pairing.investor());
    }
    const RequestStanding standing = StandingOf(pairing);
    if (!Answered(standing)) continue;
    const bool by_project = pairing.request().sender() == v1::SIDE_PROJECT;
    v1::CountryCount& country = countries.At(by_project ? pairing.project() : pairing.investor());
    country.set_requests(country.requests() + 1);
    if (standing == RequestStanding::kAccepted) country.set_accepted(country.accepted() + 1);
  }
  for (const auto& [party, count] : projects) {
    v1::CountryCount& country = countries.At(party);
    country.set_projects(country.projects() + 1);
  }
  for (const auto& [party, count] : investors) {
    v1::CountryCount& country = countries.At(party);
    country.set_investors(country.investors() + 1);
  }
  for (const Meeting& meeting : counted.meetings) {
    if (!Stands(meeting)) continue;
    if (const auto found = projects.find(meeting.project()); found != projects.end()) ++found->second;
    if (const auto found = investors.find(meeting.investor()); found != investors.end()) ++found->second;
    // Once for each country, also when both sides are of one.
    for (v1::CountryCount* country :
         std::set<v1::CountryCount*>{&countries.At(meeting.project()), &countries.At(meeting.investor())}) {
      country->set_meetings(country->meetings() + 1);
      if (meeting.state() == Meeting::STATE_HELD) country->set_held(country->held() + 1);
    }
  }
  *report->mutable_projects() = SpreadOfParties(projects);
  *report->mutable_investors() = SpreadOfParties(investors);
  countries.Write(report);
}

}  // namespace

MeetingReport CountMeetings(const Counted& counted) {
  MeetingReport report;
  CountPairings(counted, &report);
  CountStates(counted, &report);
  CountFill(counted, &report);
  CountParties(counted, &report);
  return report;
}

}  // namespace tandem::pairing::meetings
