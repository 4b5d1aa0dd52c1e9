// Sound files, and the source that cuts them into windows.
#include <ATen/ATen.h>

#include <QTest>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/json.hpp"
#include "blocks/catalog.hpp"
#include "blocks/source.hpp"
#include "csv_help.hpp"
#include "data/resample.hpp"
#include "data/sound.hpp"

namespace blockyard {

class SoundsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init();
  void valuesAreThoseOfOthers();
  void readingAnywhereGivesTheSame();
  void brokenFiles();
  void folder();
  void overlap();
  void channels();
  void shortFiles();
  void parts();
  void predicting();
  void ratesOfScipy();
  void otherRates();
  void table();
  void tableMistakes();
  void mistakes();

 private:
  static std::string sample(const std::string& name) { return BLOCKYARD_TEST_DIR "/data/samples/sounds/" + name; }
  static std::vector<float> samplesOf(const std::string& path) {
    SoundFile sound(path);
    std::vector<float> out(static_cast<size_t>(sound.samples() * sound.channels()));
    sound.read(0, sound.samples(), out.data());
    return out;
  }
  // A WAV file of 16 bits whose samples are these numbers; `promised` is what its header says of their bytes.
  static std::string wav(const std::vector<int>& samples, int64_t promised = -1, uint32_t rate = 16000) {
    const auto little = [](uint32_t value, int bytes) {
      std::string out;
      for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
      return out;
    };
    std::string data;
    for (const int value : samples) data += little(static_cast<uint32_t>(value), 2);
    const auto bytes = static_cast<uint32_t>(promised < 0 ? static_cast<int64_t>(data.size()) : promised);
    return "RIFF" + little(36 + bytes, 4) + "WAVEfmt " + little(16, 4) + little(1, 2) + little(1, 2) + little(rate, 4) +
           little(rate * 2, 4) + little(2, 2) + little(16, 2) + "data" + little(bytes, 4) + data;
  }
  void sound(const std::string& place, const std::string& bytes) {
    const std::filesystem::path to(*folder_ / place);
    std::filesystem::create_directories(to.parent_path());
    writeText(to.string(), bytes);
  }
  std::unique_ptr<Source> open(Values values, const Signatures* expected = nullptr, bool all_files = true,
                               int64_t most_rows = 0) {
    const BlockType& type = blockType(values.has("file") ? "source/audio_table" : "source/audio_folder");
    if (!values.has("file") && !values.has("folder")) values.set("folder", "data");
    values_ = completeValues(type.schema.params, values);
    SourceSetup setup{.values = values_, .folder = folder_->path(), .expected = expected, .most_rows = most_rows};
    setup.all_files = all_files;
    auto source = type.open(setup);
    if (type.peek(setup) != source->outputs()) throw Error({}, "peek differs");
    return source;
  }
  std::string problem(const Values& values) {
    return errorText([&] {
      const auto source = open(values);
      source->read(0, source->rows());
    });
  }
  // Windows as whole numbers of 16 bits: "1,2|3,4".
  static std::string shown(Source& source) {
    std::string out;
    const at::Tensor all = source.read(0, source.rows()).batch["signal"] * 32768;
    for (int64_t row = 0; row < all.size(0); ++row) {
      const at::Tensor flat = all[row].flatten();
      for (int64_t i = 0; i < flat.numel(); ++i)
        out += (i > 0 ? "," : row > 0 ? "|" : "") + numberText(flat[i].item<double>());
    }
    return out;
  }
  void twoClasses() {
    sound("data/low/1.wav", wav({1, 2, 3, 4, 5}));
    sound("data/low/deep/2.WAV", wav({6, 7, 8, 9}));
    sound("data/high/1.wav", wav({11, 12}));
    sound("data/high/notes.txt", "no sound");
    sound("data/.hidden/x.wav", "");
  }

  std::unique_ptr<TestFolder> folder_;
  Values values_;
};

void SoundsTest::init() {
  folder_ = std::make_unique<TestFolder>();
}

// Written by tests/reference/sounds.py.
void SoundsTest::valuesAreThoseOfOthers() {
  const nlohmann::json all = parseJson(readFile(BLOCKYARD_TEST_DIR "/data/sounds_reference.json"), "sounds_reference");
  QVERIFY(all.size() >= 12);
  for (const auto& [name, wanted] : all.items()) {
    const SoundFile sound(sample(name));
    QCOMPARE(sound.rate(), wanted["rate"].get<int64_t>());
    QCOMPARE(sound.channels(), wanted["channels"].get<int64_t>());
    QCOMPARE(sound.samples(), wanted["samples"].get<int64_t>());
    const std::vector<float> read = samplesOf(sample(name));
    const auto channels = static_cast<size_t>(sound.channels());
    for (size_t i = 0; i < wanted["at"].size(); ++i)
      for (size_t c = 0; c < channels; ++c) {
        const double ours = static_cast<double>(read[wanted["at"][i].get<size_t>() * channels + c]);
        const double theirs = wanted["values"][i][c].get<double>();
        QVERIFY2(std::abs(ours - theirs) < 1e-6, (name + ": " + numberText(ours) + " " + numberText(theirs)).c_str());
      }
  }
}

void SoundsTest::readingAnywhereGivesTheSame() {
  for (const std::string name : {"pcm16.wav", "flac.flac", "vorbis.ogg", "opus.opus", "mpeg.mp3", "aiff.aiff"}) {
    const std::vector<float> all = samplesOf(sample(name));
    SoundFile sound(sample(name));
    const int64_t channels = sound.channels();
    for (const int64_t first : {300, 10, 350, 640, 0, 123}) {
      std::vector<float> part(static_cast<size_t>(50 * channels));
      sound.read(first, 50, part.data());
      QVERIFY2(std::equal(part.begin(), part.end(), all.begin() + first * channels), name.c_str());
    }
  }
}

void SoundsTest::brokenFiles() {
  const auto of = [&](const std::string& name, const std::string& bytes) {
    sound(name, bytes);
    const std::string text = errorText([&] { samplesOf(*folder_ / name); });
    return text.find(name) == std::string::npos ? "the file is not named: " + text : text;
  };
  const std::string good = wav({1, 2, 3, 4});
  VERIFY_CONTAINS(of("cut.wav", good.substr(0, good.size() - 3)),
                  "ends early: its header promises 8 bytes of sound, 5 are there");
  VERIFY_CONTAINS(of("lies.wav", wav({1, 2}, 4000)), "promises 4000 bytes of sound, 4 are there");
  VERIFY_CONTAINS(of("empty.wav", wav({})), "there are no samples");
  VERIFY_CONTAINS(of("nothing.wav", ""), "cannot be decoded");
  VERIFY_CONTAINS(of("text.wav", "This is no sound, whatever it is called."), "cannot be decoded");
  VERIFY_CONTAINS(of("head.wav", good.substr(0, 30)), "cannot be decoded");
  const std::string flac = readFile(sample("flac.flac"));
  VERIFY_CONTAINS(of("cut.flac", flac.substr(0, flac.size() / 2)), "its header promises 700 samples");
  const std::string aiff = readFile(sample("aiff.aiff"));
  VERIFY_CONTAINS(of("cut.aiff", aiff.substr(0, aiff.size() - 100)), "ends early");
  VERIFY_CONTAINS(errorText([&] { samplesOf(*folder_ / "none.wav"); }), "none.wav");
  // Written by programs that cannot go back to the header: the length is what there is.
  QCOMPARE(of("stream.wav", wav({1, 2, 3}, 0xffffffff)), std::string("the file is not named: "));
  // Whatever bytes there are: a sound or an error.
  for (uint64_t i = 0; i < 300; ++i)
    for (const std::string name : {"pcm16.wav", "flac.flac", "vorbis.ogg", "aiff.aiff"}) try {
        sound("damaged", damaged(readFile(sample(name)), i));
        samplesOf(*folder_ / "damaged");
      } catch (const Error& error) {
        QVERIFY(!error.problem().empty());
      }
}

void SoundsTest::folder() {
  twoClasses();
  const auto source = open({{"window", 2}});
  QVERIFY((source->outputs().at("signal") == Signature{.shape = {"N", 1, 2}}));
  QVERIFY((source->outputs().at("target").classes == Texts{"high", "low"}));
  // Of every class the first file, then of every class the second; what is left behind the last window is not used.
  COMPARE_TEXT(shown(*source), "11,12|1,2|3,4|6,7|8,9");
  QVERIFY(source->readPort("target", 0, 9).tensor().equal(at::tensor({0, 1, 1, 1, 1}, at::kLong)));
  QVERIFY((source->splitColumns({"file"}).column("file").texts ==
           std::vector<std::string>{"high/1.wav", "low/1.wav", "low/1.wav", "low/deep/2.WAV", "low/deep/2.WAV"}));
  const RowSpans spans = source->spans();
  QVERIFY((spans.series == std::vector<int32_t>{0, 1, 1, 2, 2}));
  QVERIFY((spans.first == std::vector<double>{0, 0, 2, 0, 2}) && (spans.last == std::vector<double>{1, 1, 3, 1, 3}));
  // In any pieces, in any order.
  const at::Tensor all = source->read(0, 5).batch["signal"];
  for (const int64_t row : {4, 0, 2, 1, 3, 2})
    QVERIFY(source->readPort("signal", row, 1).tensor().equal(all.narrow(0, row, 1)));
  QCOMPARE(source->read(9, 3).batch.rows(), 0);
  // A look is at the first files alone.
  QCOMPARE(open({{"window", 2}}, nullptr, true, 2)->rows(), 3);
  // The fingerprint is that of names and contents.
  const std::string before = source->fingerprint();
  QCOMPARE(open({{"window", 3}})->fingerprint(), before);
  sound("data/low/1.wav", wav({1, 2, 3, 4, 6}));
  QVERIFY(open({{"window", 2}})->fingerprint() != before);
}

void SoundsTest::overlap() {
  sound("data/a/1.wav", wav({1, 2, 3, 4, 5, 6, 7}));
  sound("data/b/1.wav", wav({8, 9, 10, 11}));
  COMPARE_TEXT(shown(*open({{"window", 3}, {"hop", 1}})), "1,2,3|2,3,4|3,4,5|4,5,6|5,6,7|8,9,10|9,10,11");
  COMPARE_TEXT(shown(*open({{"window", 3}, {"hop", 2}})), "1,2,3|3,4,5|5,6,7|8,9,10");
  COMPARE_TEXT(shown(*open({{"window", 2}, {"hop", 5}})), "1,2|6,7|8,9");
}

void SoundsTest::channels() {
  std::filesystem::create_directories(*folder_ / "data/a");
  std::filesystem::copy_file(sample("pcm16.wav"), *folder_ / "data/a/1.wav");
  const at::Tensor file = at::tensor(samplesOf(sample("pcm16.wav"))).view({700, 2}).t();
  const auto of = [&](const std::string& channels) {
    return open({{"rate", 8000}, {"window", 700}, {"channels", channels}})->read(0, 1).batch["signal"][0];
  };
  QVERIFY(of("stereo").equal(file));
  QVERIFY(of("left").equal(file.narrow(0, 0, 1)) && of("right").equal(file.narrow(0, 1, 1)));
  QVERIFY(at::allclose(of("mono"), file.mean(0, true), 0, 1e-7));
  // A file with one channel has it on both sides.
  std::filesystem::copy_file(sample("pcm32.wav"), *folder_ / "data/a/1.wav",
                             std::filesystem::copy_options::overwrite_existing);
  QVERIFY(of("stereo")[0].equal(of("left")[0]) && of("stereo")[1].equal(of("left")[0]) &&
          of("mono").equal(of("right")));
}

void SoundsTest::shortFiles() {
  twoClasses();
  COMPARE_TEXT(shown(*open({{"window", 4}})), "11,12,0,0|1,2,3,4|6,7,8,9");
  const auto skipping = open({{"window", 4}, {"short_files", "skip"}});
  COMPARE_TEXT(shown(*skipping), "1,2,3,4|6,7,8,9");
  QCOMPARE(skipping->notices().size(), size_t{1});
  VERIFY_CONTAINS(problem({{"window", 4}, {"short_files", "error"}}), "at least 4 samples, a window, got 2");
  VERIFY_CONTAINS(problem({{"window", 9}, {"short_files", "skip"}}), "shorter than a window of 9 samples");
}

void SoundsTest::parts() {
  for (const std::string part : {"train", "val", "test"})
    for (const std::string name : {"a", "b"}) sound("data/" + part + "/" + name + "/1.wav", wav({1, 2, 3, 4}));
  const auto source = open({{"window", 4}});
  QVERIFY((source->givenParts() ==
           std::vector<Part>{Part::Train, Part::Train, Part::Validation, Part::Validation, Part::Test, Part::Test}));
}

void SoundsTest::predicting() {
  twoClasses();
  const Signatures expected = open({{"window", 2}})->outputs();
  sound("new/b.wav", wav({5, 6, 7, 8}));
  sound("new/low/a.wav", wav({1, 2}));
  const auto folder = open({{"folder", "new"}, {"window", 2}}, &expected, false);
  COMPARE_TEXT(shown(*folder), "1,2|5,6|7,8");
  QVERIFY(folder->readPort("target", 0, 3).tensor().equal(at::tensor({1, -1, -1}, at::kLong)));
  const Table names = folder->rowNames(1, 9);
  QVERIFY((names.column("file").texts == std::vector<std::string>(2, *folder_ / "new/b.wav")));
  QVERIFY((names.column("start (s)").numbers == std::vector<double>{0, 2.0 / 16000}));
  const auto file = open({{"folder", "new/b.wav"}, {"window", 2}}, &expected, false);
  COMPARE_TEXT(shown(*file), "5,6|7,8");
  QVERIFY(file->outputs().count("target") == 0);
}

// Written by tests/reference/resample.py; ours are float32.
void SoundsTest::ratesOfScipy() {
  std::vector<float> sound;
  for (int i = 0; i < 700; ++i)
    sound.push_back(static_cast<float>(0.6 * std::sin(0.05 * i) + 0.3 * std::sin(2.1 * i + 1)));
  const auto all = parseJson(readFile(BLOCKYARD_TEST_DIR "/data/resample_reference.json"), "resample_reference");
  QVERIFY(all.size() >= 8);
  for (const auto& wanted : all) {
    const Resampler resampler(wanted["from"].get<int64_t>(), wanted["to"].get<int64_t>());
    const int64_t count = resampler.samplesOf(700);
    QCOMPARE(count, wanted["samples"].get<int64_t>());
    const auto piece = [&](int64_t first, int64_t many) {
      const auto [begin, end] = resampler.neededFor(first, many);
      std::vector<float> needed, out(static_cast<size_t>(many));
      for (int64_t i = begin; i < end; ++i) needed.push_back(i < 0 || i >= 700 ? 0 : sound[static_cast<size_t>(i)]);
      resampler.run(needed.data(), first, many, out.data());
      return out;
    };
    const std::vector<float> whole = piece(0, count);
    for (size_t i = 0; i < wanted["at"].size(); ++i) {
      const double ours = static_cast<double>(whole[wanted["at"][i].get<size_t>()]);
      QVERIFY2(std::abs(ours - wanted["values"][i].get<double>()) < 2e-7, numberText(ours).c_str());
    }
    for (int64_t first = 0; first < count; first += 1 + count / 9)
      QCOMPARE(piece(first, 1).front(), whole[static_cast<size_t>(first)]);
  }
  VERIFY_CONTAINS(errorText([] { Resampler(44100, 9999991); }), "cannot be brought to 9999991");
}

void SoundsTest::otherRates() {
  std::vector<int> half, whole;
  for (int i = 0; i < 400; ++i) whole.push_back(static_cast<int>(9000 * std::sin(0.02 * i)));
  for (int i = 0; i < 400; i += 2) half.push_back(whole[static_cast<size_t>(i)]);
  sound("data/a/1.wav", wav(whole));
  sound("data/b/1.wav", wav(half, -1, 8000));
  const auto source = open({{"window", 50}});
  QCOMPARE(source->rows(), 16);
  const at::Tensor all = source->read(0, 16).batch["signal"].flatten(1);
  // A slow tone is the same at both rates, but at the ends of the sound, where silence begins.
  QVERIFY(at::allclose(all.narrow(0, 1, 6), all.narrow(0, 9, 6), 0, 2e-3));
  QVERIFY(!at::equal(all.narrow(0, 1, 6), all.narrow(0, 9, 6)));
  for (const int64_t row : {15, 9, 12, 11, 8, 9})
    QVERIFY(source->readPort("signal", row, 1).tensor().flatten(1).equal(all.narrow(0, row, 1)));
  QCOMPARE(source->notices().size(), size_t{1});
  COMPARE_TEXT(source->notices()[0], "1 file was brought from 8000 to 16000 samples a second");
  const Table names = source->rowNames(9, 1);
  QCOMPARE(names.column("start (s)").numbers[0], 50.0 / 16000);
  // Stereo as channel by channel.
  std::filesystem::copy_file(sample("pcm16.wav"), *folder_ / "data/b/1.wav",
                             std::filesystem::copy_options::overwrite_existing);
  const auto of = [&](const std::string& channels) {
    return open({{"window", 300}, {"channels", channels}})->read(2, 3).batch["signal"];
  };
  const at::Tensor stereo = of("stereo");
  QVERIFY(stereo.select(1, 0).equal(of("left").select(1, 0)) && stereo.select(1, 1).equal(of("right").select(1, 0)));
  QVERIFY(at::allclose(of("mono").select(1, 0), stereo.mean(1), 0, 1e-6));
}

void SoundsTest::table() {
  twoClasses();
  std::filesystem::rename(*folder_ / "data", *folder_ / "sounds");
  sound("tables/all.csv",
        "pet,clip,age\ncat,../sounds/low/1.wav,3\ndog,../sounds/high/1.wav,1\ncat,../sounds/low/deep/2.WAV,2\n");
  const auto source = open({{"file", "tables/all.csv"}, {"window", 2}, {"target", Texts{"pet"}}});
  COMPARE_TEXT(shown(*source), "1,2|3,4|11,12|6,7|8,9");
  QVERIFY((source->outputs().at("target").classes == Texts{"cat", "dog"}));
  QVERIFY(source->readPort("target", 0, 9).tensor().equal(at::tensor({0, 0, 1, 0, 0}, at::kLong)));
  QVERIFY((source->splitColumns({"age"}).column("age").numbers == std::vector<double>{3, 3, 1, 2, 2}));
  QVERIFY((source->splitColumns({"file"}).column("file").texts[2] == "../sounds/high/1.wav"));
  QVERIFY((source->spans().series == std::vector<int32_t>{0, 0, 1, 2, 2}));
  QVERIFY(source->rowNames(2, 1).column("file").texts[0].ends_with("sounds/high/1.wav"));
  const auto ages = open({{"file", "tables/all.csv"}, {"window", 2}, {"column", "clip"}, {"target", Texts{"age"}}});
  QVERIFY(ages->readPort("target", 1, 2).tensor().equal(at::tensor({3.0F, 1.0F})));
  // Another file at the same place is other data.
  const std::string before = source->fingerprint();
  sound("sounds/high/1.wav", wav({11, 13}));
  QVERIFY(open({{"file", "tables/all.csv"}, {"window", 2}, {"target", Texts{"pet"}}})->fingerprint() != before);
  // Tables of their own for what the rows are for.
  sound("tables/test.csv", "pet,clip,age\ndog,../sounds/high/1.wav,1\n");
  const auto parted =
      open({{"file", "tables/all.csv"}, {"test_file", "tables/test.csv"}, {"window", 4}, {"target", Texts{"pet"}}});
  QVERIFY((parted->givenParts() == std::vector<Part>{Part::Train, Part::Train, Part::Train, Part::Test}));
  // Predicting: a table without the target, a sound, a folder of sounds.
  const Signatures expected = source->outputs();
  const auto later = [&](const std::string& file) {
    return open({{"file", file}, {"window", 2}, {"target", Texts{"pet"}}}, &expected, false);
  };
  sound("new.csv", "clip\nsounds/low/1.wav\n");
  COMPARE_TEXT(shown(*later("new.csv")), "1,2|3,4");
  QVERIFY(later("new.csv")->outputs().count("target") == 0);
  QVERIFY(later("tables/test.csv")->readPort("target", 0, 1).tensor().equal(at::tensor({1}, at::kLong)));
  COMPARE_TEXT(shown(*later("sounds/low/1.wav")), "1,2|3,4");
  COMPARE_TEXT(shown(*later("sounds/low")), "1,2|3,4|6,7|8,9");
}

void SoundsTest::tableMistakes() {
  twoClasses();
  sound("t.csv", "pet,clip\ncat,data/low/1.wav\ndog,data/none.wav\n");
  const auto of = [&](const std::string& column) {
    return problem({{"file", "t.csv"}, {"window", 2}, {"column", column}});
  };
  VERIFY_CONTAINS(of(""), "data/none.wav");
  VERIFY_CONTAINS(of("clipp"), "there is no column \"clipp\" (did you mean \"clip\"?)");
  sound("t.csv", "pet,clip\ncat,data/low/1.wav\ndog,\n");
  VERIFY_CONTAINS(of(""), "row 2 names no sound");
  sound("t.csv", "pet,clip\ncat,a\ndog,b\n");
  VERIFY_CONTAINS(of(""), "no column holds names of sounds (WAV, FLAC, Ogg, MP3, AIFF or AU files, by their endings)");
  VERIFY_CONTAINS(problem({{"file", ""}}), "no file is named");
}

void SoundsTest::mistakes() {
  twoClasses();
  const std::string rate = problem({{"rate", 44100}, {"other_rates", "error"}});
  VERIFY_CONTAINS(rate, "expected 44100 samples a second, got 16000");
  VERIFY_CONTAINS(rate, "high/1.wav");
  sound("data/low/3.wav", wav({1, 2}, -1, 8000));
  VERIFY_CONTAINS(problem({{"window", 2}, {"other_rates", "error"}}), "low/3.wav");
  std::filesystem::create_directories(*folder_ / "data/silent");
  VERIFY_CONTAINS(problem({}), "there are no sounds in the folder of the class \"silent\"");
  VERIFY_CONTAINS(problem({{"folder", "nowhere"}}), "nowhere");
  VERIFY_CONTAINS(problem({{"folder", ""}}), "no folder is named");
}

}  // namespace blockyard

QTEST_GUILESS_MAIN(blockyard::SoundsTest)
#include "sounds.moc"
