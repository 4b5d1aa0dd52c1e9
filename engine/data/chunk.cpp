#include "data/chunk.hpp"

#include <ATen/ATen.h>

#include "base/error.hpp"

namespace blockyard {

const Meaning& Packet::meaning() const {
  static const Meaning kNone;
  return meaning_ ? *meaning_ : kNone;
}

int64_t Packet::rows() const {
  if (table_) return table_->rows();
  return tensor_.defined() && tensor_.dim() > 0 ? tensor_.size(0) : 0;
}

Packet Packet::slice(int64_t first, int64_t count) const {
  if (first == 0 && count == rows()) return *this;
  if (table_) return {table_->slice(first, count)};
  return {tensor_.narrow(0, first, count), meaning_};
}

Packet Packet::take(const std::vector<int64_t>& picks) const {
  if (table_) return {table_->take(picks)};
  const auto index = at::from_blob(const_cast<int64_t*>(picks.data()), {static_cast<int64_t>(picks.size())}, at::kLong);
  return {tensor_.index_select(0, index), meaning_};
}

Packet Packet::concat(const std::vector<Packet>& parts) {
  if (parts.empty()) return {};
  if (parts.front().table_) {
    std::vector<Table> tables;
    for (const auto& part : parts) tables.push_back(part.table());
    return {Table::concat(tables)};
  }
  std::vector<at::Tensor> tensors;
  for (const auto& part : parts) tensors.push_back(part.tensor());
  return {at::cat(tensors), parts.front().meaning_};
}

const Packet& Batch::packet(const std::string& port) const {
  const auto it = items_.find(port);
  if (it == items_.end())
    throw Error({.port = port}, "nothing has arrived here", "this is a defect of the block or its schema");
  return it->second;
}

std::vector<at::Tensor> Batch::all(const std::string& port) const {
  std::vector<at::Tensor> out;
  for (int64_t i = 0; has(portSlot(port, i)); ++i) out.push_back(packet(portSlot(port, i)).tensor());
  return out;
}

int64_t Batch::rows() const {
  return items_.empty() ? 0 : items_.begin()->second.rows();
}

Batch Batch::slice(int64_t first, int64_t count) const {
  Batch out;
  for (const auto& [port, packet] : items_) out.set(port, packet.slice(first, count));
  return out;
}

Batch Batch::take(const std::vector<int64_t>& picks) const {
  Batch out;
  for (const auto& [port, packet] : items_) out.set(port, packet.take(picks));
  return out;
}

std::string portSlot(const std::string& port, int64_t index) {
  return index == 0 ? port : port + ":" + std::to_string(index);
}

const char* nameOf(Part part) {
  static const char* const kNames[] = {"train", "validation", "test", "unused"};
  return kNames[static_cast<int>(part)];
}

}  // namespace blockyard
