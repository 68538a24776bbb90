#include "tools/tandem/match_tables.h"

#include "tools/tandem/csv_row.h"
#include "tools/tandem/decimal.h"

namespace tandem::cli {

using pairing::v1::Gate;
using pairing::v1::Term;

int64_t SumOf(const google::protobuf::RepeatedPtrField<Term>& terms) {
  int64_t sum = 0;
  for (const Term& term : terms) sum += term.points();
  return sum;
}

Table TermTable(const google::protobuf::RepeatedPtrField<Term>& terms) {
  Table table({{"POINTS", Align::kRight}, {"SIGNAL"}, {"VIEW OF"}, {"PROJECT"}, {"INVESTOR"}});
  for (const Term& term : terms) {
    table.AddRow({FormatMicros(term.points()), EnumText(*pairing::v1::Signal_descriptor(), term.signal()),
                  EnumText(*type::v1::Side_descriptor(), term.side()), term.project_value(), term.investor_value()});
  }
  table.AddRow({FormatMicros(SumOf(terms)), "total", "", "", ""});
  return table;
}

Table GateTable(const google::protobuf::RepeatedPtrField<Gate>& gates) {
  Table table({{"GATE"}, {"RULE"}, {"PROJECT"}, {"INVESTOR"}, {"REMEDY"}});
  for (const Gate& gate : gates) {
    table.AddRow({EnumText(*Gate::Result_descriptor(), gate.result()), gate.rule(), gate.project_value(),
                  gate.investor_value(), gate.remedy()});
  }
  return table;
}

}  // namespace tandem::cli
