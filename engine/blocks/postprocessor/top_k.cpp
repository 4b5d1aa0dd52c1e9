// Top k: the most probable classes of each row, best first.
#include <ATen/ATen.h>

#include "blocks/answers.hpp"
#include "blocks/block.hpp"

namespace blockyard::postprocessor {
namespace {

std::string numbered(const char* name, int64_t i) {
  return std::string(name) + "_" + std::to_string(i + 1);
}

class TopK final : public Block {
 public:
  explicit TopK(const Values& values) : count_(values.integer("k")) {}

  Batch forward(const Batch& in, Step&) override {
    const at::Tensor scores = in["scores"].detach().to(at::kCPU, at::kDouble);  // [N, K]
    const Classes classes = classNames(in.packet("scores"));
    // A stable sort: of equal classes the first comes first, on any machine.
    const auto [probability, index] = scores.sort(/*stable=*/true, -1, /*descending=*/true);
    std::vector<Table::Shared> columns;
    for (int64_t i = 0; i < std::min(count_, scores.size(1)); ++i) {
      columns.push_back(labelColumn(numbered("label", i), index.select(1, i), classes));
      columns.push_back(numberColumn(numbered("probability", i), probability.select(1, i)));
    }
    return {{"answer", Packet(Table(std::move(columns)))}};
  }

 private:
  int64_t count_;
};

Signatures inferTopK(const Values& values, const Signatures& inputs) {
  const Signature& scores = inputs.at("scores");
  int64_t count = values.integer("k");
  if (scores.shape[1].known()) count = std::min(count, scores.shape[1].size);
  std::vector<ColumnInfo> columns;
  for (int64_t i = 0; i < count; ++i) {
    columns.push_back({numbered("label", i), ColumnType::Category, scores.classes});
    columns.push_back({numbered("probability", i), ColumnType::Number});
  }
  Signature answer = answerOf(std::move(columns), scores);
  answer.open = answer.open || !scores.shape[1].known();  // there may be fewer classes than k
  return {{"answer", answer}};
}

}  // namespace

BlockType top_k() {
  return {
      .schema =
          {.title = "Top k",
           .doc = "Names the most probable classes of each row, best first, with their probabilities.",
           .inputs = {{"scores", "float[N, K]", "probability of each class"}},
           .outputs = {{"answer", "table", "columns label_1, probability_1, label_2, ..."}},
           .params = {{"k", 3, Range{1, 1000}, "how many classes; fewer if there are not so many"}},
           .examples =
               {{.params = {{"k", 2}},
                 .in = {{"scores", {{1, 3}, {0.25, 0.625, 0.125}}}},
                 .out_tables = {{"answer",
                                 "label_1:category,probability_1,label_2:category,probability_2\n1,0.625,0,0.25\n"}}}}},
      .make = make<TopK>,
      .infer = inferTopK};
}

}  // namespace blockyard::postprocessor
