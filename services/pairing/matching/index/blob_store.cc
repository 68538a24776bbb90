#include "services/pairing/matching/index/blob_store.h"

#include <cstring>

namespace tandem::pairing::matching {

size_t BlobStore::End(const Leaf& leaf, int at) {
  if (at < 0) return 0;
  const auto* ends = reinterpret_cast<const char*>(&leaf + 1);
  if (leaf.wide != 0) {
    uint32_t end;
    std::memcpy(&end, ends + static_cast<size_t>(at) * sizeof(end), sizeof(end));
    return end;
  }
  uint16_t end;
  std::memcpy(&end, ends + static_cast<size_t>(at) * sizeof(end), sizeof(end));
  return end;
}

absl::string_view BlobStore::Part(const Leaf& leaf, int at) {
  const size_t begin = End(leaf, at - 1);
  const auto* bytes = reinterpret_cast<const char*>(&leaf) + Bytes(0, leaf.wide != 0);
  return {bytes + begin, End(leaf, at) - begin};
}

void BlobStore::Set(VersionedPool& pool, uint32_t slot, absl::string_view blob) {
  const uint32_t index = slot / kPerLeaf;
  const auto at = static_cast<int>(slot % kPerLeaf);
  auto* old = static_cast<Leaf*>(leaves_.Get(index));
  if (old == nullptr && blob.empty()) return;
  constexpr int kLast = static_cast<int>(kPerLeaf) - 1;
  const size_t before = old == nullptr ? 0 : End(*old, kLast);
  const size_t payload = before + blob.size() - (old == nullptr ? 0 : Part(*old, at).size());

  Leaf* leaf = nullptr;
  if (payload > 0) {
    const bool wide = payload > 0xffff;
    auto* memory = static_cast<char*>(pool.Allocate(Bytes(payload, wide), use_));
    leaf = new (memory) Leaf{pool.version(), wide};
    char* ends = memory + sizeof(Leaf);
    char* bytes = memory + Bytes(0, wide);
    size_t end = 0;
    for (int i = 0; i <= kLast; ++i) {
      const absl::string_view part = i == at ? blob : old == nullptr ? absl::string_view() : Part(*old, i);
      if (!part.empty()) std::memcpy(bytes + end, part.data(), part.size());
      end += part.size();
      const auto narrow_end = static_cast<uint16_t>(end);
      const auto wide_end = static_cast<uint32_t>(end);
      const size_t width = wide ? sizeof(wide_end) : sizeof(narrow_end);
      std::memcpy(ends + static_cast<size_t>(i) * width, wide ? static_cast<const void*>(&wide_end) : &narrow_end,
                  width);
    }
  }
  if (old != nullptr) pool.Retire(old, Bytes(before, old->wide != 0), use_, old->born);
  leaves_.Set(pool, index, leaf);
}

}  // namespace tandem::pairing::matching
