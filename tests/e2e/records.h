// Records to send, made of nothing but their key and version, so that what was sent can be told from what is stored.
#ifndef TANDEM_TESTS_E2E_RECORDS_H_
#define TANDEM_TESTS_E2E_RECORDS_H_

#include <string>

#include "google/protobuf/message.h"

#include "tandem/investors/v1/deal.pb.h"
#include "tandem/investors/v1/investor.pb.h"
#include "tandem/pairing/v1/edition.pb.h"
#include "tandem/projects/v1/project.pb.h"

namespace tandem::e2e {

// Two versions of one record differ in several fields; all are valid, and every project fits every investor's mandate.
pairing::v1::Edition NewEdition();
projects::v1::Project NewProject(const std::string& external_id, int version);
investors::v1::Investor NewInvestor(const std::string& external_id, int version);
investors::v1::Deal NewDeal(const std::string& external_id, const std::string& investor_external_id, int version);

// What a caller decides of a record, as bytes that compare: without its name, and without what the service sets. Of a
// deal's investor the external id counts.
std::string ContentOf(const projects::v1::Project& project);
std::string ContentOf(const investors::v1::Investor& investor);
std::string ContentOf(const investors::v1::Deal& deal);

// The same bytes for equal messages, within one process.
std::string Serialized(const google::protobuf::Message& message);

}  // namespace tandem::e2e

#endif  // TANDEM_TESTS_E2E_RECORDS_H_
