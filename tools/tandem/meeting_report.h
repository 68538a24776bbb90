// What came of an edition's requests and meetings, as people read it.
#ifndef TANDEM_TOOLS_TANDEM_MEETING_REPORT_H_
#define TANDEM_TOOLS_TANDEM_MEETING_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "tandem/pairing/v1/meeting_report.pb.h"
#include "tools/tandem/edition_zone.h"

namespace tandem::cli {

// "41.2 %" of 412345, rounded half up.
std::string PercentText(int64_t millionths);
// "0.4123" of 412345, rounded half up.
std::string CoefficientText(int64_t millionths);
// "2.5" of 2500.
std::string ThousandthsText(int64_t thousandths);

// Tables for a terminal, as wide as `width` (0: as they are).
std::string MeetingReportText(const pairing::v1::MeetingReport& report, const EditionZone& zone, size_t width);

// One page that stands by itself (html.h). `title` is the edition's, if it has one.
std::string MeetingReportPage(const pairing::v1::MeetingReport& report, const EditionZone& zone,
                              const std::string& title);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_MEETING_REPORT_H_
