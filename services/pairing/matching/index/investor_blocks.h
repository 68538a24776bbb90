// A list of investors in blocks of at most 64, each with the bytes that bound their scores.
//
// Investors of the same stages and of similar tickets are in the same block, so that a project leaves out most blocks
// for what is known of all investors in it.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_INVESTOR_BLOCKS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_INVESTOR_BLOCKS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/pairing/matching/index/huge_pages.h"
#include "services/pairing/matching/index/investor_losses.h"
#include "services/pairing/matching/index/loss_scan.h"

namespace tandem::pairing::matching {

// Where a posting is. A value; valid until the next change of its list.
struct PostingPlace {
  uint8_t* memory = nullptr;  // LossBlock::memory
  uint32_t lane = 0;

  int16_t* slack() const { return reinterpret_cast<int16_t*>(memory) + lane; }
};
// By investor and by the number of the posting among those of the investor.
using PostingPlaces = HugeVector<std::vector<PostingPlace>>;

// One thread. Memory of 227 bytes a posting, about 300 with what is free in blocks, is the arena's. A change moves some
// 30 postings at the most, and tells `places`, where the investor has as many as there are numbers.
class InvestorBlocks {
 public:
  struct Entry {
    uint32_t investor = 0;
    uint32_t number : 15 = 0;
    uint32_t key : 17 = 0;  // InvestorLosses::key
  };
  static constexpr size_t kMostNumbers = size_t{1} << 15;

  // What the investors of a block have in common.
  struct Block {
    LossBlock losses;
    uint32_t stages = 0;  // bit by bit, those that any of them may accept
    uint32_t first_key = 0;
    uint8_t ticket_least = 255, ticket_most = 0;

    const Entry* entries() const { return EntriesOf(losses); }
    bool MayMeet(const LossProbe& probe) const {
      return (stages & probe.stage) != 0 && ticket_least <= probe.ask_most && ticket_most >= probe.ask_least;
    }
  };

  InvestorBlocks(LineArena* arena, PostingPlaces* places) : arena_(arena), places_(places) {}
  InvestorBlocks(const InvestorBlocks&) = delete;
  InvestorBlocks& operator=(const InvestorBlocks&) = delete;

  void Add(uint32_t investor, uint32_t number, const InvestorLosses& losses, int16_t slack);
  void Remove(uint32_t investor, uint32_t number);

  // Asks the processor to fetch what is known of the first blocks.
  void Prefetch() const {
    asm volatile("");  // see FlatForm::PrefetchPoints
    constexpr size_t kBlocks = 16;
    for (size_t i = 0; i < std::min(blocks_.size(), kBlocks); i += 2) __builtin_prefetch(&blocks_[i]);
  }
  const std::vector<Block>& blocks() const { return blocks_; }
  size_t bytes() const { return sizeof(*this) + blocks_.capacity() * sizeof(Block); }  // without the arena's

 private:
  static constexpr size_t kColumns = sizeof(int16_t) + InvestorLosses::kBytes;
  static constexpr uint32_t kLeastCapacity = 8;

  static size_t BytesFor(uint32_t capacity) { return (kColumns + sizeof(Entry)) * capacity + LossBlock::kSpill; }
  static Entry* EntriesOf(const LossBlock& block) {
    return reinterpret_cast<Entry*>(block.memory + kColumns * block.capacity);
  }
  // Some lanes of one block to those from `at` on of another, or of the same: then the lanes must rise, from `at` on.
  static void Copy(const LossBlock& from, const uint32_t* lanes, uint32_t count, const LossBlock& to, uint32_t at);
  // Lanes in the order of their keys.
  static std::vector<uint32_t> ByKey(const LossBlock& block);

  LossBlock Allocate(uint32_t capacity);
  void Free(const LossBlock& block);
  // At least so many.
  void Reserve(Block* block, uint32_t count);
  // Those lanes of a block to the end of another, which has room.
  void Move(Block* from, std::vector<uint32_t> lanes, Block* to);
  void MakeRoom(size_t at);
  // Where its investors are, and what they have in common.
  void Tell(Block* block);
  void Summarize(Block* block);
  size_t BlockFor(uint32_t key) const;

  LineArena* const arena_;
  PostingPlaces* const places_;
  std::vector<Block> blocks_;  // by key
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_INVESTOR_BLOCKS_H_
