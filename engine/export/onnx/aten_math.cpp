// Operators that work on every number by itself, and those that bring many numbers together.
#include <ATen/ATen.h>

#include <cmath>
#include <numbers>

#include "export/onnx/aten_node.hpp"

namespace blockyard {
namespace {

// A node of the result's type with one input, or with two that are brought to it.
template <const char* kOp>
void unary(const AtenNode& n) {
  n.give(n.op(kOp, {n.in(0, n.type())}));
}
template <const char* kOp>
void binary(const AtenNode& n) {
  n.give(n.op(kOp, {n.in(0, n.type()), n.in(1, n.type())}));
}
// ONNX compares and joins numbers of one type.
template <const char* kOp>
void compared(const AtenNode& n) {
  OnnxType type = n.commonType(0, 1);
  if (type == OnnxType::Bool || type == OnnxType::UInt8) type = OnnxType::Int64;
  n.give(n.op(kOp, {n.in(0, type), n.in(1, type)}, OnnxType::Bool));
}
template <const char* kOp>
void joined(const AtenNode& n) {
  n.give(n.op(kOp, {n.in(0, OnnxType::Bool), n.in(1, OnnxType::Bool)}, OnnxType::Bool));
}

constexpr char kAbs[] = "Abs", kAcos[] = "Acos", kAsin[] = "Asin", kAtan[] = "Atan", kCeil[] = "Ceil", kCos[] = "Cos",
               kErf[] = "Erf", kExp[] = "Exp", kFloor[] = "Floor", kLog[] = "Log", kNeg[] = "Neg",
               kReciprocal[] = "Reciprocal", kRound[] = "Round", kSigmoid[] = "Sigmoid", kSign[] = "Sign",
               kSin[] = "Sin", kSqrt[] = "Sqrt", kTan[] = "Tan", kTanh[] = "Tanh", kRelu[] = "Relu",
               kSoftsign[] = "Softsign";
constexpr char kMul[] = "Mul", kMax[] = "Max", kMin[] = "Min", kPow[] = "Pow";
constexpr char kEqual[] = "Equal", kLess[] = "Less", kLessOrEqual[] = "LessOrEqual", kGreater[] = "Greater",
               kGreaterOrEqual[] = "GreaterOrEqual";
constexpr char kAnd[] = "And", kOr[] = "Or", kXor[] = "Xor";

// x + alpha * y; the alpha of x - y is negative.
void scaledSum(const AtenNode& n, const OnnxValue& x, const OnnxValue& y, size_t alpha, bool minus) {
  const double factor = n.has(alpha) ? n.number(alpha) : 1;
  const OnnxValue scaled = factor == 1 ? y : n.op("Mul", {y, n.scalar(factor)});
  n.give(n.op(minus ? "Sub" : "Add", {x, scaled}));
}

void add(const AtenNode& n) {
  scaledSum(n, n.in(0, n.type()), n.in(1, n.type()), 2, false);
}
void sub(const AtenNode& n) {
  scaledSum(n, n.in(0, n.type()), n.in(1, n.type()), 2, true);
}
void rsub(const AtenNode& n) {
  scaledSum(n, n.in(1, n.type()), n.in(0, n.type()), 2, true);
}

void divide(const AtenNode& n) {
  const OnnxValue out = n.op("Div", {n.in(0, n.type()), n.in(1, n.type())});
  if (!n.has(2)) return n.give(out);
  const bool whole = n.type() == OnnxType::Int64;
  if (n.text(2) == "trunc" && whole) return n.give(out);
  if (n.text(2) != "floor" || whole) n.refuse("this way of rounding");
  n.give(n.op("Floor", {out}));
}

void addProduct(const AtenNode& n) {  // x + value * a * b
  const OnnxValue product = n.op("Mul", {n.in(1, n.type()), n.in(2, n.type())});
  scaledSum(n, n.in(0, n.type()), product, 3, false);
}

void notEqual(const AtenNode& n) {
  OnnxType type = n.commonType(0, 1);
  if (type == OnnxType::Bool || type == OnnxType::UInt8) type = OnnxType::Int64;
  const OnnxValue same = n.op("Equal", {n.in(0, type), n.in(1, type)}, OnnxType::Bool);
  n.give(n.op("Not", {same}, OnnxType::Bool));
}

void logicalNot(const AtenNode& n) {
  n.give(n.op("Not", {n.in(0, OnnxType::Bool)}, OnnxType::Bool));
}

// And, or of truths; of whole numbers there is none at this level.
template <const char* kOp>
void bitwise(const AtenNode& n) {
  if (n.type() != OnnxType::Bool) n.refuse("bits of whole numbers");
  joined<kOp>(n);
}

void log1p(const AtenNode& n) {
  n.give(n.op("Log", {n.op("Add", {n.in(0, n.type()), n.scalar(1)})}));
}
void expm1(const AtenNode& n) {
  n.give(n.op("Sub", {n.op("Exp", {n.in(0, n.type())}), n.scalar(1)}));
}
void log2(const AtenNode& n) {
  n.give(n.op("Mul", {n.op("Log", {n.in(0, n.type())}), n.scalar(std::numbers::log2e)}));
}
void log10(const AtenNode& n) {
  n.give(n.op("Mul", {n.op("Log", {n.in(0, n.type())}), n.scalar(std::numbers::log10e)}));
}
void exp2(const AtenNode& n) {
  n.give(n.op("Pow", {n.scalar(2), n.in(0, n.type())}));
}
void rsqrt(const AtenNode& n) {
  n.give(n.op("Reciprocal", {n.op("Sqrt", {n.in(0, n.type())})}));
}
void square(const AtenNode& n) {
  const OnnxValue x = n.in(0, n.type());
  n.give(n.op("Mul", {x, x}));
}
void trunc(const AtenNode& n) {
  const OnnxValue x = n.in(0, n.type());
  n.give(n.op("Mul", {n.op("Sign", {x}), n.op("Floor", {n.op("Abs", {x})})}));
}

void clamp(const AtenNode& n) {
  OnnxValue out = n.in(0, n.type());
  if (n.has(1)) out = n.op("Max", {out, n.in(1, n.type())});
  if (n.has(2)) out = n.op("Min", {out, n.in(2, n.type())});
  n.give(out);
}

void where(const AtenNode& n) {
  n.give(n.op("Where", {n.in(0, OnnxType::Bool), n.in(1, n.type()), n.in(2, n.type())}));
}
void maskedFill(const AtenNode& n) {
  n.give(n.op("Where", {n.in(1, OnnxType::Bool), n.in(2, n.type()), n.in(0, n.type())}));
}
void isNan(const AtenNode& n) {
  n.give(n.op("IsNaN", {n.in(0)}, OnnxType::Bool));
}
void nanToNumber(const AtenNode& n) {
  const OnnxValue x = n.in(0, n.type());
  const OnnxValue value = n.scalar(n.has(1) ? n.number(1) : 0);
  n.give(n.op("Where", {n.op("IsNaN", {x}, OnnxType::Bool), value, x}));
}

// --- activations

void leakyRelu(const AtenNode& n) {
  n.give(n.op("LeakyRelu", {n.in(0)}, {{"alpha", n.number(1)}}));
}

OnnxValue half(const AtenNode& n, const OnnxValue& x, const OnnxValue& curve) {  // x / 2 * (1 + curve)
  return n.op("Mul", {n.op("Mul", {x, n.scalar(0.5)}), n.op("Add", {curve, n.scalar(1)})});
}

void gelu(const AtenNode& n) {
  const OnnxValue x = n.in(0);
  if (!n.has(1) || n.text(1) == "none")
    return n.give(half(n, x, n.op("Erf", {n.op("Mul", {x, n.scalar(1 / std::numbers::sqrt2)})})));
  const OnnxValue cube = n.op("Mul", {n.op("Mul", {x, x}), x});
  const OnnxValue inner = n.op("Add", {x, n.op("Mul", {cube, n.scalar(0.044715)})});
  n.give(half(n, x, n.op("Tanh", {n.op("Mul", {inner, n.scalar(std::sqrt(2 / std::numbers::pi))})})));
}

void silu(const AtenNode& n) {
  n.give(n.op("Mul", {n.in(0), n.op("Sigmoid", {n.in(0)})}));
}

void softplus(const AtenNode& n) {
  const double beta = n.has(1) ? n.number(1) : 1;
  if (beta == 1) return n.give(n.op("Softplus", {n.in(0)}));
  const OnnxValue inner = n.op("Softplus", {n.op("Mul", {n.in(0), n.scalar(beta)})});
  n.give(n.op("Div", {inner, n.scalar(beta)}));
}

void mish(const AtenNode& n) {
  n.give(n.op("Mul", {n.in(0), n.op("Tanh", {n.op("Softplus", {n.in(0)})})}));
}

void elu(const AtenNode& n) {
  if ((n.has(2) && n.number(2) != 1) || (n.has(3) && n.number(3) != 1)) n.refuse("a scale");
  n.give(n.op("Elu", {n.in(0)}, {{"alpha", n.has(1) ? n.number(1) : 1.0}}));
}
void celu(const AtenNode& n) {
  n.give(n.op("Celu", {n.in(0)}, {{"alpha", n.has(1) ? n.number(1) : 1.0}}));
}
void selu(const AtenNode& n) {
  n.give(n.op("Selu", {n.in(0)}));
}
void hardSigmoid(const AtenNode& n) {
  n.give(n.op("HardSigmoid", {n.in(0)}, {{"alpha", 1.0 / 6}, {"beta", 0.5}}));
}
void hardSwish(const AtenNode& n) {
  n.give(n.op("HardSwish", {n.in(0)}));
}
void relu6(const AtenNode& n) {
  n.give(n.op("Min", {n.op("Relu", {n.in(0)}), n.scalar(6)}));
}
void prelu(const AtenNode& n) {
  n.give(n.op("PRelu", {n.in(0), n.in(1)}));
}

template <const char* kOp>
void softmax(const AtenNode& n) {
  n.give(n.op(kOp, {n.in(0, n.type())}, {{"axis", n.axis(1)}}));
}
constexpr char kSoftmax[] = "Softmax", kLogSoftmax[] = "LogSoftmax";

// --- reductions

// Argument 1 lists the axes, all if there is none; argument 2 says whether they stay.
struct Over {
  std::vector<int64_t> axes{};
  bool keep = false;
};
Over over(const AtenNode& n) {
  Over out;
  const auto rank = n.rank(0);
  const bool listed = n.arguments() > 2 && n.has(1);
  if (listed) out.axes = n.axes(1);
  if (out.axes.empty())
    for (int64_t axis = 0; axis < rank; ++axis) out.axes.push_back(axis);
  out.keep = n.arguments() > 2 && n.has(2) && n.flag(2);
  return out;
}

OnnxValue reduced(const AtenNode& n, const char* op, const OnnxValue& x, const Over& over) {
  const OnnxAttributes attributes{{"axes", over.axes}, {"keepdims", static_cast<int64_t>(over.keep)}};
  return n.op(op, {x}, x.type, attributes);
}

OnnxValue summed(const AtenNode& n, const OnnxValue& x, const Over& over) {
  return n.op("ReduceSum", {x, n.graph().integers(over.axes)}, x.type, {{"keepdims", static_cast<int64_t>(over.keep)}});
}

void sum(const AtenNode& n) {
  n.give(summed(n, n.in(0, n.type()), over(n)));
}
void mean(const AtenNode& n) {
  n.give(reduced(n, "ReduceMean", n.in(0, n.type()), over(n)));
}
template <const char* kOp>
void extreme(const AtenNode& n) {
  const bool truth = n.type() == OnnxType::Bool;
  n.give(reduced(n, kOp, truth ? n.in(0, OnnxType::Int32) : n.in(0), over(n)));
}
constexpr char kReduceMax[] = "ReduceMax", kReduceMin[] = "ReduceMin";

// Whether any or all are true.
template <const char* kOp>
void truthOver(const AtenNode& n) {
  const OnnxValue truth = n.in(0, OnnxType::Bool);
  n.give(n.graph().cast(reduced(n, kOp, n.graph().cast(truth, OnnxType::Int32), over(n)), OnnxType::Bool));
}

// max(x, axis), min(x, axis): the value and its place; max(x, y); max(x).
template <const char* kReduce, const char* kArg, const char* kBoth>
void extremeOf(const AtenNode& n) {
  if (n.arguments() == 1) return n.give(reduced(n, kReduce, n.in(0), over(n)));
  if (n.isTensor(1)) return n.give(n.op(kBoth, {n.in(0, n.type()), n.in(1, n.type())}));
  const Over along{.axes = {n.axis(1)}, .keep = n.flag(2)};
  n.give(reduced(n, kReduce, n.in(0), along), 0);
  const OnnxAttributes attributes{{"axis", along.axes.front()}, {"keepdims", static_cast<int64_t>(along.keep)}};
  n.give(n.op(kArg, {n.in(0)}, OnnxType::Int64, attributes), 1);
}
constexpr char kArgMax[] = "ArgMax", kArgMin[] = "ArgMin";

template <const char* kOp>
void place(const AtenNode& n) {
  if (!n.has(1)) n.refuse("the place in all rows at once");
  n.give(n.op(kOp, {n.in(0)}, OnnxType::Int64, {{"axis", n.axis(1)}, {"keepdims", static_cast<int64_t>(n.flag(2))}}));
}

// var, std: (x, axes, correction or unbiased, keep).
OnnxValue variance(const AtenNode& n) {
  if (n.arguments() < 4) n.refuse("over all axes at once");
  const Over along{.axes = n.axes(1), .keep = n.flag(3)};
  const OnnxValue x = n.in(0);
  const OnnxValue away = n.op("Sub", {x, reduced(n, "ReduceMean", x, {along.axes, true})});
  double count = 1;
  for (const int64_t axis : along.axes) count *= static_cast<double>(n.fixedSize(0, axis));
  const double correction = n.has(2) ? n.number(2) : 1;
  return n.op("Div", {summed(n, n.op("Mul", {away, away}), along), n.scalar(std::max(0.0, count - correction))});
}
void var(const AtenNode& n) {
  n.give(variance(n));
}
void deviation(const AtenNode& n) {
  n.give(n.op("Sqrt", {variance(n)}));
}

void norm(const AtenNode& n) {  // linalg_vector_norm(x, order, axes, keep), norm(x, order, axes, keep)
  const double order = n.has(1) ? n.number(1) : 2;
  if (n.arguments() < 4 || !n.has(2) || (order != 1 && order != 2)) n.refuse("this kind of norm");
  const Over along{.axes = n.axes(2), .keep = n.flag(3)};
  const OnnxValue x = n.in(0, n.type());
  if (order == 1) return n.give(summed(n, n.op("Abs", {x}), along));
  n.give(n.op("Sqrt", {summed(n, n.op("Mul", {x, x}), along)}));
}

void logSumExp(const AtenNode& n) {
  n.give(reduced(n, "ReduceLogSumExp", n.in(0), {n.axes(1), n.flag(2)}));
}

void cumulated(const AtenNode& n) {
  n.give(n.op("CumSum", {n.in(0, n.type()), n.graph().integer(n.axis(1))}));
}

}  // namespace

std::vector<AtenEntry> atenArithmetic() {
  return {{"aten::add", add},
          {"aten::sub", sub},
          {"aten::rsub", rsub},
          {"aten::mul", binary<kMul>},
          {"aten::div", divide},
          {"aten::true_divide", divide},
          {"aten::addcmul", addProduct},
          {"aten::pow", binary<kPow>},
          {"aten::maximum", binary<kMax>},
          {"aten::minimum", binary<kMin>},
          {"aten::eq", compared<kEqual>},
          {"aten::ne", notEqual},
          {"aten::lt", compared<kLess>},
          {"aten::le", compared<kLessOrEqual>},
          {"aten::gt", compared<kGreater>},
          {"aten::ge", compared<kGreaterOrEqual>},
          {"aten::logical_and", joined<kAnd>},
          {"aten::logical_or", joined<kOr>},
          {"aten::logical_xor", joined<kXor>},
          {"aten::logical_not", logicalNot},
          {"aten::bitwise_not", logicalNot},
          {"aten::bitwise_and", bitwise<kAnd>},
          {"aten::bitwise_or", bitwise<kOr>},
          {"aten::bitwise_xor", bitwise<kXor>},
          {"aten::__and__", bitwise<kAnd>},
          {"aten::__or__", bitwise<kOr>},
          {"aten::abs", unary<kAbs>},
          {"aten::acos", unary<kAcos>},
          {"aten::asin", unary<kAsin>},
          {"aten::atan", unary<kAtan>},
          {"aten::ceil", unary<kCeil>},
          {"aten::cos", unary<kCos>},
          {"aten::erf", unary<kErf>},
          {"aten::exp", unary<kExp>},
          {"aten::exp2", exp2},
          {"aten::expm1", expm1},
          {"aten::floor", unary<kFloor>},
          {"aten::log", unary<kLog>},
          {"aten::log1p", log1p},
          {"aten::log2", log2},
          {"aten::log10", log10},
          {"aten::neg", unary<kNeg>},
          {"aten::reciprocal", unary<kReciprocal>},
          {"aten::round", unary<kRound>},
          {"aten::rsqrt", rsqrt},
          {"aten::sign", unary<kSign>},
          {"aten::sgn", unary<kSign>},
          {"aten::sin", unary<kSin>},
          {"aten::sqrt", unary<kSqrt>},
          {"aten::square", square},
          {"aten::tan", unary<kTan>},
          {"aten::trunc", trunc},
          {"aten::clamp", clamp},
          {"aten::clip", clamp},
          {"aten::hardtanh", clamp},
          {"aten::clamp_min", clamp},
          {"aten::clamp_max",
           [](const AtenNode& n) {
             n.give(n.op("Min", {n.in(0, n.type()), n.in(1, n.type())}));
           }},
          {"aten::where", where},
          {"aten::masked_fill", maskedFill},
          {"aten::isnan", isNan},
          {"aten::nan_to_num", nanToNumber}};
}

std::vector<AtenEntry> atenActivations() {
  return {{"aten::relu", unary<kRelu>},
          {"aten::leaky_relu", leakyRelu},
          {"aten::gelu", gelu},
          {"aten::silu", silu},
          {"aten::mish", mish},
          {"aten::tanh", unary<kTanh>},
          {"aten::sigmoid", unary<kSigmoid>},
          {"aten::elu", elu},
          {"aten::celu", celu},
          {"aten::selu", selu},
          {"aten::softplus", softplus},
          {"aten::softsign", unary<kSoftsign>},
          {"aten::hardsigmoid", hardSigmoid},
          {"aten::hardswish", hardSwish},
          {"aten::relu6", relu6},
          {"aten::prelu", prelu},
          {"aten::softmax", softmax<kSoftmax>},
          {"aten::log_softmax", softmax<kLogSoftmax>},
          {"aten::_softmax", softmax<kSoftmax>},
          {"aten::_log_softmax", softmax<kLogSoftmax>}};
}

std::vector<AtenEntry> atenReductions() {
  return {{"aten::sum", sum},
          {"aten::mean", mean},
          {"aten::amax", extreme<kReduceMax>},
          {"aten::amin", extreme<kReduceMin>},
          {"aten::max", extremeOf<kReduceMax, kArgMax, kMax>},
          {"aten::min", extremeOf<kReduceMin, kArgMin, kMin>},
          {"aten::argmax", place<kArgMax>},
          {"aten::argmin", place<kArgMin>},
          {"aten::any", truthOver<kReduceMax>},
          {"aten::all", truthOver<kReduceMin>},
          {"aten::var", var},
          {"aten::std", deviation},
          {"aten::norm", norm},
          {"aten::linalg_vector_norm", norm},
          {"aten::logsumexp", logSumExp},
          {"aten::cumsum", cumulated}};
}

}  // namespace blockyard
