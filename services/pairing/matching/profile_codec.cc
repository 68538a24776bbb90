#include "services/pairing/matching/profile_codec.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <type_traits>
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
    NumberOf<&Profile::open_part_should>("open_part_should", 0, 1'000'000),
    NumberOf<&Profile::open_part_nice>("open_part_nice", 0, 1'000'000),
    NumberOf<&Profile::known_until_day>("known_until_day", 0, 4'000'000),
};

// Knots of a shape: more say nothing that can be told apart, and values and points stay within 32 bits.
constexpr int kMostKnots = 100;
constexpr int32_t kLargestPoints = 30'000;
constexpr int kMostFeatures = 200'000;

void ReadShape(const v1::SignalWeight& weight, const std::string& path, Shape* shape,
               std::vector<FieldViolation>* violations) {
  if (weight.shape_size() == 1 || weight.shape_size() > kMostKnots) {
    violations->push_back({absl::StrCat(path, ".shape"),
                           absl::StrCat("must have no knot, or 2 to ", kMostKnots, ", not ", weight.shape_size())});
    return;
  }
  for (const v1::Knot& knot : weight.shape()) {
    const bool ascends = shape->knots.empty() || knot.value() > shape->knots.back().value;
    if (!ascends || std::abs(int64_t{knot.value()}) > 10 * kLargestPoints ||
        std::abs(int64_t{knot.points()}) > kLargestPoints) {
      violations->push_back(
          {absl::StrCat(path, ".shape"), absl::StrCat("must rise by value, with points of at most ", kLargestPoints,
                                                      ", unlike (", knot.value(), ", ", knot.points(), ")")});
      return;
    }
    shape->knots.push_back({knot.value(), knot.points()});
  }
}

void ReadWeights(const v1::RankingProfile& proto, Profile* profile, std::vector<FieldViolation>* violations) {
  absl::flat_hash_set<size_t> seen;
  for (int i = 0; i < proto.weights_size(); ++i) {
    const v1::SignalWeight& weight = proto.weights(i);
    const std::string path = absl::StrCat("weights[", i, "]");
    size_t feature = 0;
    while (feature < kFeatureCount && NameOf(static_cast<Feature>(feature)) != weight.feature()) ++feature;
    if (feature == kFeatureCount) {
      violations->push_back(
          {absl::StrCat(path, ".feature"), absl::StrCat("\"", weight.feature(), "\" is none of this build")});
      continue;
    }
    if (!seen.insert(feature).second) violations->push_back({path, "names a feature a second time"});
    if (weight.weight_thousandths() < -kLargestWeight || weight.weight_thousandths() > kLargestWeight) {
      violations->push_back({absl::StrCat(path, ".weight_thousandths"),
                             absl::StrCat("must be from ", -kLargestWeight, " to ", kLargestWeight, ", not ",
                                          weight.weight_thousandths())});
    }
    profile->shapes[feature].weight = weight.weight_thousandths();
    ReadShape(weight, path, &profile->shapes[feature], violations);
  }
}

void ReadDemand(const v1::RankingProfile& proto, Profile* profile, std::vector<FieldViolation>* violations) {
  if (proto.features_size() > kMostFeatures) {
    violations->push_back(
        {"features", absl::StrCat("must be at most ", kMostFeatures, ", not ", proto.features_size())});
    return;
  }
  for (int i = 0; i < proto.features_size(); ++i) {
    const v1::FeaturePoints& feature = proto.features(i);
    if (std::abs(int64_t{feature.points()}) > kLargestPoints) {
      violations->push_back({absl::StrCat("features[", i, "].points"),
                             absl::StrCat("must be within ", kLargestPoints, ", not ", feature.points())});
    }
    profile->demand[feature.feature()] = feature.points();
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
  profile.shapes = {};
  std::vector<FieldViolation> violations;
  ReadWeights(proto, &profile, &violations);
  ReadParameters(proto, &profile, &violations);
  ReadDemand(proto, &profile, &violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  return profile;
}

v1::RankingProfile ToProto(const Profile& profile, absl::string_view edition) {
  v1::RankingProfile proto;
  proto.set_name(absl::StrCat(edition, "/profiles/", profile.id));
  proto.set_number(profile.number);
  for (size_t i = 0; i < kFeatureCount; ++i) {
    const Shape& shape = profile.shapes[i];
    if (shape.weight == 0 && shape.knots.empty()) continue;
    const auto feature = static_cast<Feature>(i);
    const TermKind kind = KindOf(feature);
    v1::SignalWeight* weight = proto.add_weights();
    weight->set_feature(std::string(NameOf(feature)));
    weight->set_signal(kind.record != v1::SIGNAL_UNSPECIFIED ? kind.record : kind.mandate);
    weight->set_side(kind.side);
    weight->set_weight_thousandths(shape.weight);
    for (const Shape::Knot& knot : shape.knots) {
      v1::Knot* corner = weight->add_shape();
      corner->set_value(knot.value);
      corner->set_points(knot.points);
    }
  }
  for (const Number& number : kNumbers) {
    v1::Parameter* parameter = proto.add_parameters();
    parameter->set_name(number.name);
    parameter->set_value(number.get(profile));
  }
  const std::map<std::string, int32_t> demand(profile.demand.begin(), profile.demand.end());  // in the order of names
  for (const auto& [feature, points] : demand) {
    v1::FeaturePoints* added = proto.add_features();
    added->set_feature(feature);
    added->set_points(points);
  }
  return proto;
}

std::string ProfileId(absl::string_view name_or_id) {
  const absl::string_view id = name_or_id.substr(name_or_id.rfind('/') + 1);
  return id.empty() ? DefaultProfile().id : std::string(id);
}

}  // namespace tandem::pairing::matching
