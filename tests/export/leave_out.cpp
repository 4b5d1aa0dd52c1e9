// Rows that a block leaves out: nothing behind it is fitted or judged on them, whatever the chunk size, and a bundle
// judges on the same rows as the training did.
#include <QtTest/QtTest>

#include "blocks/leave_out.hpp"
#include "export/bundle.hpp"
#include "training/small_plan.hpp"
#include "training/trainer.hpp"

using namespace blockyard;
using namespace blockyard::testing;

class TestLeaveOut : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir folder_;
  std::string rows_;

  // Rows with y > 0 only, chosen behind impute.
  Plan plan(const std::string& applies_to) const {
    Plan out = cloudsPlan(rows_);
    PlanNode filter = node("positive", "preprocessor/filter_rows", {{"condition", "y > 0"}, {"applies_to", applies_to}},
                           {{"x", 1, "y"}});
    out.nodes.insert(out.nodes.begin() + 2, filter);
    for (size_t i = 3; i < out.nodes.size(); ++i)
      for (auto& input : out.nodes[i].inputs)
        if (input.from >= (i == 3 ? 1U : 2U)) ++input.from;
    return out;
  }

  static int64_t positive(Source& source, const RowSet& rows) {
    const Table table = source.read(0, source.rows()).batch.table("features");
    int64_t out = 0;
    for (int64_t i = 0; i < rows.size(); ++i)
      out += table.column("y").numbers[static_cast<size_t>(rows[i])] > 0 ? 1 : 0;
    return out;
  }

 private Q_SLOTS:
  void initTestCase() { rows_ = writeClouds(folder_, 900); }

  void onlyTheKeptRowsAreTrainedOn() {
    Trainer all(cloudsPlan(rows_), {});
    all.prepareData();
    for (const std::string applies_to : {"training", "all"}) {
      Trainer trainer(plan(applies_to), {});
      trainer.prepareData();
      const PreparedData &data = trainer.data(), &before = all.data();
      const auto kept = [&](Part part) { return positive(*data.source, before.rows(part)); };
      QCOMPARE(data.rows(Part::Train).size(), kept(Part::Train));
      QVERIFY(kept(Part::Train) > 100 && kept(Part::Train) < before.rows(Part::Train).size());
      const bool judged = applies_to == "training";
      QCOMPARE(data.rows(Part::Test).size(), judged ? before.rows(Part::Test).size() : kept(Part::Test));
      QCOMPARE(data.left_out.size(), size_t{1});
      QCOMPARE(data.left_out[0].block, std::string("positive"));
      QCOMPARE(data.left_out[0].rows[0], before.rows(Part::Train).size() - kept(Part::Train));
      QCOMPARE(data.left_out[0].rows[1] > 0, !judged);
      // What comes later is fitted on what is left: no value of y is below 0.
      const State state = trainer.pipeline().state();
      const at::Tensor means = state.tensors.at("standardize.mean");
      QVERIFY(means.const_data_ptr<double>()[1] > 1);
    }
  }

  void theChunkSizeChangesNothing() {
    State first;
    for (const int64_t chunk : {int64_t{7}, int64_t{300}, int64_t{8192}}) {
      Trainer trainer(plan("all"), {});
      trainer.prepareData(chunk);
      const State state = trainer.pipeline().state();
      if (first.tensors.empty()) {
        for (const auto& [name, tensor] : state.tensors) first.tensors.emplace(name, tensor.clone());
        continue;
      }
      for (const auto& [name, tensor] : state.tensors) QVERIFY2(tensor.equal(first.tensors.at(name)), name.c_str());
    }
  }

  void aBundleJudgesOnTheSameRows() {
    const std::string file = folder_.filePath("model.safetensors").toStdString();
    Trainer trainer(plan("all"), {});
    trainer.prepareData();
    const Finished finished = trainer.train();
    saveBundle(trainer, "run", file);
    Bundle bundle(file);
    const auto source = bundle.openProject("");
    QCOMPARE(bundle.rowsOf(*source, Part::Test).size(), trainer.data().rows(Part::Test).size());
    QCOMPARE(bundle.evaluatePart("", Part::Test).at("accuracy"), finished.metrics.at("test").at("accuracy"));
    // A prediction answers every row.
    int64_t answered = 0;
    const auto rows = bundle.open(rows_);
    bundle.predict(*rows, [&](const Table& part) { answered += part.rows(); });
    QCOMPARE(answered, int64_t{900});
  }

  void noRowLeftIsExplained() {
    Plan none = plan("training");
    none.nodes[2].values.set("condition", "y > 1e6");
    Trainer trainer(none, {});
    try {
      trainer.prepareData();
      QFAIL("trains on nothing");
    } catch (const Error& error) {
      QCOMPARE(QString(error.what()), QString("positive: every training row is left out, so there is nothing to learn "
                                              "from (check the settings of this block)"));
    }
  }
};

QTEST_GUILESS_MAIN(TestLeaveOut)
#include "leave_out.moc"
