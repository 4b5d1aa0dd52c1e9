// The operators that a script may use: functions of their arguments alone. Left out on purpose: everything that reads
// or writes files (save, from_file), prints or warns, draws random numbers, returns memory that nobody has written
// (empty) or changes running statistics (batch_norm). Operators that write into a tensor are refused by their schema.
#include <algorithm>
#include <iterator>
#include <string_view>

#include "base/value.hpp"
#include "blocks/script.hpp"

namespace blockyard {
namespace {

constexpr std::string_view kPure[] = {
    // arithmetic
    "abs", "absolute", "add", "addcdiv", "addcmul", "addmm", "addmv", "addr", "baddbmm", "ceil", "clamp", "clamp_max",
    "clamp_min", "clip", "copysign", "deg2rad", "div", "divide", "divmod", "exp", "exp2", "expm1", "floor",
    "floor_divide", "floordiv", "fmax", "fmin", "fmod", "frac", "heaviside", "hypot", "lerp", "log", "log10", "log1p",
    "log2", "logaddexp", "maximum", "minimum", "mul", "multiply", "nan_to_num", "neg", "negative", "positive", "pow",
    "rad2deg", "reciprocal", "remainder", "round", "rsqrt", "rsub", "sgn", "sign", "sqrt", "square", "sub", "subtract",
    "true_divide", "trunc", "xlogy", "__round_to_zero_floordiv",
    // functions of one number
    "acos", "acosh", "arctan2", "asin", "asinh", "atan", "atan2", "atanh", "cos", "cosh", "digamma", "erf", "erfc",
    "erfinv", "lgamma", "logit", "sigmoid", "sin", "sinc", "sinh", "tan", "tanh", "special_expit", "special_logit",
    "special_xlogy",
    // comparison and logic
    "all", "allclose", "any", "bitwise_and", "bitwise_not", "bitwise_or", "bitwise_xor", "eq", "equal", "ge", "gt",
    "isclose", "isfinite", "isinf", "isnan", "le", "logical_and", "logical_not", "logical_or", "logical_xor", "lt",
    "masked_fill", "masked_select", "ne", "where", "__and__", "__contains__", "__is__", "__isnot__", "__not__",
    "__or__", "__xor__",
    // activations
    "celu", "elu", "gelu", "glu", "hardshrink", "hardsigmoid", "hardswish", "hardtanh", "leaky_relu", "log_sigmoid",
    "log_softmax", "mish", "prelu", "relu", "relu6", "selu", "silu", "softmax", "softplus", "softshrink", "threshold",
    // reductions and order
    "amax", "amin", "aminmax", "argmax", "argmin", "argsort", "bincount", "cdist", "corrcoef", "cosine_similarity",
    "count_nonzero", "cov", "cummax", "cummin", "cumprod", "cumsum", "diff", "dist", "histc", "kthvalue",
    "logcumsumexp", "logsumexp", "max", "mean", "median", "min", "mode", "nanmean", "nanmedian", "nanquantile",
    "nansum", "norm", "pairwise_distance", "pdist", "prod", "quantile", "sort", "std", "std_mean", "sum", "topk",
    "trace", "var", "var_mean",
    // shape, parts and order of elements
    "broadcast_tensors", "broadcast_to", "cat", "chunk", "clone", "concat", "concatenate", "constant_pad_nd",
    "contiguous", "detach", "diag", "diag_embed", "diagonal", "dstack", "expand", "expand_as", "flatten", "flip",
    "fliplr", "flipud", "gather", "hstack", "index", "index_add", "index_fill", "index_put", "index_select",
    "masked_scatter", "meshgrid", "movedim", "narrow", "numpy_T", "one_hot", "pad", "permute", "pixel_shuffle",
    "pixel_unshuffle", "reflection_pad1d", "reflection_pad2d", "repeat", "repeat_interleave", "replication_pad1d",
    "replication_pad2d", "reshape", "reshape_as", "roll", "rot90", "scatter", "scatter_add", "select", "slice", "split",
    "split_with_sizes", "squeeze", "stack", "swapaxes", "swapdims", "t", "take", "take_along_dim", "tensor_split",
    "tile", "transpose", "tril", "triu", "unbind", "unflatten", "unfold", "unsqueeze", "view", "view_as", "vstack",
    // linear algebra and spectra
    "angle", "bilinear", "bmm", "cholesky", "complex", "cross", "det", "dot", "einsum", "fft_fft", "fft_fft2",
    "fft_ifft", "fft_ifft2", "fft_irfft", "fft_rfft", "imag", "inner", "inverse", "kron", "linalg_inv",
    "linalg_matrix_norm", "linalg_norm", "linalg_solve", "linalg_vector_norm", "linear", "matmul", "mm", "mv", "outer",
    "real", "tensordot", "vdot", "view_as_complex", "view_as_real",
    // layers
    "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_max_pool1d", "adaptive_max_pool2d", "avg_pool1d",
    "avg_pool2d", "avg_pool3d", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "embedding",
    "grid_sampler", "group_norm", "im2col", "col2im", "layer_norm", "max_pool1d", "max_pool2d", "max_pool3d",
    "upsample_bilinear2d", "upsample_nearest2d",
    // losses
    "binary_cross_entropy", "binary_cross_entropy_with_logits", "cosine_embedding_loss", "cross_entropy_loss",
    "hinge_embedding_loss", "huber_loss", "kl_div", "l1_loss", "margin_ranking_loss", "mse_loss", "multi_margin_loss",
    "multilabel_margin_loss", "nll_loss", "nll_loss_nd", "poisson_nll_loss", "smooth_l1_loss", "soft_margin_loss",
    "triplet_margin_loss",
    // new tensors
    "arange", "eye", "full", "full_like", "linspace", "logspace", "new_full", "new_ones", "new_zeros", "ones",
    "ones_like", "scalar_tensor", "tensor", "tril_indices", "triu_indices", "zeros", "zeros_like",
    // types and sizes
    "Bool", "BoolImplicit", "Complex", "Float", "FloatImplicit", "Int", "IntImplicit", "ScalarImplicit", "dim",
    "is_floating_point", "is_nonzero", "item", "ndimension", "numel", "size", "stride", "to", "type_as",
    // lists, ranges and texts
    "__derive_index", "__getitem__", "__range_length", "append", "copy", "extend", "format", "insert", "len", "list",
    "pop", "reverse", "str"};

constexpr std::string_view kBasic[] = {"Constant",
                                       "If",
                                       "ImplicitTensorToNum",
                                       "ListConstruct",
                                       "ListUnpack",
                                       "Loop",
                                       "NumToTensor",
                                       "RaiseException",
                                       "StringIndex",
                                       "TupleConstruct",
                                       "TupleIndex",
                                       "TupleSlice",
                                       "TupleUnpack",
                                       "Uninitialized",
                                       "abs",
                                       "device",
                                       "dtype",
                                       "is_cuda",
                                       "layout",
                                       "max",
                                       "min",
                                       "requires_grad",
                                       "unchecked_cast",
                                       "unchecked_unwrap_optional"};

constexpr std::string_view kRandom[] = {"alpha_dropout",
                                        "bernoulli",
                                        "binomial",
                                        "cauchy",
                                        "dropout",
                                        "exponential",
                                        "feature_alpha_dropout",
                                        "feature_dropout",
                                        "geometric",
                                        "log_normal",
                                        "multinomial",
                                        "native_dropout",
                                        "normal",
                                        "poisson",
                                        "random",
                                        "rrelu",
                                        "uniform"};

template <size_t size>
bool listed(const std::string_view (&list)[size], std::string_view name) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

}  // namespace

const char* operatorRefused(const std::string& qualified) {
  const size_t colons = qualified.find("::");
  const std::string_view space = std::string_view(qualified).substr(0, colons);
  std::string_view name = std::string_view(qualified).substr(colons == std::string::npos ? 0 : colons + 2);
  if (space == "prim") {
    if (listed(kBasic, name)) return nullptr;
    return name == "Print" ? "a script cannot print" : "a script may use pure tensor operators only";
  }
  if (space != "aten") return "a script may use pure tensor operators only";
  if (listed(kPure, name)) return nullptr;
  if (name.size() > 2 && name.back() == '_' && !name.ends_with("__"))
    return "a script must not change a tensor in place; write x = x + 1 instead of x += 1";
  if (name.starts_with("rand") || listed(kRandom, name))
    return "random numbers belong to the run's seed: use the blocks Dropout or Augment";
  return "a script may use pure tensor operators only";
}

std::string nearestOperator(const std::string& name) {
  return nearestName(name, std::vector<std::string>(std::begin(kPure), std::end(kPure)));
}

}  // namespace blockyard
