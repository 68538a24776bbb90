#include "tests/bench/engine/sqlite_engine.h"

#include <cstring>
#include <optional>
#include <sqlite3.h>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "tests/bench/engine/sql_form.h"

namespace tandem::bench {
namespace {

using pairing::matching::kColumnCount;
using pairing::matching::kStageColumn;
using pairing::matching::ProjectRow;
using pairing::matching::TextWeights;
using pairing::matching::TopList;

// What the C functions look up: the current investor.
struct Current {
  const CodeLayout* layout = nullptr;
  std::optional<SqlForm> form;
  std::vector<int32_t> terms;  // weight by term

  int32_t at(sqlite3_value* number) const { return form->points[static_cast<size_t>(sqlite3_value_int(number)) - 1]; }
};

// tandem_passes(position, gating columns, sectors): whether no gate refuses, and no sector before `position` is
// accepted.
void Passes(sqlite3_context* context, int count, sqlite3_value** values) {
  const auto& current = *static_cast<const Current*>(sqlite3_user_data(context));
  const int gates = 1 + static_cast<int>(current.layout->gating_columns().size());
  for (int i = 1; i < gates; ++i) {
    if (current.at(values[i]) == kSqlRefused) return sqlite3_result_int(context, 0);
  }
  const int position = sqlite3_value_int(values[0]);
  for (int i = gates; i < count; ++i) {
    const auto number = static_cast<size_t>(sqlite3_value_int(values[i]));
    if (current.form->points[number - 1] == kSqlRefused) return sqlite3_result_int(context, 0);
    if (i - gates >= position) continue;
    if (current.form->points[number - 1 + static_cast<size_t>(current.layout->accepted_offset())] != 0) {
      return sqlite3_result_int(context, 0);
    }
  }
  sqlite3_result_int(context, 1);
}

// tandem_points(points, sector_norm, columns, sectors): the score without text.
void Points(sqlite3_context* context, int count, sqlite3_value** values) {
  const auto& current = *static_cast<const Current*>(sqlite3_user_data(context));
  int32_t score = current.form->bias + sqlite3_value_int(values[0]);
  constexpr int kSectorsFrom = 2 + static_cast<int>(kColumnCount);
  for (int i = 2; i < kSectorsFrom; ++i) score += current.at(values[i]);
  int32_t sectors = 0;
  for (int i = kSectorsFrom; i < count; ++i) sectors += current.at(values[i]);
  sqlite3_result_int(context, score + ((sectors * sqlite3_value_int(values[1])) >> 10));
}

// tandem_text(terms): the points of a project's text; `terms` are pairs of 32-bit numbers, or NULL.
void Text(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  const auto& current = *static_cast<const Current*>(sqlite3_user_data(context));
  const int bytes = sqlite3_value_bytes(values[0]);
  const auto* pairs = static_cast<const char*>(sqlite3_value_blob(values[0]));
  int64_t sum = 0;
  for (int at = 0; at + 8 <= bytes; at += 8) {
    int32_t pair[2];
    std::memcpy(pair, pairs + at, sizeof(pair));
    if (static_cast<size_t>(pair[0]) < current.terms.size())
      sum += int64_t{current.terms[static_cast<size_t>(pair[0])]} * pair[1];
  }
  sqlite3_result_int64(context, sum >> 8);
}

std::string Names(const std::string& prefix, size_t count) {
  std::string names;
  for (size_t i = 0; i < count; ++i) absl::StrAppend(&names, ",", prefix, i);
  return names;
}

class SqliteEngine : public Engine {
 public:
  ~SqliteEngine() override {
    for (sqlite3_stmt* statement : {by_sector_, scan_, clear_, want_}) sqlite3_finalize(statement);
    sqlite3_close(db_);
  }

  std::string name() const override { return "sqlite"; }

  absl::Status Build(const MarketData& market) override {
    if (market.extras != nullptr) return absl::UnimplementedError("SQLite is not given the extras of pairs");
    market_ = &market;
    order_.emplace(market.project_names);
    layout_.emplace(market);
    current_.layout = &*layout_;
    if (sqlite3_open_v2(":memory:", &db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr) !=
        SQLITE_OK)
      return Failure("open");
    TANDEM_RETURN_IF_ERROR(
        Run("PRAGMA temp_store = MEMORY; PRAGMA journal_mode = OFF; PRAGMA locking_mode = EXCLUSIVE;"));
    AddFunction("tandem_passes", Passes);
    AddFunction("tandem_points", Points);
    AddFunction("tandem_text", Text);
    TANDEM_RETURN_IF_ERROR(CreateTables());
    TANDEM_RETURN_IF_ERROR(Fill());
    return PrepareStatements();
  }

  absl::Status Prepare(uint32_t investor) override {
    const auto& form = *market_->forms[investor];
    current_.form.emplace(*layout_, form);
    if (layout_->has_text()) {
      current_.terms.clear();
      for (const auto& term : form.text) {
        current_.terms.resize(term.term + 1, 0);
        current_.terms[term.term] = term.weight;
      }
    }
    sqlite3_step(clear_);
    sqlite3_reset(clear_);
    for (const int32_t cell : current_.form->cells) {
      sqlite3_bind_int(want_, 1, cell);
      const int done = sqlite3_step(want_);
      sqlite3_reset(want_);
      if (done != SQLITE_DONE) return Failure("insert the cells");
    }
    return absl::OkStatus();
  }

  absl::StatusOr<TopList> Top(uint32_t /*investor*/, size_t k) override {
    sqlite3_stmt* statement = current_.form->by_sector ? by_sector_ : scan_;
    sqlite3_bind_int(statement, 1, current_.form->ticket_most);
    sqlite3_bind_int(statement, 2, current_.form->ticket_least);
    sqlite3_bind_int64(statement, 3, static_cast<sqlite3_int64>(k));
    TopList list;
    int step;
    while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
      list.best.push_back(
          {order_->slot(static_cast<uint32_t>(sqlite3_column_int(statement, 0))), sqlite3_column_int(statement, 1)});
    }
    sqlite3_reset(statement);
    if (step != SQLITE_DONE) return Failure("query");
    return list;
  }

  uint64_t bytes() const override { return static_cast<uint64_t>(sqlite3_memory_used()); }

 private:
  absl::Status Failure(const std::string& what) {
    return absl::InternalError(absl::StrCat("sqlite: ", what, ": ", sqlite3_errmsg(db_)));
  }

  absl::Status Run(const std::string& sql) {
    return sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK ? absl::OkStatus() : Failure(sql);
  }

  void AddFunction(const char* function, void (*body)(sqlite3_context*, int, sqlite3_value**)) {
    sqlite3_create_function(db_, function, -1, SQLITE_UTF8 | SQLITE_INNOCUOUS, &current_, body, nullptr, nullptr);
  }

  absl::Status CreateTables() {
    // Columns in the order in which the gates ask for them.
    const std::string columns =
        absl::StrCat("ask_most, points, sector_norm", Names("c", kColumnCount), Names("s", layout_->sector_width()));
    return Run(absl::StrCat("CREATE TABLE project (place INTEGER PRIMARY KEY, ask_least, ", columns, ");",
                            "CREATE TABLE cells (cell INTEGER, ask_least INTEGER, place INTEGER, position INTEGER, ",
                            columns, ", PRIMARY KEY (cell, ask_least, place, position)) WITHOUT ROWID;",
                            "CREATE TABLE text (place INTEGER PRIMARY KEY, terms BLOB);",
                            "CREATE TEMP TABLE wanted (cell INTEGER PRIMARY KEY);"));
  }

  absl::Status Fill() {
    TANDEM_RETURN_IF_ERROR(Run("BEGIN"));
    sqlite3_stmt* insert = nullptr;
    std::string places = "?";
    for (size_t i = 1; i < 5 + kColumnCount + layout_->sector_width(); ++i) places += ",?";
    sqlite3_prepare_v2(db_, absl::StrCat("INSERT INTO project VALUES (", places, ")").c_str(), -1, &insert, nullptr);
    sqlite3_stmt* insert_text = nullptr;
    sqlite3_prepare_v2(db_, "INSERT INTO text VALUES (?, ?)", -1, &insert_text, nullptr);
    bool fine = true;
    for (uint32_t slot = 0; slot < market_->live_projects && fine; ++slot) {
      const ProjectRow& row = market_->rows[slot];
      int at = 0;
      for (const int32_t number : SqlRow(*layout_, row, order_->place(slot))) sqlite3_bind_int(insert, ++at, number);
      fine = sqlite3_step(insert) == SQLITE_DONE;
      sqlite3_reset(insert);
      if (row.text == nullptr) continue;
      std::vector<int32_t> pairs;
      for (const auto& term : *row.text) pairs.insert(pairs.end(), {static_cast<int32_t>(term.term), term.weight});
      sqlite3_bind_int(insert_text, 1, static_cast<int>(order_->place(slot)));
      sqlite3_bind_blob(insert_text, 2, pairs.data(), static_cast<int>(pairs.size() * sizeof(int32_t)),
                        SQLITE_TRANSIENT);
      fine = fine && sqlite3_step(insert_text) == SQLITE_DONE;
      sqlite3_reset(insert_text);
    }
    sqlite3_finalize(insert);
    sqlite3_finalize(insert_text);
    if (!fine) return Failure("insert");
    // No ANALYZE: with statistics SQLite 3.40 reads the whole table for a Bloom filter before each of these joins.
    const std::string columns =
        absl::StrCat("ask_most, points, sector_norm", Names("c", kColumnCount), Names("s", layout_->sector_width()));
    std::string exploded = "SELECT * FROM (";
    for (size_t i = 0; i < layout_->sector_width(); ++i) {
      absl::StrAppend(&exploded, i == 0 ? "" : " UNION ALL ", "SELECT s", i, " * ", layout_->stage_factor(), " + c",
                      kStageColumn, " - ", layout_->Code(kStageColumn, 0), " AS cell, ask_least, place, ", i, ", ",
                      columns, " FROM project WHERE s", i, " <> ", layout_->no_sector());
    }
    return Run(absl::StrCat("INSERT INTO cells ", exploded, ") ORDER BY cell, ask_least, place; COMMIT;"));
  }

  absl::Status PrepareStatements() {
    std::string gates;
    for (const size_t column : layout_->gating_columns()) absl::StrAppend(&gates, ", c", column);
    const std::string sectors = Names("s", layout_->sector_width());
    const std::string score = absl::StrCat(
        "tandem_points(points, sector_norm", Names("c", kColumnCount), sectors, ")",
        layout_->has_text() ? " + coalesce(tandem_text((SELECT terms FROM text t WHERE t.place = p.place)), 0)" : "");
    const auto query = [&](const std::string& from, const std::string& position) {
      return absl::StrCat("SELECT p.place, ", score, " AS score FROM ", from,
                          " p.ask_least <= ?1 AND p.ask_most >= ?2 AND tandem_passes(", position, gates, sectors,
                          ") ORDER BY score DESC, p.place LIMIT ?3");
    };
    const std::pair<sqlite3_stmt**, std::string> statements[] = {
        {&by_sector_, query("wanted w CROSS JOIN cells p WHERE p.cell = w.cell AND", "position")},
        {&scan_, query("project p WHERE", "0")},
        {&clear_, "DELETE FROM wanted"},
        {&want_, "INSERT INTO wanted VALUES (?1)"}};
    for (const auto& [statement, sql] : statements) {
      if (sqlite3_prepare_v3(db_, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, statement, nullptr) != SQLITE_OK)
        return Failure(sql);
    }
    return absl::OkStatus();
  }

  const MarketData* market_ = nullptr;
  std::optional<NameOrder> order_;
  std::optional<CodeLayout> layout_;
  Current current_;
  sqlite3* db_ = nullptr;
  sqlite3_stmt *by_sector_ = nullptr, *scan_ = nullptr, *clear_ = nullptr, *want_ = nullptr;
};

}  // namespace

std::unique_ptr<Engine> MakeSqliteEngine() { return std::make_unique<SqliteEngine>(); }

}  // namespace tandem::bench
