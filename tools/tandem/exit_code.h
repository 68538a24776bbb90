// What the program says to the shell.
#ifndef TANDEM_TOOLS_TANDEM_EXIT_CODE_H_
#define TANDEM_TOOLS_TANDEM_EXIT_CODE_H_

namespace tandem::cli {

inline constexpr int kExitOk = 0;
inline constexpr int kExitError = 1;    // a service refused or could not be reached, or a file could not be used
inline constexpr int kExitUsage = 2;    // the command line is wrong
inline constexpr int kExitPartial = 3;  // an import went through, but some records were rejected

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_EXIT_CODE_H_
