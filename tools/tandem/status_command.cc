#include <cstdint>
#include <string>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"

#include "common/base/status.h"
#include "tools/tandem/cli.h"
#include "tools/tandem/exit_code.h"
#include "tools/tandem/health.h"
#include "tools/tandem/output.h"

namespace tandem::cli {
namespace {

using Stub = pairing::v1::PairingService::StubInterface;

// False when one of the services is not well.
bool WriteHealth(Session* session) {
  Table table({{"SERVICE"}, {"HEALTH"}});
  bool well = true;
  const std::pair<const char*, std::shared_ptr<grpc::Channel>> services[] = {
      {"projects", session->projects_channel()},
      {"investors", session->investors_channel()},
      {"pairing", session->pairing_channel()},
  };
  for (const auto& [name, channel] : services) {
    grpc::ClientContext context;
    session->Prepare(&context);
    const absl::StatusOr<std::string> health = CheckHealth(channel, &context);
    table.AddRow({name, health.ok() ? *health : std::string(health.status().message())});
    well = well && health.ok() && *health == "serving";
  }
  if (session->options().output == "table") WriteTable(*session, table);
  return well;
}

std::string TimeText(int64_t seconds) { return absl::FormatTime(absl::FromUnixSeconds(seconds), absl::UTCTimeZone()); }

absl::StatusOr<int> Status(Session* session) {
  const bool well = WriteHealth(session);
  TANDEM_ASSIGN_OR_RETURN(const auto status, session->Call(session->pairing(), &Stub::GetIndexStatus,
                                                           pairing::v1::GetIndexStatusRequest()));
  if (WriteMessage(*session, status)) return well ? kExitOk : kExitError;
  Table sources({{"SOURCE"},
                 {"REVISION", Align::kRight},
                 {"READY"},
                 {"CONNECTED"},
                 {"RELISTS", Align::kRight},
                 {"LAST CONTACT"},
                 {"EPOCH"}});
  for (const auto& source : status.sources()) {
    sources.AddRow({source.source(), absl::StrCat(source.applied_revision()), source.ready() ? "yes" : "no",
                    source.connected() ? "yes" : "no", absl::StrCat(source.relist_count()),
                    source.has_last_contact_time() ? TimeText(source.last_contact_time().seconds()) : "never",
                    source.epoch()});
  }
  Table editions({{"EDITION"},
                  {"PROJECTS", Align::kRight},
                  {"INVESTORS", Align::kRight},
                  {"DEALS", Align::kRight},
                  {"LAST CHANGE"},
                  {"LISTS", Align::kRight},
                  {"TOUCHED", Align::kRight},
                  {"LIST MB", Align::kRight}});
  for (const auto& edition : status.editions()) {
    editions.AddRow({LastPart(edition.edition()), absl::StrCat(edition.project_count()),
                     absl::StrCat(edition.investor_count()), absl::StrCat(edition.deal_count()),
                     edition.has_last_apply_time() ? TimeText(edition.last_apply_time().seconds()) : "never",
                     absl::StrCat(edition.kept_list_count()), absl::StrCat(edition.touched_list_count()),
                     absl::StrFormat("%.1f", static_cast<double>(edition.kept_list_bytes()) / 1e6)});
  }
  *session->terminal().out << "\n";
  WriteTable(*session, sources);
  *session->terminal().out << "\n";
  WriteTable(*session, editions);
  const auto& cache = status.cache();
  Table answers({{"ANSWERS", Align::kRight},
                 {"MB", Align::kRight},
                 {"HITS", Align::kRight},
                 {"MISSES", Align::kRight},
                 {"OUTDATED", Align::kRight},
                 {"JOINED", Align::kRight},
                 {"REDIS"},
                 {"HITS", Align::kRight},
                 {"MISSES", Align::kRight},
                 {"ERRORS", Align::kRight}});
  answers.AddRow({absl::StrCat(cache.answer_count()), absl::StrFormat("%.1f", static_cast<double>(cache.bytes()) / 1e6),
                  absl::StrCat(cache.hit_count()), absl::StrCat(cache.miss_count()),
                  absl::StrCat(cache.outdated_count()), absl::StrCat(cache.joined_count()),
                  cache.shared_open() ? "asked" : "not asked", absl::StrCat(cache.shared_hit_count()),
                  absl::StrCat(cache.shared_miss_count()), absl::StrCat(cache.shared_error_count())});
  *session->terminal().out << "\n";
  WriteTable(*session, answers);
  Table effects({{"EFFECTS DONE", Align::kRight}, {"FAILURES", Align::kRight}, {"DUE", Align::kRight}});
  effects.AddRow({absl::StrCat(status.effects().done_count()), absl::StrCat(status.effects().failure_count()),
                  absl::StrCat(status.effects().due_count())});
  *session->terminal().out << "\n";
  WriteTable(*session, effects);
  *session->terminal().out << "\ntoken " << status.consistency_token() << "\n";
  return well ? kExitOk : kExitError;
}

}  // namespace

void AddStatusCommand(CLI::App* parent, Command* command) {
  CLI::App* app = parent->add_subcommand("status", "Health of the services and what matching has applied");
  app->footer("\nExample:\n  tandem --server 127.0.0.1:7100 status\n");
  app->callback([=] { command->action = &Status; });
}

}  // namespace tandem::cli
