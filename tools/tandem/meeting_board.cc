#include "tools/tandem/meeting_board.h"

#include <algorithm>
#include <set>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

#include "tools/tandem/csv_row.h"
#include "tools/tandem/output.h"
#include "tools/tandem/stamps.h"
#include "tools/tandem/table.h"

namespace tandem::cli {
namespace {

using pairing::v1::Agenda;
using pairing::v1::Meeting;

constexpr size_t kGap = 2;         // of Table
constexpr size_t kSlotWidth = 11;  // 09:30-09:55
constexpr size_t kIdWidth = 8;
constexpr char kLegend[] =
    "PROJECT/INVESTOR, the beginnings of their ids; . free, - not there; ? asked to move, > under way, + held, "
    "! no-show, # locked\n";

std::string Mark(const Meeting& meeting) {
  std::string mark;
  if (meeting.state() == Meeting::STATE_RESCHEDULE_PENDING) mark = "?";
  if (meeting.state() == Meeting::STATE_IN_PROGRESS) mark = ">";
  if (meeting.state() == Meeting::STATE_HELD) mark = "+";
  if (meeting.state() == Meeting::STATE_NO_SHOW) mark = "!";
  if (meeting.locked()) mark += "#";
  return mark;
}

nlohmann::ordered_json ToObject(const Meeting& meeting) {
  return {{"meeting", meeting.name()},
          {"project", meeting.project()},
          {"investor", meeting.investor()},
          {"state", EnumText(*Meeting::State_descriptor(), meeting.state())},
          {"locked", meeting.locked()}};
}

}  // namespace

MeetingBoard::MeetingBoard(const pairing::v1::Edition& edition, EditionZone zone, std::vector<Meeting> meetings)
    : edition_(edition), zone_(std::move(zone)), meetings_(std::move(meetings)) {
  std::set<std::pair<int64_t, std::string>> known;
  std::vector<Slot> slots;
  for (const auto& session : edition_.agenda().sessions()) {
    for (const AgendaSlot& slot : SlotsOf(session)) slots.push_back({slot, session.id()});
  }
  absl::c_sort(slots, [](const Slot& a, const Slot& b) { return a.start < b.start; });
  for (const auto& place : edition_.agenda().places()) {
    if (!absl::c_linear_search(halls_, place.hall())) halls_.push_back(place.hall());
    for (const Slot& slot : slots) known.emplace(absl::ToUnixSeconds(slot.start), place.id());
  }
  for (Slot& slot : slots) days_[zone_.Date(slot.start)].push_back(std::move(slot));
  for (const Meeting& meeting : meetings_) {
    const std::pair<int64_t, std::string> key(meeting.start_time().seconds(), meeting.place());
    if (known.count(key) > 0) {
      taken_[key].push_back(&meeting);
    } else {
      elsewhere_.push_back(&meeting);
    }
  }
}

const MeetingBoard::Held& MeetingBoard::At(const Slot& slot, const Place& place) const {
  static const Held& none = *new Held();
  const auto found = taken_.find({absl::ToUnixSeconds(slot.start), place.id()});
  return found == taken_.end() ? none : found->second;
}

std::string MeetingBoard::Cell(const Slot& slot, const Place& place) const {
  const Held& held = At(slot, place);
  if (place.capacity() > 1 && !held.empty()) return absl::StrCat(held.size(), " of ", place.capacity());
  if (!held.empty()) {
    const Meeting& meeting = *held.front();
    return absl::StrCat(LastPart(meeting.project()).substr(0, kIdWidth), "/",
                        LastPart(meeting.investor()).substr(0, kIdWidth), Mark(meeting));
  }
  const bool there = place.sessions().empty() || absl::c_linear_search(place.sessions(), slot.session);
  return slot.closed || !there ? "-" : ".";
}

std::vector<const MeetingBoard::Place*> MeetingBoard::PlacesOf(const std::string& hall, const std::vector<Slot>& slots,
                                                               bool taken_only) const {
  std::vector<const Place*> places;
  for (const Place& place : edition_.agenda().places()) {
    if (place.hall() != hall) continue;
    if (taken_only && absl::c_all_of(slots, [&](const Slot& slot) { return At(slot, place).empty(); })) continue;
    places.push_back(&place);
  }
  return places;
}

std::string MeetingBoard::RenderHall(const std::vector<Slot>& slots, const std::vector<const Place*>& places,
                                     size_t width) const {
  std::string text;
  for (size_t next = 0; next < places.size();) {
    std::vector<Column> columns = {{"SLOT"}};
    std::vector<std::vector<std::string>> rows;
    for (const Slot& slot : slots) rows.push_back({absl::StrCat(zone_.Clock(slot.start), "-", zone_.Clock(slot.end))});
    for (size_t used = kSlotWidth; next < places.size(); ++next) {
      const Place& place = *places[next];
      size_t widest = place.id().size();
      for (const Slot& slot : slots) widest = std::max(widest, Cell(slot, place).size());
      used += kGap + widest;
      if (used > width && columns.size() > 1) break;
      columns.push_back({place.id()});
      for (size_t i = 0; i < slots.size(); ++i) rows[i].push_back(Cell(slots[i], place));
    }
    Table table(std::move(columns));
    for (auto& row : rows) table.AddRow(std::move(row));
    absl::StrAppend(&text, text.empty() ? "" : "\n", table.Render(width));
  }
  return text;
}

std::string MeetingBoard::Render(const BoardOptions& options) const {
  const size_t width = options.width == 0 ? kBoardWidth : options.width;
  std::string text = kLegend;
  for (const auto& [day, slots] : days_) {
    if (!options.day.empty() && options.day != day) continue;
    for (const std::string& hall : halls_) {
      if (!options.hall.empty() && options.hall != hall) continue;
      const auto places = PlacesOf(hall, slots, options.taken_only);
      if (places.empty()) continue;
      absl::StrAppend(&text, "\n", day, " (", zone_.name(), "), ",
                      hall.empty() ? "at a distance" : absl::StrCat("hall ", hall), "\n",
                      RenderHall(slots, places, width));
    }
  }
  if (!elsewhere_.empty()) absl::StrAppend(&text, "\nOn no slot and place of the agenda:\n");
  for (const Meeting* meeting : elsewhere_) {
    absl::StrAppend(&text, "  ", LastPart(meeting->name()), " ",
                    EnumText(*Meeting::State_descriptor(), meeting->state()), " ", LastPart(meeting->project()), "/",
                    LastPart(meeting->investor()), "\n");
  }
  return text;
}

std::vector<std::string> MeetingBoard::Lines(const BoardOptions& options) const {
  std::vector<std::string> lines;
  for (const auto& [day, slots] : days_) {
    if (!options.day.empty() && options.day != day) continue;
    for (const Slot& slot : slots) {
      for (const Place& place : edition_.agenda().places()) {
        if (At(slot, place).empty() || (!options.hall.empty() && options.hall != place.hall())) continue;
        auto meetings = nlohmann::ordered_json::array();
        for (const Meeting* meeting : At(slot, place)) meetings.push_back(ToObject(*meeting));
        const nlohmann::ordered_json json = {{"day", day},
                                             {"localStart", zone_.Clock(slot.start)},
                                             {"localEnd", zone_.Clock(slot.end)},
                                             {"start", UtcText(slot.start)},
                                             {"place", place.id()},
                                             {"hall", place.hall()},
                                             {"meetings", meetings}};
        lines.push_back(json.dump());
      }
    }
  }
  for (const Meeting* meeting : elsewhere_) {
    lines.push_back(nlohmann::ordered_json{{"place", ""}, {"meetings", {ToObject(*meeting)}}}.dump());
  }
  return lines;
}

}  // namespace tandem::cli
