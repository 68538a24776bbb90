#include "tests/bench/engine/postgres_engine.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cstdlib>
#include <cstring>
#include <libpq-fe.h>
#include <optional>
#include <unistd.h>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "common/base/status.h"
#include "tests/bench/engine/sql_form.h"

namespace tandem::bench {
namespace {

using pairing::matching::kColumnCount;
using pairing::matching::kStageColumn;
using pairing::matching::ProjectRow;
using pairing::matching::TopList;

constexpr Oid kInt4 = 23, kInt4Array = 1007;
// Parameters of the queries, all of them of every query.
enum Parameter { kPoints, kSet, kMost, kLeast, kBias, kCount, kTerms, kParameters };

struct Result {
  explicit Result(PGresult* result) : value(result) {}
  ~Result() { PQclear(value); }
  Result(const Result&) = delete;
  Result& operator=(const Result&) = delete;
  PGresult* const value;
};

void PutNumber(int32_t number, std::string* out) {
  const uint32_t big = htonl(static_cast<uint32_t>(number));
  out->append(reinterpret_cast<const char*>(&big), sizeof(big));
}

std::string Number(int32_t number) {
  std::string out;
  PutNumber(number, &out);
  return out;
}

// The binary form of an int4[].
std::string Array(const std::vector<int32_t>& numbers) {
  std::string out;
  for (const int32_t head : {numbers.empty() ? 0 : 1, 0, static_cast<int32_t>(kInt4)}) PutNumber(head, &out);
  if (numbers.empty()) return out;
  PutNumber(static_cast<int32_t>(numbers.size()), &out);
  PutNumber(1, &out);
  for (const int32_t number : numbers) {
    PutNumber(sizeof(number), &out);
    PutNumber(number, &out);
  }
  return out;
}

int32_t NumberAt(const PGresult* result, int row, int column) {
  uint32_t big;
  std::memcpy(&big, PQgetvalue(result, row, column), sizeof(big));
  return static_cast<int32_t>(ntohl(big));
}

class PostgresEngine : public Engine {
 public:
  PostgresEngine(PostgresVariant variant, std::string connection)
      : variant_(variant), connection_text_(std::move(connection)) {}
  ~PostgresEngine() override {
    if (connection_ == nullptr) return;
    Run(absl::StrCat("DROP SCHEMA IF EXISTS ", schema(), " CASCADE")).IgnoreError();
    PQfinish(connection_);
  }

  std::string name() const override { return variant_ == PostgresVariant::kGin ? "pg-gin" : "pg-expert"; }

  absl::Status Build(const MarketData& market) override {
    if (market.extras != nullptr) return absl::UnimplementedError("PostgreSQL is not given the extras of pairs");
    market_ = &market;
    order_.emplace(market.project_names);
    layout_.emplace(market);
    connection_ = PQconnectdb(connection_text_.c_str());
    if (PQstatus(connection_) != CONNECTION_OK) return absl::UnavailableError(PQerrorMessage(connection_));
    TANDEM_RETURN_IF_ERROR(Run(absl::StrCat("SET client_min_messages = warning; DROP SCHEMA IF EXISTS ", schema(),
                                            " CASCADE; CREATE SCHEMA ", schema(), "; SET search_path = ", schema())));
    TANDEM_RETURN_IF_ERROR(Load());
    TANDEM_RETURN_IF_ERROR(variant_ == PostgresVariant::kGin ? AddGin() : Explode());
    return PrepareStatements();
  }

  absl::Status Prepare(uint32_t investor) override {
    const SqlForm form(*layout_, *market_->forms[investor]);
    by_sector_ = form.by_sector;
    values_[kPoints] = Array(form.points);
    values_[kSet] = Array(form.cells);
    values_[kMost] = Number(form.ticket_most);
    values_[kLeast] = Number(form.ticket_least);
    values_[kBias] = Number(form.bias);
    if (layout_->has_text()) {
      std::vector<int32_t> terms(static_cast<size_t>(term_count_), 0);
      for (size_t i = 0; i < form.terms.size(); ++i) {
        if (form.terms[i] < term_count_) terms[static_cast<size_t>(form.terms[i])] = form.term_weights[i];
      }
      values_[kTerms] = Array(terms);
    } else {
      values_[kTerms] = Array({});
    }
    return absl::OkStatus();
  }

  absl::StatusOr<TopList> Top(uint32_t /*investor*/, size_t k) override {
    values_[kCount] = Number(static_cast<int32_t>(k));
    const char* values[kParameters];
    int lengths[kParameters], formats[kParameters];
    for (int i = 0; i < kParameters; ++i) {
      values[i] = values_[i].data();
      lengths[i] = static_cast<int>(values_[i].size());
      formats[i] = 1;
    }
    const Result result(
        PQexecPrepared(connection_, by_sector_ ? "by_sector" : "scan", kParameters, values, lengths, formats, 1));
    if (PQresultStatus(result.value) != PGRES_TUPLES_OK) return Failure("query");
    TopList list;
    for (int row = 0; row < PQntuples(result.value); ++row) {
      list.best.push_back(
          {order_->slot(static_cast<uint32_t>(NumberAt(result.value, row, 0))), NumberAt(result.value, row, 1)});
    }
    return list;
  }

  uint64_t bytes() const override { return bytes_; }

 private:
  std::string schema() const { return variant_ == PostgresVariant::kGin ? "gin" : "expert"; }

  absl::Status Failure(const std::string& what) const {
    return absl::InternalError(absl::StrCat("PostgreSQL: ", what, ": ", PQerrorMessage(connection_)));
  }

  absl::Status Run(const std::string& sql) {
    const Result result(PQexec(connection_, sql.c_str()));
    const ExecStatusType status = PQresultStatus(result.value);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ? absl::OkStatus() : Failure(sql);
  }

  std::string Columns() const {
    std::vector<std::string> columns = {"place", "ask_least", "ask_most", "points", "sector_norm"};
    for (size_t i = 0; i < kColumnCount; ++i) columns.push_back(absl::StrCat("c", i));
    for (size_t i = 0; i < layout_->sector_width(); ++i) columns.push_back(absl::StrCat("s", i));
    return absl::StrJoin(columns, ", ");
  }

  // The plain table, in the order of the names.
  absl::Status Load() {
    std::string fields = Columns();
    std::string typed;
    for (const char c : fields) typed += c == ',' ? std::string(" int NOT NULL,") : std::string(1, c);
    TANDEM_RETURN_IF_ERROR(Run(absl::StrCat("CREATE UNLOGGED TABLE project (", typed,
                                            " int NOT NULL, cells int[] NOT NULL, terms int[], weights int[])")));
    const Result copy(PQexec(connection_, "COPY project FROM STDIN"));
    if (PQresultStatus(copy.value) != PGRES_COPY_IN) return Failure("COPY");
    std::string lines;
    const auto put = [&] {
      const bool sent = PQputCopyData(connection_, lines.data(), static_cast<int>(lines.size())) == 1;
      lines.clear();
      return sent;
    };
    for (uint32_t place = 0; place < market_->rows.size(); ++place) {
      const uint32_t slot = order_->slot(place);
      if (slot >= market_->live_projects) continue;
      const ProjectRow& row = market_->rows[slot];
      const std::vector<int32_t> numbers = SqlRow(*layout_, row, place);
      std::vector<int32_t> cells;
      for (size_t i = 0; i < std::max<size_t>(1, row.sector_count); ++i) {
        const int32_t sector = row.sector_count == 0 ? layout_->unstated() : layout_->Sector(row.sectors[i]);
        cells.push_back(layout_->Cell(sector, row.codes[kStageColumn]));
      }
      absl::StrAppend(&lines, absl::StrJoin(numbers, "\t"), "\t{", absl::StrJoin(cells, ","), "}\t");
      if (row.text == nullptr) {
        lines += "\\N\t\\N\n";
      } else {
        AppendText(*row.text, &lines);
      }
      if (lines.size() > (1 << 20) && !put()) return Failure("COPY");
    }
    if (!put() || PQputCopyEnd(connection_, nullptr) != 1) return Failure("COPY");
    while (PGresult* more = PQgetResult(connection_)) {
      const Result result(more);
      if (PQresultStatus(result.value) != PGRES_COMMAND_OK) return Failure("COPY");
    }
    return Run("VACUUM (FREEZE, ANALYZE) project");
  }

  void AppendText(const pairing::matching::TextWeights& text, std::string* lines) {
    std::vector<int32_t> terms, weights;
    for (const auto& term : text) {
      // Arrays count from 1.
      terms.push_back(static_cast<int32_t>(term.term) + 1);
      weights.push_back(term.weight);
      term_count_ = std::max(term_count_, terms.back());
    }
    absl::StrAppend(lines, "{", absl::StrJoin(terms, ","), "}\t{", absl::StrJoin(weights, ","), "}\n");
  }

  absl::Status AddGin() {
    TANDEM_RETURN_IF_ERROR(Run("CREATE INDEX project_cells ON project USING gin (cells) WITH (fastupdate = off)"));
    TANDEM_RETURN_IF_ERROR(Run("ANALYZE project"));
    return Weigh({"project"});
  }

  absl::Status Explode() {
    std::string positions;
    for (size_t i = 0; i < layout_->sector_width(); ++i)
      absl::StrAppend(&positions, i == 0 ? "" : ",", "(", i, ", s", i, ")");
    TANDEM_RETURN_IF_ERROR(Run(absl::StrCat(
        "CREATE UNLOGGED TABLE cells AS SELECT v.sector * ", layout_->stage_factor(), " + c", kStageColumn, " - ",
        layout_->Code(kStageColumn, 0), " AS cell, v.position, ", Columns(),
        ", terms, weights FROM project CROSS JOIN LATERAL (VALUES ", positions,
        ") AS v(position, sector) WHERE v.sector <> ", layout_->no_sector(), " ORDER BY cell, ask_least")));
    // Says that nothing is NULL, so that fields lie at fixed places.
    for (const char* column : {"cell", "position", "ask_least", "ask_most"}) {
      TANDEM_RETURN_IF_ERROR(Run(absl::StrCat("ALTER TABLE cells ALTER ", column, " SET NOT NULL")));
    }
    TANDEM_RETURN_IF_ERROR(Run("CREATE INDEX cells_cell ON cells (cell, ask_least) WITH (fillfactor = 100)"));
    TANDEM_RETURN_IF_ERROR(Run("ALTER TABLE cells CLUSTER ON cells_cell"));
    TANDEM_RETURN_IF_ERROR(Run("VACUUM (FREEZE, ANALYZE) cells"));
    return Weigh({"project", "cells"});
  }

  absl::Status Weigh(const std::vector<std::string>& tables) {
    for (const std::string& table : tables) {
      const Result result(PQexec(connection_, absl::StrCat("SELECT pg_total_relation_size('", table, "')").c_str()));
      if (PQresultStatus(result.value) != PGRES_TUPLES_OK) return Failure("size");
      bytes_ += static_cast<uint64_t>(std::strtoull(PQgetvalue(result.value, 0, 0), nullptr, 10));
    }
    return absl::OkStatus();
  }

  std::string PointsOf(const std::string& column) const { return absl::StrCat("($1::int[])[", column, "]"); }

  // The cheapest first: PostgreSQL keeps the order of filters of equal cost.
  std::string Gates(bool stage_is_known) const {
    std::string gates = "p.ask_least <= $3 AND p.ask_most >= $4";
    for (const size_t column : layout_->gating_columns()) {
      if (stage_is_known && column == kStageColumn) continue;
      absl::StrAppend(&gates, " AND ", PointsOf(absl::StrCat("p.c", column)), " > ", kSqlRefusedBelow);
    }
    if (layout_->sectors_gate()) absl::StrAppend(&gates, " AND ", Sectors(), " > ", kSqlRefusedBelow);
    return gates;
  }

  std::string Sectors() const {
    std::vector<std::string> sectors;
    for (size_t i = 0; i < layout_->sector_width(); ++i) sectors.push_back(PointsOf(absl::StrCat("p.s", i)));
    return absl::StrJoin(sectors, " + ");
  }

  std::string Score() const {
    std::string score = "$5::int + p.points";
    for (size_t i = 0; i < kColumnCount; ++i) absl::StrAppend(&score, " + ", PointsOf(absl::StrCat("p.c", i)));
    absl::StrAppend(&score, " + (((", Sectors(), ") * p.sector_norm) >> 10)");
    if (layout_->has_text()) {
      absl::StrAppend(&score,
                      " + coalesce((SELECT sum(($7::int[])[t.term] * t.weight) >> 8 FROM unnest(p.terms, p.weights) AS "
                      "t(term, weight)), 0)::int");
    }
    return score;
  }

  absl::Status PrepareStatements() {
    const std::string tail = absl::StrCat(" ORDER BY score DESC, p.place LIMIT $6::int");
    const std::string head = absl::StrCat("SELECT p.place, ", Score(), " AS score FROM ");
    // A project whose sectors are accepted more than once counts where the first of them is.
    std::string first;
    for (size_t i = 0; i + 1 < layout_->sector_width(); ++i) {
      absl::StrAppend(&first, " AND (p.position <= ", i, " OR ",
                      PointsOf(absl::StrCat("p.s", i, " + ", layout_->accepted_offset())), " = 0)");
    }
    const std::string by_sector =
        variant_ == PostgresVariant::kGin
            ? absl::StrCat(head, "project p WHERE p.cells && $2::int[] AND ", Gates(true), tail)
            : absl::StrCat(head, "unnest($2::int[]) AS wanted(cell) JOIN cells p ON p.cell = wanted.cell WHERE ",
                           Gates(true), first, tail);
    const std::string scan = absl::StrCat(head, "project p WHERE $2::int[] IS NOT NULL AND ", Gates(false), tail);
    const Oid types[kParameters] = {kInt4Array, kInt4Array, kInt4, kInt4, kInt4, kInt4, kInt4Array};
    for (const auto& [statement, sql] : {std::pair("by_sector", by_sector), std::pair("scan", scan)}) {
      const Result result(PQprepare(connection_, statement, sql.c_str(), kParameters, types));
      if (PQresultStatus(result.value) != PGRES_COMMAND_OK) return Failure(sql);
    }
    return Run("SET plan_cache_mode = force_generic_plan");
  }

  const PostgresVariant variant_;
  const std::string connection_text_;
  const MarketData* market_ = nullptr;
  std::optional<NameOrder> order_;
  std::optional<CodeLayout> layout_;
  PGconn* connection_ = nullptr;
  bool by_sector_ = false;
  std::string values_[kParameters];
  int32_t term_count_ = 0;
  uint64_t bytes_ = 0;
};

}  // namespace

std::unique_ptr<Engine> MakePostgresEngine(PostgresVariant variant, std::string connection) {
  return std::make_unique<PostgresEngine>(variant, std::move(connection));
}

std::vector<std::string> PostgresEngineSettings() {
  // A quarter of the memory, as PostgreSQL's own documentation advises, up to what the largest market needs.
  const uint64_t memory =
      static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGE_SIZE));
  const uint64_t shared_mb = std::clamp<uint64_t>(memory / 4 >> 20, 128, 4096);
  // No JIT and no parallel workers: tried in turn over the same queries, neither was faster.
  return {absl::StrCat("shared_buffers=", shared_mb, "MB"),
          absl::StrCat("effective_cache_size=", 3 * shared_mb, "MB"),
          "work_mem=256MB",
          "maintenance_work_mem=1GB",
          "jit=off",
          "fsync=off",
          "synchronous_commit=off",
          "full_page_writes=off",
          "wal_level=minimal",
          "max_wal_senders=0",
          "max_wal_size=8GB",
          "autovacuum=off",
          "random_page_cost=1.1",
          "max_parallel_workers_per_gather=0",
          "huge_pages=try"};
}

}  // namespace tandem::bench
