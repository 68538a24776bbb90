// The consistency token of an import, whose batches travel side by side.
#ifndef TANDEM_TOOLS_TANDEM_TOKEN_TRAIL_H_
#define TANDEM_TOOLS_TANDEM_TOKEN_TRAIL_H_

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

namespace tandem::cli {

// Tokens joined by commas, each once, without the empty ones: the services merge them.
std::string JoinTokens(const std::vector<std::string>& tokens);

// Remembers the tokens of the last batches. Which of several batches under way at one time was written last cannot be
// seen in their tokens, so all of them are kept; what was answered before the last `most` batches were sent is older.
// Batches that wrote something come before those that did not, which answer with tokens of older writes.
class TokenTrail {
 public:
  // REQUIRES: `most`, the number of batches under way at a time, is positive.
  explicit TokenTrail(size_t most) : most_(most) {}

  // The token of one more batch, in the order of sending.
  void Add(const std::string& token, bool wrote);

  // Whether any batch wrote something.
  bool wrote() const { return wrote_; }

  // One token that covers all writes.
  std::string Joined() const;

 private:
  const size_t most_;
  bool wrote_ = false;
  std::deque<std::string> tokens_;
};

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_TOKEN_TRAIL_H_
