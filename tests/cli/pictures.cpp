// Pictures from folder to answer: new, train, predict on pictures and folders of them, inspect.
#include "cli/command.hpp"

using namespace blockyard;

class PicturesTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void inspects();
  void predictsPicturesAndFolders();
  void preparesAsInTraining();
  void saysWhatWasLeftOut();
  void namesWhatIsWrong();

 private:
  Workplace place_;
};

namespace {

// A BMP file of one color with some noise.
std::string bmp(int width, int height, const std::array<int, 3>& rgb, uint64_t seed) {
  const auto little = [](uint32_t value, int bytes) {
    std::string out;
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
    return out;
  };
  const int stride = (width * 3 + 3) / 4 * 4;
  const auto size = static_cast<uint32_t>(stride * height), side = static_cast<uint32_t>(width);
  std::string out = "BM" + little(54 + size, 4) + little(0, 4) + little(54, 4) + little(40, 4) + little(side, 4) +
                    little(static_cast<uint32_t>(height), 4) + little(1, 2) + little(24, 2) + std::string(24, '\0');
  const KeyedRandom random(seed);
  uint64_t at = 0;
  for (int y = 0; y < height; ++y) {
    std::string row;
    for (int x = 0; x < width; ++x)
      for (const size_t c : {2, 1, 0}) row += static_cast<char>(rgb[c] + static_cast<int>(random.below(at++, 61)) - 30);
    row.resize(static_cast<size_t>(stride));
    out += row;
  }
  return out;
}

// The columns of CSV lines, without the header.
std::vector<QStringList> cellsOf(const std::string& csv) {
  std::vector<QStringList> out;
  for (const QString& line : QString::fromStdString(csv).split('\n', Qt::SkipEmptyParts))
    out.push_back(line.split(','));
  out.erase(out.begin());
  return out;
}

}  // namespace

void PicturesTest::initTestCase() {
  const std::map<std::string, std::array<int, 3>> colors = {
      {"red", {200, 60, 60}}, {"green", {60, 200, 60}}, {"blue", {60, 60, 200}}};
  std::string rows = "file,kind\n";
  uint64_t seed = 0;
  for (const auto& [name, color] : colors) {
    QVERIFY(QDir().mkpath(QString::fromStdString(place_.path("pics/" + name))));
    for (int i = 0; i < 16; ++i) {
      const std::string file = "pics/" + name + "/" + std::to_string(i) + ".bmp";
      place_.write(file, bmp(20 + i * 7, 60 - i * 2, color, ++seed));
      rows += file + "," + name + "\n";
    }
  }
  place_.write("rows.csv", rows);
  VERIFY_CODE(place_.call({"new", "colors", "--data", "pics"}), 0);
  VERIFY_CODE(place_.call({"check", "colors"}), 0);
  VERIFY_CODE(
      place_.call({"train", "colors", "--epochs", "6", "-q", "--set", "data.height=24", "--set", "data.width=24"}), 0);
}

void PicturesTest::inspects() {
  const Called called = place_.call({"inspect", "pics"});
  VERIFY_CODE(called, 0);
  VERIFY_HOLDS(called.out, "blue 16, green 16, red 16");
  VERIFY_CODE(place_.call({"inspect", "colors"}), 0);
}

void PicturesTest::predictsPicturesAndFolders() {
  const Called one = place_.call({"predict", "latest", "pics/red/3.bmp", "pics/blue/5.bmp", "--project", "colors"});
  VERIFY_CODE(one, 0);
  const auto rows = cellsOf(one.out);
  QCOMPARE(rows.size(), size_t{2});
  QCOMPARE(rows[0][0], QString("pics/red/3.bmp"));
  QCOMPARE(rows[0][1], QString("red"));
  QCOMPARE(rows[1][1], QString("blue"));
  const Called all = place_.call({"predict", "latest", "pics", "--project", "colors"});
  VERIFY_CODE(all, 0);
  int right = 0;
  const auto answers = cellsOf(all.out);
  QCOMPARE(answers.size(), size_t{48});
  for (const auto& row : answers) {
    right += row[0].contains("/" + row[1] + "/") ? 1 : 0;
    if (row[0] == "pics/red/3.bmp") QCOMPARE(row, rows[0]);
  }
  QVERIFY2(right >= 46, std::to_string(right).c_str());
  const Called judged = place_.call({"evaluate", "latest", "--data", "pics", "--project", "colors", "--json"});
  if (judged.code == 0) QVERIFY(judged.out.find("accuracy") != std::string::npos);
}

void PicturesTest::preparesAsInTraining() {
  // The rows of a table go through the source, pictures by themselves do not: their answers are the same.
  QVERIFY(QFile::copy(QString::fromStdString(place_.path("colors/colors.blockyard")),
                      QString::fromStdString(place_.path("table.blockyard"))));
  std::string project = place_.read("table.blockyard");
  const auto swap = [&](const std::string& from, const std::string& to) {
    const size_t at = project.find(from);
    QVERIFY2(at != std::string::npos, from.c_str());
    project.replace(at, from.size(), to);
  };
  swap("source/image_folder", "source/image_table");
  swap("\"folder\": \"../pics\"", "\"file\": \"rows.csv\", \"target\": [\"kind\"], \"fit\": \"pad\"");
  place_.write("table.blockyard", project);
  VERIFY_CODE(place_.call({"train", "table.blockyard", "--epochs", "2", "-q"}), 0);
  place_.write("new.csv", "file\npics/green/2.bmp\npics/red/9.bmp\n");
  const Called by_row = place_.call({"predict", "latest", "new.csv", "--project", "table.blockyard"});
  VERIFY_CODE(by_row, 0);
  const Called by_picture =
      place_.call({"predict", "latest", "pics/green/2.bmp", "pics/red/9.bmp", "--project", "table.blockyard"});
  VERIFY_CODE(by_picture, 0);
  const auto rows = cellsOf(by_row.out), pictures = cellsOf(by_picture.out);
  QCOMPARE(rows.size(), size_t{2});
  for (size_t i = 0; i < rows.size(); ++i) QCOMPARE(rows[i], pictures[i].mid(1));
}

void PicturesTest::saysWhatWasLeftOut() {
  place_.write("pics/red/broken.jpg", "\xFF\xD8\xFF no more");
  const Called failed = place_.call({"train", "colors", "--epochs", "1"});
  VERIFY_CODE(failed, 3);
  VERIFY_HOLDS(failed.err, "pics/red/broken.jpg: the JPEG file is damaged");
  const Called skipped = place_.call({"train", "colors", "--epochs", "1", "--set", "data.unreadable=skip"});
  VERIFY_CODE(skipped, 0);
  VERIFY_HOLDS(skipped.err, "1 of 49 pictures was left out as unreadable");
  QFile::remove(QString::fromStdString(place_.path("pics/red/broken.jpg")));
}

void PicturesTest::namesWhatIsWrong() {
  QVERIFY(QDir().mkpath(QString::fromStdString(place_.path("nothing"))));
  const Called empty = place_.call({"predict", "latest", "nothing", "--project", "colors"});
  VERIFY_CODE(empty, 3);
  VERIFY_HOLDS(empty.err, "there are no pictures in the folder");
  const Called missing = place_.call({"predict", "latest", "none.png", "--project", "colors"});
  VERIFY_CODE(missing, 3);
  VERIFY_HOLDS(missing.err, "none.png");
}

QTEST_GUILESS_MAIN(PicturesTest)
#include "pictures.moc"
