// Program id: which build of which program this process runs.
#ifndef TANDEM_COMMON_BASE_PROGRAM_ID_H_
#define TANDEM_COMMON_BASE_PROGRAM_ID_H_

#include <string>

namespace tandem {

// The SHA-256 of the running program's file, in hex: processes with equal ids run the same code. Where the file cannot
// be read, something random that no other process has. Costs some ten milliseconds, once; thread-safe.
const std::string& ProgramId();

}  // namespace tandem

#endif  // TANDEM_COMMON_BASE_PROGRAM_ID_H_
