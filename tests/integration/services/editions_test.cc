#include "absl/strings/str_cat.h"

#include "tests/integration/services/servers_fixture.h"

namespace tandem {
namespace {

namespace pb = pairing::v1;
using testing::ElementsAre;
using testing::IsEmpty;

class EditionsTest : public ServersTest {
 protected:
  static pb::ImportTaxonomyRequest Taxonomy() {
    pb::ImportTaxonomyRequest request;
    request.set_parent("editions/ciep2027");
    request.mutable_taxonomy()->set_scheme("nace");
    request.mutable_taxonomy()->set_version("2.1");
    request.mutable_taxonomy()->add_sectors()->set_code("C");
    auto* below = request.mutable_taxonomy()->add_sectors();
    below->set_code("C21");
    below->set_parent_code("C");
    return request;
  }
  grpc::Status Import(const pb::ImportTaxonomyRequest& request) {
    return editions_->ImportTaxonomy(Context().get(), request, &taxonomy_);
  }

  pb::Edition edition_;
  pb::Taxonomy taxonomy_;
};

TEST_F(EditionsTest, AnEditionIsMadeReadListedAndMoved) {
  MakeEdition("ciep2027");
  MakeEdition("ciep2028");
  pb::GetEditionRequest get;
  get.set_name("editions/ciep2027");
  ASSERT_TRUE(editions_->GetEdition(Context().get(), get, &edition_).ok());
  EXPECT_EQ(edition_.time_zone(), "Asia/Shanghai");
  pb::UpdateEditionRequest update;
  update.mutable_edition()->set_name("editions/ciep2027");
  update.mutable_edition()->set_reference_date("2027-04-16");
  update.mutable_edition()->set_etag(edition_.etag());
  ASSERT_TRUE(editions_->UpdateEdition(Context().get(), update, &edition_).ok());
  EXPECT_EQ(ReasonOf(editions_->UpdateEdition(Context().get(), update, &edition_)), "ETAG_MISMATCH");
  pb::ListEditionsRequest list;
  list.set_page_size(1);
  pb::ListEditionsResponse page;
  ASSERT_TRUE(editions_->ListEditions(Context().get(), list, &page).ok());
  EXPECT_EQ(page.editions(0).reference_date(), "2027-04-16");
  list.set_page_token(page.next_page_token());
  ASSERT_TRUE(editions_->ListEditions(Context().get(), list, &page).ok());
  ASSERT_EQ(page.editions_size(), 1);
  EXPECT_EQ(page.editions(0).name(), "editions/ciep2028");
  EXPECT_EQ(page.next_page_token(), "");
}

TEST_F(EditionsTest, ACallerOfOneEditionSeesThatOne) {
  MakeEdition("ciep2027");
  MakeEdition("ciep2028");
  pb::ListEditionsResponse page;
  ASSERT_TRUE(editions_->ListEditions(Context("organiser", "editions/ciep2028").get(), {}, &page).ok());
  ASSERT_EQ(page.editions_size(), 1);
  EXPECT_EQ(page.editions(0).name(), "editions/ciep2028");
}

TEST_F(EditionsTest, EditionsAreTheOrganisers) {
  pb::CreateEditionRequest request;
  request.set_edition_id("ciep2027");
  *request.mutable_edition() = ValidEdition();
  EXPECT_EQ(ReasonOf(editions_->CreateEdition(Context("project").get(), request, &edition_)), "PERMISSION_DENIED");
  EXPECT_TRUE(editions_->CreateEdition(Context("organiser").get(), request, &edition_).ok());
  EXPECT_EQ(ReasonOf(editions_->CreateEdition(Context().get(), request, &edition_)), "RESOURCE_EXISTS");
}

TEST_F(EditionsTest, ABadEditionShowsAllThatIsWrong) {
  pb::CreateEditionRequest request;
  request.set_edition_id("ciep2027");
  *request.mutable_edition() = ValidEdition();
  request.mutable_edition()->set_time_zone("Mars/Olympus");
  auto* rate = request.mutable_edition()->add_exchange_rates();
  rate->set_currency_code("CNY");
  rate->set_rate_nanos(2);
  EXPECT_THAT(FieldsOf(editions_->CreateEdition(Context().get(), request, &edition_)),
              testing::UnorderedElementsAre("edition.time_zone", "edition.exchange_rates[0].rate_nanos"));
  EXPECT_EQ(editions_at_.Head(), 0);
}

TEST_F(EditionsTest, ATaxonomyIsImportedReplacedAndListedWithoutItsSectors) {
  MakeEdition("ciep2027");
  ASSERT_TRUE(Import(Taxonomy()).ok());
  EXPECT_EQ(taxonomy_.name(), "editions/ciep2027/taxonomies/nace-2-1");
  const std::string etag = taxonomy_.etag();
  ASSERT_TRUE(Import(Taxonomy()).ok());
  EXPECT_EQ(taxonomy_.etag(), etag);
  auto larger = Taxonomy();
  larger.mutable_taxonomy()->add_sectors()->set_code("D");
  ASSERT_TRUE(Import(larger).ok());
  EXPECT_NE(taxonomy_.etag(), etag);
  pb::GetTaxonomyRequest get;
  get.set_name(taxonomy_.name());
  ASSERT_TRUE(editions_->GetTaxonomy(Context().get(), get, &taxonomy_).ok());
  EXPECT_EQ(taxonomy_.sectors_size(), 3);
  pb::ListTaxonomiesRequest list;
  list.set_parent("editions/ciep2027");
  pb::ListTaxonomiesResponse page;
  ASSERT_TRUE(editions_->ListTaxonomies(Context().get(), list, &page).ok());
  ASSERT_EQ(page.taxonomies_size(), 1);
  EXPECT_THAT(page.taxonomies(0).sectors(), IsEmpty());
}

TEST_F(EditionsTest, ATaxonomyMustBeAForestInOrder) {
  MakeEdition("ciep2027");
  auto request = Taxonomy();
  request.mutable_taxonomy()->mutable_sectors()->SwapElements(0, 1);
  EXPECT_THAT(FieldsOf(Import(request)), ElementsAre("taxonomy.sectors[0].parent_code"));
  request = Taxonomy();
  request.mutable_taxonomy()->mutable_sectors(1)->set_code("C");
  EXPECT_EQ(ReasonOf(Import(request)), "FIELD_INVALID");
  request = Taxonomy();
  request.set_parent("editions/nowhere");
  EXPECT_EQ(ReasonOf(Import(request)), "EDITION_NOT_FOUND");
}

TEST_F(EditionsTest, StatisticsAreNumberedAndFingerprinted) {
  MakeEdition("ciep2027");
  pb::FreezeStatisticsRequest request;
  request.set_parent("editions/ciep2027");
  pb::Statistics first, second;
  ASSERT_TRUE(editions_->FreezeStatistics(Context().get(), request, &first).ok());
  ASSERT_TRUE(editions_->FreezeStatistics(Context().get(), request, &second).ok());
  EXPECT_EQ(first.number(), 1);
  EXPECT_EQ(second.number(), 2);
  EXPECT_EQ(first.fingerprint(), second.fingerprint());
  EXPECT_EQ(first.fingerprint().size(), 64u);
  EXPECT_EQ(first.features(0).feature(), "term:a");
  request.set_parent("editions/nowhere");
  EXPECT_EQ(ReasonOf(editions_->FreezeStatistics(Context().get(), request, &first)), "EDITION_NOT_FOUND");
}

TEST_F(EditionsTest, OneWatchCarriesEditionsTaxonomiesAndStatistics) {
  MakeEdition("ciep2027");
  ASSERT_TRUE(Import(Taxonomy()).ok());
  auto context = Context();
  auto stream = editions_->WatchEditions(context.get(), {});
  pb::WatchEditionsResponse response;
  std::vector<std::string> names;
  bool written = false;
  while (names.size() < 3 && stream->Read(&response)) {
    for (const auto& change : response.changes()) {
      names.push_back(change.has_edition()    ? change.edition().name()
                      : change.has_taxonomy() ? change.taxonomy().name()
                                              : change.statistics().name());
    }
    if (response.phase() != type::v1::WATCH_PHASE_PROGRESS || std::exchange(written, true)) continue;
    pb::FreezeStatisticsRequest request;
    request.set_parent("editions/ciep2027");
    pb::Statistics frozen;
    ASSERT_TRUE(editions_->FreezeStatistics(Context().get(), request, &frozen).ok());
  }
  context->TryCancel();
  EXPECT_THAT(
      names, ElementsAre("editions/ciep2027", "editions/ciep2027/taxonomies/nace-2-1", "editions/ciep2027/statistics"));
}

}  // namespace
}  // namespace tandem
