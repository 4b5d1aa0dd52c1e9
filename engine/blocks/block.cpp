#include "blocks/block.hpp"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <numbers>

#include "blocks/parameter_count.hpp"

namespace blockyard {
namespace {

// Bytes that programs can still take without others being ended for it; -1 if the system does not say.
double freeMemory() {
  std::ifstream file("/proc/meminfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("MemAvailable:")) return 1024.0 * std::atof(line.c_str() + 13);
  return -1;
}

// The system promises memory that it does not have and ends the program later: better to say so now. A weight has a
// gradient of its size.
void requireMemory(at::IntArrayRef shape) {
  double bytes = 2 * sizeof(float);
  for (const int64_t size : shape) bytes *= static_cast<double>(size);
  if (bytes < 1e8) return;
  const double free = freeMemory();
  if (free < 0 || bytes < free) return;
  const auto gigabytes = [](double b) { return numberText(std::round(b / 1e8) / 10) + " GB"; };
  throw Error({},
              "out of memory: its weights and their gradients need " + gigabytes(bytes) + ", and " + gigabytes(free) +
                  " are free",
              "make the layer smaller", Fault::OutOfMemory);
}

at::Tensor filled(at::IntArrayRef shape, const auto& draw) {
  requireMemory(shape);
  at::Tensor out = at::empty(shape, at::kFloat);
  float* data = out.mutable_data_ptr<float>();
  for (int64_t i = 0; i < out.numel(); ++i) data[i] = static_cast<float>(draw(static_cast<uint64_t>(i)));
  return out;
}

}  // namespace

int64_t Setup::size(const std::string& port, int64_t axis) const {
  const auto it = inputs.find(port);
  if (it == inputs.end()) throw Error({.port = port}, "expected a wire here, got none");
  const Shape& shape = it->second.shape;
  const auto rank = static_cast<int64_t>(shape.size());
  const int64_t at = axis < 0 ? axis + rank : axis;
  if (at < 0 || at >= rank)
    throw Error({.port = port}, "expected a shape with a size " + std::to_string(axis) + ", got " + textOf(shape));
  if (!shape[static_cast<size_t>(at)].known())
    throw Error(
        {.port = port},
        "size " + shape[static_cast<size_t>(at)].name + " of " + textOf(shape) + " must be known to make the weights",
        "put a block before it that fixes the size");
  return shape[static_cast<size_t>(at)].size;
}

at::Tensor Setup::uniform(const std::string& name, at::IntArrayRef shape, double bound) const {
  if (UnfilledWeights::active()) return at::empty(shape);
  const KeyedRandom keyed = random.key(name);
  return filled(shape, [&](uint64_t i) { return (2.0 * keyed.uniform(i) - 1.0) * bound; });
}

at::Tensor Setup::normal(const std::string& name, at::IntArrayRef shape, double deviation) const {
  if (UnfilledWeights::active()) return at::empty(shape);
  const KeyedRandom keyed = random.key(name);
  return filled(shape, [&](uint64_t i) { return keyed.normal(i) * deviation; });
}

at::Generator Step::generator(at::Device device, const std::string& purpose) const {
  const uint64_t seed = random(purpose).seed();
  if (device.is_cpu()) return at::make_generator<at::CPUGeneratorImpl>(seed);
  at::Generator generator = at::globalContext().defaultGenerator(device).clone();
  generator.set_current_seed(seed);
  return generator;
}

void Block::chooseRows(const Batch&, Part*) {}

void Block::fit(FitRows& rows) {
  (void)rows;
}
std::vector<NamedTensor> Block::parameters() const {
  return {};
}
State Block::state() const {
  return {};
}
void Block::loadState(const State& state) {
  (void)state;
}

void restore(const State& state, const std::string& name, at::Tensor& into) {
  const auto it = state.tensors.find(name);
  if (it == state.tensors.end()) throw Error({}, "the saved state lacks the tensor \"" + name + "\"");
  if (into.defined() && it->second.sizes() != into.sizes()) {
    std::ostringstream text;
    text << "the saved tensor \"" << name << "\" has shape " << it->second.sizes() << ", expected " << into.sizes();
    throw Error({}, text.str());
  }
  if (into.defined()) {
    const at::NoGradGuard no_grad;
    into.copy_(it->second);
  } else {
    into = it->second.clone();
  }
}

void addState(State& into, const std::string& prefix, const State& part) {
  for (const auto& [name, tensor] : part.tensors) into.tensors.insert_or_assign(prefix + name, tensor);
  for (const auto& [name, value] : part.values.items()) into.values.set(prefix + name, value);
}

State stateUnder(const State& state, const std::string& prefix) {
  State out;
  for (auto it = state.tensors.lower_bound(prefix); it != state.tensors.end() && it->first.starts_with(prefix); ++it)
    out.tensors.emplace(it->first.substr(prefix.size()), it->second);
  const auto& values = state.values.items();
  for (auto it = values.lower_bound(prefix); it != values.end() && it->first.starts_with(prefix); ++it)
    out.values.set(it->first.substr(prefix.size()), it->second);
  return out;
}

const Value& stateValue(const State& state, const std::string& name) {
  const Value* value = state.values.find(name);
  if (value == nullptr) throw Error({}, "the saved state lacks \"" + name + "\"");
  return *value;
}

}  // namespace blockyard
