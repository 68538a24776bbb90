// Representatives over gRPC, beside the editions they belong to; and an edition's agenda.
#include "absl/strings/str_cat.h"

#include "tests/integration/services/servers_fixture.h"

namespace tandem {
namespace {

namespace pb = pairing::v1;
using testing::Contains;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

class RepresentativesTest : public ServersTest {
 protected:
  void SetUp() override {
    ServersTest::SetUp();
    MakeEdition("ciep2027");
  }
  static pb::Representative Valid(const std::string& external_id = "") {
    pb::Representative representative;
    representative.set_external_id(external_id);
    representative.add_parties("editions/ciep2027/investors/green");
    representative.add_languages("en");
    return representative;
  }
  grpc::Status Create(const std::string& id, const pb::Representative& representative, const std::string& side = "") {
    pb::CreateRepresentativeRequest request;
    request.set_parent("editions/ciep2027");
    request.set_representative_id(id);
    *request.mutable_representative() = representative;
    return representatives_->CreateRepresentative(Context(side).get(), request, &read_);
  }
  grpc::Status Get(const std::string& id) {
    pb::GetRepresentativeRequest request;
    request.set_name("editions/ciep2027/representatives/" + id);
    return representatives_->GetRepresentative(Context().get(), request, &read_);
  }

  pb::Representative read_;
};

TEST_F(RepresentativesTest, OneIsMadeReadAndChanged) {
  ASSERT_TRUE(Create("ms-li", Valid("crm-1")).ok());
  EXPECT_FALSE(read_.etag().empty());
  EXPECT_FALSE(read_.consistency_token().empty());
  EXPECT_EQ(ReasonOf(Create("ms-li", Valid())), "RESOURCE_EXISTS");
  EXPECT_EQ(ReasonOf(Create("mr-li", Valid("crm-1"))), "RESOURCE_EXISTS");
  ASSERT_TRUE(Get("ms-li").ok());
  EXPECT_THAT(read_.parties(), ElementsAre("editions/ciep2027/investors/green"));
  EXPECT_EQ(ReasonOf(Get("mr-li")), "RESOURCE_NOT_FOUND");

  pb::UpdateRepresentativeRequest update;
  update.mutable_representative()->set_name("editions/ciep2027/representatives/ms-li");
  update.mutable_representative()->set_etag(read_.etag());
  update.mutable_representative()->set_most_meetings_per_day(6);
  ASSERT_TRUE(representatives_->UpdateRepresentative(Context().get(), update, &read_).ok());
  EXPECT_EQ(read_.most_meetings_per_day(), 6);
  EXPECT_THAT(read_.languages(), ElementsAre("en"));
  EXPECT_EQ(ReasonOf(representatives_->UpdateRepresentative(Context().get(), update, &read_)), "ETAG_MISMATCH");
  update.mutable_representative()->clear_etag();
  update.mutable_representative()->add_parties("editions/other/projects/p");
  const grpc::Status crossing = representatives_->UpdateRepresentative(Context().get(), update, &read_);
  EXPECT_THAT(FieldsOf(crossing), ElementsAre("representative.parties[0]"));
}

TEST_F(RepresentativesTest, ABadOneShowsAllThatIsWrong) {
  pb::Representative bad = Valid();
  bad.add_parties("editions/ciep2027/taxonomies/t");
  bad.set_time_zone("CST");
  auto* range = bad.add_available();
  range->mutable_start_time()->set_seconds(200);
  range->mutable_end_time()->set_seconds(100);
  bad.mutable_virtual_hours()->set_start_minute(1440);
  EXPECT_THAT(FieldsOf(Create("bad", bad)),
              UnorderedElementsAre("representative.parties[1]", "representative.time_zone",
                                   "representative.available[0].end_time", "representative.virtual_hours.start_minute",
                                   "representative.virtual_hours"));
  pb::Representative stranger = Valid();
  stranger.set_parties(0, "editions/other/investors/green");
  EXPECT_THAT(FieldsOf(Create("stranger", stranger)), ElementsAre("representative.parties[0]"));
  EXPECT_THAT(FieldsOf(Create("nobody", pb::Representative())), Contains("representative.parties"));
}

TEST_F(RepresentativesTest, WritingThemIsTheOrganisers) {
  EXPECT_EQ(ReasonOf(Create("ms-li", Valid(), "investor")), "PERMISSION_DENIED");
  pb::CreateRepresentativeRequest request;
  request.set_parent("editions/unknown");
  *request.mutable_representative() = pb::Representative();
  request.mutable_representative()->add_parties("editions/unknown/projects/p");
  EXPECT_EQ(ReasonOf(representatives_->CreateRepresentative(Context().get(), request, &read_)), "EDITION_NOT_FOUND");
}

TEST_F(RepresentativesTest, AnImportCreatesUpdatesAndRefusesItemByItem) {
  pb::BatchUpsertRepresentativesRequest request;
  request.set_parent("editions/ciep2027");
  *request.add_representatives() = Valid("a");
  *request.add_representatives() = Valid("b");
  *request.add_representatives() = Valid("c");
  request.mutable_representatives(1)->set_parties(0, "editions/other/investors/green");
  request.mutable_representatives(2)->set_parties(0, "nobody");
  pb::BatchUpsertRepresentativesResponse response;
  ASSERT_TRUE(representatives_->BatchUpsertRepresentatives(Context().get(), request, &response).ok());
  ASSERT_EQ(response.results_size(), 3);
  EXPECT_EQ(response.results(0).outcome(), pb::BatchUpsertRepresentativesResult::OUTCOME_CREATED);
  EXPECT_EQ(response.results(0).name(), "editions/ciep2027/representatives/a");
  EXPECT_NE(response.results(1).status().code(), 0);
  EXPECT_NE(response.results(2).status().code(), 0);

  request.mutable_representatives()->DeleteSubrange(1, 2);
  request.mutable_representatives(0)->set_display_name("Ms Li");
  *request.add_representatives() = Valid("d");
  ASSERT_TRUE(representatives_->BatchUpsertRepresentatives(Context().get(), request, &response).ok());
  EXPECT_EQ(response.results(0).outcome(), pb::BatchUpsertRepresentativesResult::OUTCOME_UPDATED);
  EXPECT_EQ(response.results(1).outcome(), pb::BatchUpsertRepresentativesResult::OUTCOME_CREATED);
  ASSERT_TRUE(representatives_->BatchUpsertRepresentatives(Context().get(), request, &response).ok());
  EXPECT_EQ(response.results(0).outcome(), pb::BatchUpsertRepresentativesResult::OUTCOME_UNCHANGED);

  pb::ListRepresentativesRequest list;
  list.set_parent("editions/ciep2027");
  list.set_page_size(1);
  pb::ListRepresentativesResponse page;
  ASSERT_TRUE(representatives_->ListRepresentatives(Context().get(), list, &page).ok());
  ASSERT_EQ(page.representatives_size(), 1);
  EXPECT_EQ(page.representatives(0).display_name(), "Ms Li");
  list.set_page_token(page.next_page_token());
  ASSERT_TRUE(representatives_->ListRepresentatives(Context().get(), list, &page).ok());
  ASSERT_EQ(page.representatives_size(), 1);
  EXPECT_EQ(page.representatives(0).external_id(), "d");
  EXPECT_EQ(page.next_page_token(), "");
}

TEST_F(RepresentativesTest, AnAgendaIsKeptWithItsEditionAndCheckedAsAWhole) {
  pb::UpdateEditionRequest update;
  update.mutable_edition()->set_name("editions/ciep2027");
  pb::Agenda* agenda = update.mutable_edition()->mutable_agenda();
  pb::Session* session = agenda->add_sessions();
  session->set_id("day1");
  session->mutable_start_time()->set_seconds(1794618000);
  session->mutable_end_time()->set_seconds(1794618000 + 7200);
  session->set_slot_minutes(25);
  session->set_buffer_minutes(5);
  pb::MeetingPlace* booth = agenda->add_places();
  booth->set_id("b1");
  booth->set_kind(pb::PLACE_KIND_BOOTH);
  booth->set_owner("editions/other/projects/p");
  booth->add_sessions("day2");
  pb::Edition edition;
  EXPECT_THAT(FieldsOf(editions_->UpdateEdition(Context().get(), update, &edition)),
              UnorderedElementsAre("edition.agenda.places[0].hall", "edition.agenda.places[0].owner",
                                   "edition.agenda.places[0].sessions[0]"));
  booth->set_hall("east");
  booth->set_owner("editions/ciep2027/projects/p");
  booth->clear_sessions();
  ASSERT_TRUE(editions_->UpdateEdition(Context().get(), update, &edition).ok());
  EXPECT_EQ(edition.agenda().places(0).hall(), "east");

  update.mutable_edition()->clear_agenda();
  update.mutable_edition()->mutable_agenda()->mutable_investor_quotas()->set_meetings_per_day(8);
  update.mutable_update_mask()->add_paths("agenda.investor_quotas");
  ASSERT_TRUE(editions_->UpdateEdition(Context().get(), update, &edition).ok());
  EXPECT_EQ(edition.agenda().investor_quotas().meetings_per_day(), 8);
  EXPECT_EQ(edition.agenda().sessions_size(), 1);

  pb::CreateEditionRequest create;
  create.set_edition_id("ciep2028");
  *create.mutable_edition() = ValidEdition();
  *create.mutable_edition()->mutable_agenda() = edition.agenda();
  EXPECT_THAT(FieldsOf(editions_->CreateEdition(Context().get(), create, &edition)),
              ElementsAre("edition.agenda.places[0].owner"));
}

}  // namespace
}  // namespace tandem
