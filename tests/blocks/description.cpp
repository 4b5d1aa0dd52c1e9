// What a block says about itself: complete, and its worked examples hold.
#include <ATen/ATen.h>

#include <algorithm>

#include "blocks/columns.hpp"
#include "blocks/example.hpp"
#include "exam.hpp"
#include "try_block.hpp"

namespace blockyard {
namespace {

bool isName(const std::string& text) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !text.empty() && text[0] >= 'a' && text[0] <= 'z' && std::all_of(text.begin(), text.end(), fits);
}

Packet packetOf(const ExampleTensor& example, const std::vector<std::string>& classes) {
  static const std::map<Element, at::ScalarType> kTypes{{Element::Float32, at::kFloat},
                                                        {Element::Float64, at::kDouble},
                                                        {Element::Int64, at::kLong},
                                                        {Element::UInt8, at::kByte},
                                                        {Element::Bool, at::kBool}};
  auto meaning = std::make_shared<Meaning>();
  meaning->classes = classes;
  return {at::tensor(example.data, at::kDouble).view(example.shape).to(kTypes.at(example.element)), meaning};
}

Signature signatureFor(const Port& port, const ExampleTensor& example) {
  Signature out;
  if (port.pattern.starts_with("image")) out.kind = Wire::Image;
  if (port.pattern.starts_with("label")) out.kind = Wire::Label;
  if (port.pattern.starts_with("target")) out.kind = Wire::Target;
  out.element = example.element;
  out.shape.assign(example.shape.begin(), example.shape.end());
  out.shape[0] = Dim("N");
  if (out.kind == Wire::Label)
    for (int i = 0; i <= *std::max_element(example.data.begin(), example.data.end()); ++i)
      out.classes.push_back(std::to_string(i));
  return out;
}

std::string held(const BlockType& type, const Example& example) {
  Signatures signatures;
  Batch in;
  for (const auto& [slot, tensor] : example.in) {
    const Port* port = type.schema.findInput(slot.substr(0, slot.find(':')));
    if (port == nullptr) return "there is no input " + slot;
    signatures[slot] = signatureFor(*port, tensor);
    in.set(slot, packetOf(tensor, signatures[slot].classes));
  }
  for (const auto& [slot, csv] : example.in_tables) {
    const Table table = tableFromText(csv);
    signatures[slot] = signatureOf(table);
    in.set(slot, table);
  }
  const auto block = madeBlock(type.schema.id, example.params, signatures);
  RowsOf rows(in);
  if (type.schema.fitted) block->fit(rows);
  const Batch out = predicted(*block, in);
  for (const auto& [port, tensor] : example.out) {
    const Packet got(out[port]);  // names of classes and columns are not part of an example
    if (const auto wrong = difference(packetOf(tensor, {}), got, example.tolerance); !wrong.empty())
      return port + ": " + wrong;
  }
  for (const auto& [port, csv] : example.out_tables) {
    const auto wrong = difference(tableFromText(csv), out.table(port), example.tolerance);
    if (wrong) return port + ": " + *wrong;
  }
  return {};
}

}  // namespace

std::string describesItself(const BlockType& type) {
  const BlockSchema& schema = type.schema;
  if (schema.title.empty() || schema.title[0] < 'A' || schema.title[0] > 'Z')
    return "the title does not start with a capital";
  if (schema.doc.empty() || schema.doc.back() != '.') return "the doc does not end in a full stop";
  if (schema.outputs.empty()) return "there is no output";
  if (schema.kind != Kind::Source && schema.inputs.empty()) return "there is no input";
  for (const auto* ports : {&schema.inputs, &schema.outputs})
    for (const auto& port : *ports)
      if (!isName(port.name) || port.pattern.empty())
        return "the port \"" + port.name + "\" has no proper name or no pattern";
  for (const auto& param : schema.params) {
    if (!isName(param.name)) return "the parameter \"" + param.name + "\" has no proper name";
    if (param.doc.empty()) return "the parameter " + param.name + " has no doc";
    if (param.doc.back() == '.') return "the doc of the parameter " + param.name + " ends in a full stop";
    if (const auto problem = complaint(param, param.fallback); !problem.empty())
      return "the default of " + param.name + ": " + problem;
    if (std::count_if(schema.params.begin(), schema.params.end(),
                      [&](const Param& p) { return p.name == param.name; }) > 1)
      return "two parameters are called " + param.name;
  }
  return {};
}

std::string examplesHold(const BlockType& type) {
  for (size_t i = 0; i < type.schema.examples.size(); ++i)
    if (const auto wrong = held(type, type.schema.examples[i]); !wrong.empty())
      return "example " + std::to_string(i + 1) + ": " + wrong;
  return {};
}

}  // namespace blockyard
