// Upper bounds of an investor's score for a project, in bytes that are compared for 64 investors at once.
//
// A project has one code in every column, and loses there what the investor gives its best code more. For each of the
// codes that matter most, and for each remainder of the others, there is a byte: what it loses at the least, in steps.
// So a project reads one byte of an investor for each column, and these bytes are side by side for 64 investors.
// Sectors are told in the same way, as what they give at the most. What is not read costs memory only.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_INVESTOR_LOSSES_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_INVESTOR_LOSSES_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

// What is known of an investor in the list of a sector, one after the other. A value.
struct InvestorLosses {
  static constexpr size_t kGains = 64, kColumnBytes = 148;
  static constexpr size_t kTicketLeast = 0, kTicketMost = 1, kOwn = 2, kText = 3, kExtra = 4, kGain = 5,
                          kLoss = kGain + kGains, kBytes = kLoss + kColumnBytes;
  static constexpr uint8_t kRefusedLoss = 255, kMostLoss = 254;
  static constexpr uint16_t kNoSector = 0xffff;
  // So many points are a step: everywhere but of sectors and texts, whose bytes have a greater range.
  static constexpr int kStep = 16, kSectorStep = 32, kTextStep = 32;
  // How far the best score may be above the last place, in steps. More than kMostSlack is not known: kAlways.
  static constexpr int16_t kLeastSlack = -20000, kMostSlack = 12000, kAlways = 20000;

  explicit InvestorLosses(const InvestorForm& form);
  // As seen from the list of that sector: it is `own`, and not among the gains. kNoSector: from no sector's list.
  void SetOwn(const InvestorForm& form, uint16_t sector);

  // The slack of an investor of that `best` of whom a score below `floor` does not count.
  static int16_t Slack(int64_t best, int64_t floor);

  // The stages between the first and the last one that an investor of that key accepts.
  static uint32_t StagesOf(uint32_t key);

  std::array<uint8_t, kBytes> bytes = {};
  uint32_t key = 0;  // 17 bits: those stages, then the middle of the ticket
  // Bias with the best points of every column, of extras if they are always asked for, and of what the bytes have no
  // room for.
  int64_t best = 0;
};

// Where the bytes for one project are, and what they are compared with.
struct LossProbe {
  LossProbe() = default;
  // `asks`: extras may add to a score though the investor does not say so. `text_length`: of its weights.
  LossProbe(const ProjectRow& row, uint32_t text_length, bool asks);
  // For the list of the project's sector number `at`.
  LossProbe Without(size_t at) const;

  static constexpr uint32_t kMostTextLength = 2048;

  uint32_t stage = 0;  // its bit
  std::array<uint16_t, kColumnCount> losses = {};
  // Two of a sector: it gives no more than either of them.
  std::array<std::array<uint16_t, 2>, ProjectRow::kMostSectors> gains = {};
  uint16_t gain_count = 0;
  int16_t norm = 0;          // 16ths of ProjectRow::sector_norm
  int16_t points = 0;        // of the row, and what is lost by rounding, in steps
  uint16_t text_factor = 0;  // 0: no text
  bool extra = false;
  bool bounded = true;  // else only gates tell
  uint8_t ask_least = 0, ask_most = 255;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_INVESTOR_LOSSES_H_
