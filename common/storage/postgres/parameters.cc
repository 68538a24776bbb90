#include "common/storage/postgres/parameters.h"

#include <utility>

namespace tandem::postgres {
namespace {

template <typename Integer>
void AppendBigEndian(Integer number, std::string* out) {
  for (int shift = static_cast<int>(sizeof(number)) * 8 - 8; shift >= 0; shift -= 8) {
    out->push_back(static_cast<char>(number >> shift));
  }
}

}  // namespace

void Array::Add(absl::string_view bytes) {
  AppendBigEndian(static_cast<int32_t>(bytes.size()), &elements_);
  elements_.append(bytes.data(), bytes.size());
  ++size_;
}

void Array::Add(int64_t number) {
  AppendBigEndian(static_cast<int32_t>(sizeof(number)), &elements_);
  AppendBigEndian(number, &elements_);
  ++size_;
}

void Array::AddNull() {
  AppendBigEndian(int32_t{-1}, &elements_);
  has_nulls_ = true;
  ++size_;
}

std::string Array::Take() {
  std::string out;
  out.reserve(20 + elements_.size());
  AppendBigEndian(int32_t{size_ > 0 ? 1 : 0}, &out);  // dimensions
  AppendBigEndian(int32_t{has_nulls_ ? 1 : 0}, &out);
  AppendBigEndian(type_, &out);
  if (size_ > 0) {
    AppendBigEndian(size_, &out);
    AppendBigEndian(int32_t{1}, &out);  // arrays count from 1
    out += elements_;
  }
  elements_.clear();
  elements_.shrink_to_fit();
  size_ = 0;
  has_nulls_ = false;
  return out;
}

Parameters& Parameters::Int(int64_t number) {
  values_.emplace_back();
  AppendBigEndian(number, &values_.back());
  return *this;
}

}  // namespace tandem::postgres
