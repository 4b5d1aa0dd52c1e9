// Sounds from folder to answer: new, check, inspect, train, predict on files and folders of them.
#include "cli/command.hpp"

using namespace blockyard;

class SoundsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void inspects();
  void predicts();
  void predictsAtAnyRate();
  void sourceIsATable();
  void namesWhatIsWrong();

 private:
  Workplace place_;
};

namespace {

// A WAV file of a tone at 8000 Hz with some noise.
std::string tone(double hertz, int samples, uint64_t seed, uint32_t rate = 8000) {
  const auto little = [](uint32_t value, int bytes) {
    std::string out;
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
    return out;
  };
  const KeyedRandom random(seed);
  const auto bytes = static_cast<uint32_t>(2 * samples);
  std::string out = "RIFF" + little(36 + bytes, 4) + "WAVEfmt " + little(16, 4) + little(1, 2) + little(1, 2) +
                    little(rate, 4) + little(rate * 2, 4) + little(2, 2) + little(16, 2) + "data" + little(bytes, 4);
  for (int i = 0; i < samples; ++i) {
    const double value =
        9000 * std::sin(6.283185307 * hertz * i / rate) + 500 * random.normal(static_cast<uint64_t>(i));
    out += little(static_cast<uint32_t>(static_cast<int32_t>(value)), 2);
  }
  return out;
}

}  // namespace

void SoundsTest::initTestCase() {
  uint64_t seed = 0;
  for (const std::string name : {"low", "high"}) {
    QVERIFY(QDir().mkpath(QString::fromStdString(place_.path("tones/" + name))));
    for (int i = 0; i < 12; ++i)
      place_.write("tones/" + name + "/" + std::to_string(i) + ".wav",
                   tone((name == "low" ? 150 : 900) + 10 * i, 8000 + 1000 * i, ++seed));
  }
  const Called made = place_.call({"new", "sounds", "--data", "tones"});
  VERIFY_CODE(made, 0);
  VERIFY_HOLDS(place_.read("sounds/sounds.blockyard"), "\"rate\": 8000");
  VERIFY_CODE(place_.call({"check", "sounds"}), 0);
  VERIFY_CODE(place_.call({"train", "sounds", "--epochs", "4", "-q", "--set", "data.window=2000", "--set",
                           "training.batch_size=8"}),
              0);
}

void SoundsTest::inspects() {
  const Called called = place_.call({"inspect", "tones"});
  VERIFY_CODE(called, 0);
  VERIFY_HOLDS(called.out, "high ");
  VERIFY_CODE(place_.call({"inspect", "sounds"}), 0);
}

void SoundsTest::predicts() {
  place_.write("a.wav", tone(170, 4500, 99));
  place_.write("b.wav", tone(930, 1500, 98));
  const Called files = place_.call({"predict", "latest", "a.wav", "b.wav", "--project", "sounds"});
  VERIFY_CODE(files, 0);
  VERIFY_HOLDS(files.out, "file,start (s),label,");
  VERIFY_HOLDS(files.out, "a.wav,0,low,");
  VERIFY_HOLDS(files.out, "a.wav,0.25,low,");
  VERIFY_HOLDS(files.out, "b.wav,0,high,");
  QCOMPARE(QString::fromStdString(files.out).count('\n'), 4);
  const Called folder = place_.call({"predict", "latest", "tones/low", "--project", "sounds"});
  VERIFY_CODE(folder, 0);
  VERIFY_HOLDS(folder.out, "tones/low/3.wav,0.5,low");
  const Called judged = place_.call({"evaluate", "latest", "--data", "tones", "--project", "sounds", "--json"});
  VERIFY_CODE(judged, 0);
  VERIFY_HOLDS(judged.out, "accuracy");
}

// A sound at another sampling rate is brought to that of the training.
void SoundsTest::predictsAtAnyRate() {
  place_.write("fast.wav", tone(930, 44100, 98, 44100));
  const Called called = place_.call({"predict", "latest", "fast.wav", "--project", "sounds"});
  VERIFY_CODE(called, 0);
  VERIFY_HOLDS(called.out, "fast.wav,0.75,high,");
  QCOMPARE(QString::fromStdString(called.out).count('\n'), 5);
}

// Sounds that a table names: the same pipeline with another source, and answers for tables, files and folders.
void SoundsTest::sourceIsATable() {
  std::string rows = "clip,pitch\n";
  for (const std::string name : {"low", "high"})
    for (int i = 0; i < 12; ++i) rows += "tones/" + name + "/" + std::to_string(i) + ".wav," + name + "\n";
  place_.write("tones.csv", rows);
  VERIFY_CODE(place_.call({"new", "table", "--data", "tones"}), 0);
  std::string project = place_.read("table/table.blockyard");
  const auto swap = [&](const std::string& from, const std::string& to) {
    const size_t at = project.find(from);
    QVERIFY2(at != std::string::npos, from.c_str());
    project.replace(at, from.size(), to);
  };
  swap("source/audio_folder", "source/audio_table");
  swap("\"folder\": \"../tones\"", "\"file\": \"../tones.csv\", \"target\": [\"pitch\"]");
  place_.write("table/table.blockyard", project);
  VERIFY_CODE(place_.call({"check", "table"}), 0);
  const Called trained =
      place_.call({"train", "table", "--epochs", "4", "--set", "data.window=2000", "--set", "training.batch_size=8"});
  VERIFY_CODE(trained, 0);
  VERIFY_HOLDS(trained.err, "blockyard predict latest NEW.wav");
  place_.write("new.csv", "clip\ntones/high/3.wav\n");
  for (const char* asked : {"new.csv", "tones/high/3.wav", "tones/high"}) {
    const Called called = place_.call({"predict", "latest", asked, "--project", "table"});
    VERIFY_CODE(called, 0);
    VERIFY_HOLDS(called.out, "3.wav,0.5,high");
  }
}

void SoundsTest::namesWhatIsWrong() {
  place_.write("cut.wav", tone(100, 3000, 1).substr(0, 3000));
  VERIFY_HOLDS(place_.call({"predict", "latest", "cut.wav", "--project", "sounds"}).err,
               "cut.wav: the file ends early");
  VERIFY_HOLDS(place_.call({"check", "sounds", "--set", "data.rate=16000", "--set", "data.other_rates=error"}).out,
               "set `rate` to 8000");
}

QTEST_GUILESS_MAIN(SoundsTest)
#include "sounds.moc"
