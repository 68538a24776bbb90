#include "services/pairing/editions/edition_rules.h"

#include "absl/strings/str_cat.h"

#include "common/catalog/references.h"
#include "tandem/pairing/v1/edition.pb.h"

namespace tandem::pairing {
namespace {

// An ExchangeRate of one: the base currency in itself.
constexpr int64_t kOneInNanos = 1000000000;

class EditionRules final : public catalog::Rules {
 public:
  void Check(const google::protobuf::Message& resource, absl::string_view path,
             std::vector<FieldViolation>* violations) const override {
    const auto& edition = static_cast<const v1::Edition&>(resource);
    catalog::CheckOriginal(edition.texts(), path, violations);
    for (int i = 0; i < edition.exchange_rates_size(); ++i) {
      const auto& rate = edition.exchange_rates(i);
      if (rate.currency_code() == edition.base_currency_code() && rate.rate_nanos() != kOneInNanos) {
        violations->push_back(
            {absl::StrCat(path, ".exchange_rates[", i, "].rate_nanos"),
             absl::StrCat("must be ", kOneInNanos, " for the base currency itself, or leave it out")});
      }
    }
  }
};

}  // namespace

catalog::Collection EditionCollection() {
  static const EditionRules rules;
  catalog::Collection editions;
  editions.singular = "edition";
  editions.plural = "editions";
  editions.pattern = "editions/{edition}";
  editions.prototype = &v1::Edition::default_instance();
  editions.rules = &rules;
  return editions;
}

}  // namespace tandem::pairing
