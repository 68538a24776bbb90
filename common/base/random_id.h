// Identifiers that nobody can guess or collide with: 128 bits from the operating system.
#ifndef TANDEM_COMMON_BASE_RANDOM_ID_H_
#define TANDEM_COMMON_BASE_RANDOM_ID_H_

#include <cstddef>
#include <string>

namespace tandem {

// `size` bytes from the operating system's generator. Aborts when it fails: nothing safe can be done without it.
std::string RandomBytes(size_t size);

// A version 4 UUID in lower case, such as `0f8fad5b-d9cb-469f-a165-70867728950e`.
std::string RandomUuid();

// 26 characters of [a-z2-7] beginning with a letter: a resource id by AIP-122.
std::string RandomResourceId();

}  // namespace tandem

#endif  // TANDEM_COMMON_BASE_RANDOM_ID_H_
