#include "services/pairing/profiles/profile_service.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "common/base/civil_date.h"
#include "common/base/status.h"
#include "common/catalog/catalog.h"
#include "common/catalog/names.h"
#include "common/catalog/store_status.h"
#include "common/edition/edition_directory.h"
#include "common/rpc/serve.h"
#include "common/rpc/worker_service.h"
#include "services/pairing/editions/edition_rules.h"
#include "services/pairing/editions/profile_log.h"
#include "services/pairing/market_feed/record_name.h"
#include "services/pairing/profiles/comparison.h"
#include "services/pairing/profiles/past_records.h"
#include "services/pairing/profiles/training_export.h"
#include "services/pairing/profiles/training_run.h"
#include "services/pairing/service/slots.h"

namespace tandem::pairing {
namespace {

using catalog::Catalog;
using ServerContext = grpc::ServerContextBase;
using grpc::Status;
using v1::Edition;
using v1::RankingProfile;

constexpr int kDefaultSample = 25;
// Of all messages of one TrainProfile, as they are kept until it has run.
constexpr size_t kMostPastBytes = size_t{256} << 20;
constexpr int kMostPastRecords = 200'000;
constexpr int kUploads = 2;  // at once
constexpr std::chrono::seconds kUploadTurn{5};
constexpr size_t kExportBytes = 512 << 10;  // of one response

absl::Status CheckOrganiser(const Caller& caller, absl::string_view method) {
  if (caller.IsOrganiser()) return absl::OkStatus();
  return MakeError(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED", "ranking profiles are the organiser's",
                   {{"method", std::string(method)}, {"cause", "side"}});
}

absl::Status NoEdition(absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound, "EDITION_NOT_FOUND",
                   absl::StrCat("there is no ", name, ": create it first"), {{"edition", std::string(name)}});
}

// {edition, profile} of a name. REQUIRES: the contract's rules hold.
std::vector<std::string> IdsOf(absl::string_view name) {
  static const catalog::NamePattern pattern("editions/{edition}/profiles/{profile}");
  return *pattern.Match(name);
}

// A place among few: a comparison takes a copy of a market and both cores for seconds, an upload a thread.
class Turn {
 public:
  Turn(Slots* slots, Deadline deadline) : slots_(slots->TakeUntil(deadline) ? slots : nullptr) {}
  ~Turn() {
    if (slots_ != nullptr) slots_->GiveBack();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  bool taken() const { return slots_ != nullptr; }

 private:
  Slots* const slots_;
};

class ProfilesService final : public rpc::WorkerService<v1::ProfileService> {
 public:
  ProfilesService(std::unique_ptr<EditionRules> rules, std::unique_ptr<Catalog> editions,
                  std::unique_ptr<Catalog> profiles, ProfilesOptions options)
      : rules_(std::move(rules)),
        editions_(std::move(editions)),
        profiles_(std::move(profiles)),
        options_(std::move(options)),
        log_(options_.store, options_.clock) {
    On("GetProfile", &ProfilesService::GetProfile);
    On("ListProfiles", &ProfilesService::ListProfiles);
    On("TrainProfile", &ProfilesService::TrainProfile);
    On("ChooseProfile", &ProfilesService::ChooseProfile);
    On("RollBackProfile", &ProfilesService::RollBackProfile);
    On("CompareProfiles", &ProfilesService::CompareProfiles, Pool::kWaiting);
    On("ExportTrainingData", &ProfilesService::ExportTrainingData);
  }

  Status GetProfile(ServerContext* context, const v1::GetProfileRequest* request, RankingProfile* response) {
    return rpc::Serve(context, *request, response,
                      [&](const Caller& caller, const v1::GetProfileRequest& valid) -> absl::StatusOr<RankingProfile> {
                        TANDEM_RETURN_IF_ERROR(CheckOrganiser(caller, "GetProfile"));
                        return Find(valid.name());
                      });
  }

  Status ListProfiles(ServerContext* context, const v1::ListProfilesRequest* request,
                      v1::ListProfilesResponse* response) {
    return rpc::Serve(context, *request, response,
                      [&](const Caller& caller, const v1::ListProfilesRequest& valid) -> absl::Status {
                        TANDEM_RETURN_IF_ERROR(CheckOrganiser(caller, "ListProfiles"));
                        TANDEM_RETURN_IF_ERROR(profiles_->List(caller, valid, response));
                        for (RankingProfile& profile : *response->mutable_profiles()) profile.clear_features();
                        return absl::OkStatus();
                      });
  }

  Status TrainProfile(ServerContext* context, rpc::StreamReader<v1::TrainProfileRequest>* reader,
                      type::v1::Run* response) {
    // A stream holds a thread for as long as it is read: who may not train is told before, and few are read at once.
    const absl::StatusOr<Caller> sender = rpc::CallerOf(*context);
    if (!sender.ok()) return rpc::ToGrpc(sender.status());
    const absl::Status allowed = CheckOrganiser(*sender, "TrainProfile");
    if (!allowed.ok()) return rpc::ToGrpc(allowed);
    const Turn turn(&uploads_, std::min(rpc::DeadlineOf(*context), std::chrono::steady_clock::now() + kUploadTurn));
    if (!turn.taken()) return rpc::ToGrpc(Busy());
    v1::TrainProfileRequest first;
    reader->Read(&first);  // nothing sent is an empty request, which has no parent
    rpc::ServeOptions options;
    options.unvalidated = {"past_records"};
    return rpc::Serve(
        context, first, response,
        [&](const Caller& caller, const v1::TrainProfileRequest& valid) -> absl::StatusOr<type::v1::Run> {
          auto whole = std::make_shared<v1::TrainProfileRequest>(valid);
          TANDEM_RETURN_IF_ERROR(ReadRecords(reader, whole.get()));
          if (context->IsCancelled())
            return absl::CancelledError("the caller cancelled");  // not the end of its records
          return Train(caller, std::move(whole), rpc::DeadlineOf(*context));
        },
        options);
  }

  Status ChooseProfile(ServerContext* context, const v1::ChooseProfileRequest* request, Edition* response) {
    return rpc::Serve(context, *request, response,
                      [&](const Caller& caller, const v1::ChooseProfileRequest& valid) -> absl::Status {
                        TANDEM_RETURN_IF_ERROR(CheckOrganiser(caller, "ChooseProfile"));
                        const std::vector<std::string> ids = IdsOf(valid.name());
                        TANDEM_RETURN_IF_ERROR(Find(valid.name()).status());
                        const auto choose = [&](catalog::Message* resource, std::vector<FieldViolation>*) {
                          SetRankingProfile(ids[1], valid.reason(), static_cast<Edition*>(resource));
                          return absl::OkStatus();
                        };
                        return editions_->Modify(caller, valid, "name", absl::StrCat("editions/", ids[0]), valid.etag(),
                                                 "choose", {}, choose, response);
                      });
  }

  Status RollBackProfile(ServerContext* context, const v1::RollBackProfileRequest* request, Edition* response) {
    return rpc::Serve(context, *request, response,
                      [&](const Caller& caller, const v1::RollBackProfileRequest& valid) -> absl::Status {
                        TANDEM_RETURN_IF_ERROR(CheckOrganiser(caller, "RollBackProfile"));
                        const auto roll_back = [&](catalog::Message* resource,
                                                   std::vector<FieldViolation>*) -> absl::Status {
                          auto* edition = static_cast<Edition*>(resource);
                          const std::string before = edition->previous_ranking_profile();
                          if (!before.empty()) {
                            SetRankingProfile(before, valid.reason(), edition);
                            return absl::OkStatus();
                          }
                          return MakeError(absl::StatusCode::kFailedPrecondition, "STATE_CONFLICT",
                                           absl::StrCat(valid.name(), " has had no ranking profile but ",
                                                        RankingProfileId(*edition), ": choose one instead"),
                                           {{"resource", valid.name()},
                                            {"state", RankingProfileId(*edition)},
                                            {"step", "roll_back"},
                                            {"allowed", ""}});
                        };
                        return editions_->Modify(caller, valid, "name", valid.name(), valid.etag(), "roll back", {},
                                                 roll_back, response);
                      });
  }

  Status CompareProfiles(ServerContext* context, const v1::CompareProfilesRequest* request,
                         v1::CompareProfilesResponse* response) {
    return rpc::Serve(context, *request, response,
                      [&](const Caller& caller,
                          const v1::CompareProfilesRequest& valid) -> absl::StatusOr<v1::CompareProfilesResponse> {
                        TANDEM_RETURN_IF_ERROR(CheckOrganiser(caller, "CompareProfiles"));
                        return Compare(valid, rpc::DeadlineOf(*context), context);
                      });
  }

  Status ExportTrainingData(ServerContext* context, const v1::ExportTrainingDataRequest* request,
                            rpc::StreamWriter<v1::ExportTrainingDataResponse>* writer) {
    v1::ExportTrainingDataResponse unused;
    return rpc::Serve(
        context, *request, &unused,
        [&](const Caller& caller, const v1::ExportTrainingDataRequest& valid) -> absl::Status {
          TANDEM_RETURN_IF_ERROR(CheckOrganiser(caller, "ExportTrainingData"));
          TANDEM_RETURN_IF_ERROR(options_.freshness->Await(valid.consistency(), rpc::DeadlineOf(*context)));
          matching::InvestorsByName investors;
          std::vector<std::shared_ptr<const investors::v1::Deal>> deals;
          const bool known = options_.markets->Read(valid.parent(), [&](const matching::Market& market) {
            investors = market.investors();
            for (const auto& deal : market.WhatCounts().deals) deals.push_back(deal.record);
          });
          TANDEM_RETURN_IF_ERROR(options_.freshness->StillReady());
          if (!known) return NoEdition(valid.parent());
          v1::ExportTrainingDataResponse response;
          size_t bytes = 0;
          for (v1::TrainingRecord& record : TrainingData(investors, deals)) {
            bytes += record.ByteSizeLong();
            *response.add_records() = std::move(record);
            if (bytes < kExportBytes) continue;
            if (context->IsCancelled() || !writer->Write(response)) return absl::OkStatus();  // nobody listens
            response.clear_records();
            bytes = 0;
          }
          if (response.records_size() > 0) writer->Write(response);
          return absl::OkStatus();
        });
  }

  static absl::Status EditionExists(RecordStore* store, absl::string_view edition) {
    const auto record = store->Get(catalog::RecordKey("editions", {std::string(edition)}));
    if (!record.ok()) return catalog::FromStore(record.status());
    return record->has_value() ? absl::OkStatus() : NoEdition(absl::StrCat("editions/", edition));
  }

 private:
  absl::StatusOr<RankingProfile> Find(absl::string_view name) const {
    const std::vector<std::string> ids = IdsOf(name);
    TANDEM_RETURN_IF_ERROR(EditionExists(options_.store, ids[0]));
    TANDEM_ASSIGN_OR_RETURN(ProfileLog::Kept kept, log_.Find(ids[0], ids[1]));
    if (kept.revision > 0) kept.profile.set_consistency_token(editions_->TokenOf(kept.revision));
    return std::move(kept.profile);
  }

  static absl::Status Busy() {
    ErrorDetail detail;
    detail.reason = "LIMIT_EXCEEDED";
    detail.metadata = {{"limit", "trainings that are sent at once"}, {"value", absl::StrCat(kUploads)}};
    detail.retry_delay = absl::Seconds(10);
    return MakeError(absl::StatusCode::kResourceExhausted,
                     absl::StrCat(kUploads, " trainings are being sent already: retry later"), std::move(detail));
  }

  // Reads the rest of a TrainProfile into its first message, and stops at the first message that breaks a rule.
  static absl::Status ReadRecords(rpc::StreamReader<v1::TrainProfileRequest>* reader, v1::TrainProfileRequest* whole) {
    PastRecordChecks checks;
    size_t bytes = 0;
    const auto check = [&](const v1::TrainProfileRequest& message) -> absl::Status {
      std::vector<FieldViolation> violations = checks.Violations(message.past_records());
      if (!violations.empty()) return InvalidFields(std::move(violations));
      for (const auto& record : message.past_records()) bytes += record.SpaceUsedLong();
      return absl::OkStatus();
    };
    TANDEM_RETURN_IF_ERROR(check(*whole));
    v1::TrainProfileRequest more;
    while (reader->Read(&more)) {
      if (more.parent() != whole->parent()) {
        return InvalidFields(
            {{"parent", absl::StrCat("must be ", whole->parent(), " as in the first message, not ", more.parent())}});
      }
      TANDEM_RETURN_IF_ERROR(check(more));
      whole->mutable_past_records()->MergeFrom(more.past_records());
      const auto refuse = [](absl::string_view what, size_t most) {
        return MakeError(absl::StatusCode::kResourceExhausted, "LIMIT_EXCEEDED",
                         absl::StrCat("past records may have ", most, " ", what, ": send fewer editions"),
                         {{"limit", absl::StrCat(what, " of past records")}, {"value", absl::StrCat(most)}});
      };
      if (bytes > kMostPastBytes) return refuse("bytes in memory", kMostPastBytes);
      if (whole->past_records_size() > kMostPastRecords) return refuse("records", kMostPastRecords);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<type::v1::Run> Train(const Caller& caller, std::shared_ptr<v1::TrainProfileRequest> request,
                                      Deadline deadline) {
    constexpr int kLeastExamples = 50;
    if (request->limits().example_count() > 0 && request->limits().example_count() < kLeastExamples) {
      return InvalidFields({{"limits.example_count", absl::StrCat("must be 0 or at least ", kLeastExamples, ", not ",
                                                                  request->limits().example_count())}});
    }
    RunQueue::Submission submission;
    submission.edition = std::string(absl::StripPrefix(request->parent(), "editions/"));
    TANDEM_RETURN_IF_ERROR(EditionExists(options_.store, submission.edition));
    // A retry may come with a newer token.
    const std::string token = std::move(*request->mutable_consistency_token());
    request->clear_consistency_token();
    submission.id = {"TrainProfile", caller.actor, request->request_id(), catalog::RequestLog::Hash(*request)};
    TANDEM_RETURN_IF_ERROR(options_.freshness->Await(token, deadline));
    if (request->as_of_date().empty()) {
      const auto market = options_.markets->Find(request->parent());
      if (market == nullptr) return NoEdition(request->parent());
      request->set_as_of_date(FormatDate(market->context->reference_day));
    }
    submission.described.set_kind("train");
    v1::TrainProfileRequest shown = *request;
    shown.clear_past_records();
    submission.described.mutable_request()->PackFrom(shown);
    submission.work =
        [this, request = std::shared_ptr<const v1::TrainProfileRequest>(std::move(request))](const Progress& progress) {
          return RunTraining(*options_.markets, *request, options_.training_threads, &log_, progress);
        };
    return options_.runs->Submit(std::move(submission));
  }

  absl::StatusOr<v1::CompareProfilesResponse> Compare(const v1::CompareProfilesRequest& request, Deadline deadline,
                                                      const ServerContext* context) {
    const absl::string_view edition = EditionOf(request.first_profile());
    if (EditionOf(request.second_profile()) != edition) {
      return InvalidFields({{"second_profile", absl::StrCat("\"", request.second_profile(), "\" is not in ", edition,
                                                            ", the edition of the first: nothing crosses editions")}});
    }
    TANDEM_ASSIGN_OR_RETURN(const RankingProfile first, Find(request.first_profile()));
    TANDEM_ASSIGN_OR_RETURN(const RankingProfile second, Find(request.second_profile()));
    TANDEM_RETURN_IF_ERROR(options_.freshness->Await(request.consistency(), deadline));
    const auto late = [] {
      return MakeError(absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED",
                       "the deadline passed before all lists were compared: take a smaller sample or allow more time");
    };
    const Turn turn(&comparisons_, deadline);
    if (!turn.taken()) return late();

    v1::CompareProfilesResponse response;
    std::unique_ptr<matching::Market> copy;
    response.set_consistency_token(options_.freshness->AppliedToken());  // before the copy: never ahead of it
    const bool known = options_.markets->Read(
        edition, [&](const matching::Market& market) { copy = std::make_unique<matching::Market>(market.Copy()); });
    TANDEM_RETURN_IF_ERROR(options_.freshness->StillReady());
    if (!known) return NoEdition(edition);
    int32_t day = copy->context()->reference_day;
    if (!request.as_of_date().empty()) {
      const absl::StatusOr<int32_t> asked = ParseDate(request.as_of_date());
      if (!asked.ok()) return InvalidFields({{"as_of_date", std::string(asked.status().message())}});
      day = *asked;
    }
    response.set_as_of_date(FormatDate(day));
    const auto may_go_on = [&]() -> absl::Status {
      if (context->IsCancelled()) return absl::CancelledError("the caller cancelled or its deadline passed");
      return std::chrono::steady_clock::now() < deadline ? absl::OkStatus() : late();
    };
    TANDEM_RETURN_IF_ERROR(CompareRanks(std::move(*copy), first, second,
                                        request.sample_size() == 0 ? kDefaultSample : request.sample_size(), day,
                                        may_go_on, &response));
    CompareContents(first, second, &response);
    return response;
  }

  const std::unique_ptr<EditionRules> rules_;
  const std::unique_ptr<Catalog> editions_;
  const std::unique_ptr<Catalog> profiles_;
  const ProfilesOptions options_;
  ProfileLog log_;
  Slots comparisons_{1};
  Slots uploads_{kUploads};
};

absl::StatusOr<std::unique_ptr<Catalog>> OpenCatalog(catalog::Collection collection, const ProfilesOptions& options) {
  Catalog::Options of_catalog;
  of_catalog.collection = std::move(collection);
  of_catalog.store = options.store;
  of_catalog.keys = options.keys;
  of_catalog.clock = options.clock;
  of_catalog.source = kEditionSource;
  of_catalog.edition_check = [store = options.store](absl::string_view edition, absl::string_view, catalog::Deadline) {
    return ProfilesService::EditionExists(store, edition);
  };
  return Catalog::Open(std::move(of_catalog));
}

// Profiles are read as a collection; ProfileLog writes them.
catalog::Collection ProfileCollection() {
  catalog::Collection profiles;
  profiles.singular = "profile";
  profiles.plural = kProfiles;
  profiles.pattern = "editions/{edition}/profiles/{profile}";
  profiles.prototype = &RankingProfile::default_instance();
  return profiles;
}

}  // namespace

absl::StatusOr<std::unique_ptr<v1::ProfileService::Service>> NewProfilesService(ProfilesOptions options) {
  auto rules = std::make_unique<EditionRules>(options.store);
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<Catalog> editions, OpenCatalog(EditionCollection(rules.get()), options));
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<Catalog> profiles, OpenCatalog(ProfileCollection(), options));
  return std::unique_ptr<v1::ProfileService::Service>(std::make_unique<ProfilesService>(
      std::move(rules), std::move(editions), std::move(profiles), std::move(options)));
}

}  // namespace tandem::pairing
