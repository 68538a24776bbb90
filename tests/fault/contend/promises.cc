#include "tests/fault/contend/promises.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace tandem::contend {

using pairing::Problems;

std::string Promises::ActorOf(int64_t operation) { return absl::StrCat("op-", operation); }

std::optional<int64_t> Promises::OperationOf(absl::string_view actor) {
  int64_t operation = 0;
  if (!absl::ConsumePrefix(&actor, "op-") || !absl::SimpleAtoi(actor, &operation)) return std::nullopt;
  return operation;
}

void Promises::Told(int64_t operation, Answer answer, Revision revision) {
  Operation& of = operations_[static_cast<size_t>(operation)];
  of.answer = answer;
  of.told = revision;
}

void Promises::Seen(int64_t operation, Revision revision, Problems* problems) {
  if (operation < 0 || operation >= static_cast<int64_t>(operations_.size())) {
    problems->Add(&Problems::history, absl::StrCat("revision ", revision, ": nobody is operation ", operation));
    return;
  }
  Operation& of = operations_[static_cast<size_t>(operation)];
  if (of.seen != 0 && of.seen != revision)
    problems->Add(&Problems::history,
                  absl::StrCat("operation ", operation, " took effect at ", of.seen, " and again at ", revision));
  of.seen = revision;
}

int64_t Promises::Compare(Problems* problems) const {
  int64_t compared = 0;
  for (size_t i = 0; i < operations_.size(); ++i) {
    const Operation& of = operations_[i];
    const auto bad = [&](absl::string_view what) {
      problems->Add(&Problems::history,
                    absl::StrCat("operation ", i, " ", what, ": told ", of.told, ", in the log at ", of.seen));
    };
    const bool named = of.told != 0;
    switch (of.answer) {
      case Answer::kNone:
        if (of.seen != 0) bad("was never called, but took effect");
        break;
      case Answer::kDone:
        ++compared;
        if (of.seen == 0) bad("was acknowledged, and is lost");
        if (of.seen != 0 && named && of.told != of.seen) bad("is elsewhere in the log");
        break;
      case Answer::kAgreed:
        if (of.seen != 0 && named && of.told != of.seen) bad("is elsewhere in the log");
        break;
      case Answer::kRefused:
        if (of.seen != 0) bad("was refused, but took effect");
        break;
      case Answer::kUnknown:
        break;
    }
  }
  return compared;
}

}  // namespace tandem::contend
