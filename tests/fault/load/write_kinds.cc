#include "tests/fault/load/write_kind.h"

namespace tandem::check {

WriteKinds AllWriteKinds() {
  WriteKinds kinds;
  AddProjectWrites(&kinds);
  AddInvestorWrites(&kinds);
  AddDealWrites(&kinds);
  AddImportWrites(&kinds);
  AddEditionWrites(&kinds);
  AddPairingWrites(&kinds);
  AddMeetingWrites(&kinds);
  return kinds;
}

}  // namespace tandem::check
