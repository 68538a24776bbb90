// WriteKind: one kind of write that the load sends.
//
// To add one: a file like deal_writes.cc with a class of this shape, and its line in write_kinds.cc. What the ledger
// must know of it is the names that it may touch and the effects that its answer promises (WriteSession::Send).
#ifndef TANDEM_TESTS_FAULT_LOAD_WRITE_KIND_H_
#define TANDEM_TESTS_FAULT_LOAD_WRITE_KIND_H_

#include <memory>
#include <vector>

#include "tests/fault/load/write_session.h"

namespace tandem::check {

// Thread-safe: all writers share it.
class WriteKind {
 public:
  virtual ~WriteKind() = default;
  // How often it is chosen, beside the others'.
  virtual int weight() const = 0;
  // Sends one write of this kind and waits for what comes of it. May do nothing when there is nothing to write on.
  virtual void WriteOne(WriteSession* session) = 0;
};

using WriteKinds = std::vector<std::unique_ptr<WriteKind>>;

// One of each file.
void AddProjectWrites(WriteKinds* kinds);
void AddInvestorWrites(WriteKinds* kinds);
void AddDealWrites(WriteKinds* kinds);
void AddImportWrites(WriteKinds* kinds);
void AddEditionWrites(WriteKinds* kinds);
void AddPairingWrites(WriteKinds* kinds);
void AddMeetingWrites(WriteKinds* kinds);

// All of them.
WriteKinds AllWriteKinds();

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_LOAD_WRITE_KIND_H_
