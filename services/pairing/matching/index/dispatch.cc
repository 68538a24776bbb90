#include "services/pairing/matching/index/dispatch.h"

#include <atomic>

namespace tandem::pairing::matching {
namespace {

ScanBlock ScanOf(InstructionSet set) {
  switch (set) {
#ifdef TANDEM_X86_KERNELS
    case InstructionSet::kV2:
      return v2_kernel::Scan;
    case InstructionSet::kV3:
      return v3_kernel::Scan;
    case InstructionSet::kV4:
      return v4_kernel::Scan;
    case InstructionSet::kVbmi:
      return vbmi_kernel::Scan;
#endif
    default:
      return portable_kernel::Scan;
  }
}

std::atomic<ScanBlock>& Current() {
  static std::atomic<ScanBlock> current(ScanOf(InstructionSets().back()));
  return current;
}

}  // namespace

const char* InstructionSetName(InstructionSet set) {
  switch (set) {
    case InstructionSet::kPortable:
      return "portable";
    case InstructionSet::kV2:
      return "x86-64-v2";
    case InstructionSet::kV3:
      return "x86-64-v3";
    case InstructionSet::kV4:
      return "x86-64-v4";
    case InstructionSet::kVbmi:
      return "x86-64-v4+vbmi";
  }
  return "unknown";
}

std::vector<InstructionSet> InstructionSets() {
  std::vector<InstructionSet> sets = {InstructionSet::kPortable};
#ifdef TANDEM_X86_KERNELS
  __builtin_cpu_init();
  if (__builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt")) sets.push_back(InstructionSet::kV2);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
      __builtin_cpu_supports("fma")) {
    sets.push_back(InstructionSet::kV3);
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
      sets.push_back(InstructionSet::kV4);
      if (__builtin_cpu_supports("avx512vbmi")) sets.push_back(InstructionSet::kVbmi);
    }
  }
#endif
  return sets;
}

void ForceInstructionSet(std::optional<InstructionSet> set) {
  Current().store(ScanOf(set.value_or(InstructionSets().back())), std::memory_order_relaxed);
}

ScanBlock CurrentScan() { return Current().load(std::memory_order_relaxed); }

}  // namespace tandem::pairing::matching
