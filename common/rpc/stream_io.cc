#include "common/rpc/stream_io.h"

namespace tandem::rpc {

bool PendingOperation::Wait() {
  MutexLock lock(&mutex_);
  while (!ended_) changed_.Wait(&mutex_);
  ended_ = false;
  return ok_;
}

void PendingOperation::End(bool ok) {
  MutexLock lock(&mutex_);
  ended_ = true;
  ok_ = ok;
  changed_.Signal();
}

bool BytesWriter::Write(const grpc::ByteBuffer& bytes) {
  StartWrite(&bytes);
  return pending_.Wait();
}

bool BytesReader::Read(grpc::ByteBuffer* bytes) {
  StartRead(bytes);
  return pending_.Wait();
}

}  // namespace tandem::rpc
