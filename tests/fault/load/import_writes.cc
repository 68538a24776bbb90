// Imports of projects that are there already.
#include <set>

#include "tests/fault/load/import.h"
#include "tests/fault/load/write_kind.h"

namespace tandem::check {
namespace {

class ReimportProjects final : public WriteKind {
 public:
  int weight() const override { return 2; }
  void WriteOne(WriteSession* session) override {
    World* const world = session->world();
    Random* const random = session->random();
    std::vector<projects::v1::Project> items;
    std::set<std::string> ids;
    const size_t size = 2 + random->Below(14);
    for (size_t i = 0; i < size; ++i) {
      const Known<projects::v1::Project> known = world->projects.Pick(random);
      if (known.record == nullptr || !ids.insert(known.record->external_id()).second) continue;
      // All of it but what the import takes from what is stored.
      projects::v1::Project item = random->Percent(50) ? *known.record : random->Pick(world->templates->projects);
      for (const char* field :
           {"uid", "etag", "create_time", "update_time", "delete_time", "consistency_token", "state", "review_note"}) {
        item.GetReflection()->ClearField(&item, projects::v1::Project::descriptor()->FindFieldByName(field));
      }
      item.set_name(known.record->name());
      item.set_external_id(known.record->external_id());
      item.set_team_size(static_cast<int32_t>(1 + session->NextStamp() % 1'000'000));
      items.push_back(std::move(item));
    }
    if (!items.empty()) ImportProjects(session, items);
  }
};

}  // namespace

void AddImportWrites(WriteKinds* kinds) { kinds->push_back(std::make_unique<ReimportProjects>()); }

}  // namespace tandem::check
