// What it costs MarketStore to keep the best lists and to name whose a change touched.
//
// tandem-affected-lists-bench [projects] [investors] [changes]
//
// Made-up records go through two stores, one of which keeps lists; a question is asked after each change, so that both
// make a view of it. Times are CPU time of the writer's thread, in microseconds a change; each change is an Apply of
// its own.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <sys/utsname.h>
#include <thread>
#include <time.h>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "services/pairing/demo_data/generate.h"
#include "services/pairing/market_feed/market_store.h"

namespace tandem::pairing {
namespace {

constexpr char kEdition[] = "editions/bench";

double CpuMicros() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

struct Records {
  std::vector<feed::Item> all;
  std::vector<std::shared_ptr<projects::v1::Project>> projects;
  std::vector<std::shared_ptr<investors::v1::Investor>> investors;
  std::vector<std::shared_ptr<investors::v1::Deal>> deals;
};

Records Generate(int projects, int investors) {
  Records records;
  v1::GenerateDemoDataRequest request;
  request.set_seed(1);
  request.set_project_count(projects);
  request.set_investor_count(investors);
  request.set_edition_id("bench");
  const auto add = [&](const auto& record) { records.all.push_back({record->name(), record, 1}); };
  const auto investor_name = [](const std::string& id) { return absl::StrCat(kEdition, "/investors/", id); };
  const absl::Status status = GenerateDemoData(request, [&](const v1::GenerateDemoDataResponse& response) {
    if (response.has_edition()) {
      auto edition = std::make_shared<v1::Edition>(response.edition());
      edition->set_name(kEdition);
      add(edition);
    }
    if (response.has_taxonomy()) {
      auto taxonomy = std::make_shared<v1::Taxonomy>(response.taxonomy());
      taxonomy->set_name(absl::StrCat(kEdition, "/taxonomies/demo"));
      add(taxonomy);
    }
    if (response.has_investor()) {
      auto investor = std::make_shared<investors::v1::Investor>(response.investor());
      investor->set_name(investor_name(investor->external_id()));
      investor->set_state(investors::v1::Investor::STATE_VERIFIED);
      add(investor);
      records.investors.push_back(investor);
    }
    if (response.has_deal()) {
      auto deal = std::make_shared<investors::v1::Deal>(response.deal());
      deal->mutable_investor()->set_name(investor_name(deal->investor().external_id()));
      deal->set_name(absl::StrCat(deal->investor().name(), "/deals/", deal->external_id()));
      add(deal);
      records.deals.push_back(deal);
    }
    if (response.has_project()) {
      auto project = std::make_shared<projects::v1::Project>(response.project());
      project->set_name(absl::StrCat(kEdition, "/projects/", project->external_id()));
      project->set_state(projects::v1::Project::STATE_PUBLISHED);
      add(project);
      records.projects.push_back(project);
    }
    return true;
  });
  if (!status.ok()) std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return records;
}

// Mean of the changes that `next` makes, and how many lists one touched.
void Measure(const char* what, int changes, MarketStore* store, const uint64_t* touched,
             const std::function<feed::Item(int)>& next) {
  std::vector<double> micros;
  const uint64_t before = *touched;
  for (int i = 0; i < changes; ++i) {
    const feed::Item item = next(i);
    store->Find(kEdition);
    const double start = CpuMicros();
    store->Apply({item});
    micros.push_back(CpuMicros() - start);
  }
  std::sort(micros.begin(), micros.end());
  double sum = 0;
  for (const double m : micros) sum += m;
  std::printf("  %-22s mean %8.1f  p50 %8.1f  p99 %9.1f  touched %.1f lists\n", what, sum / changes,
              micros[micros.size() / 2], micros[micros.size() * 99 / 100],
              static_cast<double>(*touched - before) / changes);
}

void Run(const Records& records, bool keep, int changes) {
  MarketStore::Options options;
  options.keep_lists = keep;
  MarketStore store(options);
  uint64_t touched = 0, all = 0;
  store.AddListener([&](const MarketStore::Announcement& announcement) {
    touched += announcement.affected.investors.size() + announcement.affected.projects.size();
    all += announcement.affected.all_investors ? 1 : 0;
  });
  const double start = CpuMicros();
  for (size_t i = 0; i < records.all.size(); i += 200) {
    store.ApplySnapshot({records.all.begin() + static_cast<ptrdiff_t>(i),
                         records.all.begin() + static_cast<ptrdiff_t>(std::min(records.all.size(), i + 200))});
  }
  const auto view = store.Find(kEdition);
  std::printf("%s\n  loaded in %.2f s of CPU time, with the first view\n", keep ? "lists kept" : "no lists",
              (CpuMicros() - start) / 1e6);
  if (keep) {
    const auto begin = std::chrono::steady_clock::now();
    while (!store.ActivityOf(kEdition).lists.filled) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    const KeptLists::Status lists = store.ActivityOf(kEdition).lists;
    std::printf("  filled %zu lists in %.2f s, %.0f bytes each\n", lists.lists,
                std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(),
                static_cast<double>(lists.bytes) / static_cast<double>(lists.lists));
    size_t watched = 0;
    for (size_t i = 0; i < std::min<size_t>(1'000, records.projects.size()); ++i) {
      watched += store.WatchProject(*view, records.projects[i]->name()) ? 1 : 0;
    }
    std::printf("  %zu projects watched\n", watched);
  }
  const auto at = [](const auto& list, int i) { return list[static_cast<size_t>(i) * 7919 % list.size()]; };
  all = 0;
  Measure("project: same again", changes, &store, &touched, [&](int i) {
    const auto project = at(records.projects, i);
    return feed::Item{project->name(), project, i + 2};
  });
  Measure("project: other facts", changes, &store, &touched, [&](int i) {
    auto project = std::make_shared<projects::v1::Project>(*at(records.projects, i));
    const auto other = at(records.projects, i + 1);
    project->set_funding_round(other->funding_round());
    *project->mutable_sectors() = other->sectors();
    *project->mutable_ask() = other->ask();
    return feed::Item{project->name(), project, i + 2};
  });
  Measure("investor: other mandate", changes, &store, &touched, [&](int i) {
    auto investor = std::make_shared<investors::v1::Investor>(*at(records.investors, i));
    *investor->mutable_mandate() = at(records.investors, i + 1)->mandate();
    return feed::Item{investor->name(), investor, i + 2};
  });
  Measure("deal: gone", std::min(changes, static_cast<int>(records.deals.size())), &store, &touched, [&](int i) {
    return feed::Item{at(records.deals, i)->name(), nullptr, i + 2};
  });
  std::printf("  all lists at once: %d times\n", static_cast<int>(all));
}

int Main(int argc, char** argv) {
  const auto argument = [&](int i, int otherwise) { return argc > i ? std::atoi(argv[i]) : otherwise; };
  const int projects = argument(1, 20'000), investors = argument(2, 5'000), changes = argument(3, 1'000);
  utsname machine;
  uname(&machine);
  std::printf("%s %s, %s: %d projects, %d investors, %d changes\n", machine.sysname, machine.machine,
              absl::FormatTime("%Y-%m-%d", absl::Now(), absl::UTCTimeZone()).c_str(), projects, investors, changes);
  const Records records = Generate(projects, investors);
  Run(records, false, changes);
  Run(records, true, changes);
  return 0;
}

}  // namespace
}  // namespace tandem::pairing

int main(int argc, char** argv) { return tandem::pairing::Main(argc, argv); }
