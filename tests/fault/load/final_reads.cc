#include "tests/fault/load/final_reads.h"

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/pairing/market_feed/market_followers.h"
#include "tests/fault/truth/overtaken.h"
#include "tests/fault/truth/record_form.h"

namespace tandem::check {
namespace {

// Kinds of records by their collections, as names have them.
constexpr char kProjects[] = "projects";
constexpr char kInvestors[] = "investors";
constexpr char kDeals[] = "deals";
constexpr char kPairings[] = "pairings";
constexpr char kMeetings[] = "meetings";

class FinalReads {
 public:
  explicit FinalReads(World* world) : world_(world) {}

  // Lists all of one kind. `add` gets the records of a page.
  template <typename Stub, typename Request, typename Response, typename Records>
  void List(absl::string_view kind, Stub* stub,
            grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*), Request request,
            const Records& records) {
    std::map<std::string, std::string> listed;
    request.set_page_size(500);
    do {
      const auto page = Call(stub, method, request, world_->options->call_timeout);
      if (!page.ok()) return Complain(absl::StrCat("lists cannot be read at the end: ", page.status().ToString()));
      for (const auto& record : records(*page)) {
        if (!listed.emplace(record.name(), StoredForm(record)).second) {
          Complain(absl::StrCat(record.name(), " is listed twice"));
        }
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    Compare("List", kind, listed);
  }

  template <typename Stub, typename Request, typename Response>
  void GetAll(absl::string_view kind, Stub* stub,
              grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*)) {
    std::map<std::string, std::string> got;
    for (const std::string& name : NamesOf(kind)) {
      Request request;
      request.set_name(name);
      const auto record = Call(stub, method, request, world_->options->call_timeout);
      if (record.ok()) got[name] = StoredForm(*record);
    }
    Compare("Get", kind, got);
  }

  // The meetings that are listed and stand are those that pairings name, each at a slot and a table of its own.
  void CompareMeetings() {
    std::set<std::string> named, listed, taken;
    for (const std::string& name : NamesOf(kPairings)) {
      const auto record = ParseRecord(name, *HistoryOf(kPairings).Newest(name).bytes);
      const std::string& meeting = static_cast<const pairing::v1::Pairing&>(*record).meeting();
      if (!meeting.empty()) named.insert(meeting);
    }
    pairing::v1::ListMeetingsRequest request;
    request.set_parent(world_->edition);
    do {
      const auto page = Call(world_->clients->meetings(), &pairing::v1::MeetingService::Stub::ListMeetings, request,
                             world_->options->call_timeout);
      if (!page.ok()) return Complain(absl::StrCat("meetings cannot be read at the end: ", page.status().ToString()));
      for (const pairing::v1::Meeting& meeting : page->meetings()) {
        if (meeting.state() == pairing::v1::Meeting::STATE_CANCELLED) continue;
        listed.insert(meeting.name());
        const std::string slot = absl::StrCat(meeting.start_time().seconds(), " ");
        for (const std::string& who : {meeting.place(), meeting.project_attendee(), meeting.investor_attendee()}) {
          if (!taken.insert(slot + who).second)
            Complain(absl::StrCat(who, " is taken twice at ", slot, ", by ", meeting.name(), " and another"));
        }
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    for (const std::string& name : named) {
      if (listed.count(name) == 0) Complain(absl::StrCat(name, " is named by its pairing, but does not stand"));
    }
    for (const std::string& name : listed) {
      if (named.count(name) == 0) Complain(absl::StrCat(name, " stands, but no pairing names it"));
    }
  }

  const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  const History& HistoryOf(absl::string_view kind) const {
    return world_->truth->history(kind == kProjects                        ? pairing::kProjectsSource
                                  : kind == kPairings || kind == kMeetings ? pairing::kEditionsSource
                                                                           : pairing::kInvestorsSource);
  }
  std::vector<std::string> NamesOf(absl::string_view kind) const {
    std::vector<std::string> names;
    for (const std::string& name : HistoryOf(kind).NamesAt()) {
      const absl::string_view collection = absl::string_view(name).substr(0, name.rfind('/'));
      if (absl::StartsWith(name, absl::StrCat(world_->edition, "/")) &&
          absl::EndsWith(collection, absl::StrCat("/", kind))) {
        names.push_back(name);
      }
    }
    return names;
  }
  void Complain(std::string why) { complaints_.push_back(std::move(why)); }
  void Compare(const char* how, absl::string_view kind, const std::map<std::string, std::string>& shown) {
    for (const std::string& name : NamesOf(kind)) {
      const Version right = HistoryOf(kind).Newest(name);
      const auto found = shown.find(name);
      if (found == shown.end()) {
        Complain(absl::StrCat(how, " does not show ", name, " of revision ", right.revision));
      } else if (found->second != *right.bytes) {
        Complain(absl::StrCat(how, " does not show ", name, " as it was last committed, at ", right.revision));
      }
    }
    const std::set<std::string> right = HistoryOf(kind).NamesAt();
    for (const auto& [name, bytes] : shown) {
      if (right.count(name) == 0) Complain(absl::StrCat(how, " shows ", name, ", which is gone"));
    }
  }

  World* const world_;
  std::vector<std::string> complaints_;
};

std::vector<std::string> CompareOnce(World* world) {
  FinalReads reads(world);
  auto* const projects = world->clients->projects();
  auto* const investors = world->clients->investors();
  projects::v1::ListProjectsRequest list_projects;
  list_projects.set_parent(world->edition);
  list_projects.set_show_deleted(true);
  reads.List(kProjects, projects, &projects::v1::ProjectService::Stub::ListProjects, list_projects,
             [](const auto& page) { return page.projects(); });
  reads.GetAll(kProjects, projects, &projects::v1::ProjectService::Stub::GetProject);
  investors::v1::ListInvestorsRequest list_investors;
  list_investors.set_parent(world->edition);
  list_investors.set_show_deleted(true);
  reads.List(kInvestors, investors, &investors::v1::InvestorService::Stub::ListInvestors, list_investors,
             [](const auto& page) { return page.investors(); });
  reads.GetAll(kInvestors, investors, &investors::v1::InvestorService::Stub::GetInvestor);
  investors::v1::ListDealsRequest list_deals;
  list_deals.set_parent(absl::StrCat(world->edition, "/investors/-"));
  reads.List(kDeals, investors, &investors::v1::InvestorService::Stub::ListDeals, list_deals,
             [](const auto& page) { return page.deals(); });
  auto* const ledger = world->clients->ledger();
  pairing::v1::ListPairingsRequest list_pairings;
  list_pairings.set_parent(world->edition);
  reads.List(kPairings, ledger, &pairing::v1::LedgerService::Stub::ListPairings, list_pairings,
             [](const auto& page) { return page.pairings(); });
  reads.GetAll(kPairings, ledger, &pairing::v1::LedgerService::Stub::GetPairing);
  auto* const meetings = world->clients->meetings();
  pairing::v1::ListMeetingsRequest list_meetings;
  list_meetings.set_parent(world->edition);
  reads.List(kMeetings, meetings, &pairing::v1::MeetingService::Stub::ListMeetings, list_meetings,
             [](const auto& page) { return page.meetings(); });
  reads.GetAll(kMeetings, meetings, &pairing::v1::MeetingService::Stub::GetMeeting);
  reads.CompareMeetings();
  return reads.complaints();
}

}  // namespace

void CompareFinalReads(World* world) {
  // Nobody of the load writes any more, but a request may expire, and without stores nobody knows when the last effect
  // is done: a difference counts when nothing was committed while it was looked for. What is lost stays so.
  const auto end = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(world->options->finish_timeout);
  for (;;) {
    const Positions before = PositionsOf(world->truth->histories());
    const std::vector<std::string> complaints = CompareOnce(world);
    if (complaints.empty()) return;
    world->truth->AwaitLog(end);
    if (PositionsOf(world->truth->histories()) != before && std::chrono::steady_clock::now() < end) continue;
    for (const std::string& complaint : complaints) world->truth->findings()->Add(Broken::kLost, complaint);
    return;
  }
}

}  // namespace tandem::check
