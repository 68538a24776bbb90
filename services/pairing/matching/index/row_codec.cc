#include "services/pairing/matching/index/row_codec.h"

#include <cassert>

namespace tandem::pairing::matching {
namespace {

// First byte of a row.
constexpr uint8_t kExtraPointsBit = 0x20, kExtraGatesBit = 0x40, kAskBit = 0x80, kSectorCountBits = 0x1f;

void AppendVarint(std::string& bytes, uint32_t value) {
  for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<char>(value | 0x80));
  bytes.push_back(static_cast<char>(value));
}

// Small numbers of either sign become small.
uint32_t Folded(int32_t value) { return (static_cast<uint32_t>(value) << 1) ^ static_cast<uint32_t>(value >> 31); }
int32_t Unfolded(uint32_t value) { return static_cast<int32_t>((value >> 1) ^ (~(value & 1) + 1)); }

const uint8_t* Begin(absl::string_view bytes) { return reinterpret_cast<const uint8_t*>(bytes.data()); }

}  // namespace

std::string EncodeRow(const ProjectRow& row) {
  std::string bytes;
  const bool ask = row.ask_least != 0 || row.ask_most != 0;
  bytes.push_back(static_cast<char>(row.sector_count | (row.extra_points ? kExtraPointsBit : 0) |
                                    (row.extra_gates ? kExtraGatesBit : 0) | (ask ? kAskBit : 0)));
  for (const uint16_t code : row.codes) AppendVarint(bytes, code);
  AppendVarint(bytes, row.sector_norm);
  AppendVarint(bytes, Folded(row.points));
  if (ask) {
    AppendVarint(bytes, Folded(row.ask_least));
    AppendVarint(bytes, static_cast<uint32_t>(row.ask_most) - static_cast<uint32_t>(row.ask_least));
  }
  for (size_t i = 0; i < row.sector_count; ++i) AppendVarint(bytes, row.sectors[i]);
  return bytes;
}

ProjectRow DecodeRow(absl::string_view bytes) {
  ProjectRow row;
  const uint8_t* at = Begin(bytes);
  const uint8_t head = *at++;
  row.sector_count = head & kSectorCountBits;
  row.extra_points = (head & kExtraPointsBit) != 0;
  row.extra_gates = (head & kExtraGatesBit) != 0;
  for (uint16_t& code : row.codes) code = static_cast<uint16_t>(ReadVarint(at));
  row.sector_norm = static_cast<uint16_t>(ReadVarint(at));
  row.points = static_cast<int16_t>(Unfolded(ReadVarint(at)));
  if ((head & kAskBit) != 0) {
    row.ask_least = Unfolded(ReadVarint(at));
    row.ask_most = static_cast<int32_t>(static_cast<uint32_t>(row.ask_least) + ReadVarint(at));
  }
  for (size_t i = 0; i < row.sector_count; ++i) row.sectors[i] = static_cast<uint16_t>(ReadVarint(at));
  return row;
}

uint32_t TextNorm(const TextWeights& text) {
  uint64_t squares = 0;
  for (const TermWeight& t : text) squares += static_cast<uint64_t>(int64_t{t.weight} * t.weight);
  uint64_t norm = 0;
  for (uint64_t bit = uint64_t{1} << 31; bit > 0; bit >>= 1) {
    if ((norm | bit) * (norm | bit) <= squares) norm |= bit;
  }
  return static_cast<uint32_t>(norm * norm < squares ? norm + 1 : norm);
}

std::string EncodeText(const TextWeights& text) {
  bool wide = false;
  uint32_t last = 0;
  for (const TermWeight& t : text) {
    wide = wide || t.term - last > UINT16_MAX;
    last = t.term;
  }
  std::string bytes;
  AppendVarint(bytes, static_cast<uint32_t>(text.size()) << 1 | (wide ? 1 : 0));
  last = 0;
  for (const TermWeight& t : text) {
    const uint32_t step = t.term - last;
    const auto narrow_step = static_cast<uint16_t>(step);
    bytes.append(wide ? reinterpret_cast<const char*>(&step) : reinterpret_cast<const char*>(&narrow_step),
                 wide ? sizeof(step) : sizeof(narrow_step));
    last = t.term;
  }
  for (const TermWeight& t : text) {
    assert(t.weight >= 0 && t.weight <= 255);
    bytes.push_back(static_cast<char>(t.weight));
  }
  return bytes;
}

TextWeights DecodeText(absl::string_view bytes) {
  TextWeights text;
  ForEachTerm(bytes, [&](uint32_t term, uint8_t weight) { text.push_back({term, weight}); });
  return text;
}

}  // namespace tandem::pairing::matching
