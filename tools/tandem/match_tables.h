// Explanations as people read them.
#ifndef TANDEM_TOOLS_TANDEM_MATCH_TABLES_H_
#define TANDEM_TOOLS_TANDEM_MATCH_TABLES_H_

#include <cstdint>

#include "google/protobuf/repeated_ptr_field.h"

#include "tandem/pairing/v1/match.pb.h"
#include "tools/tandem/table.h"

namespace tandem::cli {

// One line for each term and a total, which is the sum of the lines.
Table TermTable(const google::protobuf::RepeatedPtrField<pairing::v1::Term>& terms);

// One line for each gate, with what would open the closed ones.
Table GateTable(const google::protobuf::RepeatedPtrField<pairing::v1::Gate>& gates);

int64_t SumOf(const google::protobuf::RepeatedPtrField<pairing::v1::Term>& terms);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_MATCH_TABLES_H_
