// Exports that are folders: whole or not at all, and each of their files says what the pipeline says. Whether the
// programs that they are for can read them is judged by tests/oracles/exported_folders.py.
#include <QtTest/QtTest>
#include <nlohmann/json.hpp>

#include "base/durable_folder.hpp"
#include "base/file.hpp"
#include "base/safetensors.hpp"
#include "checks.hpp"
#include "export/bundle.hpp"
#include "export/certificate.hpp"
#include "export/hub_folder.hpp"
#include "export/mlflow_folder.hpp"
#include "export/trained_runs.hpp"
#include "training/pipeline.hpp"
#include "training/small_plan.hpp"
#include "training/trainer.hpp"

using namespace blockyard;
using namespace blockyard::testing;

namespace fs = std::filesystem;
using Json = nlohmann::json;

class TestFolders : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir folder_;
  std::string bundle_;

  std::string path(const char* name) const { return folder_.filePath(name).toStdString(); }
  // What lies in the folder beside what the tests have put there.
  size_t hidden() const {
    size_t out = 0;
    for (const auto& entry : fs::directory_iterator(folder_.path().toStdString()))
      out += entry.path().filename().string().starts_with(".");
    return out;
  }

 private Q_SLOTS:
  void initTestCase() {
    Trainer trainer(cloudsPlan(writeClouds(folder_, 300)), {});
    trainer.prepareData();
    trainer.train();
    bundle_ = path("model.safetensors");
    saveBundle(trainer, "some-run", bundle_);
  }

  void aFolderTakesThePlaceOfAnother() {
    const fs::path place = path("made");
    writeFolderDurably(place, {{"a.txt", "one"}, {"deep/er/b.txt", "two"}});
    QCOMPARE(readFile(place / "deep/er/b.txt"), std::string("two"));
    writeFolderDurably(place, {{"c.txt", "three"}});
    QCOMPARE(readFile(place / "c.txt"), std::string("three"));
    QVERIFY(!fs::exists(place / "a.txt") && !fs::exists(place / "deep"));
    QCOMPARE(hidden(), size_t{0});
  }

  void theOldFolderStaysWhereTheNewOneCannotBeWritten() {
    const fs::path place = path("full");
    writeFolderDurably(place, {{"a.txt", "old"}});
    {
      const FileSizeLimit full(1000);
      QVERIFY(errorOf([&] { writeFolderDurably(place, {{"a.txt", "new"}, {"b.txt", std::string(5000, 'x')}}); }));
    }
    QCOMPARE(readFile(place / "a.txt"), std::string("old"));
    QVERIFY(!fs::exists(place / "b.txt"));
    QCOMPARE(hidden(), size_t{0});
  }

  void nothingElseIsReplaced() {
    const fs::path place = path("photos");
    writeFolderDurably(place, {{"holiday.jpg", "dear"}});
    const auto refused = errorOf([&] { exportTrained(bundle_, place, "hub", Existing::Replace); });
    QVERIFY(refused && !refused->hint().empty());
    QCOMPARE(readFile(place / "holiday.jpg"), std::string("dear"));
    writeDurably(path("file"), "dear, too");
    QVERIFY(errorOf([&] { exportTrained(bundle_, path("file"), "mlflow", Existing::Replace); }));
    const auto ending = errorOf([&] { exportTrained(bundle_, path("model.onnx"), "hub", Existing::Keep); });
    QVERIFY(ending && ending->fault() == Fault::Usage);
  }

  void aHubFolderPredictsAndDescribes() {
    const fs::path place = path("hub");
    const int64_t bytes = exportTrained(bundle_, place, "hub", Existing::Keep);
    QVERIFY(bytes > static_cast<int64_t>(fs::file_size(bundle_)));
    exportTrained(bundle_, place, "hub", Existing::Replace);  // made to be published: no row of the data
    QCOMPARE(Bundle((place / "model.safetensors").string()).certificate().rows.rows(), int64_t{0});
    Bundle again((place / "model.safetensors").string());
    QCOMPARE(again.run(), std::string("some-run"));

    const Json config = Json::parse(readFile(place / "config.json"));
    QCOMPARE(config.at("id2label").at("2").get<std::string>(), std::string("c"));
    QCOMPARE(config.at("label2id").at("b").get<int>(), 1);
    const Json columns = config.at("inputs").at("features").at("columns");
    QCOMPARE(columns.size(), size_t{3});
    QCOMPARE(columns[2].at("classes").get<Texts>(), (Texts{"left", "right"}));

    // Every tensor of the file belongs to a block.
    const Json pipeline = Json::parse(readFile(place / "pipeline.json"));
    std::set<std::string> named, there;
    for (const Json& block : pipeline.at("blocks"))
      if (block.contains("tensors"))
        for (const Json& tensor : block.at("tensors")) named.insert(tensor.get<std::string>());
    const SafetensorsFile file(place / "model.safetensors");
    for (const auto& tensor : file.tensors())
      if (!tensor.name.starts_with(kCertificatePrefix)) there.insert(tensor.name);
    QCOMPARE(named, there);
    QVERIFY(there.count("mlp.linear1.weight") > 0);
    QVERIFY(readFile(place / "README.md").starts_with("---\nlibrary_name: blockyard\n"));
  }

  void anMlflowFolderSaysWhatItTakes() {
    SKIP_WITHOUT_ONNX();
    const FolderFiles files = mlflowFolder(bundle_);
    const std::string& described = files.at("MLmodel");
    for (const char* part :
         {R"({"name":"x","required":true,"type":"double"})", R"("name":"side","required":true,"type":"string")",
          R"({"name":"label","required":true,"type":"string"})", "probabilities c",
          "loader_module: blockyard_pipeline"})
      QVERIFY2(described.find(part) != std::string::npos, described.c_str());
    QVERIFY(files.count("code/blockyard_pipeline.py") > 0);
    const Json example = Json::parse(files.at("input_example.json"));
    QCOMPARE(example.at("columns").size(), example.at("data").at(0).size());
    exportTrained(bundle_, path("model"), "mlflow", Existing::Keep);
    QCOMPARE(readFile(fs::path(path("model")) / "model.onnx"), files.at("model.onnx"));
  }
};

QTEST_GUILESS_MAIN(TestFolders)
#include "folders.moc"
