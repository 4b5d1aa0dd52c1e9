// What a training tells to those who watch it: the norm of the gradient, histograms, the time of each block.
#include <QtTest/QtTest>

#include "runs/journal_reader.hpp"
#include "training/recorder.hpp"
#include "training/small_plan.hpp"
#include "training/trainer.hpp"

using namespace blockyard;
using namespace blockyard::testing;

namespace {

struct Watched {
  Started started{};
  std::vector<StepDone> steps{};
  std::vector<BlockTimes> times{};
  std::vector<Histograms> histograms{};
};

Watched watch(const Plan& plan) {
  Watched out;
  Trainer trainer(plan, {.emit = [&](const Event& event) {
                    if (const auto* e = std::get_if<Started>(&event)) out.started = *e;
                    if (const auto* e = std::get_if<StepDone>(&event)) out.steps.push_back(*e);
                    if (const auto* e = std::get_if<BlockTimes>(&event)) out.times.push_back(*e);
                    if (const auto* e = std::get_if<Histograms>(&event)) out.histograms.push_back(*e);
                  }});
  trainer.prepareData();
  trainer.train();
  return out;
}

double countOf(const events::Histogram& histogram) {
  double out = 0;
  for (const double n : histogram.counts) out += n;
  return out;
}

}  // namespace

class TestWatching : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir folder_;
  std::string file_;

 private Q_SLOTS:
  void initTestCase() { file_ = writeClouds(folder_, 1000); }

  // Measured or needed for clipping, it is the same number.
  void normOfTheGradient() {
    const Watched measured = watch(cloudsPlan(file_, {{"epochs", 1}, {"batch_size", 1000}}));
    const Watched clipped = watch(cloudsPlan(file_, {{"epochs", 1}, {"batch_size", 1000}, {"clip_norm", 1e6}}));
    QVERIFY(measured.steps.back().gradient_norm > 0);
    QVERIFY(std::abs(measured.steps.back().gradient_norm - clipped.steps.back().gradient_norm) < 1e-6);
  }

  // Epochs that are shorter than the time between two reports do not hold on to an old norm.
  void normFollowsTheTraining() {
    const Watched watched = watch(cloudsPlan(file_, {{"epochs", 60}}));
    std::set<double> norms;
    for (const StepDone& step : watched.steps)
      if (step.gradient_norm > 0) norms.insert(step.gradient_norm);
    QVERIFY(norms.size() >= 2);
  }

  void blocksAndTheirParameters() {
    const Watched watched = watch(cloudsPlan(file_, {{"epochs", 1}}));
    int64_t sum = 0;
    for (const auto& [block, count] : watched.started.block_parameters) sum += count;
    QCOMPARE(sum, watched.started.parameters);
    QVERIFY(watched.started.block_parameters.at("mlp") > watched.started.block_parameters.at("softmax"));
    QVERIFY(watched.started.block_parameters.count("dropout") == 0);
    const auto& fitted = watched.started.fitted;
    QVERIFY(std::find(fitted.begin(), fitted.end(), "standardize") != fitted.end());
    QVERIFY(std::find(fitted.begin(), fitted.end(), "mlp") == fitted.end());
    QVERIFY(std::find(fitted.begin(), fitted.end(), "softmax") ==
            fitted.end());  // it trains, although it learns classes
  }

  void histogramsOfWeightsAndGradients() {
    const Watched watched = watch(cloudsPlan(file_, {{"epochs", 3}}));
    QVERIFY(!watched.histograms.empty());
    double sum = 0;
    for (const auto& each : watched.histograms.front().parameters) {
      sum += countOf(each.values);
      QCOMPARE(countOf(each.values), countOf(each.gradients));
      QVERIFY(each.gradients.max > each.gradients.min);
    }
    QCOMPARE(sum, static_cast<double>(watched.started.parameters));
  }

  void timeOfEachBlock() {
    const Watched watched = watch(cloudsPlan(file_, {{"epochs", 2}}));
    QVERIFY(!watched.times.empty());
    const BlockTimes& times = watched.times.back();
    double sum = 0;
    for (const auto& each : times.blocks) {
      sum += each.forward_ms + each.backward_ms;
      QVERIFY2(each.forward_ms > 0, each.block.c_str());
      if (each.block != "features") QVERIFY2(each.backward_ms > 0, each.block.c_str());
    }
    QVERIFY(sum > 0.1 * times.step_ms && sum <= times.step_ms);
  }

  // Looked at or not, the weights end up the same; and what is seen stands in the journal.
  void isWrittenDown() {
    Plan plan = cloudsPlan(file_, {{"epochs", 2}});
    plan.folder = folder_.path().toStdString();
    std::filesystem::path run;
    {
      Recorder recorder({.plan = plan});
      run = recorder.folder();
      TrainerHooks hooks;
      hooks.recorder = &recorder;
      Trainer trainer(plan, hooks);
      trainer.prepareData();
      recorder.finished(trainer.train());
    }
    const JournalReader journal(run);
    QVERIFY(journal.scalars().at("train/gradient_norm").front().value > 0);
    std::set<std::string> tags;
    for (const auto& [tag, points] : journal.histograms()) tags.insert(tag.substr(0, tag.find('.')));
    QVERIFY(tags.count("weights/mlp") == 1 && tags.count("gradients/softmax") == 1);
  }
};

QTEST_GUILESS_MAIN(TestWatching)
#include "watching.moc"
