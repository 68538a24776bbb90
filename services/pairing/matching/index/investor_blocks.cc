#include "services/pairing/matching/index/investor_blocks.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace tandem::pairing::matching {
namespace {

// A full block gives some to the next one if that has so few, else it is split.
constexpr uint32_t kFew = 44;
// A block that has so few goes into the next one if that is not much fuller.
constexpr uint32_t kVeryFew = 12;

}  // namespace

LossBlock InvestorBlocks::Allocate(uint32_t capacity) {
  LossBlock block;
  block.memory = static_cast<uint8_t*>(arena_->Allocate(BytesFor(capacity)));
  block.capacity = capacity;
  return block;
}

void InvestorBlocks::Free(const LossBlock& block) { arena_->Free(block.memory, BytesFor(block.capacity)); }

void InvestorBlocks::Copy(const LossBlock& from, const uint32_t* lanes, uint32_t count, const LossBlock& to,
                          uint32_t at) {
  const auto column = [&](auto* target, const auto* source) {
    for (uint32_t i = 0; i < count; ++i) target[at + i] = source[lanes[i]];
  };
  column(reinterpret_cast<int16_t*>(to.memory), from.slacks());
  for (size_t number = 0; number < InvestorLosses::kBytes; ++number) {
    column(const_cast<uint8_t*>(to.bytes(number)), from.bytes(number));
  }
  column(EntriesOf(to), EntriesOf(from));
}

std::vector<uint32_t> InvestorBlocks::ByKey(const LossBlock& block) {
  std::vector<uint32_t> lanes(block.count);
  std::iota(lanes.begin(), lanes.end(), 0u);
  const Entry* entries = EntriesOf(block);
  std::stable_sort(lanes.begin(), lanes.end(), [&](uint32_t a, uint32_t b) { return entries[a].key < entries[b].key; });
  return lanes;
}

void InvestorBlocks::Tell(Block* block) {
  for (uint32_t lane = 0; lane < block->losses.count; ++lane) {
    const Entry& entry = block->entries()[lane];
    (*places_)[entry.investor][entry.number] = {block->losses.memory, lane};
  }
  Summarize(block);
}

void InvestorBlocks::Summarize(Block* block) {
  block->stages = 0;
  block->ticket_least = 255;
  block->ticket_most = 0;
  block->first_key = ~uint32_t{0};
  const uint8_t* least = block->losses.bytes(InvestorLosses::kTicketLeast);
  const uint8_t* most = block->losses.bytes(InvestorLosses::kTicketMost);
  for (uint32_t lane = 0; lane < block->losses.count; ++lane) {
    const uint32_t key = block->entries()[lane].key;
    block->stages |= InvestorLosses::StagesOf(key);
    block->first_key = std::min(block->first_key, key);
    block->ticket_least = std::min(block->ticket_least, least[lane]);
    block->ticket_most = std::max(block->ticket_most, most[lane]);
  }
}

void InvestorBlocks::Reserve(Block* block, uint32_t count) {
  const LossBlock old = block->losses;
  if (count <= old.capacity) return;
  uint32_t capacity = old.capacity;
  while (capacity < count) capacity *= 2;
  block->losses = Allocate(capacity);
  std::vector<uint32_t> lanes(old.count);
  std::iota(lanes.begin(), lanes.end(), 0u);
  Copy(old, lanes.data(), old.count, block->losses, 0);
  block->losses.count = old.count;
  Free(old);
  Tell(block);
}

void InvestorBlocks::Move(Block* from, std::vector<uint32_t> lanes, Block* to) {
  const auto count = static_cast<uint32_t>(lanes.size());
  Reserve(to, to->losses.count + count);
  Copy(from->losses, lanes.data(), count, to->losses, to->losses.count);
  to->losses.count += count;
  std::sort(lanes.begin(), lanes.end());
  std::vector<uint32_t> left;
  for (uint32_t lane = 0; lane < from->losses.count; ++lane) {
    if (!std::binary_search(lanes.begin(), lanes.end(), lane)) left.push_back(lane);
  }
  from->losses.count = static_cast<uint32_t>(left.size());
  Copy(from->losses, left.data(), from->losses.count, from->losses, 0);
  Tell(from);
  Tell(to);
}

void InvestorBlocks::MakeRoom(size_t at) {
  std::vector<uint32_t> lanes = ByKey(blocks_[at].losses);
  const bool has_next = at + 1 < blocks_.size() && blocks_[at + 1].losses.count <= kFew;
  const size_t next = has_next ? blocks_[at + 1].losses.count : 0;
  if (!has_next) {
    Block block;
    block.losses = Allocate(static_cast<uint32_t>(LossBlock::kMost / 2));
    blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(at) + 1, block);
  }
  // The last ones, so that both have as many.
  lanes.erase(lanes.begin(), lanes.begin() + static_cast<std::ptrdiff_t>((LossBlock::kMost + next) / 2));
  Move(&blocks_[at], std::move(lanes), &blocks_[at + 1]);
}

// The last one that begins with that key or before.
size_t InvestorBlocks::BlockFor(uint32_t key) const {
  const auto it = std::upper_bound(blocks_.begin(), blocks_.end(), key,
                                   [](uint32_t k, const Block& block) { return k < block.first_key; });
  return it == blocks_.begin() ? 0 : static_cast<size_t>(it - blocks_.begin()) - 1;
}

void InvestorBlocks::Add(uint32_t investor, uint32_t number, const InvestorLosses& losses, int16_t slack) {
  if (blocks_.empty()) {
    blocks_.emplace_back();
    blocks_.back().losses = Allocate(kLeastCapacity);
  }
  size_t at = BlockFor(losses.key);
  if (blocks_[at].losses.count == LossBlock::kMost) {
    MakeRoom(at);
    at = BlockFor(losses.key);
  }
  Block& block = blocks_[at];
  Reserve(&block, block.losses.count + 1);
  const uint32_t lane = block.losses.count++;
  reinterpret_cast<int16_t*>(block.losses.memory)[lane] = slack;
  for (size_t byte = 0; byte < InvestorLosses::kBytes; ++byte) {
    const_cast<uint8_t*>(block.losses.bytes(byte))[lane] = losses.bytes[byte];
  }
  Entry& entry = EntriesOf(block.losses)[lane];
  entry.investor = investor;
  entry.number = number & (kMostNumbers - 1);
  entry.key = losses.key & ((1u << 17) - 1);
  (*places_)[investor][number] = {block.losses.memory, lane};
  Summarize(&block);
}

void InvestorBlocks::Remove(uint32_t investor, uint32_t number) {
  const PostingPlace place = (*places_)[investor][number];
  const auto it = std::find_if(blocks_.begin(), blocks_.end(),
                               [&](const Block& block) { return block.losses.memory == place.memory; });
  const auto at = static_cast<size_t>(it - blocks_.begin());
  Block& block = blocks_[at];
  const uint32_t last = --block.losses.count;
  if (place.lane != last) {
    Copy(block.losses, &last, 1, block.losses, place.lane);
    const Entry& moved = block.entries()[place.lane];
    (*places_)[moved.investor][moved.number] = place;
  }
  if (at + 1 < blocks_.size() && block.losses.count <= kVeryFew && blocks_[at + 1].losses.count <= kFew) {
    std::vector<uint32_t> all(block.losses.count);
    std::iota(all.begin(), all.end(), 0u);
    Move(&block, std::move(all), &blocks_[at + 1]);
  }
  if (block.losses.count > 0) {
    Summarize(&block);
  } else {
    Free(block.losses);
    blocks_.erase(it);
  }
}

}  // namespace tandem::pairing::matching
