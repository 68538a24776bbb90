// Composes names and texts out of the words.
#ifndef TANDEM_SERVICES_PAIRING_DEMO_DATA_TEXTS_H_
#define TANDEM_SERVICES_PAIRING_DEMO_DATA_TEXTS_H_

#include <string>

#include "google/protobuf/repeated_ptr_field.h"

#include "services/pairing/demo_data/places.h"
#include "services/pairing/demo_data/prng.h"
#include "services/pairing/demo_data/taste.h"
#include "services/pairing/demo_data/words.h"
#include "tandem/type/v1/types.pb.h"

namespace tandem::pairing {

// The same text in both languages.
struct Text {
  std::string en;
  std::string zh;
  const std::string& In(bool chinese) const { return chinese ? zh : en; }
};

// A made-up name of an organisation that does what the subsector does.
Text CompanyName(const Subsector& subsector, const Spot& spot, Prng* prng);
// A made-up name of an investor of that kind.
Text InvestorName(const Taste& taste, Prng* prng);

// What a project or company is about: one choice of the subsector's words.
struct Topic {
  const Subsector* subsector;
  const Phrase* technology;
  const Phrase* problem;
  const Phrase* application;
};
Topic PickTopic(const Subsector& subsector, Prng* prng);

Text TopicTitle(const Topic& topic);
Text TopicSummary(const Topic& topic, int trl, Prng* prng);
// What an investor says of itself.
Text Thesis(const Taste& taste, Prng* prng);

using Texts = google::protobuf::RepeatedPtrField<type::v1::LocalizedText>;

// Appends the original and, in `translated_percent` of 100 cases, its translation. `description` may be empty.
void AddTexts(const Text& title, const Text& summary, const Text& description, bool chinese_first,
              int translated_percent, Prng* prng, Texts* texts);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_DEMO_DATA_TEXTS_H_
