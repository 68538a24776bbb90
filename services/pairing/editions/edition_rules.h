// What is particular to an edition.
#ifndef TANDEM_SERVICES_PAIRING_EDITIONS_EDITION_RULES_H_
#define TANDEM_SERVICES_PAIRING_EDITIONS_EDITION_RULES_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "common/base/caller.h"
#include "common/catalog/collection.h"
#include "common/storage/record_store.h"
#include "tandem/pairing/v1/edition.pb.h"

namespace tandem::pairing {

// Adds what a change of an edition's agenda or time zone does to what is booked, or refuses the change; `force` may
// take slots and places from meetings.
using AgendaChange = std::function<absl::Status(const Caller& caller, const v1::Edition& before,
                                                const v1::Edition& after, bool force, Transaction* transaction)>;

// Thread-safe.
class EditionRules final : public catalog::Rules {
 public:
  // `store` has the edition's ranking profiles and must outlive the rules. `agenda_change` may be empty.
  explicit EditionRules(RecordStore* store, AgendaChange agenda_change = nullptr)
      : store_(store), agenda_change_(std::move(agenda_change)) {}

  void Check(const google::protobuf::Message& resource, absl::string_view path,
             std::vector<FieldViolation>* violations) const override;
  void Follow(const google::protobuf::Message& before, google::protobuf::Message* resource) const override;
  absl::Status Resolve(RecordStore* store, absl::string_view edition,
                       absl::Span<catalog::Candidate* const> candidates) const override;
  absl::Status Effects(RecordStore* store, const catalog::PlannedChange& change,
                       Transaction* transaction) const override;

 private:
  RecordStore* const store_;
  const AgendaChange agenda_change_;
};

// `rules` must outlive what is made of the collection.
catalog::Collection EditionCollection(const EditionRules* rules);

// Makes `edition` rank by the profile `id`, remembering the one before. Nothing happens when it does already.
void SetRankingProfile(absl::string_view id, absl::string_view reason, v1::Edition* edition);

// The id of the profile that `edition` ranks by, also where it names none.
std::string RankingProfileId(const v1::Edition& edition);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_EDITIONS_EDITION_RULES_H_
