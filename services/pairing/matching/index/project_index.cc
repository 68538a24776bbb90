#include "services/pairing/matching/index/project_index.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>
#include <vector>

#include "services/pairing/matching/index/project_version.h"
#include "services/pairing/matching/index/row_codec.h"

namespace tandem::pairing::matching {
namespace {

static_assert(RowColumn(kSortedColumn) == kLanguageColumn);

// kNoSector where there is none.
void PackOthers(const uint16_t* sectors, size_t count, size_t own, Posting* posting) {
  unsigned others[kOthers] = {kNoSector, kNoSector, kNoSector, kNoSector};
  unsigned* next = others;
  for (size_t i = 0; i < count; ++i) {
    if (i != own) *next++ = sectors[i];
  }
  for (size_t i = 0; i < kOthers; ++i) posting->others_low[i] = static_cast<uint8_t>(others[i]);
  for (size_t i = 0; i < kOthers / 2; ++i) {
    posting->others_high[i] = static_cast<uint8_t>(others[2 * i] >> 8 | (others[2 * i + 1] >> 8) << 4);
  }
}

SectorCells* WritableCells(ProjectCore& core, ProjectVersion& version, uint32_t address) {
  VersionedPool& pool = core.pool;
  auto* cells = static_cast<SectorCells*>(version.sectors.Get(address));
  if (cells != nullptr && cells->born == pool.version()) return cells;
  void* memory = pool.Allocate(sizeof(SectorCells), VersionedPool::kDirectory);
  SectorCells* copy = cells == nullptr ? new (memory) SectorCells{} : new (memory) SectorCells(*cells);
  copy->born = pool.version();
  if (cells != nullptr) pool.Retire(cells, sizeof(SectorCells), VersionedPool::kDirectory, cells->born);
  version.sectors.Set(pool, address, copy);
  return copy;
}

}  // namespace

ProjectIndex::ProjectIndex(const SlotOrder* order)
    : core_(std::make_shared<ProjectCore>(order)), version_(std::make_unique<ProjectVersion>()) {
  norm_numbers_.fill(kOtherNorm);
}

ProjectIndex::~ProjectIndex() = default;

uint8_t ProjectIndex::NormNumber(uint16_t norm) {
  if (norm >= norm_numbers_.size()) return kOtherNorm;
  uint8_t& number = norm_numbers_[norm];
  if (number == kOtherNorm && version_->norm_count < kOtherNorm) {
    number = static_cast<uint8_t>(version_->norm_count++);
    core_->norms[number] = norm;
  }
  return number;
}

void ProjectIndex::Post(uint32_t slot, const ProjectRow& row, bool has_text, Change change) {
  Posting posting;
  posting.slot = slot;
  if (row.codes[kAskColumn] != 0) {
    posting.ask_least = ShortAsk(row.ask_least);
    posting.ask_most = ShortAsk(row.ask_most);
  }
  posting.points = row.points;
  posting.norm = NormNumber(row.sector_norm);
  const uint32_t stage = std::min<uint32_t>(row.codes[kStageColumn], kStageClasses - 1);
  const bool codes_fit = posting.norm != kOtherNorm && row.codes[kStageColumn] < kStageClasses - 1;
  for (size_t c = 0; c < kPostingColumns; ++c) {
    const uint32_t code = row.codes[RowColumn(c)];
    posting.codes[c] = FoldCode(code);
    version_->codes_end[c] = std::max(version_->codes_end[c], code + 1);
  }
  std::array<uint16_t, ProjectRow::kMostSectors> sectors = row.sectors;
  const size_t count = row.sector_count;
  std::sort(sectors.begin(), sectors.begin() + static_cast<ptrdiff_t>(count));
  const bool sectors_fit = count <= kOthers + 1 && (count == 0 || sectors[count - 1] < kNoSector);
  const unsigned flags = kEvery | (has_text ? kHasText : 0u) | (row.extra_points ? kExtraPoints : 0u) |
                         (row.extra_gates ? kExtraGates : 0u) | (codes_fit ? 0u : kOtherCodes) |
                         (sectors_fit ? 0u : kOtherSectors);

  for (size_t i = 0; i < std::max<size_t>(count, 1); ++i) {
    posting.flags = static_cast<uint8_t>(flags | (i == 0 ? kPrimary : 0u));
    PackOthers(sectors.data(), sectors_fit ? count : 0, i, &posting);
    const uint32_t address = count == 0 ? 0 : sectors[i] + 1u;
    PostingTree& cell = WritableCells(*core_, *version_, address)->stages[stage];
    if (change == Change::kInsert) {
      cell.Insert(core_->pool, posting);
      ++postings_;
    } else {
      cell.Remove(core_->pool, PostingKey(posting));
      --postings_;
    }
    ++changed_;
  }
  if (count > 0) version_->sectors_end = std::max(version_->sectors_end, sectors[count - 1] + 1u);
}

void ProjectIndex::Put(uint32_t slot, const ProjectRow& row) {
  const std::string encoded = EncodeRow(row);
  const std::string text = row.text == nullptr ? std::string() : EncodeText(*row.text);
  const absl::string_view old = version_->rows.Get(slot);
  const absl::string_view old_text = version_->texts.Get(slot);
  const bool same_text = old_text == text;
  if (!old.empty() && same_text && old == encoded) return;
  if (old.empty()) {
    ++version_->size;
  } else {
    Post(slot, DecodeRow(old), !old_text.empty(), Change::kRemove);
  }
  Post(slot, row, !text.empty(), Change::kInsert);
  version_->rows.Set(core_->pool, slot, encoded);
  if (same_text) return;
  version_->texts.Set(core_->pool, slot, text);
  if (row.text == nullptr) return;
  version_->signatures.Set(core_->pool, slot, SignatureOf(*row.text));
  version_->text_norm_most = std::max(version_->text_norm_most, TextNorm(*row.text));
}

void ProjectIndex::Remove(uint32_t slot) {
  const absl::string_view old = version_->rows.Get(slot);
  if (old.empty()) return;
  Post(slot, DecodeRow(old), false, Change::kRemove);
  version_->rows.Set(core_->pool, slot, {});
  version_->texts.Set(core_->pool, slot, {});
  --version_->size;
}

void ProjectIndex::Pack() {
  struct Packed {
    PostingTree* tree;
    size_t end;  // of its postings
  };
  std::vector<Packed> cells;
  std::vector<Posting> postings;
  postings.reserve(postings_);
  for (uint32_t address = 0; address <= version_->sectors_end; ++address) {
    if (version_->sectors.Get(address) == nullptr) continue;
    for (PostingTree& tree : WritableCells(*core_, *version_, address)->stages) {
      tree.TakeAll(core_->pool, &postings);
      cells.push_back({&tree, postings.size()});
    }
  }
  core_->pool.SortFree();
  size_t from = 0;
  for (const Packed& cell : cells) {
    cell.tree->Fill(core_->pool, postings.data() + from, cell.end - from);
    from = cell.end;
  }
}

std::shared_ptr<const ProjectIndexSnapshot> ProjectIndex::Publish() {
  // What comes in any order leaves room in every block, and a query reads whole blocks. A few changes are packed where
  // they happen.
  if (changed_ > postings_ / 4) Pack();
  changed_ = 0;
  return std::make_shared<ProjectIndexSnapshot>(core_, *version_, core_->pool.Seal());
}

IndexMemory ProjectIndex::memory() const {
  const VersionedPool& pool = core_->pool;
  IndexMemory memory;
  memory.structured = pool.used(VersionedPool::kStructured);
  memory.text = pool.used(VersionedPool::kText);
  memory.bookkeeping = pool.reserved() - memory.structured - memory.text;
  return memory;
}

ProjectIndexSnapshot::ProjectIndexSnapshot(std::shared_ptr<ProjectCore> core, const ProjectVersion& version,
                                           uint32_t sealed)
    : core_(std::move(core)), version_(std::make_unique<const ProjectVersion>(version)), sealed_(sealed) {}

ProjectIndexSnapshot::~ProjectIndexSnapshot() { core_->pool.Drop(sealed_); }

std::optional<ProjectRow> ProjectIndexSnapshot::Row(uint32_t slot) const {
  const absl::string_view encoded = version_->rows.Get(slot);
  if (encoded.empty()) return std::nullopt;
  ProjectRow row = DecodeRow(encoded);
  const absl::string_view text = version_->texts.Get(slot);
  if (!text.empty()) row.text = std::make_shared<const TextWeights>(DecodeText(text));
  return row;
}

size_t ProjectIndexSnapshot::size() const { return version_->size; }

}  // namespace tandem::pairing::matching
