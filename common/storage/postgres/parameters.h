// Parameters of a statement in PostgreSQL's binary form: exact lengths, any byte.
#ifndef TANDEM_COMMON_STORAGE_POSTGRES_PARAMETERS_H_
#define TANDEM_COMMON_STORAGE_POSTGRES_PARAMETERS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace tandem::postgres {

// A one-dimensional array as it is built.
class Array {
 public:
  static Array OfBytes() { return Array(kByteaType); }
  static Array OfInts() { return Array(kInt8Type); }

  void Add(absl::string_view bytes);
  void Add(int64_t number);
  void AddNull();

  int32_t size() const { return size_; }
  // The whole array; it is empty afterwards.
  std::string Take();

 private:
  static constexpr int32_t kByteaType = 17;
  static constexpr int32_t kInt8Type = 20;
  explicit Array(int32_t type) : type_(type) {}

  int32_t type_;
  int32_t size_ = 0;
  bool has_nulls_ = false;
  std::string elements_;
};

class Parameters {
 public:
  // bytea or text.
  Parameters& Bytes(absl::string_view bytes) {
    values_.emplace_back(bytes);
    return *this;
  }
  // int8.
  Parameters& Int(int64_t number);
  // Takes the elements out of `array`.
  Parameters& Elements(Array* array) {
    values_.push_back(array->Take());
    return *this;
  }

  const std::vector<std::string>& values() const { return values_; }

 private:
  std::vector<std::string> values_;
};

}  // namespace tandem::postgres

#endif  // TANDEM_COMMON_STORAGE_POSTGRES_PARAMETERS_H_
