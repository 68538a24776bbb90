// Where the program writes: injected, so that tests read what people would see.
#ifndef TANDEM_TOOLS_TANDEM_TERMINAL_H_
#define TANDEM_TOOLS_TANDEM_TERMINAL_H_

#include <cstddef>
#include <ostream>

namespace tandem::cli {

struct Terminal {
  std::ostream* out = nullptr;  // answers. REQUIRES: not null
  std::ostream* err = nullptr;  // progress and complaints. REQUIRES: not null
  bool err_is_tty = false;      // progress may rewrite its line
  size_t width = 0;             // columns of `out`; 0 is not limited
};

// The terminal of the process. The width is 0 unless standard output is a terminal.
Terminal ProcessTerminal();

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_TERMINAL_H_
