// Ordinal code: turns every category column into whole numbers, with a code of its own for what training has not seen.
#include "blocks/vocabulary.hpp"

namespace blockyard::preprocessor {
namespace {

class Ordinal final : public Block {
 public:
  explicit Ordinal(const Values& values)
      : wanted_(values.texts("columns")),
        unknown_(static_cast<double>(values.integer("unknown"))),
        missing_(values.text("missing") == "unknown" ? unknown_ : kMissingNumber) {}

  void fit(FitRows& rows) override { vocabulary_ = Vocabulary::learned(rows, wanted_); }

  Batch forward(const Batch& in, Step&) override {
    return {{"y", withColumns(in.table("x"), vocabulary_.columns(), [this](const Column& column, size_t index) {
               return std::vector<Column>{coded(column, index)};
             })}};
  }

  State state() const override { return vocabulary_.state(); }
  void loadState(const State& state) override { vocabulary_ = Vocabulary::from(state); }

 private:
  Column coded(const Column& column, size_t index) const {
    const Vocabulary::Entry& entry = vocabulary_.entries[index];
    // Classes that training has not seen get no code: the codes of the others are without gaps.
    std::vector<double> code_of_place(entry.classes.size(), unknown_);
    double next = unknown_ + 1;
    for (size_t i = 0; i < entry.classes.size(); ++i)
      if (entry.counts[i] > 0) code_of_place[i] = next++;
    std::vector<double> code_of_class;
    for (const int64_t place : placesIn(entry, column))
      code_of_class.push_back(place < 0 ? unknown_ : code_of_place[static_cast<size_t>(place)]);
    Column out{.name = column.name};
    out.numbers.reserve(column.codes.size());
    for (const int32_t code : column.codes)
      out.numbers.push_back(code < 0 ? missing_ : code_of_class[static_cast<size_t>(code)]);
    return out;
  }

  Texts wanted_;
  double unknown_, missing_;
  Vocabulary vocabulary_;
};

Signatures inferOrdinal(const Values& values, const Signatures& inputs) {
  Signature out = inputs.at("x");
  for (const auto& name : pickColumns(out, values.texts("columns"), {ColumnType::Category}))
    *findColumn(out.columns, name) = {.name = name};
  return {{"y", out}};
}

}  // namespace

BlockType ordinal() {
  return {
      .schema = {.title = "Ordinal code",
                 .doc =
                     "Replaces every category column by a number column: the classes that the training rows have are "
                     "counted up in their order, and all others share the code `unknown`.",
                 .inputs = {{"x", "table"}},
                 .outputs = {{"y", "table"}},
                 .params = {columnsParam("category"),
                            {"unknown", 0, Range{-1, 0},
                             "the code of classes that training has not seen; the others follow it"},
                            {"missing", "unknown", Choices{"unknown", "keep"},
                             "a missing cell: gets the code `unknown`, or stays missing"}},
                 .examples = {{.in_tables = {{"x", "a,b\n1,x\n2,y\n3,\n4,x\n"}},
                               .out_tables = {{"y", "a,b\n1,1\n2,2\n3,0\n4,1\n"}}},
                              {.params = {{"unknown", -1}, {"missing", "keep"}},
                               .in_tables = {{"x", "a,b\n1,x\n2,y\n3,\n4,x\n"}},
                               .out_tables = {{"y", "a,b\n1,0\n2,1\n3,\n4,0\n"}}}},
                 .fitted = true},
      .make = make<Ordinal>,
      .infer = inferOrdinal};
}

}  // namespace blockyard::preprocessor
