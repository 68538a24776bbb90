#include "tests/fault/truth/answer_check.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/catalog/fields.h"
#include "tests/fault/truth/matches_difference.h"
#include "tests/fault/truth/record_form.h"

namespace tandem::check {
namespace {

constexpr size_t kAtOnce = 512;

Revision RevisionIn(const ConsistencyToken& token, const std::string& source) {
  const auto found = token.positions().find(source);
  return found == token.positions().end() ? 0 : found->second.revision;
}

// In the order of AllSources: what changes everything comes first.
std::vector<Revision> OrderOf(const ConsistencyToken& token) {
  std::vector<Revision> order;
  for (const std::string& source : AllSources()) order.push_back(RevisionIn(token, source));
  return order;
}

std::string Text(const ConsistencyToken& token) {
  std::string text;
  for (const auto& [source, position] : token.positions()) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", source, " ", position.revision);
  }
  return text;
}

double Seconds(const google::protobuf::Duration& duration) {
  return static_cast<double>(duration.seconds()) + duration.nanos() * 1e-9;
}

}  // namespace

AnswerCheck::AnswerCheck(Options options)
    : options_(std::move(options)), oracle_(options_.edition, options_.histories, options_.keys) {}

void AnswerCheck::WaitForRoom() {
  while (!closed_ && matches_.size() + records_.size() >= options_.most_waiting) room_.Wait(&mutex_);
}

void AnswerCheck::Submit(ShownMatches shown) {
  auto claimed = ConsistencyToken::Decode(*options_.keys, shown.response.metadata().consistency_token());
  if (!claimed.ok()) return Complain(Broken::kWrong, shown, absl::StrCat("its token: ", claimed.status().message()));
  ConsistencyToken applied;
  for (const auto& each : shown.response.metadata().applied()) {
    applied.Raise(each.source(), {each.epoch(), each.revision()});
  }
  if (applied.positions() != claimed->positions()) {
    return Complain(Broken::kWrong, shown,
                    absl::StrCat("its token says ", Text(*claimed), ", it itself ", Text(applied)));
  }
  MutexLock lock(&mutex_);
  WaitForRoom();
  if (!closed_) matches_.push_back({*std::move(claimed), std::move(shown)});
}

void AnswerCheck::Submit(ShownRecord shown) {
  MutexLock lock(&mutex_);
  WaitForRoom();
  if (!closed_) records_.push_back(std::move(shown));
}

void AnswerCheck::SubmitMissing(const std::string& subject, const std::string& token) {
  auto wanted = ConsistencyToken::Decode(*options_.keys, token);
  if (!wanted.ok() || wanted->positions().count(SourceOf(subject)) == 0) return;
  MutexLock lock(&mutex_);
  missing_.push_back({subject, *std::move(wanted)});
}

void AnswerCheck::Close() {
  {
    MutexLock lock(&mutex_);
    closed_ = true;
  }
  room_.SignalAll();
}

bool AnswerCheck::Reached(const ConsistencyToken& at) const {
  return std::all_of(at.positions().begin(), at.positions().end(), [&](const auto& each) {
    const auto history = options_.histories->find(each.first);
    return history == options_.histories->end() || history->second->through() >= each.second.revision;
  });
}

void AnswerCheck::Complain(Broken broken, const ShownMatches& shown, const std::string& why) {
  pairing::v1::FindMatchesRequest request = shown.request;
  const auto wanted = ConsistencyToken::Decode(*options_.keys, request.consistency().at_least_as_fresh());
  const auto claimed = ConsistencyToken::Decode(*options_.keys, shown.response.metadata().consistency_token());
  request.clear_consistency();
  options_.findings->Add(
      broken, absl::StrCat(shown.batch ? "batch " : "", shown.first.has_value() ? "second page " : "", "{",
                           request.ShortDebugString(), "} wanted ", wanted.ok() ? Text(*wanted) : "?", " of ",
                           claimed.ok() ? Text(*claimed) : "?", ": ", why));
}

bool AnswerCheck::IsFreshEnough(const Dated& dated) {
  const auto& consistency = dated.shown.request.consistency();
  // A later page is as fresh as the first was.
  if (!dated.shown.first.has_value()) {
    const auto wanted = ConsistencyToken::Decode(*options_.keys, consistency.at_least_as_fresh());
    if (wanted.ok() && !dated.claimed.Reaches(*wanted)) {
      Complain(Broken::kStale, dated.shown, "it is older than its token");
      return false;
    }
  }
  const double age = Seconds(dated.shown.response.metadata().age());
  if (dated.shown.first.has_value() || consistency.allow_stale() || age <= options_.most_age_seconds + 1) return true;
  Complain(Broken::kStale, dated.shown, absl::StrCat("its age is ", age, " s, and stale ones were not allowed"));
  return false;
}

void AnswerCheck::CheckMatches(const Dated& dated) {
  if (!IsFreshEnough(dated)) return;
  const absl::Status moved = oracle_.MoveTo(dated.claimed);
  if (absl::IsOutOfRange(moved)) {
    MutexLock lock(&mutex_);
    ++unchecked_;
    return;
  }
  if (!moved.ok()) return Complain(Broken::kWrong, dated.shown, std::string(moved.message()));
  pairing::v1::FindMatchesRequest request = dated.shown.request;
  if (dated.shown.first.has_value()) {
    // Both pages at once.
    const int second = request.page_size() == 0 ? 20 : request.page_size();
    request.set_page_size(dated.shown.first->matches_size() + second);
  }
  const auto right = oracle_.FirstPage(request);
  if (!right.ok()) {
    return Complain(Broken::kWrong, dated.shown, absl::StrCat("right is ", right.status().ToString()));
  }
  const std::string difference = Difference(dated.shown, *right);
  if (!difference.empty()) Complain(Broken::kWrong, dated.shown, difference);
}

void AnswerCheck::CheckRecord(const ShownRecord& shown) {
  const History& history = *options_.histories->at(SourceOf(shown.name));
  if (shown.record == nullptr) {
    const Version told = history.At(shown.name, shown.told);
    if (shown.told == 0 || told.bytes == nullptr || history.Newest(shown.name).bytes == nullptr) return;
    return options_.findings->Add(Broken::kStale, absl::StrCat(shown.name, " is said not to be there, but was at ",
                                                               shown.told, ", which was acknowledged before"));
  }
  const auto token = ConsistencyToken::Decode(*options_.keys, catalog::TextOf(*shown.record, "consistency_token"));
  const Revision revision = token.ok() ? RevisionIn(*token, history.source()) : 0;
  if (revision == 0)
    return options_.findings->Add(Broken::kWrong, absl::StrCat(shown.name, " is shown without its token"));
  if (revision < shown.told) {
    return options_.findings->Add(Broken::kStale, absl::StrCat(shown.name, " is shown as of ", revision, ", but ",
                                                               shown.told, " was acknowledged before"));
  }
  if (!history.Knows(revision)) return;
  const Version right = history.At(shown.name, revision);
  if (right.revision == revision && right.bytes != nullptr && *right.bytes == StoredForm(*shown.record)) return;
  options_.findings->Add(Broken::kWrong, absl::StrCat(shown.name, " is shown as of ", revision,
                                                      ", but that is not what was committed there"));
}

void AnswerCheck::CheckMissing(const Missing& missing) {
  const History& history = *options_.histories->at(SourceOf(missing.subject));
  const Revision wanted = RevisionIn(missing.wanted, history.source());
  if (!history.Knows(wanted) || history.At(missing.subject, wanted).bytes == nullptr) return;
  if (history.Newest(missing.subject).bytes == nullptr) return;  // it was removed since then
  options_.findings->Add(Broken::kStale,
                         absl::StrCat(missing.subject, " is said not to be there by a read that demands ",
                                      Text(missing.wanted), ", where it is"));
}

int AnswerCheck::CheckSome() {
  std::vector<Dated> matches;
  std::vector<ShownRecord> records;
  std::vector<Missing> missing;
  {
    MutexLock lock(&mutex_);
    const size_t looks = std::min(matches_.size(), kAtOnce);
    for (size_t i = 0; i < looks; ++i) {
      Dated dated = std::move(matches_.front());
      matches_.pop_front();
      if (Reached(dated.claimed)) {
        matches.push_back(std::move(dated));
      } else {
        matches_.push_back(std::move(dated));
      }
    }
    const auto take = [](auto* from, auto* to) {
      to->assign(std::make_move_iterator(from->begin()), std::make_move_iterator(from->end()));
      from->clear();
    };
    take(&records_, &records);
    take(&missing_, &missing);
  }
  std::sort(matches.begin(), matches.end(),
            [](const Dated& a, const Dated& b) { return OrderOf(a.claimed) < OrderOf(b.claimed); });
  for (const Dated& dated : matches) CheckMatches(dated);
  std::vector<ShownRecord> early;
  for (ShownRecord& shown : records) {
    const auto token =
        shown.record == nullptr
            ? absl::StatusOr<ConsistencyToken>(ConsistencyToken())
            : ConsistencyToken::Decode(*options_.keys, catalog::TextOf(*shown.record, "consistency_token"));
    if (token.ok() && !Reached(*token)) {
      early.push_back(std::move(shown));
    } else {
      CheckRecord(shown);
    }
  }
  std::vector<Missing> early_missing;
  for (Missing& each : missing) {
    if (Reached(each.wanted)) {
      CheckMissing(each);
    } else {
      early_missing.push_back(std::move(each));
    }
  }
  const int done =
      static_cast<int>(matches.size() + records.size() + missing.size() - early.size() - early_missing.size());
  {
    MutexLock lock(&mutex_);
    checked_ += done;
    records_.insert(records_.end(), std::make_move_iterator(early.begin()), std::make_move_iterator(early.end()));
    missing_.insert(missing_.end(), std::make_move_iterator(early_missing.begin()),
                    std::make_move_iterator(early_missing.end()));
  }
  room_.SignalAll();
  return done;
}

int64_t AnswerCheck::checked() const {
  MutexLock lock(&mutex_);
  return checked_;
}

int64_t AnswerCheck::waiting() const {
  MutexLock lock(&mutex_);
  return static_cast<int64_t>(matches_.size() + records_.size() + missing_.size());
}

int64_t AnswerCheck::unchecked() const {
  MutexLock lock(&mutex_);
  return unchecked_;
}

}  // namespace tandem::check
