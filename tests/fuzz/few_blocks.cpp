// A handful of blocks with parameters of every type and ports of every kind. Nothing here works: projects are only
// checked and planned, and the real blocks would drag all of LibTorch into the target.
#include "blocks/block_type.hpp"

namespace blockyard {
namespace source {
BlockType table() {
  return {.schema = {.title = "Table",
                     .doc = "Rows.",
                     .outputs = {{"features", "table"}, {"target", "label|target"}},
                     .params = {{"file", "", {}, "a file", "", Role::File},
                                {"target", std::vector<std::string>{}, {}, "columns", "", Role::Columns},
                                {"rows", 4, Range{0, 100}, "how many"},
                                {"header", "auto", Choices{"auto", "yes", "no"}, "the first row"}}}};
}
}  // namespace source

namespace preprocessor {
BlockType scale() {
  return {.schema = {.title = "Scale",
                     .doc = "Scales.",
                     .inputs = {{"x", "any"}},
                     .outputs = {{"y", "float[N, F]"}},
                     .params = {{"by", 1.0, Range{-10, 10}, "factor", "m"},
                                {"list", std::vector<double>{0.5}, Range{0, 1}, "numbers"},
                                {"sizes", std::vector<int64_t>{1, 2}, Range{1, 9}, "whole numbers"}},
                     .fitted = true}};
}
}  // namespace preprocessor

namespace extractor {
BlockType linear() {
  return {.schema = {.title = "Linear",
                     .doc = "Dense.",
                     .inputs = {{"x", "float[N, ..., F]"}},
                     .outputs = {{"y", "float[N, ..., out_features]"}},
                     .params = {{"out_features", 64, Range{1, 1 << 20}, "outputs"}, {"bias", true, {}, "a bias"}}}};
}
BlockType join() {
  return {.schema = {.title = "Join",
                     .doc = "Adds.",
                     .inputs = {{"x", "float[N, F]", "", Wires::Many}, {"z", "any", "", Wires::Optional}},
                     .outputs = {{"y", "like x"}}}};
}
}  // namespace extractor

namespace classifier {
BlockType classify() {
  return {.schema = {.title = "Classify",
                     .doc = "Classes.",
                     .inputs = {{"x", "float[N, F]"}, {"target", "label"}},
                     .outputs = {{"scores", "float[N, K]"}},
                     .params = {{"weight", "none", Choices{"none", "balanced"}, "of classes"}}}};
}
}  // namespace classifier

namespace postprocessor {
BlockType words() {
  return {.schema = {.title = "Words",
                     .doc = "Answers.",
                     .inputs = {{"scores", "float[N, K]"}},
                     .outputs = {{"answer", "table"}},
                     .params = {{"code", "", {}, "script", "", Role::Code}}}};
}
}  // namespace postprocessor
}  // namespace blockyard
