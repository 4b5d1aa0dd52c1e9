// Settles: what a block can do that computes faster once its weights are sure not to change any more.
#pragma once

namespace blockyard {

class Settles {
 public:
  virtual ~Settles() = default;
  // Once, before a trained pipeline does nothing but answer, on the CPU. With `relu`, what the block gives is to be
  // max(0, y) from now on. Returns whether it is; if not, the block gives y as before.
  virtual bool settle(bool relu) = 0;
};

}  // namespace blockyard
