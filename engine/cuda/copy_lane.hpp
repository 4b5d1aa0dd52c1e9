// CopyLane: the way of batches to a GPU, beside the computing. Engine thread.
#pragma once
#include <ATen/core/Tensor.h>

#include <vector>

namespace blockyard {

class CopyLane {
 public:
  virtual ~CopyLane() = default;
  // Queues copies of `host` and returns at once. The tensors returned hold their values after the matching `arrive`.
  virtual std::vector<at::Tensor> send(const std::vector<at::Tensor>& host) = 0;
  // Whatever is queued from now on waits for the oldest send that has not arrived. The caller does not wait.
  virtual void arrive() = 0;
};

}  // namespace blockyard
