#include "tests/fault/truth/truth.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "common/base/status.h"
#include "common/storage/postgres/postgres_store.h"
#include "services/pairing/market_feed/market_followers.h"
#include "services/pairing/market_feed/record_name.h"
#include "services/pairing/market_feed/watch_adapter.h"
#include "tandem/pairing/v1/meeting.pb.h"
#include "tandem/pairing/v1/pairing.pb.h"
#include "tests/fault/truth/effects_under_way.h"
#include "tests/fault/truth/pairings_watch.h"
#include "tests/fault/truth/record_form.h"
#include "tests/fault/truth/rows.h"

namespace tandem::check {
namespace {

constexpr std::chrono::milliseconds kPause{10};
constexpr std::chrono::milliseconds kEffectsPause{100};
// Until what is committed has come by a watch.
constexpr std::chrono::milliseconds kWatchTakes{500};
constexpr int kPassesBetweenSweeps = 100;

absl::StatusOr<std::unique_ptr<RecordStore>> OpenStore(const std::string& where) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(where, absl::MaxSplits(' ', 1));
  PostgresOptions options;
  options.schema = parts.first;
  options.conninfo = parts.second;
  options.reader_connections = 1;
  return OpenPostgresStore(std::move(options));
}

std::unique_ptr<feed::Source> SourceAt(const std::string& source, const std::shared_ptr<grpc::Channel>& channel) {
  for (auto& each : pairing::WatchSources({channel, channel, channel})) {
    if (each->name() == source) return std::move(each);
  }
  return nullptr;
}

bool IsPairing(absl::string_view name) { return pairing::KindOf(name) == pairing::RecordKind::kPairing; }

// Whether a pairing or a meeting changed by what befell its parties, or by time: no call of anybody's accounts for
// that.
bool IsOfNoWrite(const Entry& entry) {
  if (entry.version.bytes == nullptr || (!IsPairing(entry.name) && !IsMeeting(entry.name))) return false;
  const auto record = ParseRecord(entry.name, *entry.version.bytes);
  if (record == nullptr) return false;
  if (IsMeeting(entry.name)) {
    return static_cast<const pairing::v1::Meeting&>(*record).change().cause() ==
           pairing::v1::MeetingChange::CAUSE_PARTY_LEFT;
  }
  switch (static_cast<const pairing::v1::Pairing&>(*record).change().cause()) {
    case pairing::v1::Change::CAUSE_EXPIRY:
    case pairing::v1::Change::CAUSE_PARTY_LEFT:
    case pairing::v1::Change::CAUSE_PARTY_CHANGED:
      return true;
    default:
      return false;
  }
}

absl::StatusOr<Head> HeadOf(RecordStore& store, std::chrono::steady_clock::time_point deadline) {
  absl::StatusOr<Head> head = store.GetHead();
  while (!head.ok() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(kPause);
    head = store.GetHead();
  }
  return head;
}

}  // namespace

Truth::Truth(Options options) : options_(std::move(options)) {
  for (const std::string& source : AllSources()) {
    histories_[source] = std::make_unique<History>(source);
    ledgers_[source] = std::make_unique<Ledger>(histories_[source].get(), &findings_);
  }
  AnswerCheck::Options answers;
  answers.edition = options_.edition;
  answers.histories = &histories_;
  answers.keys = options_.keys;
  answers.findings = &findings_;
  answers_ = std::make_unique<AnswerCheck>(std::move(answers));
}

absl::StatusOr<std::unique_ptr<Truth>> Truth::Start(Options options) {
  std::unique_ptr<Truth> truth(new Truth(std::move(options)));
  TANDEM_RETURN_IF_ERROR(truth->Begin());
  return truth;
}

Truth::~Truth() { Stop(); }

void Truth::NoteOwn(const std::string& source, const std::vector<Entry>& entries) {
  std::vector<Entry> own;
  const std::string prefix = absl::StrCat(options_.edition, "/");
  for (const Entry& entry : entries) {
    if (entry.name == options_.edition || absl::StartsWith(entry.name, prefix)) own.push_back(entry);
  }
  if (source == pairing::kEditionsSource) meetings_.Take(own);
  own.erase(std::remove_if(own.begin(), own.end(), IsOfNoWrite), own.end());
  ledgers_.at(source)->Note(own);
}

absl::Status Truth::Begin() {
  for (const auto& [source, where] : options_.stores) {
    TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<RecordStore> store, OpenStore(where));
    TANDEM_ASSIGN_OR_RETURN(
        readers_[source],
        LogReader::Start(std::move(store), histories_.at(source).get(),
                         [this, source = source](const std::vector<Entry>& entries) { NoteOwn(source, entries); }));
  }
  for (const auto& [source, channels] : options_.replicas) {
    const bool pairings = source == pairing::kEditionsSource;
    if (options_.stores.empty()) {
      joined_[source] =
          std::make_unique<JoinedLog>(histories_.at(source).get(), pairings ? 2 : 1,
                                      [this, source = source](const auto& entries) { NoteOwn(source, entries); });
    }
    for (size_t i = 0; i < channels.size(); ++i) {
      const bool records = i == 0 && options_.stores.empty();
      Follow(
          absl::StrCat("watch of ", source, " at replica ", i), SourceAt(source, channels[i]),
          [](absl::string_view name) { return !IsMeeting(name); }, records, 0);
      if (!pairings) continue;
      // The first one's of all editions, the others' of ours.
      const std::string parent = i == 0 ? "editions/-" : options_.edition;
      const std::string prefix = i == 0 ? "" : absl::StrCat(options_.edition, "/");
      const auto covers = [prefix](absl::string_view name) {
        return absl::StartsWith(name, prefix) && (IsMeeting(name) || IsPairing(name));
      };
      Follow(absl::StrCat("watch of pairings at replica ", i), PairingsWatch(channels[i], parent), covers, records, 1);
    }
  }
  thread_ = std::thread([this] { Run(); });
  return absl::OkStatus();
}

void Truth::Follow(const std::string& who, std::unique_ptr<feed::Source> source, WatchCheck::Covers covers,
                   bool records, size_t index) {
  const std::string name = source->name();
  const History* history = histories_.at(name).get();
  checks_.push_back(std::make_unique<WatchCheck>(who, std::move(covers), history, options_.keys, &findings_));
  watched_.push_back(history);
  WatchCheck* const check = checks_.back().get();
  WatchFollower::Options options;
  options.source = std::move(source);
  options.resume_token = [check] { return check->resume_token(); };
  options.take = [this, check, name, records, index](feed::Stretch stretch) {
    if (records) Record(name, index, stretch);
    check->Take(std::move(stretch));
  };
  options.end = [check](const absl::Status& status) { check->End(status); };
  followers_.push_back(std::make_unique<WatchFollower>(std::move(options)));
}

void Truth::Record(const std::string& source, size_t watch, const feed::Stretch& stretch) {
  const auto token = ConsistencyToken::Decode(*options_.keys, stretch.resume_token);
  if (!token.ok() || token->positions().count(source) == 0) return;
  const Position& position = token->positions().at(source);
  if (stretch.phase == feed::Phase::kSnapshotEnd) return joined_.at(source)->Begin(watch, position);
  std::vector<Entry> entries;
  for (const feed::Item& item : stretch.items) {
    Version version{item.revision, nullptr};
    if (item.message != nullptr) version.bytes = std::make_shared<const std::string>(StoredForm(*item.message));
    entries.push_back({item.name, std::move(version)});
  }
  joined_.at(source)->Append(watch, std::move(entries), position.revision);
}

void Truth::CheckWatches() {
  for (const auto& check : checks_) check->Check();
}

void Truth::Run() {
  for (int pass = 1;; ++pass) {
    const int done = answers_->CheckSome();
    for (const auto& [source, ledger] : ledgers_) {
      pass % kPassesBetweenSweeps == 0 ? ledger->CheckAll() : ledger->Check();
    }
    CheckWatches();
    if (pass % kPassesBetweenSweeps == 0) {
      for (const auto& [source, history] : histories_) history->Forget(history->through() - options_.kept);
    }
    MutexLock lock(&mutex_);
    if (stopping_) return;
    if (done == 0) stop_.WaitUntil(&mutex_, std::chrono::steady_clock::now() + kPause);
    if (stopping_) return;
  }
}

std::map<std::string, Position> Truth::Heads(std::chrono::steady_clock::time_point deadline) const {
  std::map<std::string, Position> heads;
  for (const auto& [source, history] : histories_) {
    heads[source] = {history->epoch(), history->through()};
    const auto reader = readers_.find(source);
    if (reader == readers_.end()) continue;
    const absl::StatusOr<Head> head = HeadOf(*reader->second->store(), deadline);
    if (head.ok()) heads[source] = {head->epoch, head->revision};
  }
  return heads;
}

std::optional<Positions> Truth::Committed(std::chrono::steady_clock::time_point deadline) const {
  if (readers_.empty()) return std::nullopt;
  Positions positions;
  for (const auto& [source, reader] : readers_) {
    const absl::StatusOr<Head> head = HeadOf(*reader->store(), deadline);
    if (!head.ok()) return std::nullopt;
    positions[source] = head->revision;
  }
  return positions;
}

void Truth::AwaitEffects(std::chrono::nanoseconds limit) {
  if (readers_.empty()) return;
  const auto begin = std::chrono::steady_clock::now();
  std::map<std::string, Position> heads = Heads(begin + limit);
  heads.erase(pairing::kEditionsSource);
  RecordStore* const editions = readers_.at(pairing::kEditionsSource)->store();
  std::string last;
  auto moved = begin;
  while (true) {
    const absl::StatusOr<std::string> left = EffectsUnderWay(editions, heads);
    if (left.ok() && left->empty()) return;
    const std::string text = left.ok() ? *left : absl::StrCat("effects cannot be read: ", left.status().ToString());
    const auto now = std::chrono::steady_clock::now();
    if (text != last) moved = now;
    last = text;
    if (now - moved > limit) return findings_.Add(Broken::kLost, absl::StrCat("at the end nothing moves while ", text));
    std::this_thread::sleep_for(kEffectsPause);
  }
}

void Truth::AwaitLog(std::chrono::steady_clock::time_point deadline) {
  if (readers_.empty()) return std::this_thread::sleep_for(kWatchTakes);
  for (const auto& [source, head] : Heads(deadline)) {
    while (histories_.at(source)->through() < head.revision && std::chrono::steady_clock::now() < deadline)
      std::this_thread::sleep_for(kPause);
  }
}

void Truth::CatchUp(std::chrono::steady_clock::time_point deadline) {
  // What every watch has to bring.
  std::map<std::string, Position> heads = Heads(deadline);
  const auto behind = [&]() -> std::string {
    for (const auto& [source, ledger] : ledgers_) {
      if (ledger->waiting() > 0) return absl::StrCat(ledger->waiting(), " writes of ", source, " are not in the log");
      if (histories_.at(source)->through() < heads[source].revision)
        return absl::StrCat("the log of ", source, " is not read");
    }
    for (size_t i = 0; i < checks_.size(); ++i) {
      const Revision head = heads[watched_[i]->source()].revision;
      if (checks_[i]->checked() < head) {
        return absl::StrCat("watch ", i, " of ", watched_[i]->source(), " is at ", checks_[i]->checked(), " of ", head);
      }
    }
    if (answers_->waiting() > 0) return absl::StrCat(answers_->waiting(), " answers claim what is not in the log");
    return "";
  };
  std::string what = behind();
  while (!what.empty() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(kPause);
    what = behind();
  }
  for (const auto& [source, ledger] : ledgers_) {
    if (ledger->waiting() > 0) {
      findings_.Add(Broken::kLost, absl::StrCat(ledger->waiting(), " acknowledged writes of ", source,
                                                " claim revisions that the log does not reach"));
    }
    ledger->CheckAll();
  }
  for (size_t i = 0; i < checks_.size(); ++i) {
    const Revision head = heads[watched_[i]->source()].revision;
    if (checks_[i]->checked() >= head) continue;
    findings_.Add(Broken::kWatch, absl::StrCat("watch ", i, " of ", watched_[i]->source(), " has come to ",
                                               checks_[i]->checked(), " of ", head, " only"));
  }
  if (answers_->waiting() > 0) {
    findings_.Add(Broken::kWrong,
                  absl::StrCat(answers_->waiting(), " answers claim revisions that the logs do not reach"));
  }
}

void Truth::CompareRows() {
  for (const auto& [source, reader] : readers_) {
    CompareStoreRows(reader->store(), *histories_.at(source), options_.edition, &findings_);
  }
}

void Truth::Stop() {
  answers_->Close();
  followers_.clear();
  readers_.clear();
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  stop_.SignalAll();
  if (thread_.joinable()) thread_.join();
}

int64_t Truth::watched_changes() const {
  int64_t sum = 0;
  for (const auto& check : checks_) sum += check->changes();
  return sum;
}

int64_t Truth::relists() const {
  int64_t sum = 0;
  for (const auto& check : checks_) sum += check->relists();
  return sum;
}

}  // namespace tandem::check
