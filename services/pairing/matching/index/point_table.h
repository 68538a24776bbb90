// The points of one column for many investors, by code: what a scan of investors adds up for one project.
//
// Investors with the same points share one number (a profile). For a code that many profiles list there is an array of
// points by profile; for the others there are the few exceptions, put over the array of what codes otherwise get while
// a scan runs. So a scan reads one small array a column, whatever the investors list.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_POINT_TABLE_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_POINT_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"

#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

// One thread. Memory: 2 bytes a profile and frequent code, 8 bytes a listed code that is rare.
class PointTable {
 public:
  struct Profile {
    uint32_t number = 0;
    int32_t shift = 0;  // to be added to what Open gives
    int32_t rise = 0;   // the most that Open gives; 0 unless the points span more than 16 bits can hold
  };
  // The profile of those points; counts one more user of it. O(listed + frequent codes).
  Profile Acquire(const ColumnPoints& points);
  // One user less; `points` as they were acquired.
  void Release(const ColumnPoints& points);

  // Points of a code by profile, less the profile's shift, or kRefused; until Close, one code at a time.
  const int16_t* Open(uint16_t code);  // O(kMostExceptions)
  void Close();

  size_t size() const { return users_.size(); }
  size_t bytes() const;

 private:
  struct Exception {
    uint32_t profile = 0;
    int16_t points = 0;
  };
  struct Code {
    std::vector<int16_t> dense;         // empty, or by profile
    std::vector<Exception> exceptions;  // while `dense` is empty
  };
  // So many exceptions are always put over the array, and never more than the last number: that is what Open costs. In
  // between, an array of their own must not be too empty.
  static constexpr size_t kFewExceptions = 64;
  static constexpr size_t kProfilesPerException = 16;
  static constexpr size_t kMostExceptions = 512;

  uint32_t Number(const ColumnPoints& shifted);
  void List(uint32_t profile, ColumnPoints::Listed listed);
  void Unlist(uint32_t profile, uint16_t code);

  absl::flat_hash_map<std::string, uint32_t> numbers_;  // by the bytes of the points
  std::vector<uint32_t> users_;                         // by profile
  std::vector<uint32_t> free_;
  std::vector<int16_t> otherwise_;  // by profile
  std::vector<Code> codes_;
  std::vector<uint16_t> dense_codes_;
  const Code* open_ = nullptr;
  std::vector<int16_t> covered_;  // what the exceptions of the open code hide
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_POINT_TABLE_H_
