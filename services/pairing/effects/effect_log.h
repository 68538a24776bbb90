// EffectLog: which changes of other services' records have effects here, and how far that is known.
//
//   effects/at/<source>                                            the position up to which every effect was noted
//   effects/due/<source>/<epoch>/<revision>/<edition>/<plural>/<id>  one effect that is still to be done
//
// Both unlogged. A change is noted once: the position moves past it in the transaction that adds its row. The effect is
// done once: its row goes in the transaction of the effect. So rows do not gather, and one is never missed.
#ifndef TANDEM_SERVICES_PAIRING_EFFECTS_EFFECT_LOG_H_
#define TANDEM_SERVICES_PAIRING_EFFECTS_EFFECT_LOG_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/storage/record_store.h"
#include "common/tokens/consistency_token.h"

namespace tandem::pairing::effects {

// One change of a project's or an investor's record that may do something to pairings.
struct Effect {
  enum class Kind {
    kLeft,     // the record was withdrawn, rejected or deleted
    kMissed,   // the source's snapshot had no such record
    kChanged,  // it was edited
  };
  std::string source;  // as in consistency tokens
  Position at;         // of the change
  Kind kind = Kind::kChanged;
  std::string party;   // resource name
  std::string detail;  // such as `project withdrawn`
};

// An effect as it waits in the store.
struct DueEffect {
  Effect effect;
  Record row;

  // Holds while nobody has done it, and says that it is done.
  Transaction Guard() const;
};

// Up to where the effects of a source were noted, as it was read.
struct Noted {
  Position position;  // empty epoch: nowhere
  std::optional<Record> row;

  // Whether everything up to `position` is noted. Another epoch is another history.
  bool Covers(const Position& other) const {
    return position.epoch == other.epoch && position.revision >= other.revision;
  }
};

// Thread-safe: a value over a store, which is not owned.
class EffectLog {
 public:
  explicit EffectLog(RecordStore* store) : store_(store) {}

  absl::StatusOr<Noted> Read(const std::string& source) const;

  // Adds `effects` of `source` and moves on to `to`, if `noted` is still so: ABORTED when it is not, and then nothing
  // is done. More than a transaction should hold are added in several; only the last one moves on.
  absl::Status Note(const std::string& source, const Noted& noted, const Position& to,
                    const std::vector<Effect>& effects) const;

  // All effects that are due, those of a source in the order of its changes.
  absl::StatusOr<std::vector<DueEffect>> Due() const;

 private:
  RecordStore* store_;
};

// The key of the position of `source`: of what was judged on everything that had been noted.
std::string NotedKey(absl::string_view source);
// The key of an effect.
std::string DueKey(const Effect& effect);

}  // namespace tandem::pairing::effects

#endif  // TANDEM_SERVICES_PAIRING_EFFECTS_EFFECT_LOG_H_
