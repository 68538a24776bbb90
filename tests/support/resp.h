// The little of Redis's protocol that test tools need: where a frame ends, and what words a command has.
#ifndef TANDEM_TESTS_SUPPORT_RESP_H_
#define TANDEM_TESTS_SUPPORT_RESP_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace tandem::testing {

// The length of the first whole frame (a reply or a command, nested arrays included); 0 when more bytes are needed,
// nullopt when this is not RESP.
std::optional<size_t> RespFrameSize(absl::string_view bytes);

// The payload of a bulk string, as part of `frame`; nullopt when it is something else or nil.
std::optional<absl::string_view> RespBulk(absl::string_view frame);

// The words of a command, an array of bulk strings; empty when it is none.
std::vector<std::string> RespWords(absl::string_view frame);

std::string BulkFrame(absl::string_view payload);
std::string CommandFrame(const std::vector<std::string>& words);

}  // namespace tandem::testing

#endif  // TANDEM_TESTS_SUPPORT_RESP_H_
