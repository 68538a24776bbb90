// Progress: how long work says how far it is, and learns that nobody wants it any more.
#ifndef TANDEM_SERVICES_PAIRING_RUNS_PROGRESS_H_
#define TANDEM_SERVICES_PAIRING_RUNS_PROGRESS_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tandem::pairing {

// Thread-safe and cheap: ask and tell every few milliseconds of work.
class Progress {
 public:
  virtual ~Progress() = default;

  // So many thousandths are done, and `phase` says what is done now. A smaller number than before is taken for that
  // one.
  virtual void Report(int thousandths, absl::string_view phase) const = 0;

  // Whether to stop; the work then returns absl::CancelledError with nothing changed.
  virtual bool Cancelled() const = 0;

  // Name of the run that the work is of.
  virtual std::string run() const = 0;
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_RUNS_PROGRESS_H_
