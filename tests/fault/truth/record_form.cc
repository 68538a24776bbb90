#include "tests/fault/truth/record_form.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "common/catalog/fields.h"
#include "services/pairing/market_feed/market_followers.h"
#include "services/pairing/market_feed/record_name.h"
#include "tandem/investors/v1/deal.pb.h"
#include "tandem/investors/v1/investor.pb.h"
#include "tandem/pairing/v1/edition.pb.h"
#include "tandem/pairing/v1/meeting.pb.h"
#include "tandem/pairing/v1/pairing.pb.h"
#include "tandem/pairing/v1/profile.pb.h"
#include "tandem/projects/v1/project.pb.h"
#include "tandem/type/v1/field_rules.pb.h"

namespace tandem::check {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::Message;
using pairing::RecordKind;

void ClearIfThere(absl::string_view field, Message* message) {
  const auto* found = message->GetDescriptor()->FindFieldByName(std::string(field));
  if (found != nullptr) message->GetReflection()->ClearField(message, found);
}

constexpr absl::string_view kMeetings = "/meetings/";

std::shared_ptr<Message> NewRecord(absl::string_view name) {
  if (IsMeeting(name)) return std::make_shared<pairing::v1::Meeting>();
  switch (pairing::KindOf(name)) {
    case RecordKind::kProject:
      return std::make_shared<projects::v1::Project>();
    case RecordKind::kInvestor:
      return std::make_shared<investors::v1::Investor>();
    case RecordKind::kDeal:
      return std::make_shared<investors::v1::Deal>();
    case RecordKind::kEdition:
      return std::make_shared<pairing::v1::Edition>();
    case RecordKind::kTaxonomy:
      return std::make_shared<pairing::v1::Taxonomy>();
    case RecordKind::kStatistics:
      return std::make_shared<pairing::v1::Statistics>();
    case RecordKind::kProfile:
      return std::make_shared<pairing::v1::RankingProfile>();
    case RecordKind::kPairing:
      return std::make_shared<pairing::v1::Pairing>();
    case RecordKind::kUnknown:
      return nullptr;
  }
  return nullptr;
}

}  // namespace

const std::vector<std::string>& AllSources() {
  static const auto* const kAll =
      new std::vector<std::string>{pairing::kEditionsSource, pairing::kInvestorsSource, pairing::kProjectsSource};
  return *kAll;
}

std::string SourceOf(absl::string_view name) {
  if (IsMeeting(name)) return pairing::kEditionsSource;
  switch (pairing::KindOf(name)) {
    case RecordKind::kProject:
      return pairing::kProjectsSource;
    case RecordKind::kInvestor:
    case RecordKind::kDeal:
      return pairing::kInvestorsSource;
    case RecordKind::kUnknown:
      return "";
    default:
      return pairing::kEditionsSource;
  }
}

bool IsMeeting(absl::string_view name) { return absl::StrContains(name, kMeetings); }

std::string OwnerOf(absl::string_view name) {
  const size_t at = name.find(kMeetings);
  if (at == absl::string_view::npos) return std::string(name);
  // Its id is that of the pairing, `-` and a number.
  const absl::string_view id = name.substr(at + kMeetings.size());
  return absl::StrCat(name.substr(0, at), "/pairings/", id.substr(0, id.rfind('-')));
}

std::string NameOfKey(absl::string_view key) {
  const std::vector<absl::string_view> parts = absl::StrSplit(key, '/');
  if (parts.size() < 3 || parts[0] != "r") return "";
  const std::string edition = absl::StrCat("editions/", parts[2]);
  if (parts.size() == 3 && parts[1] == "editions") return edition;
  if (parts.size() == 3 && parts[1] == "statistics") return absl::StrCat(edition, "/statistics");
  if (parts.size() == 5 && parts[1] == "deals")
    return absl::StrCat(edition, "/investors/", parts[3], "/deals/", parts[4]);
  if (parts.size() != 4) return "";
  for (const char* plural : {"projects", "investors", "taxonomies", "profiles", "pairings", "meetings"}) {
    if (parts[1] == plural) return absl::StrCat(edition, "/", plural, "/", parts[3]);
  }
  return "";
}

std::string StoredForm(const Message& record) {
  const std::unique_ptr<Message> copy(record.New());
  copy->CopyFrom(record);
  ClearIfThere("etag", copy.get());
  ClearIfThere("consistency_token", copy.get());
  return catalog::SerializeDeterministically(*copy);
}

std::string SentForm(const Message& record) {
  const std::unique_ptr<Message> copy(record.New());
  copy->CopyFrom(record);
  const Descriptor* descriptor = copy->GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const auto* field = descriptor->field(i);
    if (field->options().GetExtension(type::v1::rules).output_only())
      copy->GetReflection()->ClearField(copy.get(), field);
  }
  ClearIfThere("name", copy.get());
  ClearIfThere("etag", copy.get());
  // Deals name investors as the service writes them.
  ClearIfThere("investor", copy.get());
  ClearIfThere("co_investors", copy.get());
  return catalog::SerializeDeterministically(*copy);
}

std::shared_ptr<Message> ParseRecord(absl::string_view name, const std::string& stored) {
  std::shared_ptr<Message> record = NewRecord(name);
  if (record == nullptr || !record->ParseFromString(stored)) return nullptr;
  return record;
}

}  // namespace tandem::check
