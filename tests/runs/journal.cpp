// The journal: what is written comes back, a cut or a flipped bit costs no more than the record it is in, a resumed run
// takes over, and it is fast enough not to be felt.
#include "runs/journal.hpp"

#include <QTest>
#include <chrono>
#include <cmath>
#include <filesystem>

#include "base/crc32c.hpp"
#include "base/file.hpp"
#include "checks.hpp"
#include "runs/journal_reader.hpp"

namespace blockyard {
namespace fs = std::filesystem;

class JournalTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void knownBytes();
  void roundTrip();
  void histograms();
  void filesSortByStart();
  void resumedRunTakesOver();
  void withoutMarkTheLaterFileTakesOver();
  void followsALiveFile();
  void everyCutIsTolerated();
  void everyFlipCostsOneRecord();
  void otherWaysToStoreAScalar();
  void garbageIsNoCrash();
  void brokenHistogram();
  void fullDiskLosesNothing();
  void speed();

 private:
  static std::vector<std::pair<int64_t, float>> points(const JournalReader& reader, const std::string& tag) {
    std::vector<std::pair<int64_t, float>> out;
    const auto it = reader.scalars().find(tag);
    if (it == reader.scalars().end()) return out;
    for (const auto& point : it->second) out.emplace_back(point.step, point.value);
    return out;
  }
  // Five records: the version, and four points.
  static std::string smallFile(const TestFolder& folder) {
    fs::path path;
    {
      Journal journal(folder.path());
      for (int i = 0; i < 4; ++i) journal.scalar("a", i, i + 0.5, 1000 + i);
      path = journal.path();
    }
    const std::string bytes = readFile(path);
    fs::remove(path);
    return bytes;
  }
  static constexpr const char* kName = "/events.out.tfevents.0000000001.host.1.0";
};

using Points = std::vector<std::pair<int64_t, float>>;

void JournalTest::knownBytes() {  // the record of the format's description, made by hand
  std::string out;
  events::appendRecord(out, "abc");
  QCOMPARE(out.size(), size_t(8 + 4 + 3 + 4));
  QVERIFY(out.substr(0, 8) == std::string("\3\0\0\0\0\0\0\0", 8));
  QVERIFY(out.substr(12, 3) == "abc");
  uint32_t crc = 0;
  std::memcpy(&crc, out.data() + 15, 4);
  QCOMPARE(crc, maskedCrc(crc32c("abc")));
  const auto event =
      events::parseEvent(std::string("\x09\0\0\0\0\0\0\xf0\x3f\x10\x07\x2a\x0a\x0a\x08\x0a\x01z\x15\0\0\0\x40", 23));
  QVERIFY(event);
  QCOMPARE(event->wall_time, 1.0);
  QCOMPARE(event->step, int64_t(7));
  COMPARE_TEXT(event->points.at(0).tag, "z");
  QCOMPARE(*event->points.at(0).scalar, 2.0);
}

void JournalTest::roundTrip() {
  const TestFolder folder;
  {
    Journal journal(folder.path());
    journal.hparams({{"rate", 0.1}, {"layers", 3}, {"name", "relu"}, {"deep", true}}, {"test/accuracy"});
    journal.scalar("train/loss", 0, 0.1, 1700000000.25);
    journal.scalar("train/loss", 1, std::nan(""));
    journal.scalar("train/loss", std::numeric_limits<int64_t>::max(), -INFINITY);
    journal.scalar("größe", -5, 1e-40);
    journal.text("notes", 3, "**bold**\nü");
    journal.event(4, "learning rate 0.1 -> 0.01");
    journal.ended(true);
  }
  const JournalReader reader(folder.path());
  QVERIFY(reader.damage().empty() && reader.tornFiles().empty());
  const auto& loss = reader.scalars().at("train/loss");
  QCOMPARE(loss.size(), size_t(3));
  QCOMPARE(loss[0].wall_time, 1700000000.25);
  QCOMPARE(loss[0].value, 0.1f);
  QVERIFY(std::isnan(loss[1].value));
  QCOMPARE(loss[2].step, std::numeric_limits<int64_t>::max());
  QVERIFY(loss[2].value == -INFINITY);
  QCOMPARE(points(reader, "größe"), (Points{{-5, 1e-40f}}));
  COMPARE_TEXT(reader.texts().at("notes").at(0).value, "**bold**\nü");
  COMPARE_TEXT(reader.texts().at("events").at(0).value, "learning rate 0.1 -> 0.01");
  QCOMPARE(reader.scalars().size(), size_t(2));
  QVERIFY(JournalReader(folder / "none").scalars().empty());
}

void JournalTest::histograms() {
  const std::vector<float> values = {-1, 0, 0.5, 1, 3, NAN, INFINITY};
  const Histogram histogram = histogramOf(values, 4);
  QCOMPARE(histogram.min, -1.0);
  QCOMPARE(histogram.max, 3.0);
  QCOMPARE(histogram.sum, 3.5);
  QCOMPARE(histogram.sum_squares, 11.25);
  QCOMPARE(histogram.limits, (std::vector<double>{0, 1, 2, 3}));
  QCOMPARE(histogram.counts, (std::vector<double>{1, 2, 1, 1}));
  QCOMPARE(histogramOf(std::vector<float>(5, 2.0f)).counts, (std::vector<double>{5}));
  QVERIFY(histogramOf({}).counts.empty());
  const TestFolder folder;
  {
    Journal journal(folder.path());
    journal.histogram("weights", 3, histogram);
  }
  const JournalReader reader(folder.path());
  const auto& back = reader.histograms().at("weights").at(0);
  QCOMPARE(back.step, int64_t(3));
  QCOMPARE(back.value.limits, histogram.limits);
  QCOMPARE(back.value.counts, histogram.counts);
  QCOMPARE(back.value.sum_squares, 11.25);
}

void JournalTest::filesSortByStart() {
  const TestFolder folder;
  std::vector<std::string> names;
  for (int i = 0; i < 5; ++i) names.push_back(Journal(folder.path()).path().filename().string());
  QVERIFY(std::is_sorted(names.begin(), names.end()));
  QCOMPARE(std::set<std::string>(names.begin(), names.end()).size(), size_t(5));
  QCOMPARE(QString::fromStdString(names[0]).section('.', 0, 2), QString("events.out.tfevents"));
  QCOMPARE(QString::fromStdString(names[0]).section('.', 3, 3).size(), qsizetype(10));
}

void JournalTest::resumedRunTakesOver() {
  const TestFolder folder;
  {
    Journal first(folder.path());
    for (int step = 0; step < 10; ++step) first.scalar("loss", step, step);
    first.scalar("validation/loss", 4, 1);
    first.scalar("validation/loss", 9, 2);
    first.event(8, "void");
  }
  {
    Journal second(folder.path(), 5);
    second.hparams({{"rate", 0.1}}, {});  // told at step 0, which must not make everything void
    for (int step = 5; step < 7; ++step) second.scalar("loss", step, 100 + step);
  }
  const JournalReader reader(folder.path());
  QCOMPARE(points(reader, "loss"), (Points{{0, 0}, {1, 1}, {2, 2}, {3, 3}, {4, 4}, {5, 105}, {6, 106}}));
  QCOMPARE(points(reader, "validation/loss"), (Points{{4, 1}}));
  QVERIFY(reader.texts().empty());
}

void JournalTest::withoutMarkTheLaterFileTakesOver() {
  const TestFolder folder;
  for (const int begin : {0, 3, 1}) {
    Journal journal(folder.path());
    for (int step = begin; step < begin + 4; ++step) journal.scalar("loss", step, begin * 100 + step);
  }
  const JournalReader reader(folder.path());
  QCOMPARE(points(reader, "loss"), (Points{{0, 0}, {1, 101}, {2, 102}, {3, 103}, {4, 104}}));
}

void JournalTest::followsALiveFile() {
  const TestFolder folder;
  Journal journal(folder.path());
  JournalReader reader(folder.path());
  QVERIFY(!reader.update());
  journal.scalar("a", 0, 1);
  QVERIFY(!reader.update());
  journal.flush();
  QVERIFY(reader.update());
  QCOMPARE(points(reader, "a"), (Points{{0, 1}}));
  journal.scalar("a", 1, 2, 4e9);  // more than two seconds later
  QVERIFY(reader.update());
  QCOMPARE(points(reader, "a"), (Points{{0, 1}, {1, 2}}));
  journal.sync();
}

void JournalTest::everyCutIsTolerated() {
  const TestFolder folder;
  const std::string whole = smallFile(folder);
  for (size_t size = 0; size <= whole.size(); ++size) {
    const TestFolder cut;
    put(cut.path() + kName, whole.substr(0, size));
    JournalReader reader(cut.path());
    const auto before = points(reader, "a");
    QVERIFY(reader.damage().empty());
    for (size_t i = 0; i < before.size(); ++i) QVERIFY(before[i] == std::make_pair(int64_t(i), i + 0.5f));
    if (size == whole.size()) QCOMPARE(before.size(), size_t(4));
    put(cut.path() + kName, whole);  // the writer goes on
    reader.update();
    QCOMPARE(points(reader, "a").size(), size_t(4));
    QVERIFY(reader.tornFiles().empty());
  }
}

void JournalTest::everyFlipCostsOneRecord() {
  const TestFolder folder;
  forEveryFlip(smallFile(folder), [&](const std::string& bad) {
    put(folder.path() + kName, bad);
    const JournalReader reader(folder.path());
    const auto read = points(reader, "a");
    QCOMPARE(reader.damage().size() + reader.tornFiles().size(), size_t(1));
    QVERIFY(read.size() >= 3);
    for (const auto& [step, value] : read) QCOMPARE(value, static_cast<float>(step) + 0.5f);
  });
}

void JournalTest::otherWaysToStoreAScalar() {
  using events::Message;
  const double number = 0.1;
  const std::string_view raw(reinterpret_cast<const char*>(&number), 8);
  const std::vector<Message> tensors = {Message().varint(1, 1).single(5, 0.1f),
                                        Message().varint(1, 2).number(6, number), Message().varint(1, 2).bytes(4, raw),
                                        Message().varint(1, 2).bytes(6, raw)};
  std::string bytes;
  for (const auto& tensor : tensors) {
    const std::string value = Message().bytes(1, "a").bytes(8, tensor.text()).text();
    events::appendRecord(bytes, Message().number(1, 1).bytes(5, Message().bytes(1, value).text()).text());
  }
  const TestFolder folder;
  put(folder.path() + kName, bytes);
  const JournalReader reader(folder.path());
  QCOMPARE(points(reader, "a"), (Points{{0, 0.1f}, {0, 0.1f}, {0, 0.1f}, {0, 0.1f}}));
}

void JournalTest::garbageIsNoCrash() {
  uint64_t state = 1;
  for (int round = 0; round < 2000; ++round) {
    std::string garbage;
    for (int i = 0; i < round % 97; ++i)
      garbage += static_cast<char>((state = state * 6364136223846793005u + 1442695040888963407u) >> 56);
    events::parseEvent(garbage);
    size_t at = 0;
    for (int steps = 0; steps < 100; ++steps) {
      const auto step = events::nextRecord(garbage, at);
      if (step.kind == events::RecordStep::End || step.kind == events::RecordStep::Torn) break;
      QVERIFY(step.next > at);
      at = step.next;
    }
    std::string record;  // right checksums around nonsense
    events::appendRecord(record, garbage);
    if (round % 50 == 0) {
      const TestFolder folder;
      put(folder.path() + kName, record + record);
      QVERIFY(JournalReader(folder.path()).damage().size() <= 2);
    }
  }
}

// A chart counts on one limit for each count.
void JournalTest::brokenHistogram() {
  using events::Message;
  const auto histogram = [](const std::vector<double>& limits) {
    const Message values = Message().numbers(6, limits).numbers(7, {3, 4});
    const Message point = Message().bytes(1, "w").bytes(5, values.text());
    return events::parseEvent(Message().number(1, 1).bytes(5, Message().bytes(1, point.text()).text()).text());
  };
  QVERIFY(histogram({0, 1})->points.at(0).histogram);
  QVERIFY(!histogram({0})->points.at(0).histogram);
  QVERIFY(!histogram({0, 1, 2})->points.at(0).histogram);
}

void JournalTest::fullDiskLosesNothing() {
  const TestFolder folder;
  Journal journal(folder.path());
  journal.scalar("a", 0, 0.5);
  journal.flush();
  {
    const FileSizeLimit full(fs::file_size(journal.path()) + 10);
    journal.scalar("a", 1, 1.5);
    QVERIFY(errorOf([&] { journal.flush(); }));
    QVERIFY(JournalReader(folder.path()).tornFiles().empty());
  }
  journal.scalar("a", 2, 2.5);
  journal.flush();
  QCOMPARE(points(JournalReader(folder.path()), "a"), (Points{{0, 0.5}, {1, 1.5}, {2, 2.5}}));
}

void JournalTest::speed() {
  const TestFolder folder;
  Journal journal(folder.path());
  const int n = 300000;
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < n; ++i) journal.scalar(i % 2 == 0 ? "train/loss" : "train/accuracy", i, 0.5 + i);
  journal.flush();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const auto middle = std::chrono::steady_clock::now();
  const JournalReader reader(folder.path());
  const double read = std::chrono::duration<double>(std::chrono::steady_clock::now() - middle).count();
  qInfo("%.0f scalars/s written, %.0f read", n / seconds, n / read);
  QCOMPARE(reader.scalars().at("train/loss").size(), size_t(n / 2));
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  QVERIFY(n / seconds > 100000);  // far below what it does on a quiet machine, where 500,000 are the aim
#endif
}

}  // namespace blockyard

QTEST_GUILESS_MAIN(blockyard::JournalTest)
#include "journal.moc"
