// A bundle carries rows with their answers, and shows by them that it answers as what was trained; one that does not is
// refused.
#include "export/certificate.hpp"

#include <ATen/ATen.h>
#include <QtTest/QtTest>

#include "base/safetensors.hpp"
#include "checks.hpp"
#include "export/bundle.hpp"
#include "export/trained_runs.hpp"
#include "training/small_plan.hpp"
#include "training/state_file.hpp"
#include "training/trainer.hpp"

using namespace blockyard;
using namespace blockyard::testing;

namespace {

// Somebody changes what a block has learned.
void spoil(Pipeline& pipeline, const std::string& block) {
  const at::NoGradGuard no_grad;
  for (auto& node : pipeline.nodes())
    if (node.plan.id == block) node.block->parameters().at(0).tensor.add_(0.5);
}

std::string written(const std::string& path, const State& state, Metadata metadata) {
  const StateViews views(state);
  for (const auto& [name, text] : views.metadata()) metadata[name] = text;
  metadata.erase(kHashKey);
  writeHashedSafetensors(path, views.tensors(), metadata);
  return path;
}

}  // namespace

class TestCertificate : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir folder_;
  std::string bundle_;
  std::unique_ptr<Trainer> trainer_;

  std::string path(const char* name) const { return folder_.filePath(name).toStdString(); }

 private Q_SLOTS:
  void initTestCase() {
    trainer_ = std::make_unique<Trainer>(cloudsPlan(writeClouds(folder_, 300)), TrainerHooks{});
    trainer_->prepareData();
    trainer_->train();
    bundle_ = path("model.safetensors");
    saveBundle(*trainer_, "some-run", bundle_);
  }

  void theRowsAreThoseOfTheTest() {
    Bundle bundle(bundle_);
    const Certificate& certificate = bundle.certificate();
    QCOMPARE(certificate.rows.rows(), int64_t{16});
    QVERIFY(certificate.part == Part::Test);
    QVERIFY(!certificate.rows.has("target"));
    QCOMPARE(certificate.device, std::string("cpu"));
    QVERIFY(certificate.deviation <= kMostDeviation);
    const RowSet& test = trainer_->data().rows(Part::Test);
    for (int64_t i = 0; i < 16; ++i) {
      const Table row = trainer_->data().source->readPort("features", test[i * test.size() / 16], 1).table();
      const Table kept = certificate.rows.table("features").slice(i, 1);
      for (const auto& column : row.columns()) QCOMPARE(kept.column(column->name).cell(0), column->cell(0));
    }
  }

  void theyAreAnsweredAgain() {
    Bundle bundle(bundle_);
    QVERIFY(replay(bundle, bundle.certificate()).largest <= kMostDeviation);
    spoil(bundle.pipeline(), "mlp");
    const Deviation found = replay(bundle, bundle.certificate());
    QVERIFY(found.largest > kMostDeviation);
    const std::string refused = errorText([&] { requireSame(found, "x.safetensors"); });
    for (const std::string& part : {std::string("x.safetensors"), "\"" + found.where + "\""})
      QVERIFY2(refused.find(part) != std::string::npos, refused.c_str());
  }

  void theBlockThatDeviatesIsNamed() {
    for (const char* block : {"mlp", "softmax"}) {
      Bundle bundle(bundle_);
      const auto compare = [&] {
        return deviationOf(bundle.pipeline(), trainer_->pipeline(), bundle.certificate(), at::kCPU);
      };
      QVERIFY(compare().largest <= kMostDeviation);
      spoil(bundle.pipeline(), block);
      QVERIFY(compare().largest > kMostDeviation);
      QCOMPARE(compare().where, std::string(block));
    }
  }

  // A file that is whole, but whose weights are not those that gave the answers.
  void anExportThatDeviatesIsRefused() {
    const SafetensorsFile file(bundle_);
    State state = stateFrom(file);
    for (auto& [name, tensor] : state.tensors)
      if (name.rfind("softmax.", 0) == 0) tensor.add_(at::arange(tensor.numel(), at::kFloat).view(tensor.sizes()));
    const std::string other = written(path("other.safetensors"), state, file.metadata());
    const std::string refused = errorText([&] { exportTrained(other, path("out.safetensors"), "", Existing::Keep); });
    QVERIFY2(refused.find("not what they were") != std::string::npos, refused.c_str());
    QVERIFY(!std::filesystem::exists(path("out.safetensors")));
  }

  void theyCanBeLeftOut() {
    exportTrained(bundle_, path("bare.safetensors"), "", Existing::Replace, Proof::LeaveOut);
    Bundle bare(path("bare.safetensors")), whole(bundle_);
    QCOMPARE(bare.certificate().rows.rows(), int64_t{0});
    const SafetensorsFile file(path("bare.safetensors"));
    for (const auto& tensor : file.tensors()) QVERIFY(tensor.name.rfind(kCertificatePrefix, 0) != 0);
    for (const auto& [key, text] : file.metadata()) QVERIFY(text.find(kCertificatePrefix) == std::string::npos);
    QVERIFY(replay(bare, whole.certificate()).largest <= kMostDeviation);
    exportTrained(path("bare.safetensors"), path("again.safetensors"), "", Existing::Keep);
  }

  // Every kind of column and of tensor comes back as it was.
  void comesBackAsItWas() {
    const auto column = [](Column made) { return std::make_shared<const Column>(std::move(made)); };
    const Table table({column({.name = "n", .numbers = {0.1, kMissingNumber, -INFINITY}}),
                       column({.name = "t", .type = ColumnType::Time, .numbers = {0, 1.5e9, kMissingNumber}}),
                       column({.name = "c",
                               .type = ColumnType::Category,
                               .codes = {1, kMissingCode, 0},
                               .classes = std::make_shared<const Texts>(Texts{"a", "b"})}),
                       column({.name = "s", .type = ColumnType::Text, .texts = {"", "ä\n", "\"3\""}})});
    Certificate certificate{.answers = table.slice(0, 3), .part = Part::Train, .device = "cuda", .deviation = 3e-7};
    certificate.rows.set("features", Packet(table));
    certificate.rows.set("x", Packet(at::arange(12, at::kByte).view({3, 4})));
    State state{.values = {{"mlp.kept", 1}}};
    addTo(state, certificate);
    const SafetensorsFile file(written(path("state.safetensors"), state, {}));
    const Certificate back = certificateFrom(stateFrom(file));
    for (const Table& same : {back.answers, back.rows.table("features")}) {
      QCOMPARE(same.names(), table.names());
      for (const auto& each : table.columns())
        for (int64_t row = 0; row < 3; ++row) QCOMPARE(same.column(each->name).cell(row), each->cell(row));
    }
    QVERIFY(at::equal(back.rows["x"], certificate.rows["x"]));
    QVERIFY(back.part == Part::Train && back.device == "cuda");
    QCOMPARE(back.deviation, 3e-7);
  }

  void damagedRowsAreRefused() {
    const SafetensorsFile file(bundle_);
    const State whole = stateFrom(file);
    int refused = 0, parts = 0;
    const auto without = [&](State state) {
      ++parts;
      refused += errorOf([&] { Bundle(written(path("cut.safetensors"), state, file.metadata())); }) ? 1 : 0;
    };
    for (const auto& [name, tensor] : whole.tensors)
      if (name.rfind(kCertificatePrefix, 0) == 0) {
        State state = whole;
        state.tensors.erase(name);
        without(state);
        state.tensors[name] = tensor.reshape({-1}).narrow(0, 0, 0);
        without(state);
      }
    for (const auto& [name, value] : whole.values.items())
      if (name.rfind(kCertificatePrefix, 0) == 0 && !name.ends_with("is:ports")) {
        State state = whole;
        state.values.remove(name);
        without(state);
      }
    QVERIFY(parts > 5);
    QCOMPARE(refused, parts);
  }
};

QTEST_GUILESS_MAIN(TestCertificate)
#include "certificate.moc"
