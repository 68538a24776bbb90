#include "services/pairing/matching/index/posting_filter.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tandem::pairing::matching {
namespace {

// What passes is written over what did not, without a branch that depends on the data.
size_t PortableFrom(size_t first, size_t count, const InvestorFilter* filters, size_t size,
                    const ProjectFilter& project, uint32_t* places) {
  const ProjectFilter filter = project;
  for (size_t i = first; i < size; ++i) {
    places[count] = static_cast<uint32_t>(i);
    count += filter.MayMeet(filters[i]) ? 1 : 0;
  }
  return count;
}

size_t Portable(const InvestorFilter* filters, size_t size, const ProjectFilter& project, uint32_t* places) {
  return PortableFrom(0, 0, filters, size, project, places);
}

#if defined(__x86_64__)

// What an investor's bits must not exceed, in four fields of 16 bits: the two lower ones are not of the ticket.
long long Most(const ProjectFilter& project) {
  return static_cast<long long>((project.range & ProjectFilter::kRange) | 0xffffffff);
}

// Functions of their own target: nothing of it can reach a machine that lacks it.
__attribute__((target("avx2"))) size_t Avx2(const InvestorFilter* filters, size_t size, const ProjectFilter& project,
                                            uint32_t* places) {
  // By which of four pass: their offsets in front.
  alignas(16) static constexpr uint32_t kOffsets[16][4] = {
      {0, 0, 0, 0}, {0, 0, 0, 0}, {1, 0, 0, 0}, {0, 1, 0, 0}, {2, 0, 0, 0}, {0, 2, 0, 0}, {1, 2, 0, 0}, {0, 1, 2, 0},
      {3, 0, 0, 0}, {0, 3, 0, 0}, {1, 3, 0, 0}, {0, 1, 3, 0}, {2, 3, 0, 0}, {0, 2, 3, 0}, {1, 2, 3, 0}, {0, 1, 2, 3}};
  const __m256i codes = _mm256_set1_epi64x(static_cast<long long>(project.codes));
  const __m256i most = _mm256_set1_epi64x(Most(project));
  size_t count = 0, i = 0;
  for (; i + 4 <= size; i += 4) {
    const __m256i bits = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(filters + i));
    const __m256i wrong = _mm256_or_si256(_mm256_subs_epu16(bits, most), _mm256_and_si256(bits, codes));
    const __m256i pass = _mm256_cmpeq_epi64(wrong, _mm256_setzero_si256());
    const auto mask = static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(pass)));
    const __m128i found = _mm_add_epi32(_mm_load_si128(reinterpret_cast<const __m128i*>(kOffsets[mask])),
                                        _mm_set1_epi32(static_cast<int>(i)));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(places + count), found);
    count += static_cast<size_t>(__builtin_popcount(mask));
  }
  return PortableFrom(i, count, filters, size, project, places);
}

__attribute__((target("avx512f,avx512bw,avx512vl,popcnt"))) size_t Avx512(const InvestorFilter* filters, size_t size,
                                                                          const ProjectFilter& project,
                                                                          uint32_t* places) {
  const __m512i codes = _mm512_set1_epi64(static_cast<long long>(project.codes));
  const __m512i most = _mm512_set1_epi64(Most(project));
  __m512i at = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  size_t count = 0, i = 0;
  for (; i + 16 <= size; i += 16) {
    unsigned mask = 0;
    for (unsigned half = 0; half < 2; ++half) {
      const __m512i bits = _mm512_loadu_si512(filters + i + 8 * half);
      const __m512i wrong = _mm512_or_si512(_mm512_subs_epu16(bits, most), _mm512_and_si512(bits, codes));
      mask |= static_cast<unsigned>(_mm512_testn_epi64_mask(wrong, wrong)) << (8 * half);
    }
    _mm512_storeu_si512(places + count, _mm512_maskz_compress_epi32(static_cast<__mmask16>(mask), at));
    count += static_cast<size_t>(__builtin_popcount(mask));
    at = _mm512_add_epi32(at, _mm512_set1_epi32(16));
  }
  return PortableFrom(i, count, filters, size, project, places);
}

#endif

}  // namespace

FilterScan FilterScanOf(InstructionSet set) {
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

}  // namespace tandem::pairing::matching
