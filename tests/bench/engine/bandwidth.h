// How fast one thread of this machine reads memory.
#ifndef TANDEM_TESTS_BENCH_ENGINE_BANDWIDTH_H_
#define TANDEM_TESTS_BENCH_ENGINE_BANDWIDTH_H_

namespace tandem::bench {

// Bytes a second of a streaming read of a buffer larger than any cache, on this thread: the best of some passes.
double MemoryBandwidth();

}  // namespace tandem::bench

#endif  // TANDEM_TESTS_BENCH_ENGINE_BANDWIDTH_H_
