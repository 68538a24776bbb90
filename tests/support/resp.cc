#include "tests/support/resp.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace tandem::testing {
namespace {

struct Line {
  size_t size = 0;  // with its end; 0 when it is not whole
  int64_t number = 0;
  bool is_number = false;
};

Line FirstLine(absl::string_view bytes) {
  const size_t end = bytes.find("\r\n");
  if (end == absl::string_view::npos) return {};
  Line line{.size = end + 2};
  line.is_number = absl::SimpleAtoi(bytes.substr(1, end - 1), &line.number);
  return line;
}

}  // namespace

std::optional<size_t> RespFrameSize(absl::string_view bytes) {
  if (bytes.empty()) return 0;
  const Line line = FirstLine(bytes);
  switch (bytes[0]) {
    case '+':
    case '-':
    case ':':
      return line.size;
    case '$': {
      if (line.size == 0) return 0;
      if (!line.is_number || line.number < -1) return std::nullopt;
      const size_t size = line.size + (line.number < 0 ? 0 : static_cast<size_t>(line.number) + 2);
      return size <= bytes.size() ? size : 0;
    }
    case '*': {
      if (line.size == 0) return 0;
      if (!line.is_number || line.number < -1) return std::nullopt;
      size_t size = line.size;
      for (int64_t i = 0; i < line.number; ++i) {
        const std::optional<size_t> item = RespFrameSize(bytes.substr(size));
        if (!item || *item == 0) return item;
        size += *item;
      }
      return size;
    }
    default:
      return std::nullopt;
  }
}

std::optional<absl::string_view> RespBulk(absl::string_view frame) {
  const Line line = frame.empty() || frame[0] != '$' ? Line() : FirstLine(frame);
  if (!line.is_number || line.number < 0) return std::nullopt;
  return frame.substr(line.size, static_cast<size_t>(line.number));
}

std::vector<std::string> RespWords(absl::string_view frame) {
  std::vector<std::string> words;
  if (frame.empty() || frame[0] != '*') return words;
  for (frame.remove_prefix(FirstLine(frame).size); !frame.empty();) {
    const std::optional<size_t> size = RespFrameSize(frame);
    if (!size || *size == 0) break;
    words.emplace_back(RespBulk(frame.substr(0, *size)).value_or(""));
    frame.remove_prefix(*size);
  }
  return words;
}

std::string BulkFrame(absl::string_view payload) { return absl::StrCat("$", payload.size(), "\r\n", payload, "\r\n"); }

std::string CommandFrame(const std::vector<std::string>& words) {
  std::string frame = absl::StrCat("*", words.size(), "\r\n");
  for (const std::string& word : words) frame += BulkFrame(word);
  return frame;
}

}  // namespace tandem::testing
