// Spectra against SciPy, standardized windows against NumPy (tests/reference/signals.py).
#include <ATen/ATen.h>

#include <QTest>
#include <fstream>
#include <nlohmann/json.hpp>

#include "checks.hpp"
#include "try_block.hpp"

using namespace blockyard;
using Json = nlohmann::json;

namespace {

const Json& reference() {
  static const Json kAll = Json::parse(std::ifstream(BLOCKYARD_TEST_DIR "/blocks/signals_reference.json"));
  return kAll;
}

// [N, A, B]
at::Tensor tensorOf(const Json& rows) {
  std::vector<double> all;
  for (const auto& row : rows)
    for (const auto& line : row)
      for (const auto& value : line) all.push_back(value.get<double>());
  return at::tensor(all, at::kDouble)
      .view({static_cast<int64_t>(rows.size()), static_cast<int64_t>(rows[0].size()),
             static_cast<int64_t>(rows[0][0].size())});
}

Signatures wires(const at::Tensor& x) {
  return {{"x", {.shape = {"N", x.size(1), x.size(2)}}}};
}

void compare(const at::Tensor& got, const at::Tensor& expected, const std::string& what) {
  QVERIFY2(got.sizes() == expected.sizes(), what.c_str());
  QVERIFY2(at::allclose(got.to(at::kDouble), expected, 1e-5, 1e-5), what.c_str());
}

}  // namespace

class SignalsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void spectrumAsSciPy() {
    for (const auto& one : reference().at("spectrum")) {
      const at::Tensor x = tensorOf(one.at("x")).to(at::kFloat);
      const auto block = madeBlock("preprocessor/spectrum", valuesFromJson(one.at("params")), wires(x));
      compare(predicted(*block, {{"x", x}})["y"], tensorOf(one.at("y")), one.at("params").dump());
    }
  }

  void standardizedAsNumPy() {
    const Json& all = reference().at("standardize");
    const at::Tensor x = tensorOf(all.at("x")).to(at::kFloat);
    for (const std::string each : {"last", "first", "place"}) {
      const auto block = fittedBlock("preprocessor/standardize_tensor", {{"each", each}}, wires(x), {{"x", x}});
      compare(predicted(*block, {{"x", x}})["y"], tensorOf(all.at(each)), each);
    }
  }

  void whatNeverChangesIsZero() {
    const at::Tensor x = at::full({3, 2, 2}, 7.0F);
    const auto block = fittedBlock("preprocessor/standardize_tensor", {}, wires(x), {{"x", x}});
    QVERIFY(predicted(*block, {{"x", x}})["y"].eq(0).all().item<bool>());
  }
};

QTEST_GUILESS_MAIN(SignalsTest)
#include "signals.moc"
