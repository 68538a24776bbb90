// What the commands of projects, investors and representatives share. The traits name the contract's types:
//
//   struct Traits {
//     using Resource, Stub, GetRequest, ListRequest, ListResponse;
//     static constexpr char kCollection[] = "projects";
//     static Stub* StubOf(Session*);
//     static constexpr auto kGet = &Stub::GetProject, kList = &Stub::ListProjects;
//     static const auto& Items(const ListResponse&);
//   };
#ifndef TANDEM_TOOLS_TANDEM_RESOURCE_COMMANDS_H_
#define TANDEM_TOOLS_TANDEM_RESOURCE_COMMANDS_H_

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "common/base/random_id.h"
#include "common/base/status.h"
#include "tools/tandem/cli.h"
#include "tools/tandem/csv_row.h"
#include "tools/tandem/exit_code.h"
#include "tools/tandem/output.h"

namespace tandem::cli {

// Whether deleted ones are kept, and can be listed.
template <typename Traits>
inline constexpr bool kMayBeDeleted = requires(typename Traits::ListRequest request) {
  request.set_show_deleted(true);
};

// Calls `visit` with every resource of the edition, until it returns false.
template <typename Traits>
absl::Status ForEach(Session* session, bool show_deleted, int page_size,
                     const std::function<bool(const typename Traits::Resource&)>& visit) {
  TANDEM_ASSIGN_OR_RETURN(const std::string edition, session->EditionName());
  typename Traits::ListRequest request;
  request.set_parent(edition);
  request.set_page_size(page_size);
  if constexpr (kMayBeDeleted<Traits>) request.set_show_deleted(show_deleted);
  do {
    TANDEM_ASSIGN_OR_RETURN(const auto page, session->Call(Traits::StubOf(session), Traits::kList, request));
    for (const auto& resource : Traits::Items(page)) {
      if (!visit(resource)) return absl::OkStatus();
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

// The name of what `text` means: a name, an id of the edition, or an external id. The services find nothing by external
// id, so that one is looked for in the whole list.
template <typename Traits>
absl::StatusOr<std::string> ResolveName(Session* session, const std::string& text, bool external_id = false) {
  if (!external_id && absl::StartsWith(text, "editions/")) return text;
  TANDEM_ASSIGN_OR_RETURN(const std::string edition, session->EditionName());
  const std::string prefix = absl::StrCat(edition, "/", Traits::kCollection, "/");
  if (!external_id) {
    typename Traits::GetRequest request;
    request.set_name(prefix + std::string(absl::StripPrefix(text, absl::StrCat(Traits::kCollection, "/"))));
    const auto resource = session->Call(Traits::StubOf(session), Traits::kGet, request);
    if (resource.ok()) return request.name();
    if (!absl::IsNotFound(resource.status()) && !absl::IsInvalidArgument(resource.status())) return resource.status();
  }
  std::string name;
  TANDEM_RETURN_IF_ERROR(ForEach<Traits>(session, /*show_deleted=*/true, 500, [&](const auto& resource) {
    if (resource.external_id() == text) name = resource.name();
    return name.empty();
  }));
  if (!name.empty()) return name;
  return absl::NotFoundError(absl::StrCat("There is nothing with the name, id or external id '", text, "' in ", edition,
                                          "/", Traits::kCollection, "."));
}

// `ID` of a command, which may be an external id.
struct Subject {
  std::string text;
  bool external_id = false;
  std::string etag;
};

inline void AddSubject(CLI::App* app, Subject* subject) {
  app->add_option("ID", subject->text, "Its id, name or external id")->required();
  app->add_flag("--external-id", subject->external_id, "ID is an external id");
}

template <typename Traits>
void AddGetCommand(CLI::App* parent, Command* command) {
  CLI::App* app = parent->add_subcommand("get", "Shows one with all its fields");
  auto subject = std::make_shared<Subject>();
  AddSubject(app, subject.get());
  app->callback([command, subject] {
    command->action = [subject](Session* session) -> absl::StatusOr<int> {
      typename Traits::GetRequest request;
      TANDEM_ASSIGN_OR_RETURN(const std::string name,
                              ResolveName<Traits>(session, subject->text, subject->external_id));
      request.set_name(name);
      TANDEM_ASSIGN_OR_RETURN(const auto resource, session->Call(Traits::StubOf(session), Traits::kGet, request));
      // All fields make no table.
      if (!WriteMessage(*session, resource)) *session->terminal().out << ToYaml(resource);
      return kExitOk;
    };
  });
}

// `row` makes the cells of one resource.
template <typename Traits>
void AddListCommand(CLI::App* parent, Command* command, std::vector<Column> columns,
                    std::function<std::vector<std::string>(const typename Traits::Resource&)> row) {
  struct Options {
    int limit = 0;
    bool show_deleted = false;
  };
  CLI::App* app = parent->add_subcommand("list", "Lists them, ordered by name");
  auto options = std::make_shared<Options>();
  app->add_option("--limit", options->limit, "Most items; 0 is all")->check(CLI::NonNegativeNumber);
  if constexpr (kMayBeDeleted<Traits>) app->add_flag("--show-deleted", options->show_deleted, "Deleted ones too");
  app->callback([=] {
    command->action = [=](Session* session) -> absl::StatusOr<int> {
      Table table(columns);
      int count = 0;
      const int page_size = options->limit == 0 ? 500 : std::min(options->limit, 500);
      TANDEM_RETURN_IF_ERROR(ForEach<Traits>(session, options->show_deleted, page_size, [&](const auto& resource) {
        if (!WriteMessage(*session, resource)) table.AddRow(row(resource));
        return ++count != options->limit;
      }));
      if (session->options().output == "table") WriteTable(*session, table);
      return kExitOk;
    };
  });
}

// A verb that changes one resource. `complete` adds to the request what the verb needs besides name and etag.
template <typename Traits, typename Request>
CLI::App* AddVerb(CLI::App* parent, Command* command, const std::string& verb, const std::string& help,
                  grpc::Status (Traits::Stub::*method)(grpc::ClientContext*, const Request&,
                                                       typename Traits::Resource*),
                  std::function<void(Request*)> complete = nullptr) {
  CLI::App* app = parent->add_subcommand(verb, help);
  auto subject = std::make_shared<Subject>();
  AddSubject(app, subject.get());
  app->add_option("--etag", subject->etag, "Only if this is the current version");
  app->callback([=] {
    command->action = [=](Session* session) -> absl::StatusOr<int> {
      Request request;
      TANDEM_ASSIGN_OR_RETURN(const std::string name,
                              ResolveName<Traits>(session, subject->text, subject->external_id));
      request.set_name(name);
      request.set_etag(subject->etag);
      request.set_request_id(RandomUuid());
      if (complete) complete(&request);
      TANDEM_ASSIGN_OR_RETURN(const auto resource, session->Call(Traits::StubOf(session), method, request));
      if (!WriteMessage(*session, resource)) {
        const std::string state = EnumText(*resource.GetDescriptor()->FindEnumTypeByName("State"), resource.state());
        *session->terminal().out << resource.name() << " is " << (resource.has_delete_time() ? "deleted" : state)
                                 << "\ntoken " << resource.consistency_token() << "\n";
      }
      return kExitOk;
    };
  });
  return app;
}

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_RESOURCE_COMMANDS_H_
