// Hash features: words or n-grams counted in columns that a hash chooses. As scikit-learn's HashingVectorizer.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cstring>

#include "blocks/term_matrix.hpp"
#include "blocks/terms.hpp"
#include "blocks/text_column.hpp"

namespace blockyard::preprocessor {
namespace {

// MurmurHash3 for 32 bits (Austin Appleby, public domain algorithm), seed 0.
int32_t murmur3(std::string_view key) {
  const auto rotated = [](uint32_t x, int by) { return x << by | x >> (32 - by); };
  constexpr uint32_t kFirst = 0xcc9e2d51, kSecond = 0x1b873593;
  uint32_t hash = 0;
  const size_t blocks = key.size() / 4;
  for (size_t i = 0; i < blocks; ++i) {
    uint32_t k = 0;
    std::memcpy(&k, key.data() + 4 * i, 4);
    hash = rotated(hash ^ rotated(k * kFirst, 15) * kSecond, 13) * 5 + 0xe6546b64;
  }
  uint32_t tail = 0;
  for (size_t i = key.size(); i > 4 * blocks; --i) tail = tail << 8 | static_cast<unsigned char>(key[i - 1]);
  hash ^= rotated(tail * kFirst, 15) * kSecond;
  hash ^= static_cast<uint32_t>(key.size());
  hash = (hash ^ hash >> 16) * 0x85ebca6b;
  hash = (hash ^ hash >> 13) * 0xc2b2ae35;
  return static_cast<int32_t>(hash ^ hash >> 16);
}

class HashFeatures final : public Block {
 public:
  explicit HashFeatures(const Values& values)
      : column_(values.text("column")),
        splitter_(values),
        features_(values.integer("features")),
        signed_(values.flag("signs")),
        norm_(normNamed(values.text("norm"))) {}

  Batch forward(const Batch& in, Step&) override {
    const Texts texts = textsIn(in.table("x"), column_);
    return {{"y", termMatrix(texts, features_, norm_, [this](std::string_view text, double* row) {
               splitter_.split(text, [&](std::string_view term) {
                 const int64_t hash = murmur3(term);
                 row[std::abs(hash) % features_] += signed_ && hash < 0 ? -1 : 1;
               });
             })}};
  }

 private:
  std::string column_;
  TermSplitter splitter_;
  int64_t features_;
  bool signed_;
  Norm norm_;
};

Signatures inferHashFeatures(const Values& values, const Signatures& inputs) {
  requireTextColumn(values, inputs);
  TermSplitter{values};
  return {{"y", {.shape = {"N", values.integer("features")}}}};
}

std::vector<Param> hashParams() {
  std::vector<Param> out{textColumnParam()};
  for (Param& param : TermSplitter::params()) out.push_back(std::move(param));
  out.push_back({"features", 4096, Range{1, 1 << 22}, "number of columns; more of them, fewer terms share one"});
  out.push_back({"signs", true, {}, "let half of the terms count downwards, so that those that share a column cancel"});
  out.push_back(normParam());
  return out;
}

}  // namespace

BlockType hash_features() {
  return {
      .schema = {.title = "Hash features",
                 .doc = "Counts the words or n-grams of each text, each in a column that a hash of the term chooses "
                        "(MurmurHash3). Learns nothing, so it needs no vocabulary and takes new words. The result is "
                        "dense: float32 [N, features]. Defined as scikit-learn's HashingVectorizer.",
                 .inputs = {{"x", "table"}},
                 .outputs = {{"y", "float[N, features]"}},
                 .params = hashParams(),
                 .examples = {{.params = {{"features", 5}, {"norm", "none"}},
                               .in_tables = {{"x", "t:text\ngood good film\n"}},
                               .out = {{"y", {{1, 5}, {-1, 0, 0, 0, 2}}}}}}},
      .make = make<HashFeatures>,
      .infer = inferHashFeatures};
}

}  // namespace blockyard::preprocessor
