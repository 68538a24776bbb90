#include "tests/bench/schedule/stored_edition.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"

#include "common/base/status.h"
#include "common/catalog/names.h"
#include "common/storage/memory/memory_store.h"
#include "services/pairing/ledger/decision.h"
#include "services/pairing/meetings/book/meeting_rows.h"
#include "services/pairing/meetings/representative_rules.h"
#include "tandem/pairing/v1/edition.pb.h"
#include "tests/bench/learning/generated_market.h"
#include "tests/fault/contend/local_door.h"

namespace tandem::schedule_bench {
namespace {

using pairing::ledger::ToStamp;
using pairing::scheduling::Problem;
namespace v1 = pairing::v1;

constexpr char kId[] = "bench";
constexpr int kBufferMinutes = 5;  // slots of 25 minutes begin every half hour
constexpr int kWritesAtOnce = 5000;
constexpr size_t kWantedByLatecomer = 20;

v1::Edition NewEdition(const EditionSpec& spec, const Problem& problem, const std::vector<absl::Time>& slots) {
  v1::Edition edition;
  edition.set_name(kEditionName);
  edition.set_time_zone("Asia/Shanghai");
  v1::Agenda* agenda = edition.mutable_agenda();
  for (size_t first = 0; first < slots.size();) {
    size_t last = first;
    while (last + 1 < slots.size() && problem.slots[last + 1].day == problem.slots[first].day) ++last;
    v1::Session* session = agenda->add_sessions();
    session->set_id(absl::StrCat("day-", problem.slots[first].day));
    session->set_slot_minutes(problem.slots[first].duration_minutes);
    session->set_buffer_minutes(kBufferMinutes);
    *session->mutable_start_time() = ToStamp(slots[first]);
    *session->mutable_end_time() = ToStamp(slots[last] + absl::Minutes(problem.slots[last].duration_minutes));
    first = last + 1;
  }
  for (int32_t table = 0; table < spec.tables; ++table) {
    v1::MeetingPlace* place = agenda->add_places();
    place->set_id(absl::StrFormat("table-%04d", table));
    place->set_hall("main");
  }
  return edition;
}

v1::Representative NewRepresentative(absl::string_view id, const std::string& party) {
  v1::Representative one;
  one.set_name(absl::StrCat(kEditionName, "/representatives/", id));
  one.add_parties(party);
  one.add_languages("en");
  return one;
}

// Of neighbouring slots in which somebody is not there.
void AddAbsences(const pairing::scheduling::SlotSet& available, const std::vector<absl::Time>& slots, int32_t minutes,
                 v1::Representative* one) {
  for (size_t slot = 0; slot < slots.size(); ++slot) {
    if (available.Has(slot)) continue;
    v1::TimeRange* range = one->add_unavailable();
    *range->mutable_start_time() = ToStamp(slots[slot]);
    while (slot + 1 < slots.size() && !available.Has(slot + 1)) ++slot;
    *range->mutable_end_time() = ToStamp(slots[slot] + absl::Minutes(minutes));
  }
}

absl::Status Write(RecordStore* store, std::vector<tandem::Write> writes) {
  return store->Commit({{{}, std::move(writes)}}).front().status;
}

}  // namespace

std::string RepresentativeKey(const v1::Representative& representative) {
  const absl::string_view name = representative.name();
  return catalog::RecordKey(pairing::meetings::kRepresentatives, {kId, std::string(name.substr(name.rfind('/') + 1))});
}

absl::Status Agree(contend::Door* door, const std::string& project, const std::string& investor) {
  v1::SetStanceRequest request;
  request.set_project(project);
  request.set_investor(investor);
  request.set_kind(v1::STANCE_KIND_INTERESTED);
  v1::Pairing::State state = v1::Pairing::STATE_UNSPECIFIED;
  for (const CallerSide side : {CallerSide::kProject, CallerSide::kInvestor}) {
    Caller caller;
    caller.side = side;
    caller.actor = side == CallerSide::kProject ? "ann" : "ivo";
    TANDEM_ASSIGN_OR_RETURN(const v1::Pairing pairing, door->Call(caller, request));
    state = pairing.state();
  }
  return state == v1::Pairing::STATE_MUTUAL ? absl::OkStatus() : absl::InternalError("two who agreed are not mutual");
}

absl::StatusOr<std::unique_ptr<StoredEdition>> StoredEdition::Make(const EditionSpec& spec, uint64_t seed, int32_t late,
                                                                   absl::Time now) {
  std::unique_ptr<StoredEdition> made(new StoredEdition());
  const Problem problem = GenerateEdition(spec, seed);
  // A day of the edition's time zone begins at four in the afternoon before, UTC.
  const absl::Time day = absl::FromUnixSeconds((absl::ToUnixSeconds(now) / 86400 + 2) * 86400) - absl::Hours(8);
  for (const auto& slot : problem.slots) made->slots_.push_back(day + absl::Minutes(slot.start_minute));
  const auto market =
      pairing::matching::GeneratedMarket(kId, static_cast<int64_t>(seed), spec.projects, spec.investors);
  if (market == nullptr) return absl::InternalError("no edition could be made up");
  made->view_ = market->View();
  made->view_->projects.ForEach(
      [&](uint32_t, const auto& project) { made->projects_.push_back(project->record.name()); });
  made->view_->investors.ForEach(
      [&](uint32_t, const auto& investor) { made->investors_.push_back(investor->record.name()); });
  // A view has them in no order, and another one in each process.
  std::sort(made->projects_.begin(), made->projects_.end());
  std::sort(made->investors_.begin(), made->investors_.end());
  made->made_ = NewMemoryStore();
  TANDEM_RETURN_IF_ERROR(made->WriteRecords(spec, problem, late));
  TANDEM_RETURN_IF_ERROR(made->AgreeOnAll(spec, problem, late, now));
  return made;
}

absl::Status StoredEdition::WriteRecords(const EditionSpec& spec, const Problem& problem, int32_t late) {
  std::vector<tandem::Write> writes;
  writes.push_back(
      tandem::Write::Put(pairing::meetings::EditionKey(kId), NewEdition(spec, problem, slots_).SerializeAsString()));
  for (int32_t i = 0; i < spec.projects + spec.investors - late; ++i) {
    const bool is_project = i < spec.projects;
    const std::string& party =
        is_project ? projects_[static_cast<size_t>(i)] : investors_[static_cast<size_t>(i - spec.projects)];
    v1::Representative one = NewRepresentative(absl::StrFormat("%s%05d", is_project ? "p" : "i", i), party);
    const pairing::scheduling::Person& person = problem.people[static_cast<size_t>(i)];
    one.set_most_meetings(person.most_meetings);
    AddAbsences(person.available, slots_, problem.slots[0].duration_minutes, &one);
    writes.push_back(tandem::Write::Put(RepresentativeKey(one), one.SerializeAsString()));
  }
  return Write(made_.get(), std::move(writes));
}

absl::Status StoredEdition::AgreeOnAll(const EditionSpec& spec, const Problem& problem, int32_t late, absl::Time now) {
  const KeyRing keys = KeyRing::ForTests();
  const SetClock clock(now);
  TANDEM_ASSIGN_OR_RETURN(const auto door, contend::OpenLocalDoor(made_.get(), &keys, &clock));
  wanted_.resize(static_cast<size_t>(late));
  for (const auto& wish : problem.wishes) {
    const std::string& project = projects_[static_cast<size_t>(wish.first)];
    const int32_t investor = wish.second - spec.projects;
    if (const int32_t number = investor - (spec.investors - late); number >= 0) {
      auto& wanted = wanted_[static_cast<size_t>(number)];
      if (wanted.size() < kWantedByLatecomer) wanted.push_back(project);
      continue;
    }
    TANDEM_RETURN_IF_ERROR(schedule_bench::Agree(door.get(), project, investors_[static_cast<size_t>(investor)]));
    ++mutual_;
  }
  return absl::OkStatus();
}

absl::Status StoredEdition::CopyTo(RecordStore* store) const {
  for (std::string begin;;) {
    TANDEM_ASSIGN_OR_RETURN(const std::vector<Record> page, made_->Scan(begin, "", kWritesAtOnce));
    if (page.empty()) return absl::OkStatus();
    std::vector<tandem::Write> writes;
    for (const Record& record : page) {
      const bool is_record = absl::StartsWith(record.key, "r/");  // the rest is bookkeeping
      writes.push_back(is_record ? tandem::Write::Put(record.key, record.value)
                                 : tandem::Write::PutUnlogged(record.key, record.value));
    }
    begin = absl::StrCat(page.back().key, absl::string_view("\0", 1));
    TANDEM_RETURN_IF_ERROR(Write(store, std::move(writes)));
  }
}

v1::Representative StoredEdition::Latecomer(int32_t number, size_t from) const {
  const std::string& investor = investors_[investors_.size() - wanted_.size() + static_cast<size_t>(number)];
  v1::Representative one = NewRepresentative(absl::StrFormat("late%05d", number), investor);
  v1::TimeRange* there = one.add_available();
  *there->mutable_start_time() = ToStamp(slots_[from]);
  *there->mutable_end_time() = ToStamp(slots_.back() + absl::Hours(1));
  return one;
}

}  // namespace tandem::schedule_bench
