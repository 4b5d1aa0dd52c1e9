// Changes of pictures against torchvision's functionals (tests/reference/picture_changes.py), and the blocks that apply
// them at random while training.
#include <ATen/ATen.h>

#include <QTest>
#include <fstream>
#include <nlohmann/json.hpp>

#include "blocks/picture_changes.hpp"
#include "checks.hpp"
#include "try_block.hpp"

using namespace blockyard;
using Json = nlohmann::json;

namespace {

const Json& reference() {
  static const Json kAll = Json::parse(std::ifstream(BLOCKYARD_TEST_DIR "/blocks/picture_changes_reference.json"));
  return kAll;
}

void apply(const std::string& change, const std::vector<double>& a, Canvas& canvas) {
  const auto f = [&](size_t i) { return static_cast<float>(a.at(i)); };
  const auto n = [&](size_t i) { return static_cast<int64_t>(a.at(i)); };
  if (change == "affine")
    affine(canvas,
           {.angle = a[0],
            .right = a[1],
            .down = a[2],
            .scale = a[3],
            .shear_x = a[4],
            .shear_y = a[5],
            .about_corner = a[6] > 0},
           a[7] > 0, f(8));
  else if (change == "crop")
    resizedCrop(canvas, n(0), n(1), n(2), n(3));
  else if (change == "brightness")
    brightness(canvas, f(0));
  else if (change == "contrast")
    contrast(canvas, f(0));
  else if (change == "saturation")
    saturation(canvas, f(0));
  else if (change == "sharpness")
    sharpness(canvas, f(0));
  else if (change == "hue")
    hue(canvas, f(0));
  else if (change == "posterize")
    posterize(canvas, static_cast<int>(n(0)));
  else if (change == "solarize")
    solarize(canvas, f(0));
  else if (change == "autocontrast")
    autocontrast(canvas);
  else if (change == "equalize")
    equalize(canvas);
  else
    fillRectangle(canvas, n(0), n(1), n(2), n(3), f(4));
}

// The blocks, strong enough that hardly a picture stays as it is.
const std::map<std::string, Values>& blocks() {
  static const std::map<std::string, Values> kBlocks = {
      {"random_affine", {{"degrees", 40.0}, {"translate", 0.2}, {"scale", Numbers{0.7, 1.4}}, {"shear", 10.0}}},
      {"random_crop", {{"area", Numbers{0.2, 0.6}}}},
      {"random_erase", {{"share", 1.0}, {"value", 200.0}}},
      {"color_jitter", {{"brightness", 0.8}, {"contrast", 0.8}, {"saturation", 0.8}, {"hue", 0.3}}},
      {"rand_augment", {{"changes", 3}, {"magnitude", 20}}}};
  return kBlocks;
}

at::Tensor pictures(int64_t count) {
  at::Generator generator = at::detail::createCPUGenerator(3);
  return at::randint(256, {count, 3, 12, 14}, generator, at::kByte);
}

at::Tensor changed(const std::string& id, const at::Tensor& x, const at::Tensor& ids, int64_t epoch) {
  const auto block = madeBlock("preprocessor/" + id, blocks().at(id),
                               {{"x",
                                 {.kind = Wire::Image,
                                  .element = x.scalar_type() == at::kByte ? Element::UInt8 : Element::Float32,
                                  .shape = {"N", x.size(1), x.size(2), x.size(3)}}}});
  Step step(true, KeyedRandom(1), ids, epoch);
  return block->forward({{"x", Packet(x)}}, step)["y"];
}

}  // namespace

class PictureChangesTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void sameAsTorchvision_data();
  void sameAsTorchvision();
  void keyedByRowAndEpoch_data();
  void keyedByRowAndEpoch();
  void floatsAreBytesDivided();
  void erasedShare();
  void mistakes();
};

void PictureChangesTest::sameAsTorchvision_data() {
  QTest::addColumn<int>("number");
  int number = 0;
  for (const auto& item : reference().at("cases"))
    QTest::newRow((item.at("change").get<std::string>() + " " + item.at("arguments").dump()).c_str()) << number++;
}

void PictureChangesTest::sameAsTorchvision() {
  QFETCH(int, number);
  const auto& item = reference().at("cases").at(static_cast<size_t>(number));
  Canvas canvas{3, reference().at("height"), reference().at("width")};
  canvas.pixels = reference().at("picture").get<std::vector<float>>();
  apply(item.at("change"), item.at("arguments"), canvas);
  roundToBytes(canvas);
  const auto expected = item.at("pixels").get<std::vector<float>>();
  QCOMPARE(canvas.pixels.size(), expected.size());
  // torchvision cuts off what stands behind the comma where this rounds, and rounds the mean in between.
  for (size_t i = 0; i < expected.size(); ++i)
    QVERIFY2(std::abs(canvas.pixels[i] - expected[i]) <= 1,
             qPrintable(QString("pixel %1: expected %2, got %3").arg(i).arg(expected[i]).arg(canvas.pixels[i])));
}

void PictureChangesTest::keyedByRowAndEpoch_data() {
  QTest::addColumn<QString>("id");
  for (const auto& [id, values] : blocks()) QTest::newRow(id.c_str()) << QString::fromStdString(id);
}

void PictureChangesTest::keyedByRowAndEpoch() {
  QFETCH(QString, id);
  const std::string name = id.toStdString();
  const at::Tensor x = pictures(9), before = x.clone(), ids = at::arange(100, 109, at::kLong);
  const at::Tensor y = changed(name, x, ids, 4);
  QVERIFY(x.equal(before) && y.sizes() == x.sizes() && y.scalar_type() == at::kByte);
  int64_t other = 0;
  for (int64_t i = 0; i < 9; ++i) other += y[i].equal(x[i]) ? 0 : 1;
  QVERIFY2(other >= 7, std::to_string(other).c_str());
  // The same row in another batch, at another place, in another layout.
  const at::Tensor picked = x.narrow(0, 3, 2).flip(0);
  const at::Tensor again = changed(name, picked, at::tensor({104, 103}, at::kLong), 4);
  QVERIFY(again[0].equal(y[4]) && again[1].equal(y[3]));
  const at::Tensor last = changed(name, x.contiguous(at::MemoryFormat::ChannelsLast), ids, 4);
  QVERIFY(last.equal(y) && last.is_contiguous(at::MemoryFormat::ChannelsLast));
  QVERIFY(!changed(name, x, ids, 5).equal(y));
  // Equal pictures are changed in different ways.
  const at::Tensor same = x.narrow(0, 0, 1).repeat({6, 1, 1, 1});
  const at::Tensor different = changed(name, same, at::arange(6, at::kLong), 0);
  QVERIFY(!different[0].equal(different[1]) || !different[1].equal(different[2]));
}

void PictureChangesTest::floatsAreBytesDivided() {
  const at::Tensor x = pictures(5), ids = at::arange(5, at::kLong);
  for (const std::string id : {"random_affine", "random_crop", "color_jitter"}) {
    const at::Tensor bytes = changed(id, x, ids, 1), numbers = changed(id, x.to(at::kFloat) / 255, ids, 1);
    QVERIFY2((bytes.to(at::kFloat) - numbers * 255).abs().max().item<float>() <= 0.51F, id.c_str());
  }
}

void PictureChangesTest::erasedShare() {
  const at::Tensor x = at::zeros({400, 1, 20, 20}, at::kByte), ids = at::arange(400, at::kLong);
  const auto block =
      madeBlock("preprocessor/random_erase", {{"share", 0.25}, {"area", Numbers{0.1, 0.3}}, {"value", 7.0}},
                {{"x", {.kind = Wire::Image, .element = Element::UInt8, .shape = {"N", 1, 20, 20}}}});
  Step step(true, KeyedRandom(1), ids, 0);
  const at::Tensor y = block->forward({{"x", Packet(x)}}, step)["y"];
  const at::Tensor covered = y.eq(7).to(at::kFloat).mean({1, 2, 3});
  const auto touched = covered.gt(0).sum().item<int64_t>();
  QVERIFY2(touched > 70 && touched < 130, std::to_string(touched).c_str());
  const at::Tensor areas = covered.masked_select(covered.gt(0));
  QVERIFY(areas.min().item<float>() > 0.07F && areas.max().item<float>() < 0.34F);
  QVERIFY(y.eq(7).logical_or(y.eq(0)).all().item<bool>());
}

void PictureChangesTest::mistakes() {
  const auto of = [](const std::string& id, const Values& values, Element element, int64_t channels) {
    return errorText([&] {
      inferred("preprocessor/" + id, values,
               {{"x", {.kind = Wire::Image, .element = element, .shape = {"N", channels, 8, 8}}}});
    });
  };
  VERIFY_CONTAINS(of("random_crop", {{"area", Numbers{0.5}}}, Element::UInt8, 3), "expected two numbers");
  VERIFY_CONTAINS(of("random_affine", {{"scale", Numbers{2.0, 1.0}}}, Element::UInt8, 3), "the smaller one first");
  VERIFY_CONTAINS(of("color_jitter", {}, Element::UInt8, 4), "expected pictures with 1 or 3 channels");
  VERIFY_CONTAINS(of("rand_augment", {}, Element::Float32, 3), "expected pictures of bytes");
  VERIFY_CONTAINS(of("random_erase", {}, Element::Int64, 3), "expected pictures of uint8 or float32");
  COMPARE_TEXT(of("color_jitter", {}, Element::Float32, 1), "");
}

QTEST_GUILESS_MAIN(PictureChangesTest)
#include "picture_changes.moc"
