// The plan: what the hash depends on, and that it survives the way to disk.
#include "graph/plan.hpp"

#include <QtTest>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "blocks/catalog.hpp"
#include "graph/training_settings.hpp"

using namespace blockyard;

namespace {

Plan sample() {
  Plan out{.project = "P", .pipeline = "main", .folder = "/p"};
  out.nodes.push_back({.id = "src", .type = "source/made-up", .values = {{"file", "/p/data/a.csv"}}});
  out.nodes.push_back({.id = "a",
                       .type = "extractor/dropout",
                       .values = completeValues(blockType("extractor/dropout").schema.params, {{"rate", 0.5}}),
                       .inputs = {{"x", 0, "features"}}});
  out.training = completeValues(trainingParams(), {});
  return out;
}

}  // namespace

class PlanTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void survivesTheFile() {
    const Plan plan = sample();
    const nlohmann::json json = toJson(plan);
    const Plan again = planFromJson(nlohmann::json::parse(json.dump()));
    QCOMPARE(toJson(again), json);
    QCOMPARE(again.hash(), plan.hash());
    QVERIFY(again.find("a")->values.find("rate")->is<double>());
    QVERIFY(again.find("b") == nullptr);
  }

  void hashIsOfTheResult() {
    const Plan plan = sample();
    const auto with = [&](const char* name, Value value) {
      Plan changed = plan;
      changed.training.set(name, std::move(value));
      return changed.hash();
    };
    for (const char* name :
         {"threads", "loader_threads", "memory_budget", "row_cache", "checkpoint_steps", "checkpoint_keep"})
      QCOMPARE(with(name, 77), plan.hash());
    QCOMPARE(with("checkpoint_minutes", 1.5), plan.hash());
    QCOMPARE(with("device", "cuda"), plan.hash());
    QVERIFY(with("seed", 1) != plan.hash());
    Plan moved = plan;
    moved.folder = "/q";
    moved.nodes[0].values.set("file", "/q/data/a.csv");
    QCOMPARE(moved.hash(), plan.hash());
    moved.nodes[0].values.set("file", "/q/data/b.csv");
    QVERIFY(moved.hash() != plan.hash());
    QCOMPARE(plan.hash().size(), size_t(64));
  }

  void wrongPlansAreRefused() {
    nlohmann::json json = toJson(sample());
    json["nodes"][1]["inputs"][0]["from"] = "nobody";
    try {
      planFromJson(json);
      QFAIL("nothing was thrown");
    } catch (const Error& error) {
      QVERIFY2(QString(error.what()).contains("/nodes/1/inputs/0/from: expected the id of an earlier block"),
               error.what());
    }
  }
};

QTEST_GUILESS_MAIN(PlanTest)
#include "plan.moc"
