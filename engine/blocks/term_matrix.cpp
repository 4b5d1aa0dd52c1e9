#include "blocks/term_matrix.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cmath>

namespace blockyard {

Norm normNamed(const std::string& name) {
  return name == "l2" ? Norm::L2 : name == "l1" ? Norm::L1 : Norm::None;
}

Param normParam() {
  return {"norm", "l2", Choices{"l2", "l1", "none"},
          "bring each row to length 1: the root of the sum of squares, the sum of sizes, or not at all"};
}

at::Tensor termMatrix(const Texts& texts, int64_t columns, Norm norm,
                      const std::function<void(std::string_view, double*)>& fill) {
  const auto rows = static_cast<int64_t>(texts.size());
  at::Tensor out = at::empty({rows, columns}, at::kFloat);  // [N, F]
  float* const to = out.mutable_data_ptr<float>();
  at::parallel_for(0, rows, 16, [&](int64_t begin, int64_t end) {
    std::vector<double> row(static_cast<size_t>(columns));
    for (int64_t i = begin; i < end; ++i) {
      std::fill(row.begin(), row.end(), 0.0);
      fill(texts[static_cast<size_t>(i)], row.data());
      double length = 0;
      for (const double v : row) length += norm == Norm::L2 ? v * v : std::abs(v);
      if (norm == Norm::L2) length = std::sqrt(length);
      const double factor = norm == Norm::None || length == 0 ? 1 : 1 / length;
      for (int64_t c = 0; c < columns; ++c)
        to[i * columns + c] = static_cast<float>(row[static_cast<size_t>(c)] * factor);
    }
  });
  return out;
}

}  // namespace blockyard
