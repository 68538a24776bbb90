#include "services/investors/deal_rules.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

#include "common/catalog/names.h"
#include "common/catalog/store_status.h"
#include "services/investors/investor_rules.h"
#include "tandem/investors/v1/deal.pb.h"
#include "tandem/investors/v1/investor.pb.h"

namespace tandem::investors {
namespace {

using catalog::Candidate;
using v1::Deal;
using Rows = absl::flat_hash_map<std::string, std::optional<Record>>;

constexpr char kInvestors[] = "investors";

// Reads every key of `rows` at once.
absl::Status Fill(RecordStore* store, Rows* rows) {
  std::vector<std::string> keys;
  keys.reserve(rows->size());
  for (const auto& [key, record] : *rows) keys.push_back(key);
  if (keys.empty()) return absl::OkStatus();
  auto records = store->BatchGet(keys);
  if (!records.ok()) return catalog::FromStore(records.status());
  for (size_t i = 0; i < keys.size(); ++i) (*rows)[keys[i]] = std::move((*records)[i]);
  return absl::OkStatus();
}

absl::Status NoInvestor(absl::string_view what) {
  return MakeError(absl::StatusCode::kNotFound, "RESOURCE_NOT_FOUND",
                   absl::StrCat("there is no investor ", what, ": import it before its deals"),
                   {{"resource", std::string(what)}});
}

class DealRules final : public catalog::Rules {
 public:
  void Check(const google::protobuf::Message& resource, absl::string_view path,
             std::vector<FieldViolation>* violations) const override {
    const auto& deal = static_cast<const Deal&>(resource);
    if (deal.has_investor() && deal.investor().name().empty() && deal.investor().external_id().empty()) {
      violations->push_back(
          {absl::StrCat(path, ".investor"), "must have a name or an external id: a display name finds nobody"});
    }
    const bool comparable = deal.has_ticket() && deal.has_round_size() &&
                            deal.ticket().currency_code() == deal.round_size().currency_code();
    if (comparable && deal.round_size().amount_minor() > 0 &&
        deal.ticket().amount_minor() > deal.round_size().amount_minor()) {
      violations->push_back({absl::StrCat(path, ".ticket.amount_minor"), "must not be greater than the round's size"});
    }
  }

  absl::Status Resolve(RecordStore* store, absl::string_view edition,
                       absl::Span<Candidate* const> candidates) const override {
    // External ids of investors, then the investors themselves: two reads, however many deals there are.
    Rows index;
    for (const Candidate* candidate : candidates) {
      if (const std::string key = IndexKey(edition, DealOf(candidate)); !key.empty()) index[key];
    }
    TANDEM_RETURN_IF_ERROR(Fill(store, &index));
    std::vector<std::string> names;  // of the investors, by candidate; empty when there is none
    Rows investors;
    for (const Candidate* candidate : candidates) {
      names.push_back(InvestorName(edition, DealOf(candidate), index));
      if (!names.back().empty()) investors[KeyOf(names.back())];
    }
    TANDEM_RETURN_IF_ERROR(Fill(store, &investors));
    for (size_t i = 0; i < candidates.size(); ++i) Attach(names[i], investors, candidates[i]);
    return absl::OkStatus();
  }

 private:
  static const Deal& DealOf(const Candidate* candidate) { return static_cast<const Deal&>(*candidate->resource); }

  // The name that is sent for the investor itself or within the deal's own name.
  static std::string SentName(const Deal& deal) {
    if (!deal.investor().name().empty()) return deal.investor().name();
    if (!deal.investor().external_id().empty()) return "";
    const auto ids = DealPattern().Match(deal.name());
    return ids.has_value() ? InvestorPattern().Format({(*ids)[0], (*ids)[1]}) : std::string();
  }

  static std::string IndexKey(absl::string_view edition, const Deal& deal) {
    if (!SentName(deal).empty() || deal.investor().external_id().empty()) return "";
    return catalog::ExternalIdKey(kInvestors, edition, deal.investor().external_id());
  }

  static std::string InvestorName(absl::string_view edition, const Deal& deal, const Rows& index) {
    const std::string sent = SentName(deal);
    if (!sent.empty()) return sent;
    const auto row = index.find(IndexKey(edition, deal));
    return row != index.end() && row->second.has_value() ? row->second->value : std::string();
  }

  static std::string KeyOf(const std::string& name) {
    const auto ids = InvestorPattern().Match(name);
    return ids.has_value() ? catalog::RecordKey(kInvestors, *ids) : std::string();
  }

  static void Attach(const std::string& name, const Rows& investors, Candidate* candidate) {
    auto* deal = static_cast<Deal*>(candidate->resource);
    const auto row = name.empty() ? investors.end() : investors.find(KeyOf(name));
    if (row == investors.end() || !row->second.has_value()) {
      candidate->status = NoInvestor(name.empty() ? deal->investor().external_id() : name);
      return;
    }
    v1::Investor investor;
    if (!investor.ParseFromString(row->second->value)) {
      candidate->status = MakeError(absl::StatusCode::kInternal, "INTERNAL", "a stored investor cannot be read");
      return;
    }
    if (investor.has_delete_time()) {
      candidate->status = NoInvestor(absl::StrCat(name, " (it is deleted)"));
      return;
    }
    // Both ways to say it, whichever was sent: equal deals are stored as equal bytes.
    type::v1::InvestorRef reference;
    reference.set_name(name);
    reference.set_external_id(investor.external_id());
    *deal->mutable_investor() = std::move(reference);
    candidate->parent_ids.push_back(InvestorPattern().Match(name)->back());
    candidate->conditions.push_back(Condition::Present(row->first));
  }

  static const catalog::NamePattern& InvestorPattern() {
    static const catalog::NamePattern pattern("editions/{edition}/investors/{investor}");
    return pattern;
  }
  static const catalog::NamePattern& DealPattern() {
    static const catalog::NamePattern pattern("editions/{edition}/investors/{investor}/deals/{deal}");
    return pattern;
  }
};

}  // namespace

catalog::Collection DealCollection() {
  static const DealRules rules;
  catalog::Collection deals;
  deals.singular = "deal";
  deals.plural = "deals";
  deals.pattern = "editions/{edition}/investors/{investor}/deals/{deal}";
  deals.prototype = &Deal::default_instance();
  deals.parent_plural = kInvestors;
  deals.writer = CallerSide::kInvestor;
  deals.rules = &rules;
  return deals;
}

}  // namespace tandem::investors
