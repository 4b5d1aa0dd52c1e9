// The examination: every block of the list answers the same questions (exam.hpp), with random settings and data, with
// no work for its author. A failure prints the command that repeats it.
//
//   test_blocks_examination                                        every block
//   test_blocks_examination --block extractor/conv2d --seed 7      one block, one trial
//   test_blocks_examination --trials 100                           more trials of each (default 8)
//   test_blocks_examination --speed                                also print how long forward and backward take
#include <dlfcn.h>

#include <ATen/ATen.h>

#include <QTest>
#include <filesystem>

#include "exam.hpp"

using namespace blockyard;

namespace {

struct Options {
  std::string block{};
  std::optional<uint64_t> seed{};
  uint64_t trials = 8;
  bool speed = false;
} options;

// Takes our own options out of the command line; the rest is Qt's.
QStringList takeOptions(QStringList arguments) {
  const auto value = [&](const QString& name) -> std::optional<QString> {
    const auto at = arguments.indexOf(name);
    if (at < 0 || at + 1 >= arguments.size()) return std::nullopt;
    const QString out = arguments[at + 1];
    arguments.remove(at, 2);
    return out;
  };
  if (const auto block = value("--block")) options.block = block->toStdString();
  if (const auto seed = value("--seed")) options.seed = seed->toULongLong();
  if (const auto trials = value("--trials")) options.trials = trials->toULongLong();
  options.speed = arguments.removeAll("--speed") > 0;
  return arguments;
}

// What is wrong, with the command that shows it again; empty if nothing is.
std::string examined(const BlockType& type, uint64_t seed) {
  const std::string again =
      "\n  again: test_blocks_examination --block " + type.schema.id + " --seed " + std::to_string(seed);
  const char* question = "settings are accepted";
  try {
    const Trial trial = makeTrial(type, seed);
    for (const auto& [name, ask] : questions()) {
      question = name;
      const std::string wrong = ask(trial);
      if (!wrong.empty()) return std::string(name) + "? " + wrong + "\n  settings: " + settingsText(trial) + again;
    }
    if (options.speed) qInfo("%s, seed %d: %s", type.schema.id.c_str(), static_cast<int>(seed), speedOf(trial).c_str());
  } catch (const std::exception& error) {
    return std::string(question) + "? " + error.what() + again;
  }
  return {};
}

}  // namespace

class Examination : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    if (std::filesystem::exists("/dev/nvidiactl")) dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL);
    if (!at::hasCUDA()) qInfo("no GPU here: blocks are not compared between CPU and GPU");
    QVERIFY2(options.block.empty() || findBlockType(options.block) != nullptr, "there is no such block");
  }

  void everyBlock_data() {
    QTest::addColumn<QString>("id");
    for (const auto& type : catalog())
      if (options.block.empty() || options.block == type.schema.id)
        QTest::newRow(type.schema.id.c_str()) << QString::fromStdString(type.schema.id);
  }

  void everyBlock() {
    QFETCH(const QString, id);
    const BlockType& type = blockType(id.toStdString());
    const std::string described = describesItself(type);
    QVERIFY2(described.empty(), described.c_str());
    if (type.schema.kind == Kind::Source) return;  // sources read files: they have tests of their own
    const std::string example = examplesHold(type);
    QVERIFY2(example.empty(), example.c_str());
    std::string wrong;
    const uint64_t first = options.seed.value_or(1), last = options.seed.value_or(options.trials);
    for (uint64_t seed = first; seed <= last && wrong.empty(); ++seed) wrong = examined(type, seed);
    QVERIFY2(wrong.empty(), wrong.c_str());
  }
};

int main(int argc, char** argv) {
  QCoreApplication app(argc, argv);
  QStringList arguments = takeOptions(app.arguments());
  Examination examination;
  return QTest::qExec(&examination, arguments);
}

#include "examination.moc"
