#include <string>
#include <vector>

#include "tools/tandem/cli.h"
#include "tools/tandem/terminal.h"

int main(int argc, char** argv) {
  return tandem::cli::Run(std::vector<std::string>(argv + 1, argv + argc), tandem::cli::ProcessTerminal());
}
