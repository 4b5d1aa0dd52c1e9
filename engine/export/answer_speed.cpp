#include "export/answer_speed.hpp"

#include <algorithm>
#include <chrono>

#include "export/bundle.hpp"
#include "export/certificate.hpp"
#include "export/memory_source.hpp"

namespace blockyard {
namespace {

double secondsOf(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double percentile(std::vector<double> values, double share) {
  const auto at = values.begin() + static_cast<int64_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace

AnswerSpeed answerSpeed(Bundle& bundle, int64_t calls, double seconds) {
  bundle.settle();
  const Batch& rows = bundle.certificate().rows;
  if (rows.rows() == 0) throw Error({}, "this bundle holds no rows to ask it about", "export it without --no-rows");
  Signatures ports;
  for (const auto& [port, packet] : rows.items()) ports[port] = bundle.inputs().at(port);
  const auto ask = [&](const Batch& of) {
    MemorySource source(of, ports);
    bundle.answer(source, [](const Answers&) {});
  };
  AnswerSpeed out;
  std::vector<int64_t> picks;
  for (int64_t i = 0; i < out.batch_rows; ++i) picks.push_back(i % rows.rows());
  const Batch many = rows.take(picks);
  std::vector<Batch> single;
  for (int64_t i = 0; i < rows.rows(); ++i) single.push_back(rows.slice(i, 1));
  const auto one = [&](int64_t i) { ask(single[static_cast<size_t>(i % rows.rows())]); };
  for (int64_t i = 0; i < std::min<int64_t>(calls, 200); ++i) one(i);  // until everything is in place
  std::vector<double> each;
  for (int64_t i = 0; i < calls; ++i) each.push_back(secondsOf([&] { one(i); }));
  out.median_us = 1e6 * percentile(each, 0.5), out.p99_us = 1e6 * percentile(each, 0.99);
  for (int i = 0; i < 3; ++i) ask(many);
  std::vector<double> batches;
  for (double spent = 0; spent < seconds || batches.empty(); spent += batches.back())
    batches.push_back(secondsOf([&] { ask(many); }));
  out.batch_ms = 1e3 * percentile(batches, 0.5);
  return out;
}

}  // namespace blockyard
