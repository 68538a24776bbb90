// The deal market: who invests in which round, over ten years.
//
// Made of what deal markets show everywhere. Some investors are far more active than others, and for a while. They keep
// to their sectors, rungs, sizes and places, some closely and some hardly. Companies raise several rounds. Investors
// who were in a round together meet again, and some come after others into the same companies. Few invest in one
// company twice. The rest is chance.
#ifndef TANDEM_SERVICES_PAIRING_DEMO_DATA_DEAL_MARKET_H_
#define TANDEM_SERVICES_PAIRING_DEMO_DATA_DEAL_MARKET_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "services/pairing/demo_data/companies.h"
#include "services/pairing/demo_data/taste.h"
#include "tandem/type/v1/vocabulary.pb.h"

namespace tandem::pairing {

// One round with those who were in it.
struct DealRound {
  DemoCompany company;
  int ordinal = 0;  // from 0, of its company
  int rung = 0;
  int days_ago = 0;  // before the day up to which there are deals
  int64_t size_yuan = 0;
  int trl = 0;
  // What the company is after besides money, or not specified.
  type::v1::CooperationType cooperation = type::v1::COOPERATION_TYPE_UNSPECIFIED;
  type::v1::Instrument instrument = type::v1::INSTRUMENT_EQUITY;
  std::vector<uint32_t> investors;  // of the edition, each once
  int outsiders = 0;                // and how many others
};

// Calls `visit` with every round that an investor of the edition was in, the oldest first, until it returns false. True
// when it never did. Holds a few hundred bytes per investor.
bool ForEachRound(const Investors& investors, const std::function<bool(const DealRound&)>& visit);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_DEMO_DATA_DEAL_MARKET_H_
