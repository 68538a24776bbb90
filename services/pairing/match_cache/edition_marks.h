// Edition marks: since when an answer about an edition is still right.
#ifndef TANDEM_SERVICES_PAIRING_MATCH_CACHE_EDITION_MARKS_H_
#define TANDEM_SERVICES_PAIRING_MATCH_CACHE_EDITION_MARKS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "services/pairing/market_feed/market_store.h"
#include "services/pairing/matching/change_marks.h"
#include "services/pairing/matching/market_view.h"

namespace tandem::pairing {

// What an answer depends on.
struct AnswerSubject {
  uint32_t slot = 0;  // of the subject
  bool for_investor = true;
  bool takes_part = true;       // else nobody was considered
  bool plain = false;           // the list is one of those that announcements name
  size_t wanted = 0;            // its places, if it is plain
  std::vector<uint32_t> shown;  // slots of the counterparts in it
};

// The marks as of one announcement. Immutable, hence thread-safe.
class EditionMarks {
 public:
  // The newest version that these marks know of.
  uint64_t version() const { return version_; }
  // The view of that version; null when nobody had looked at the edition.
  const std::shared_ptr<const matching::MarketView>& view() const { return view_; }
  // What was applied with that version.
  const std::shared_ptr<const ConsistencyToken>& applied() const { return applied_; }

  // The version with which the answer changed last, as far as can be known: computed from that view or from one after
  // it up to version(), it is the answer of the view of these marks. REQUIRES: view() is not null.
  uint64_t LastChange(const AnswerSubject& subject) const;
  // The same for all that the subject could be answered, the later pages too.
  uint64_t LastChangeOfAll(const AnswerSubject& subject) const;

  // A copy that knows its view: the one that was shown after an announcement without any.
  std::shared_ptr<const EditionMarks> WithView(const MarketStore::Dated& shown) const;

 private:
  friend class MarksWriter;
  uint64_t LastChangeOfList(const AnswerSubject& subject) const;
  // Whether announcements name every change of the list: they are about lists from which nobody is gone, so that there
  // must be room for those who are.
  bool IsNamed(const AnswerSubject& subject) const;

  uint64_t version_ = 0;
  std::shared_ptr<const matching::MarketView> view_;
  std::shared_ptr<const ConsistencyToken> applied_;
  // Versions at which plain lists changed: of all, or of single ones.
  uint64_t all_investors_ = 0, all_projects_ = 0;
  matching::MarkTable investors_, projects_;
};

// Takes in announcements, one at a time.
class MarksWriter {
 public:
  std::shared_ptr<const EditionMarks> Note(const MarketStore::Announcement& announcement);

 private:
  uint64_t all_investors_ = 0, all_projects_ = 0;
  matching::MarkTable investors_, projects_;
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_MATCH_CACHE_EDITION_MARKS_H_
