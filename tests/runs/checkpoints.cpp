// Checkpoints: the best and the last two are kept, and a damaged one is never loaded: the one before it is.
#include "runs/checkpoints.hpp"

#include <QTest>
#include <filesystem>

#include "base/file.hpp"
#include "checks.hpp"

namespace blockyard {
namespace fs = std::filesystem;

class CheckpointsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void emptyFolder();
  void saveAndLoad();
  void keepsBestAndLastTwo();
  void keepsAsManyAsAsked();
  void sameStepAgain();
  void goingBack();
  void everyCutFallsBack();
  void everyFlipFallsBack();
  void allDamaged();
  void failedSaveKeepsTheOld();
  void leftoversGo();

 private:
  // Saves a checkpoint whose one tensor tells its step.
  static void save(CheckpointStore& store, int64_t step, std::optional<double> score = {}, bool is_best = false) {
    store.save(step,
               {{.name = "step", .dtype = Dtype::I64, .shape = {}, .bytes = {reinterpret_cast<const char*>(&step), 8}}},
               {{"kind", "test"}}, score, is_best);
  }
  static int64_t stepIn(const SafetensorsFile& file) {
    return *reinterpret_cast<const int64_t*>(file.at("step").bytes.data());
  }
  static std::vector<int64_t> steps(const CheckpointStore& store) {
    std::vector<int64_t> out;
    for (const auto& info : store.checkpoints()) out.push_back(info.step);
    return out;
  }
  static std::string fileOf(const TestFolder& folder, int64_t step) {
    return folder / ("checkpoints/step-0000000" + std::to_string(step) + ".safetensors");
  }
};

void CheckpointsTest::emptyFolder() {
  const TestFolder folder;
  const CheckpointStore store(folder / "none");
  QVERIFY(!store.loadLatest() && !store.loadBest());
  QVERIFY(!fs::exists(folder / "none"));
}

void CheckpointsTest::saveAndLoad() {
  const TestFolder folder;
  CheckpointStore store(folder / "checkpoints");
  save(store, 1, 0.1, true);
  save(store, 2, 0.05);
  for (const CheckpointStore& each : {store, CheckpointStore(folder / "checkpoints")}) {
    const auto latest = each.loadLatest();
    QVERIFY(latest && latest->warnings.empty());
    QCOMPARE(stepIn(latest->file), int64_t(2));
    QCOMPARE(latest->info.score, std::optional(0.05));
    COMPARE_TEXT(latest->file.metadata().at("kind"), "test");
    const auto best = each.loadBest();
    QCOMPARE(stepIn(best->file), int64_t(1));
    QVERIFY(best->info.best);
  }
  QVERIFY(fs::exists(fileOf(folder, 1)));
}

void CheckpointsTest::keepsBestAndLastTwo() {
  const TestFolder folder;
  CheckpointStore store(folder / "checkpoints");
  for (int step = 1; step <= 6; ++step) save(store, step, step, step == 2 || step == 3);
  QCOMPARE(steps(store), (std::vector<int64_t>{3, 5, 6}));
  QCOMPARE(steps(CheckpointStore(folder / "checkpoints")), (std::vector<int64_t>{3, 5, 6}));
  QCOMPARE(std::distance(fs::directory_iterator(folder / "checkpoints"), fs::directory_iterator()), std::ptrdiff_t(3));
  save(store, 123456789012, 7, true);
  QCOMPARE(steps(CheckpointStore(folder / "checkpoints")), (std::vector<int64_t>{6, 123456789012}));
}

void CheckpointsTest::keepsAsManyAsAsked() {
  const TestFolder folder;
  CheckpointStore all(folder / "all", 0), one(folder / "one", 1);
  for (int step = 1; step <= 5; ++step) save(all, step), save(one, step);
  QCOMPARE(steps(all), (std::vector<int64_t>{1, 2, 3, 4, 5}));
  QCOMPARE(steps(one), (std::vector<int64_t>{5}));
  QCOMPARE(stepIn(all.loadStep(2).file), int64_t(2));
  VERIFY_CONTAINS(errorText([&] { one.loadStep(2); }), "there are those of the steps 5");
  // One that is meant is not replaced by another.
  std::string bytes = readFile(folder / "all/step-00000002.safetensors");
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  put(folder / "all/step-00000002.safetensors", bytes);
  VERIFY_CONTAINS(errorText([&] { all.loadStep(2); }), "checksum");
}

void CheckpointsTest::sameStepAgain() {
  const TestFolder folder;
  CheckpointStore store(folder / "checkpoints");
  save(store, 1);
  save(store, 2, 1, true);
  save(store, 2, 3);
  QCOMPARE(steps(store), (std::vector<int64_t>{1, 2}));
  QVERIFY(!store.loadBest()->info.best);
}

void CheckpointsTest::goingBack() {
  const TestFolder folder;
  CheckpointStore store(folder / "checkpoints");
  save(store, 1);
  save(store, 5, 1, true);
  save(store, 6);
  save(store, 7);
  CheckpointStore resumed(folder / "checkpoints");
  save(resumed, 2);
  QCOMPARE(steps(resumed), (std::vector<int64_t>{5, 2}));  // the best stays, the rest is of another time
  QCOMPARE(stepIn(CheckpointStore(folder / "checkpoints").loadLatest()->file), int64_t(2));
  QCOMPARE(stepIn(CheckpointStore(folder / "checkpoints").loadBest()->file), int64_t(5));
  save(resumed, 3, 2, true);
  QCOMPARE(steps(resumed), (std::vector<int64_t>{2, 3}));
}

void CheckpointsTest::everyCutFallsBack() {
  const TestFolder folder;
  CheckpointStore store(folder / "checkpoints");
  save(store, 1);
  save(store, 2);
  const std::string whole = readFile(fileOf(folder, 2));
  for (size_t size = 0; size < whole.size(); ++size) {
    put(fileOf(folder, 2), whole.substr(0, size));
    const auto loaded = CheckpointStore(folder / "checkpoints").loadLatest();
    QVERIFY(loaded);
    QCOMPARE(stepIn(loaded->file), int64_t(1));
    QCOMPARE(loaded->warnings.size(), size_t(1));
    VERIFY_CONTAINS(loaded->warnings[0], "passed over a damaged checkpoint: " + fileOf(folder, 2));
  }
}

void CheckpointsTest::everyFlipFallsBack() {
  const TestFolder folder;
  CheckpointStore store(folder / "checkpoints");
  save(store, 1);
  save(store, 2, 0.5, true);
  size_t passed_over = 0, other_order = 0;
  forEveryFlip(readFile(fileOf(folder, 2)), [&](const std::string& bad) {
    put(fileOf(folder, 2), bad);
    const auto loaded = CheckpointStore(folder / "checkpoints").loadLatest();
    QVERIFY(loaded);
    QCOMPARE(stepIn(loaded->file), int64_t(1));
    (loaded->warnings.empty() ? other_order : passed_over) += 1;
  });
  // A flip in the number of the save itself can make the file look older than it is, and then it is not even tried.
  QVERIFY2(other_order < 10, qPrintable(QString("%1 of %2").arg(other_order).arg(passed_over)));
}

void CheckpointsTest::allDamaged() {
  const TestFolder folder;
  CheckpointStore store(folder / "checkpoints");
  save(store, 1);
  save(store, 2);
  put(fileOf(folder, 1), "");
  put(fileOf(folder, 2), "x");
  const CheckpointStore again(folder / "checkpoints");
  VERIFY_CONTAINS(errorText([&] { again.loadLatest(); }), "no checkpoint is whole");
  CheckpointStore resumed(folder / "checkpoints");
  save(resumed, 3);
  QCOMPARE(steps(resumed), (std::vector<int64_t>{3}));
}

void CheckpointsTest::failedSaveKeepsTheOld() {
  const TestFolder folder;
  CheckpointStore store(folder / "checkpoints");
  save(store, 1);
  const std::string big(1 << 20, 'x');
  const std::vector<TensorView> tensors = {{.name = "big", .dtype = Dtype::U8, .shape = {1 << 20}, .bytes = big}};
  for (const rlim_t limit : {rlim_t(0), rlim_t(100), rlim_t(500000)}) {
    const FileSizeLimit full(limit);
    QVERIFY(errorOf([&] { store.save(1, tensors); }));
    QVERIFY(errorOf([&] { store.save(2, tensors); }));
  }
  QCOMPARE(steps(store), (std::vector<int64_t>{1}));
  QCOMPARE(stepIn(CheckpointStore(folder / "checkpoints").loadLatest()->file), int64_t(1));
  QCOMPARE(std::distance(fs::directory_iterator(folder / "checkpoints"), fs::directory_iterator()), std::ptrdiff_t(1));
}

void CheckpointsTest::leftoversGo() {
  const TestFolder folder;
  CheckpointStore store(folder / "checkpoints");
  save(store, 1);
  put(folder / "checkpoints/.step-00000002.safetensors.1-0.tmp", "half");
  put(folder / "checkpoints/notes.txt", "mine");
  save(store, 2);
  QVERIFY(!fs::exists(folder / "checkpoints/.step-00000002.safetensors.1-0.tmp"));
  QVERIFY(fs::exists(folder / "checkpoints/notes.txt"));
}

}  // namespace blockyard

QTEST_GUILESS_MAIN(blockyard::CheckpointsTest)
#include "checkpoints.moc"
