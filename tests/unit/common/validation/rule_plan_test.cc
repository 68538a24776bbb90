#include "common/validation/rule_plan.h"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/timestamp.pb.h>
#include <limits>
#include <memory>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "common/validation/validator.h"
#include "tandem/investors/v1/investor_service.pb.h"
#include "tandem/pairing/v1/demo_data_service.pb.h"
#include "tandem/pairing/v1/edition_service.pb.h"
#include "tandem/pairing/v1/pairing_service.pb.h"
#include "tandem/projects/v1/project_service.pb.h"
#include "tests/unit/common/validation/validation_testing.h"

namespace tandem {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FieldDescriptorProto;
using google::protobuf::FileDescriptor;
using google::protobuf::Message;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

void ExpectNoMistakes(const Descriptor* descriptor) {
  EXPECT_THAT(PlanOf(descriptor).mistakes, IsEmpty()) << descriptor->full_name();
  for (int i = 0; i < descriptor->nested_type_count(); ++i) ExpectNoMistakes(descriptor->nested_type(i));
}

void ExpectNoMistakes(const FileDescriptor* file) {
  for (int i = 0; i < file->message_type_count(); ++i) ExpectNoMistakes(file->message_type(i));
  for (int i = 0; i < file->dependency_count(); ++i) ExpectNoMistakes(file->dependency(i));
}

TEST(RulePlan, TheContractsMakeNoMistakes) {
  ExpectNoMistakes(projects::v1::GetProjectRequest::descriptor()->file());
  ExpectNoMistakes(investors::v1::GetInvestorRequest::descriptor()->file());
  ExpectNoMistakes(pairing::v1::FindMatchesRequest::descriptor()->file());
  ExpectNoMistakes(pairing::v1::GetEditionRequest::descriptor()->file());
  ExpectNoMistakes(pairing::v1::GenerateDemoDataRequest::descriptor()->file());
}

TEST(RulePlan, ManyThreadsMayAskForAPlanFirst) {
  std::vector<const MessagePlan*> plans(8);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < plans.size(); ++i) {
    threads.emplace_back([&plans, i] {
      plans[i] = &PlanOf(investors::v1::Investor::descriptor());
      for (int round = 0; round < 100; ++round) EXPECT_THAT(FindViolations(GoodInvestor()), IsEmpty());
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const MessagePlan* plan : plans) EXPECT_EQ(plan, plans[0]);
}

// A message type of its own, for rules that no contract uses (yet).
class Made {
 public:
  Made() {
    file_.set_name(absl::StrCat("made", ++count_, ".proto"));
    file_.set_package(absl::StrCat("made", count_));
    file_.set_syntax("proto3");
    file_.add_dependency("tandem/type/v1/field_rules.proto");
    file_.add_message_type()->set_name("Made");
  }

  FieldDescriptorProto* Add(const std::string& name, FieldDescriptorProto::Type type, const type::v1::FieldRules& rules,
                            bool repeated = false) {
    auto* message = file_.mutable_message_type(0);
    FieldDescriptorProto* field = message->add_field();
    field->set_name(name);
    field->set_number(message->field_size());
    field->set_type(type);
    field->set_label(repeated ? FieldDescriptorProto::LABEL_REPEATED : FieldDescriptorProto::LABEL_OPTIONAL);
    *field->mutable_options()->MutableExtension(type::v1::rules) = rules;
    return field;
  }

  google::protobuf::DescriptorProto* message() { return file_.mutable_message_type(0); }

  // Lives for ever, as types must.
  const Descriptor* Build() {
    static auto* pool = new DescriptorPool(DescriptorPool::generated_pool());
    const FileDescriptor* file = pool->BuildFile(file_);
    return file->message_type(0);
  }

  static std::unique_ptr<Message> New(const Descriptor* descriptor) {
    static auto* factory = new google::protobuf::DynamicMessageFactory;
    return std::unique_ptr<Message>(factory->GetPrototype(descriptor)->New());
  }

 private:
  static inline int count_ = 0;
  google::protobuf::FileDescriptorProto file_;
};

type::v1::FieldRules Rules(bool required, int64_t minimum, int64_t maximum) {
  type::v1::FieldRules rules;
  rules.set_required(required);
  rules.set_minimum(minimum);
  rules.set_maximum(maximum);
  return rules;
}

TEST(RulePlan, FindsTheMistakesOfAContract) {
  Made made;
  type::v1::FieldRules rules;
  rules.set_format(type::v1::TEXT_FORMAT_DATE);
  rules.set_resource("a/{b}");
  rules.set_multiline(true);
  rules.set_unique_items(true);
  rules.set_max_items(3);
  rules.set_max_length(3);
  made.Add("number", FieldDescriptorProto::TYPE_INT32, rules);
  rules.Clear();
  rules.set_unique_key("none");
  rules.set_wildcard(true);
  rules.set_minimum(2);
  rules.set_maximum(1);
  rules.set_required(true);
  rules.set_output_only(true);
  made.Add("text", FieldDescriptorProto::TYPE_STRING, rules);
  auto* message_rules = made.message()->mutable_options()->MutableExtension(type::v1::message_rules);
  message_rules->add_any_of("nobody");
  auto* ordered = message_rules->add_ordered();
  ordered->set_lower("number");
  ordered->set_upper("text");
  EXPECT_THAT(PlanOf(made.Build()).mistakes, SizeIs(13));
}

TEST(RulePlan, NumbersOfEveryTypeAreBounded) {
  Made made;
  for (const auto type :
       {FieldDescriptorProto::TYPE_INT32, FieldDescriptorProto::TYPE_INT64, FieldDescriptorProto::TYPE_UINT32,
        FieldDescriptorProto::TYPE_UINT64, FieldDescriptorProto::TYPE_FLOAT, FieldDescriptorProto::TYPE_DOUBLE}) {
    made.Add(absl::StrCat("f", static_cast<int>(type)), type, Rules(false, 1, 9));
  }
  const Descriptor* descriptor = made.Build();
  const auto message = Made::New(descriptor);
  EXPECT_THAT(FindViolations(*message), IsEmpty());
  const auto& in = *message->GetReflection();
  in.SetInt32(message.get(), descriptor->field(0), 10);
  in.SetInt64(message.get(), descriptor->field(1), -1);
  in.SetUInt32(message.get(), descriptor->field(2), 10);
  in.SetUInt64(message.get(), descriptor->field(3), std::numeric_limits<uint64_t>::max());
  in.SetFloat(message.get(), descriptor->field(4), 0.5f);
  in.SetDouble(message.get(), descriptor->field(5), std::numeric_limits<double>::quiet_NaN());
  EXPECT_THAT(FindViolations(*message), SizeIs(6));
}

TEST(RulePlan, AMemberOfAOneofIsRequiredWhenNoneIsSet) {
  Made made;
  type::v1::FieldRules required;
  required.set_required(true);
  made.message()->add_oneof_decl()->set_name("choice");
  made.Add("text", FieldDescriptorProto::TYPE_STRING, required)->set_oneof_index(0);
  made.Add("number", FieldDescriptorProto::TYPE_INT32, {})->set_oneof_index(0);
  const Descriptor* descriptor = made.Build();
  const auto message = Made::New(descriptor);
  EXPECT_THAT(Paths(*message), ElementsAre("text"));
  message->GetReflection()->SetInt32(message.get(), descriptor->field(1), 0);
  EXPECT_THAT(Paths(*message), IsEmpty());
  message->GetReflection()->SetString(message.get(), descriptor->field(0), "");
  EXPECT_THAT(Paths(*message), ElementsAre("text"));
}

TEST(RulePlan, ARequiredOneofIsRefusedWhenNoMemberIsSet) {
  Made made;
  auto* choice = made.message()->add_oneof_decl();
  choice->set_name("choice");
  choice->mutable_options()->MutableExtension(type::v1::oneof_rules)->set_required(true);
  made.Add("text", FieldDescriptorProto::TYPE_STRING, {})->set_oneof_index(0);
  made.Add("number", FieldDescriptorProto::TYPE_INT32, {})->set_oneof_index(0);
  const Descriptor* descriptor = made.Build();
  const auto message = Made::New(descriptor);
  EXPECT_EQ(OnlyProblem(*message), "one is required: text, number");
  EXPECT_THAT(Paths(*message), ElementsAre("text"));
  EXPECT_THAT(Paths(*message, "thing"), ElementsAre("thing"));
  message->GetReflection()->SetInt32(message.get(), descriptor->field(1), 0);
  EXPECT_THAT(Paths(*message), IsEmpty());
}

TEST(RulePlan, ACriterionNeedsAWantAndAWishNeedsAWish) {
  investors::v1::Investor investor = GoodInvestor();
  investor.mutable_mandate()->add_criteria()->mutable_common_language();
  investor.mutable_mandate()->add_criteria()->set_strength(type::v1::STRENGTH_MUST);
  EXPECT_THAT(Paths(investor, "investor"), ElementsAre("investor.mandate.criteria[2]"));
  projects::v1::Project project = GoodProject();
  project.add_wishes()->set_strength(type::v1::STRENGTH_MUST_NOT);
  EXPECT_THAT(Paths(project), ElementsAre("wishes[1]"));
}

TEST(RulePlan, RequiredNumbersAndFlagsAreNotZero) {
  Made made;
  made.Add("number", FieldDescriptorProto::TYPE_INT64, Rules(true, -5, 5));
  type::v1::FieldRules required;
  required.set_required(true);
  made.Add("flag", FieldDescriptorProto::TYPE_BOOL, required);
  const auto message = Made::New(made.Build());
  EXPECT_THAT(Paths(*message), ElementsAre("number", "flag"));
}

TEST(RulePlan, DatesAndBytesAndListsOfNumbers) {
  Made made;
  type::v1::FieldRules date;
  date.set_format(type::v1::TEXT_FORMAT_DATE);
  made.Add("from", FieldDescriptorProto::TYPE_STRING, date);
  made.Add("to", FieldDescriptorProto::TYPE_STRING, date);
  type::v1::FieldRules bytes;
  bytes.set_max_length(2);
  made.Add("bytes", FieldDescriptorProto::TYPE_BYTES, bytes);
  type::v1::FieldRules list = Rules(false, 1, 9);
  list.set_unique_items(true);
  made.Add("list", FieldDescriptorProto::TYPE_INT32, list, true);
  auto* ordered = made.message()->mutable_options()->MutableExtension(type::v1::message_rules)->add_ordered();
  ordered->set_lower("from");
  ordered->set_upper("to");
  const Descriptor* descriptor = made.Build();
  EXPECT_THAT(PlanOf(descriptor).mistakes, IsEmpty());
  const auto message = Made::New(descriptor);
  const auto& in = *message->GetReflection();
  in.SetString(message.get(), descriptor->field(0), "2027-01-02");
  EXPECT_THAT(Paths(*message), IsEmpty());
  in.SetString(message.get(), descriptor->field(1), "2027-01-01");
  in.SetString(message.get(), descriptor->field(2), std::string("\xff\x00\x01", 3));
  for (const int value : {3, 10, 3}) in.AddInt32(message.get(), descriptor->field(3), value);
  EXPECT_THAT(Paths(*message), ElementsAre("bytes", "list[1]", "list[2]", "from"));
}

TEST(RulePlan, TimesAndDurationsStayInTheirYears) {
  google::protobuf::Timestamp time;
  EXPECT_THAT(FindViolations(time), IsEmpty());
  time.set_seconds(253402300799);
  time.set_nanos(999999999);
  EXPECT_THAT(FindViolations(time), IsEmpty());
  time.set_seconds(253402300800);
  EXPECT_THAT(FindViolations(time), SizeIs(1));
  time.set_seconds(0);
  time.set_nanos(-1);
  EXPECT_THAT(FindViolations(time), SizeIs(1));

  google::protobuf::Duration duration;
  duration.set_seconds(-1);
  duration.set_nanos(-5);
  EXPECT_THAT(FindViolations(duration), IsEmpty());
  duration.set_nanos(5);
  EXPECT_THAT(FindViolations(duration), SizeIs(1));
  duration.set_seconds(315576000001);
  EXPECT_THAT(FindViolations(duration), SizeIs(1));
}

}  // namespace
}  // namespace tandem
