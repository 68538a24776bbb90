// What is wrong with a history, by kind.
#ifndef TANDEM_TESTS_SUPPORT_PAIRING_HISTORY_PROBLEMS_H_
#define TANDEM_TESTS_SUPPORT_PAIRING_HISTORY_PROBLEMS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tandem::pairing {

struct Problems {
  int64_t doubled = 0;  // a person, a place or an interpreter twice at one time
  int64_t pairs = 0;    // a pair with two records, or with two meetings at a time
  int64_t quotas = 0;   // a quota passed, counted wrongly, or said to be used up while it was not
  int64_t reports = 0;  // a cancelled meeting that was not reported exactly once
  int64_t history = 0;  // any other step that cannot have happened, or that is not what was acknowledged

  std::vector<std::string> texts;  // of the first ones

  void Add(int64_t Problems::*kind, std::string text) {
    ++(this->*kind);
    if (texts.size() < kMostTexts) texts.push_back(std::move(text));
  }
  int64_t all() const { return doubled + pairs + quotas + reports + history; }

 private:
  static constexpr size_t kMostTexts = 50;
};

}  // namespace tandem::pairing

#endif  // TANDEM_TESTS_SUPPORT_PAIRING_HISTORY_PROBLEMS_H_
