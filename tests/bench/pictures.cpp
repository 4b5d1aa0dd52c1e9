// A folder of pictures as a training reads it: the first epoch (files found, read, decoded, scaled, kept), and the
// second (batches of the kept rows in another order). One JSON line. See pictures.py, which runs it beside PyTorch.
//   bench_pictures FOLDER SIZE [BATCH]

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "blocks/catalog.hpp"
#include "blocks/source.hpp"
#include "data/loader.hpp"

using namespace blockyard;

namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// One epoch in random order; gives the sum of some pixels, so that every batch is touched.
int64_t epoch(const std::vector<Packet>& columns, int64_t batch, uint64_t number) {
  const RowSet rows = RowSet::range(0, columns[0].rows());
  Loader loader(columns, rows, KeyedPermutation(static_cast<uint64_t>(rows.size()), KeyedRandom(number)),
                {.batch_size = batch});
  int64_t sum = 0;
  while (const auto loaded = loader.next()) sum += loaded->packets[0].tensor().const_data_ptr<uint8_t>()[0];
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const int64_t size = std::atoi(argv[2]), batch = argc > 3 ? std::atoi(argv[3]) : 64;
  const BlockType& type = blockType("source/image_folder");
  const Values values = completeValues(type.schema.params, {{"folder", argv[1]}, {"height", size}, {"width", size}});
  const double start = now();
  const auto source = type.open({.values = values, .memory_budget = int64_t{512} << 20});
  const Batch all = source->read(0, source->rows()).batch;
  const std::vector<Packet> columns = {all.packet("image"), all.packet("target")};
  int64_t sum = epoch(columns, batch, 1);
  const double first = now();
  sum += epoch(columns, batch, 2);
  const double second = now();
  const auto rate = [&](double seconds) { return static_cast<double>(source->rows()) / seconds; };
  std::printf("{\"rows\": %ld, \"first\": %.0f, \"second\": %.0f, \"second_gb\": %.2f, \"sum\": %ld}\n", source->rows(),
              rate(first - start), rate(second - first),
              static_cast<double>(columns[0].tensor().nbytes()) / (second - first) / 1e9, sum);
}
