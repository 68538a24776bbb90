#include "services/pairing/matching/index/point_table.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace tandem::pairing::matching {
namespace {

std::string KeyOf(const ColumnPoints& points) {
  std::string key;
  key.reserve(2 + points.listed.size() * 4);
  const auto add = [&key](uint16_t value) {
    key.push_back(static_cast<char>(value & 255));
    key.push_back(static_cast<char>(value >> 8));
  };
  add(static_cast<uint16_t>(points.otherwise));
  for (const ColumnPoints::Listed& listed : points.listed) {
    add(listed.code);
    add(static_cast<uint16_t>(listed.points));
  }
  return key;
}

// Shifts every allowed code's points; returns by how much, and the most of what is left.
std::pair<int32_t, int32_t> Shift(ColumnPoints* points) {
  int32_t least = std::numeric_limits<int32_t>::max(), most = std::numeric_limits<int32_t>::min();
  const auto see = [&](int16_t p) {
    if (p == kRefused) return;
    least = std::min<int32_t>(least, p);
    most = std::max<int32_t>(most, p);
  };
  see(points->otherwise);
  for (const ColumnPoints::Listed& listed : points->listed) see(listed.points);
  if (least > most) return {0, 0};
  const int32_t shift = std::min(most, least + std::numeric_limits<int16_t>::max());
  const auto move = [&](int16_t p) { return p == kRefused ? p : static_cast<int16_t>(p - shift); };
  points->otherwise = move(points->otherwise);
  for (ColumnPoints::Listed& listed : points->listed) listed.points = move(listed.points);
  return {shift, most - shift};
}

}  // namespace

void PointTable::List(uint32_t profile, ColumnPoints::Listed listed) {
  if (listed.code >= codes_.size()) codes_.resize(size_t{listed.code} + 1);
  Code& code = codes_[listed.code];
  if (code.dense.empty()) {
    code.exceptions.push_back({profile, listed.points});
    const size_t count = code.exceptions.size();
    const size_t most = std::clamp(otherwise_.size() / kProfilesPerException, kFewExceptions, kMostExceptions);
    if (count <= most) return;
    code.dense = otherwise_;
    for (const Exception& e : code.exceptions) code.dense[e.profile] = e.points;
    code.exceptions = {};
    dense_codes_.push_back(listed.code);
  } else {
    code.dense[profile] = listed.points;
  }
}

void PointTable::Unlist(uint32_t profile, uint16_t code) {
  std::vector<Exception>& exceptions = codes_[code].exceptions;
  const auto it =
      std::find_if(exceptions.begin(), exceptions.end(), [&](const Exception& e) { return e.profile == profile; });
  if (it == exceptions.end()) return;  // dense: the next profile of that number overwrites it
  *it = exceptions.back();
  exceptions.pop_back();
}

PointTable::Profile PointTable::Acquire(const ColumnPoints& points) {
  ColumnPoints shifted = points;
  const auto [shift, rise] = Shift(&shifted);
  return {Number(shifted), shift, rise};
}

uint32_t PointTable::Number(const ColumnPoints& points) {
  const auto [it, is_new] = numbers_.try_emplace(KeyOf(points), 0);
  if (!is_new) {
    ++users_[it->second];
    return it->second;
  }
  uint32_t profile = static_cast<uint32_t>(users_.size());
  if (free_.empty()) {
    users_.push_back(1);
    otherwise_.push_back(points.otherwise);
    for (const uint16_t code : dense_codes_) codes_[code].dense.push_back(points.otherwise);
  } else {
    profile = free_.back();
    free_.pop_back();
    users_[profile] = 1;
    otherwise_[profile] = points.otherwise;
    for (const uint16_t code : dense_codes_) codes_[code].dense[profile] = points.otherwise;
  }
  it->second = profile;
  for (const ColumnPoints::Listed& listed : points.listed) List(profile, listed);
  return profile;
}

void PointTable::Release(const ColumnPoints& points) {
  ColumnPoints shifted = points;
  Shift(&shifted);
  const auto it = numbers_.find(KeyOf(shifted));
  const uint32_t profile = it->second;
  if (--users_[profile] > 0) return;
  for (const ColumnPoints::Listed& listed : points.listed) Unlist(profile, listed.code);
  numbers_.erase(it);
  free_.push_back(profile);
}

const int16_t* PointTable::Open(uint16_t code) {
  if (code >= codes_.size()) return otherwise_.data();
  open_ = &codes_[code];
  if (!open_->dense.empty()) return open_->dense.data();
  covered_.clear();
  for (const Exception& e : open_->exceptions) {
    covered_.push_back(otherwise_[e.profile]);
    otherwise_[e.profile] = e.points;
  }
  return otherwise_.data();
}

void PointTable::Close() {
  if (open_ == nullptr) return;
  for (size_t i = 0; i < open_->exceptions.size(); ++i) otherwise_[open_->exceptions[i].profile] = covered_[i];
  open_ = nullptr;
}

size_t PointTable::bytes() const {
  size_t bytes = codes_.capacity() * sizeof(Code) + otherwise_.capacity() * sizeof(int16_t) +
                 (users_.capacity() + free_.capacity()) * sizeof(uint32_t) +
                 numbers_.capacity() * (sizeof(std::string) + sizeof(uint32_t) + 1);
  for (const Code& code : codes_) {
    bytes += code.dense.capacity() * sizeof(int16_t) + code.exceptions.capacity() * sizeof(Exception);
  }
  for (const auto& [key, number] : numbers_) bytes += key.capacity() > 15 ? key.capacity() : 0;
  return bytes;
}

}  // namespace tandem::pairing::matching
