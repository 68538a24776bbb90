#include "tools/tandem/terminal.h"

#include <iostream>
#include <sys/ioctl.h>
#include <unistd.h>

namespace tandem::cli {

Terminal ProcessTerminal() {
  Terminal terminal;
  terminal.out = &std::cout;
  terminal.err = &std::cerr;
  terminal.err_is_tty = isatty(STDERR_FILENO) == 1;
  if (isatty(STDOUT_FILENO) == 1) {
    winsize size{};
    terminal.width = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
  }
  return terminal;
}

}  // namespace tandem::cli
