#include "services/pairing/editions/taxonomy_rules.h"

#include <algorithm>
#include <openssl/sha.h>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "common/catalog/names.h"
#include "tandem/pairing/v1/edition.pb.h"

namespace tandem::pairing {
namespace {

// Room for "-" and a hash of 10 digits in the 63 characters of an id.
constexpr size_t kLongestReadable = 52;
// Beyond the field's rules, more violations of one kind tell nothing new.
constexpr size_t kMostViolations = 100;

class TaxonomyRules final : public catalog::Rules {
 public:
  void Check(const google::protobuf::Message& resource, absl::string_view path,
             std::vector<FieldViolation>* violations) const override {
    const auto& taxonomy = static_cast<const v1::Taxonomy&>(resource);
    absl::flat_hash_set<absl::string_view> seen;
    for (int i = 0; i < taxonomy.sectors_size() && violations->size() < kMostViolations; ++i) {
      const v1::Sector& sector = taxonomy.sectors(i);
      if (!sector.parent_code().empty() && !seen.contains(sector.parent_code())) {
        violations->push_back({absl::StrCat(path, ".sectors[", i, "].parent_code"),
                               absl::StrCat("must be the code of a sector that stands before this one; ",
                                            sector.parent_code(), " does not")});
      }
      seen.insert(sector.code());
    }
  }
};

std::string Slug(absl::string_view text) {
  std::string slug = absl::AsciiStrToLower(text);
  for (char& c : slug) {
    const auto byte = static_cast<unsigned char>(c);
    if (!absl::ascii_isdigit(byte) && !absl::ascii_islower(byte)) c = '-';
  }
  return slug;
}

// Whether `text` can be read back from its slug, `dots` included.
bool IsPlain(absl::string_view text, bool dots) {
  if (text.empty() || text.front() == '.' || text.back() == '.') return text.empty();
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (!absl::ascii_isdigit(byte) && !absl::ascii_islower(byte) && !(dots && c == '.')) return false;
  }
  return true;
}

}  // namespace

catalog::Collection TaxonomyCollection() {
  static const TaxonomyRules rules;
  catalog::Collection taxonomies;
  taxonomies.singular = "taxonomy";
  taxonomies.plural = "taxonomies";
  taxonomies.pattern = "editions/{edition}/taxonomies/{taxonomy}";
  taxonomies.prototype = &v1::Taxonomy::default_instance();
  taxonomies.rules = &rules;
  return taxonomies;
}

std::string TaxonomyId(absl::string_view scheme, absl::string_view version) {
  std::string id = Slug(scheme);
  if (!version.empty()) absl::StrAppend(&id, "-", Slug(version));
  if (IsPlain(scheme, false) && IsPlain(version, true) && id.size() <= kLongestReadable && catalog::IsResourceId(id))
    return id;
  const std::string both = absl::StrCat(scheme.size(), ":", scheme, version);
  unsigned char hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(both.data()), both.size(), hash);
  id.resize(std::min(id.size(), kLongestReadable));
  if (id.empty() || !absl::ascii_islower(static_cast<unsigned char>(id.front())))
    id = absl::StrCat("t", id.substr(0, kLongestReadable - 1));
  return absl::StrCat(id, "-", absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(hash), 5)));
}

}  // namespace tandem::pairing
