#include "data/tensor_dtype.hpp"

#include <algorithm>
#include <iterator>

namespace blockyard {
namespace {

struct DtypePair {
  at::ScalarType torch;
  Dtype file;
};
constexpr DtypePair kDtypes[] = {{at::kFloat, Dtype::F32},     {at::kDouble, Dtype::F64}, {at::kHalf, Dtype::F16},
                                 {at::kBFloat16, Dtype::BF16}, {at::kLong, Dtype::I64},   {at::kInt, Dtype::I32},
                                 {at::kShort, Dtype::I16},     {at::kChar, Dtype::I8},    {at::kByte, Dtype::U8},
                                 {at::kBool, Dtype::Bool}};

}  // namespace

std::optional<Dtype> fileDtype(at::ScalarType type) {
  const auto* const pair =
      std::find_if(std::begin(kDtypes), std::end(kDtypes), [&](const DtypePair& p) { return p.torch == type; });
  return pair == std::end(kDtypes) ? std::nullopt : std::optional(pair->file);
}

std::optional<at::ScalarType> scalarType(Dtype dtype) {
  const auto* const pair =
      std::find_if(std::begin(kDtypes), std::end(kDtypes), [&](const DtypePair& p) { return p.file == dtype; });
  return pair == std::end(kDtypes) ? std::nullopt : std::optional(pair->torch);
}

}  // namespace blockyard
