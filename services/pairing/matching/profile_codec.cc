#include "services/pairing/matching/profile_codec.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"

namespace tandem::pairing::matching {
namespace {

// A signal that counted a hundredfold would drown all others.
constexpr int32_t kLargestWeight = 100'000;

struct Number {
  const char* name;
  int64_t least, most;  // products with them stay within 64 bits
  int64_t (*get)(const Profile&);
  void (*set)(Profile*, int64_t);
};

template <auto Member>
constexpr Number NumberOf(const char* name, int64_t least, int64_t most) {
  return {name, least, most, [](const Profile& profile) -> int64_t { return profile.*Member; },
          [](Profile* profile, int64_t value) {
            profile->*Member = static_cast<std::remove_reference_t<decltype(profile->*Member)>>(value);
          }};
}

constexpr std::array kNumbers = {
    NumberOf<&Profile::track_half_life_days>("track_half_life_days", 1, 36'500),
    NumberOf<&Profile::activity_half_life_days>("activity_half_life_days", 1, 36'500),
    NumberOf<&Profile::track_smoothing>("track_smoothing", 1, 1'000'000'000),
    NumberOf<&Profile::open_part_should>("open_part_should", 0, 1'000'000),
    NumberOf<&Profile::open_part_nice>("open_part_nice", 0, 1'000'000),
    NumberOf<&Profile::usual_activity>("usual_activity", 1, 1'000'000'000),
    NumberOf<&Profile::least_activity>("least_activity", 1, 1'000'000'000),
};

void ReadWeights(const v1::RankingProfile& proto, Profile* profile, std::vector<FieldViolation>* violations) {
  absl::flat_hash_set<size_t> seen;
  for (int i = 0; i < proto.weights_size(); ++i) {
    const v1::SignalWeight& weight = proto.weights(i);
    const std::string path = absl::StrCat("weights[", i, "]");
    size_t term = 0;
    while (term < kTermCount && (KindOf(term).signal != weight.signal() || KindOf(term).side != weight.side())) ++term;
    if (term == kTermCount) {
      violations->push_back({path, absl::StrCat("signal ", v1::Signal_Name(weight.signal()), " seen from ",
                                                type::v1::Side_Name(weight.side()), " is none of this build")});
      continue;
    }
    if (!seen.insert(term).second) violations->push_back({path, "names a signal and side a second time"});
    if (weight.weight_thousandths() < -kLargestWeight || weight.weight_thousandths() > kLargestWeight) {
      violations->push_back({absl::StrCat(path, ".weight_thousandths"),
                             absl::StrCat("must be from ", -kLargestWeight, " to ", kLargestWeight, ", not ",
                                          weight.weight_thousandths())});
    }
    if (weight.shape_size() > 0) violations->push_back({absl::StrCat(path, ".shape"), "is not known to this build"});
    profile->weight[term] = weight.weight_thousandths();
  }
}

void ReadParameters(const v1::RankingProfile& proto, Profile* profile, std::vector<FieldViolation>* violations) {
  absl::flat_hash_set<absl::string_view> seen;
  for (int i = 0; i < proto.parameters_size(); ++i) {
    const v1::Parameter& parameter = proto.parameters(i);
    const std::string path = absl::StrCat("parameters[", i, "]");
    const auto* number = std::find_if(kNumbers.begin(), kNumbers.end(),
                                      [&](const Number& each) { return parameter.name() == each.name; });
    if (number == kNumbers.end()) {
      violations->push_back(
          {absl::StrCat(path, ".name"), absl::StrCat(parameter.name(), " is not known to this build")});
      continue;
    }
    if (!seen.insert(parameter.name()).second) violations->push_back({path, "names a parameter a second time"});
    if (parameter.value() < number->least || parameter.value() > number->most) {
      violations->push_back(
          {absl::StrCat(path, ".value"), absl::StrCat(number->name, " must be from ", number->least, " to ",
                                                      number->most, ", not ", parameter.value())});
      continue;
    }
    number->set(profile, parameter.value());
  }
}

}  // namespace

absl::StatusOr<Profile> ProfileFromProto(const v1::RankingProfile& proto) {
  Profile profile = DefaultProfile();
  profile.id = ProfileId(proto.name());
  profile.number = proto.number();
  profile.weight = {};
  std::vector<FieldViolation> violations;
  ReadWeights(proto, &profile, &violations);
  ReadParameters(proto, &profile, &violations);
  if (proto.features_size() > 0) violations.push_back({"features", "are not known to this build"});
  if (!violations.empty()) return InvalidFields(std::move(violations));
  return profile;
}

v1::RankingProfile ToProto(const Profile& profile, absl::string_view edition) {
  v1::RankingProfile proto;
  proto.set_name(absl::StrCat(edition, "/profiles/", profile.id));
  proto.set_number(profile.number);
  for (size_t term = 0; term < kTermCount; ++term) {
    if (profile.weight[term] == 0) continue;
    v1::SignalWeight* weight = proto.add_weights();
    weight->set_signal(KindOf(term).signal);
    weight->set_side(KindOf(term).side);
    weight->set_weight_thousandths(profile.weight[term]);
  }
  for (const Number& number : kNumbers) {
    v1::Parameter* parameter = proto.add_parameters();
    parameter->set_name(number.name);
    parameter->set_value(number.get(profile));
  }
  return proto;
}

std::string ProfileId(absl::string_view name_or_id) {
  const absl::string_view id = name_or_id.substr(name_or_id.rfind('/') + 1);
  return id.empty() ? DefaultProfile().id : std::string(id);
}

}  // namespace tandem::pairing::matching
