// The watch of pairings and their meetings, as a source like the others.
#ifndef TANDEM_TESTS_FAULT_TRUTH_PAIRINGS_WATCH_H_
#define TANDEM_TESTS_FAULT_TRUTH_PAIRINGS_WATCH_H_

#include <memory>
#include <string>

#include "grpcpp/channel.h"

#include "common/feed/feed.h"

namespace tandem::check {

// `parent`: an edition by its name, or `editions/-`.
std::unique_ptr<feed::Source> PairingsWatch(std::shared_ptr<grpc::Channel> channel, const std::string& parent);

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_TRUTH_PAIRINGS_WATCH_H_
