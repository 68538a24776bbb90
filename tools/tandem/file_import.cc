#include "tools/tandem/file_import.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

#include "common/base/status.h"
#include "tools/tandem/checkpoint.h"
#include "tools/tandem/progress.h"
#include "tools/tandem/record_file.h"

namespace tandem::cli {
namespace {

struct Rejection {
  std::string external_id;
  Reasons reasons;
  std::string text;
};

// One run of one import.
class FileImport {
 public:
  FileImport(const FileImportOptions& options, const RecordKind& kind, const BatchPipeline::Send& send,
             const Terminal& terminal)
      : options_(options), kind_(kind), send_(send), terminal_(terminal), tokens_(options.pipeline.in_flight) {}

  absl::StatusOr<ImportSummary> Run() {
    TANDEM_ASSIGN_OR_RETURN(file_, RecordFile::Open(options_.file, FormatOf(options_.file)));
    if (file_->format() == RecordFormat::kCsv) TANDEM_RETURN_IF_ERROR(CheckColumns(kind_, file_->columns()));
    TANDEM_RETURN_IF_ERROR(Resume());
    Progress progress(&terminal_, absl::StrCat("import ", kind_.plural), file_->size());
    BatchPipeline pipeline(options_.pipeline, send_,
                           [this](const auto& items, const auto& answer) { return Acknowledge(items, answer); });
    RawRecord record;
    while (file_->Next(&record)) {
      Reasons reasons;
      auto message = ParseRecord(kind_, record, file_->columns(), &reasons);
      if (message != nullptr) message = UnlessRepeated(std::move(message), record, &reasons);
      if (record.line <= summary_.resumed_after_line) continue;
      last_line_ = record.line;
      if (message == nullptr) {
        refused_[record.line] = {"", std::move(reasons), record.text};
      } else {
        TANDEM_RETURN_IF_ERROR(pipeline.Add({record.line, record.text, std::move(message)}));
      }
      progress.Update(file_->offset(), Note());
    }
    absl::Status status = pipeline.Finish();
    progress.Clear();
    TANDEM_RETURN_IF_ERROR(status);
    TANDEM_RETURN_IF_ERROR(Settle(last_line_));
    RemoveCheckpoint(options_.file);
    summary_.consistency_token = Token();
    summary_.seconds = progress.Seconds();
    summary_.records_per_second = static_cast<double>(answered_) / summary_.seconds;
    return summary_;
  }

 private:
  absl::Status Resume() {
    checkpoint_.target = options_.target;
    std::optional<Checkpoint> before;
    if (!options_.restart) {
      TANDEM_ASSIGN_OR_RETURN(before, LoadCheckpoint(options_.file));
    }
    TANDEM_ASSIGN_OR_RETURN(checkpoint_.fingerprint, FingerprintFile(options_.file));
    if (!before.has_value()) {
      std::remove(RejectedPath(options_.file).c_str());
      return absl::OkStatus();
    }
    TANDEM_ASSIGN_OR_RETURN(const std::string same_part, FingerprintFile(options_.file, before->fingerprint));
    if (before->target != options_.target || before->fingerprint != same_part) {
      return absl::FailedPreconditionError(absl::StrCat(
          "The checkpoint '", CheckpointPath(options_.file), "' is of ",
          before->target != options_.target ? absl::StrCat("another import (", before->target, ")") : "another file",
          "; start over with --restart."));
    }
    summary_.created = before->created;
    summary_.updated = before->updated;
    summary_.unchanged = before->unchanged;
    summary_.rejected = before->rejected;
    summary_.resumed_after_line = before->line;
    summary_.consistency_token = before->token;
    checkpoint_.line = before->line;
    *terminal_.err << "Going on after line " << before->line << " (--restart begins again)." << std::endl;
    return absl::OkStatus();
  }

  // Of two records with one external id only the first goes in: batches travel side by side, so which of them came
  // last would be chance.
  std::unique_ptr<google::protobuf::Message> UnlessRepeated(std::unique_ptr<google::protobuf::Message> message,
                                                            const RawRecord& record, Reasons* reasons) {
    const auto [it, first] = first_lines_.emplace(ExternalIdOf(*message), record.line);
    if (first) return message;
    reasons->push_back(absl::StrCat("external_id: '", it->first, "' was already on line ", it->second));
    return nullptr;
  }

  absl::Status Acknowledge(const std::vector<BatchItem>& items, const BatchAnswer& answer) {
    Count(answer, &summary_, &tokens_);
    answered_ += static_cast<int64_t>(items.size());
    for (size_t i = 0; i < items.size(); ++i) {
      if (answer.items[i].outcome != ItemOutcome::kRejected) continue;
      --summary_.rejected;  // counted when it is written
      refused_[items[i].line] = {ExternalIdOf(*items[i].message), ReasonsOf(answer.items[i].status), items[i].text};
    }
    return Settle(items.back().line);
  }

  // Everything up to `line` is answered: writes the rejected ones of it, then the checkpoint.
  absl::Status Settle(int64_t line) {
    const auto end = refused_.upper_bound(line);
    if (end != refused_.begin()) {
      std::ofstream stream(RejectedPath(options_.file), std::ios::app);
      for (auto it = refused_.begin(); it != end; ++it) {
        const nlohmann::ordered_json json = {{"line", it->first},
                                             {"external_id", it->second.external_id},
                                             {"reasons", it->second.reasons},
                                             {"text", it->second.text}};
        stream << json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
        ++summary_.rejected;
      }
      if (!stream.flush()) {
        return absl::UnavailableError(absl::StrCat("The file '", RejectedPath(options_.file), "' cannot be written."));
      }
      refused_.erase(refused_.begin(), end);
    }
    checkpoint_.line = std::max(checkpoint_.line, line);
    checkpoint_.created = summary_.created;
    checkpoint_.updated = summary_.updated;
    checkpoint_.unchanged = summary_.unchanged;
    checkpoint_.rejected = summary_.rejected;
    checkpoint_.token = Token();
    return SaveCheckpoint(options_.file, checkpoint_);
  }

  // What the run before wrote counts only until this one has written: then it is older.
  std::string Token() const {
    return tokens_.wrote() ? tokens_.Joined() : JoinTokens({summary_.consistency_token, tokens_.Joined()});
  }

  std::string Note() const {
    return absl::StrCat(summary_.created + summary_.updated + summary_.unchanged, " in, ", summary_.rejected,
                        " rejected");
  }

  const FileImportOptions& options_;
  const RecordKind& kind_;
  const BatchPipeline::Send& send_;
  const Terminal& terminal_;
  std::unique_ptr<RecordFile> file_;
  Checkpoint checkpoint_;
  ImportSummary summary_;
  TokenTrail tokens_;
  int64_t last_line_ = 0;
  int64_t answered_ = 0;
  absl::flat_hash_map<std::string, int64_t> first_lines_;
  std::map<int64_t, Rejection> refused_;
};

}  // namespace

std::string RejectedPath(const std::string& file) { return file + ".rejected.jsonl"; }

void Count(const BatchAnswer& answer, ImportSummary* summary, TokenTrail* tokens) {
  bool wrote = false;
  for (const ItemAnswer& item : answer.items) {
    switch (item.outcome) {
      case ItemOutcome::kCreated:
        ++summary->created;
        wrote = true;
        break;
      case ItemOutcome::kUpdated:
        ++summary->updated;
        wrote = true;
        break;
      case ItemOutcome::kUnchanged:
        ++summary->unchanged;
        break;
      case ItemOutcome::kRejected:
        ++summary->rejected;
        break;
    }
  }
  tokens->Add(answer.consistency_token, wrote);
}

std::vector<std::string> ReasonsOf(const absl::Status& status) {
  std::vector<std::string> reasons;
  const ErrorDetail detail = GetErrorDetail(status);
  for (const FieldViolation& violation : detail.violations) {
    reasons.push_back(absl::StrCat(violation.field, ": ", violation.description));
  }
  if (reasons.empty()) reasons.emplace_back(status.message());
  return reasons;
}

absl::StatusOr<ImportSummary> ImportFile(const FileImportOptions& options, const RecordKind& kind,
                                         const BatchPipeline::Send& send, const Terminal& terminal) {
  return FileImport(options, kind, send, terminal).Run();
}

}  // namespace tandem::cli
