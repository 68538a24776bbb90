// Taxonomies from files.
#ifndef TANDEM_TOOLS_TANDEM_TAXONOMY_FILE_H_
#define TANDEM_TOOLS_TANDEM_TAXONOMY_FILE_H_

#include <string>

#include "absl/status/statusor.h"

#include "tandem/pairing/v1/edition.pb.h"

namespace tandem::cli {

// Reads CSV with the columns code, parent and label_LANG (such as label_en, label_zh-Hans), or the contract's JSON.
// Puts parents before children. INVALID_ARGUMENT naming the line or code that is wrong: no code, one twice, a parent
// that is not there, a ring of parents.
absl::StatusOr<pairing::v1::Taxonomy> ReadTaxonomy(const std::string& path);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_TAXONOMY_FILE_H_
