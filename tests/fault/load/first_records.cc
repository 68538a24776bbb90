#include "tests/fault/load/first_records.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "common/base/status.h"
#include "services/pairing/editions/taxonomy_rules.h"
#include "services/pairing/ledger/decision.h"
#include "services/pairing/market_feed/market_followers.h"
#include "tests/fault/load/import.h"
#include "tests/fault/load/write_session.h"

namespace tandem::check {
namespace {

constexpr size_t kBatch = 400;
constexpr absl::Duration kAhead = absl::Hours(24 * 60);
constexpr std::chrono::milliseconds kPause{50};

absl::Status Refused(const char* what) {
  return absl::FailedPreconditionError(absl::StrCat(what, " of the load's edition was refused or not answered"));
}

// Few slots and tables, far enough in the future that no step of a clock reaches them.
void AddAgenda(World* world, pairing::v1::Agenda* agenda) {
  constexpr int kSlots = 8, kTables = 3;
  constexpr absl::Duration kStride = absl::Minutes(30);
  const absl::Time first = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now() + kAhead) / 3600 * 3600);
  agenda->Clear();
  pairing::v1::Session* session = agenda->add_sessions();
  session->set_id("day");
  session->set_slot_minutes(25);
  session->set_buffer_minutes(5);
  *session->mutable_start_time() = pairing::ledger::ToStamp(first);
  *session->mutable_end_time() = pairing::ledger::ToStamp(first + kSlots * kStride);
  world->slots.clear();
  for (int slot = 0; slot < kSlots; ++slot) world->slots.push_back(first + slot * kStride);
  for (int table = 0; table < kTables; ++table) {
    pairing::v1::MeetingPlace* place = agenda->add_places();
    place->set_id(absl::StrCat("table-", table));
    place->set_hall("east");
  }
  // Requests outlive steps of the clock, too; after a decline one may ask again at once.
  agenda->mutable_request_expiry()->set_seconds(absl::ToInt64Seconds(kAhead / 2));
  agenda->mutable_request_cooldown()->set_seconds(0);
  agenda->set_most_attempts(20);
}

absl::Status MakeEdition(WriteSession* session) {
  using Stub = pairing::v1::EditionService::Stub;
  World* const world = session->world();
  pairing::v1::CreateEditionRequest create;
  create.set_edition_id(world->options->edition);
  *create.mutable_edition() = world->templates->edition;
  create.mutable_edition()->clear_name();
  AddAgenda(world, create.mutable_edition()->mutable_agenda());
  const auto edition = session->Send<Stub, pairing::v1::CreateEditionRequest, pairing::v1::Edition>(
      pairing::kEditionsSource, session->clients().editions(), &Stub::CreateEdition, std::move(create),
      {world->edition},
      [&](const pairing::v1::Edition& made) { return session->EffectOf(pairing::kEditionsSource, made, 0); });
  if (!edition.has_value()) return Refused("the creation");
  world->edition_token = edition->consistency_token();
  pairing::v1::ImportTaxonomyRequest import;
  import.set_parent(world->edition);
  *import.mutable_taxonomy() = world->templates->taxonomy;
  const std::string name = absl::StrCat(world->edition, "/taxonomies/",
                                        pairing::TaxonomyId(import.taxonomy().scheme(), import.taxonomy().version()));
  const auto taxonomy = session->Send<Stub, pairing::v1::ImportTaxonomyRequest, pairing::v1::Taxonomy>(
      pairing::kEditionsSource, session->clients().editions(), &Stub::ImportTaxonomy, std::move(import), {name},
      [&](const pairing::v1::Taxonomy& made) { return session->EffectOf(pairing::kEditionsSource, made, 0); });
  return taxonomy.has_value() ? absl::OkStatus() : Refused("the taxonomy");
}

template <typename Record, typename Import>
absl::Status ImportAll(WriteSession* session, const std::vector<Record>& records, const Import& import) {
  for (size_t begin = 0; begin < records.size(); begin += kBatch) {
    const auto from = records.begin() + static_cast<ptrdiff_t>(begin);
    const auto to = records.begin() + static_cast<ptrdiff_t>(std::min(records.size(), begin + kBatch));
    if (!import(session, std::vector<Record>(from, to))) return Refused("an import");
  }
  return absl::OkStatus();
}

// Rosters hold what the services show.
template <typename Record, typename Stub, typename Request, typename Response, typename Records>
absl::Status FillRoster(WriteSession* session, const std::string& source, Stub* stub,
                        grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                        const Records& records, Roster<Record>* roster) {
  Request request;
  request.set_parent(session->world()->edition);
  request.set_page_size(500);
  do {
    TANDEM_ASSIGN_OR_RETURN(const Response page, Call(stub, method, request, session->world()->options->call_timeout));
    for (const Record& record : records(page)) {
      roster->Put(record, session->RevisionOf(source, record.consistency_token()));
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

}  // namespace

absl::Status MakeFirstRecords(World* world) {
  const auto end = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(world->options->start_timeout);
  WriteSession session(world, 0);
  TANDEM_RETURN_IF_ERROR(MakeEdition(&session));
  TANDEM_RETURN_IF_ERROR(ImportAll(&session, world->templates->investors, &ImportInvestors));
  TANDEM_RETURN_IF_ERROR(ImportAll(&session, world->templates->deals, &ImportDeals));
  TANDEM_RETURN_IF_ERROR(ImportAll(&session, world->templates->projects, &ImportProjects));
  TANDEM_RETURN_IF_ERROR(FillRoster(
      &session, pairing::kProjectsSource, world->clients->projects(), &projects::v1::ProjectService::Stub::ListProjects,
      [](const auto& page) { return page.projects(); }, &world->projects));
  TANDEM_RETURN_IF_ERROR(FillRoster(
      &session, pairing::kInvestorsSource, world->clients->investors(),
      &investors::v1::InvestorService::Stub::ListInvestors, [](const auto& page) { return page.investors(); },
      &world->investors));
  pairing::v1::FindMatchesRequest question;
  question.set_subject(world->projects.Names().front());
  question.mutable_consistency()->set_at_least_as_fresh(world->tokens.TakeAll());
  while (true) {
    const auto answer = Call(world->clients->pairing(), &pairing::v1::PairingService::Stub::FindMatches, question,
                             world->options->call_timeout);
    if (answer.ok()) return absl::OkStatus();
    if (std::chrono::steady_clock::now() >= end) return answer.status();
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace tandem::check
