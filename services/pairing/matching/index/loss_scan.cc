#include "services/pairing/matching/index/loss_scan.h"

#include <algorithm>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tandem::pairing::matching {
namespace {

using Losses = InvestorLosses;

constexpr size_t kLanes = LossBlock::kMost;

uint64_t Present(const LossBlock& block) {
  return block.count == kLanes ? ~uint64_t{0} : (uint64_t{1} << block.count) - 1;
}

// Loops over all lanes and without branches: a compiler makes them as wide as the function around may be.
__attribute__((always_inline)) inline uint64_t Lanes(const LossBlock& block, const LossProbe& probe) {
  alignas(64) uint16_t loss[kLanes] = {};
  alignas(64) uint8_t most[kLanes] = {};
  for (const uint16_t number : probe.losses) {
    const uint8_t* losses = block.bytes(number);
    for (size_t i = 0; i < kLanes; ++i) loss[i] = static_cast<uint16_t>(loss[i] + losses[i]);
    for (size_t i = 0; i < kLanes; ++i) most[i] = std::max(most[i], losses[i]);
  }
  alignas(64) int16_t sectors[kLanes];
  const auto* own = reinterpret_cast<const int8_t*>(block.bytes(Losses::kOwn));
  for (size_t i = 0; i < kLanes; ++i) sectors[i] = static_cast<int16_t>(int{own[i]});
  for (size_t s = 0; s < probe.gain_count; ++s) {
    const auto* first = reinterpret_cast<const int8_t*>(block.bytes(probe.gains[s][0]));
    const auto* second = reinterpret_cast<const int8_t*>(block.bytes(probe.gains[s][1]));
    for (size_t i = 0; i < kLanes; ++i) sectors[i] = static_cast<int16_t>(sectors[i] + std::min(first[i], second[i]));
  }
  alignas(64) int16_t reach[kLanes];
  const int16_t* slacks = block.slacks();
  for (size_t i = 0; i < kLanes; ++i) {
    const int32_t gained = (static_cast<int16_t>(sectors[i] * 8) * int32_t{probe.norm}) >> 16;
    reach[i] = static_cast<int16_t>(slacks[i] + gained + probe.points);
  }
  if (probe.text_factor != 0) {
    const uint8_t* text = block.bytes(Losses::kText);
    for (size_t i = 0; i < kLanes; ++i) {
      reach[i] = static_cast<int16_t>(reach[i] +
                                      static_cast<int16_t>(static_cast<uint16_t>(text[i] * probe.text_factor) >> 4));
    }
  }
  if (probe.extra) {
    const uint8_t* extra = block.bytes(Losses::kExtra);
    for (size_t i = 0; i < kLanes; ++i) reach[i] = static_cast<int16_t>(reach[i] + extra[i]);
  }
  const uint8_t* least = block.bytes(Losses::kTicketLeast);
  const uint8_t* ticket_most = block.bytes(Losses::kTicketMost);
  const uint8_t unbounded = probe.bounded ? 0 : 1;
  alignas(64) uint8_t passes[kLanes];
  for (size_t i = 0; i < kLanes; ++i) {
    const uint8_t gates = static_cast<uint8_t>((most[i] != Losses::kRefusedLoss) & (least[i] <= probe.ask_most) &
                                               (ticket_most[i] >= probe.ask_least));
    const uint8_t reaches = static_cast<int16_t>(loss[i]) <= reach[i] ? 1 : 0;
    passes[i] = static_cast<uint8_t>(gates & (reaches | unbounded));
  }
  uint64_t mask = 0;
  for (size_t i = 0; i < kLanes; ++i) mask |= uint64_t{passes[i]} << i;
  return mask & Present(block);
}

uint64_t Portable(const LossBlock& block, const LossProbe& probe) { return Lanes(block, probe); }

#if defined(__x86_64__)

// Functions of their own target: nothing of it can reach a machine that lacks it.
__attribute__((target("avx2"))) uint64_t Avx2(const LossBlock& block, const LossProbe& probe) {
  return Lanes(block, probe);
}

// Instrumented by GCC 12's ThreadSanitizer this loses lanes now and then: the very bytes of a wrong answer give the
// right one in every other build, and in a smaller program under the same sanitizer.
#ifndef __SANITIZE_THREAD__

#define TANDEM_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl"), always_inline))

// Bytes of 32 lanes.
TANDEM_AVX512 inline __m256i Half(const LossBlock& block, size_t number, size_t lane) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block.bytes(number) + lane));
}

// Of 32 lanes, whether they reach what they lose.
TANDEM_AVX512 inline uint64_t Reaching(const LossBlock& block, const LossProbe& probe, size_t lane) {
  __m512i sectors = _mm512_cvtepi8_epi16(Half(block, Losses::kOwn, lane));
  for (size_t s = 0; s < probe.gain_count; ++s) {
    const __m256i first = Half(block, probe.gains[s][0], lane), second = Half(block, probe.gains[s][1], lane);
    sectors = _mm512_add_epi16(sectors, _mm512_cvtepi8_epi16(_mm256_min_epi8(first, second)));
  }
  __m512i reach = _mm512_mulhi_epi16(_mm512_slli_epi16(sectors, 3), _mm512_set1_epi16(probe.norm));
  reach = _mm512_add_epi16(reach, _mm512_loadu_si512(block.slacks() + lane));
  reach = _mm512_add_epi16(reach, _mm512_set1_epi16(probe.points));
  if (probe.text_factor != 0) {
    const __m512i text = _mm512_mullo_epi16(_mm512_cvtepu8_epi16(Half(block, Losses::kText, lane)),
                                            _mm512_set1_epi16(static_cast<int16_t>(probe.text_factor)));
    reach = _mm512_add_epi16(reach, _mm512_srli_epi16(text, 4));
  }
  if (probe.extra) reach = _mm512_add_epi16(reach, _mm512_cvtepu8_epi16(Half(block, Losses::kExtra, lane)));
  // Saturated: what is far out of reach must not come round to the other end.
  for (const uint16_t number : probe.losses) {
    reach = _mm512_subs_epi16(reach, _mm512_cvtepu8_epi16(Half(block, number, lane)));
  }
  return uint64_t{_mm512_cmpge_epi16_mask(reach, _mm512_setzero_si512())} << lane;
}

__attribute__((target("avx512f,avx512bw,avx512vl"))) uint64_t Avx512(const LossBlock& block, const LossProbe& probe) {
  __m512i most = _mm512_setzero_si512();
  for (const uint16_t number : probe.losses) most = _mm512_max_epu8(most, _mm512_loadu_si512(block.bytes(number)));
  const __m512i refused = _mm512_set1_epi8(static_cast<char>(Losses::kRefusedLoss));
  const __m512i ask_least = _mm512_set1_epi8(static_cast<char>(probe.ask_least));
  const __m512i ask_most = _mm512_set1_epi8(static_cast<char>(probe.ask_most));
  uint64_t mask = Present(block);
  mask = _mm512_mask_cmpneq_epu8_mask(mask, most, refused);
  mask = _mm512_mask_cmple_epu8_mask(mask, _mm512_loadu_si512(block.bytes(Losses::kTicketLeast)), ask_most);
  mask = _mm512_mask_cmpge_epu8_mask(mask, _mm512_loadu_si512(block.bytes(Losses::kTicketMost)), ask_least);
  if (mask == 0 || !probe.bounded) return mask;
  return mask & (Reaching(block, probe, 0) | Reaching(block, probe, LossBlock::kMost / 2));
}

#undef TANDEM_AVX512

#else
uint64_t Avx512(const LossBlock& block, const LossProbe& probe) { return Avx2(block, probe); }
#endif

#endif

}  // namespace

LossScan LossScanOf(InstructionSet set) {
  switch (set) {
#if defined(__x86_64__)
    case InstructionSet::kV3:
      return Avx2;
    case InstructionSet::kV4:
    case InstructionSet::kVbmi:
      return Avx512;
#else
    case InstructionSet::kV3:
    case InstructionSet::kV4:
    case InstructionSet::kVbmi:
#endif
    case InstructionSet::kPortable:
    case InstructionSet::kV2:
      break;
  }
  return Portable;
}

void PrefetchLosses(const LossBlock& block, const LossProbe& probe) {
  for (const uint16_t number : probe.losses) __builtin_prefetch(block.bytes(number));
  for (const size_t number : {Losses::kTicketLeast, Losses::kTicketMost, Losses::kOwn}) {
    __builtin_prefetch(block.bytes(number));
  }
  __builtin_prefetch(block.slacks());
  __builtin_prefetch(block.slacks() + block.capacity / 2);
  for (size_t s = 0; s < probe.gain_count; ++s) {
    for (const uint16_t number : probe.gains[s]) __builtin_prefetch(block.bytes(number));
  }
  if (probe.text_factor != 0) __builtin_prefetch(block.bytes(Losses::kText));
  if (probe.extra) __builtin_prefetch(block.bytes(Losses::kExtra));
}

}  // namespace tandem::pairing::matching
