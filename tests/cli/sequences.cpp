// Texts, time series and signals from the file to the answer for new ones: trained, judged and asked by the command.
#include <cmath>

#include "cli/command.hpp"

using namespace blockyard;

class SequencesTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void texts();
  void timeSeries();
  void classOfTheNextStep();
  void signals();
  void longText();
  void language();
  void languageInPieces();

 private:
  // A project of one pipeline whose blocks and wires are given, trained for a moment.
  void project(const std::string& blocks, const std::string& wires, const std::string& training) {
    place_.write("p.blockyard", R"({"format": 1, "name": "p", "pipelines": {"main": {"blocks": {)" + blocks +
                                    R"(}, "wires": [)" + wires + R"(], "training": {"threads": 1, )" + training +
                                    "}}}}");
    VERIFY_CODE(place_.call({"check", "p"}), 0);
    VERIFY_CODE(place_.call({"train", "p", "-q"}), 0);
    VERIFY_CODE(place_.call({"evaluate", "p.blockyard", "--part", "test"}), 0);
  }
  size_t answers(const std::string& file) {
    const Called called = place_.call({"predict", "latest", QString::fromStdString(file), "--project", "p", "--json"});
    return called.code == 0 ? called.json().size() : 0;
  }

  Workplace place_;
};

void SequencesTest::texts() {
  std::string good, bad;
  for (int i = 0; i < 60; ++i)
    good += "a fine film " + std::to_string(i) + "\n", bad += "a dull film " + std::to_string(i) + "\n";
  place_.write("r.good", good), place_.write("r.bad", bad);
  for (const std::string method : {"words", "bpe"}) {
    project(
        R"("lines": {"block": "source/text_lines", "params": {"file": "r.good", "more_files": ["r.bad"], "label": "file"}},
      "tokens": {"block": "preprocessor/tokenize", "params": {"method": ")" +
            method +
            R"(", "vocabulary": 40, "length": 12}},
      "noise": {"block": "preprocessor/token_noise"},
      "embedding": {"block": "extractor/embedding", "params": {"vocabulary": 40, "features": 8}},
      "pool": {"block": "extractor/sequence_pool"}, "head": {"block": "classifier/softmax"})",
        R"("lines.features -> tokens.x", "tokens.tokens -> noise.x", "noise.y -> embedding.x", "embedding.y -> pool.x",
      "tokens.tokens -> pool.tokens", "pool.y -> head.x", "lines.target -> head.target")",
        R"("split": "stratified", "epochs": 3)");
    place_.write("new.txt", "quite a dull one\na fine one\n\nneither\n");
    QCOMPARE(answers("new.txt"), size_t{3});
    const Called one = place_.call({"predict", "latest", "-", "--project", "p"}, R"([{"text": "a fine film"}])");
    VERIFY_CODE(one, 0);
    VERIFY_HOLDS(one.out, "head.scores good");
  }
  place_.write("new.txt", std::string("a\0b\n", 4));
  VERIFY_HOLDS(place_.call({"predict", "latest", "new.txt", "--project", "p"}).err, "this seems to be no text file");
}

void SequencesTest::timeSeries() {
  std::string rows = "day,y\n";
  for (int i = 0; i < 120; ++i) rows += std::to_string(i) + "," + std::to_string(std::sin(i)) + "\n";
  place_.write("t.csv", rows);
  project(
      R"("days": {"block": "source/time_series", "params": {"file": "t.csv", "time": "day", "targets": ["y"], "lookback": 4,
      "horizon": 2}},
    "scale": {"block": "preprocessor/standardize_tensor"}, "lstm": {"block": "extractor/lstm", "params": {"hidden": 4}},
    "head": {"block": "regressor/linear"})",
      R"("days.windows -> scale.x", "scale.y -> lstm.x", "lstm.last -> head.x", "days.target -> head.target")",
      R"("split": "time", "split_column": "day", "epochs": 3)");
  place_.write("new.csv", "day,y\n1,0.1\n2,0.2\n3,0.3\n4,0.4\n5,0.5\n6,0.6\n");
  QCOMPARE(answers("new.csv"), size_t{3});  // the last two ask for days that are not in the file
  VERIFY_HOLDS(place_.call({"predict", "latest", "new.csv", "--project", "p"}).out, "day +1,day +2,");
  const Called judged = place_.call({"evaluate", "latest", "--data", "new.csv", "--project", "p", "--json"});
  VERIFY_CODE(judged, 0);
  QVERIFY2(judged.out.find("\"mae\"") != std::string::npos, judged.out.c_str());
  place_.write("new.csv", "day,y\n1,0.1\n2,0.2\n");
  VERIFY_HOLDS(place_.call({"predict", "latest", "new.csv", "--project", "p"}).err, "it takes 4 rows");
  VERIFY_HOLDS(place_.call({"train", "p", "--set", "training.split=random"}).err, "windows of this source overlap");
}

void SequencesTest::classOfTheNextStep() {
  const auto rows = [](int first, int count) {
    std::string out = "day,shop,y,state\n";
    for (const std::string shop : {"a", "b"})
      for (int i = first; i < first + count; ++i)
        out += "2024-0" + std::to_string(1 + i / 28) + "-" + (i % 28 < 9 ? "0" : "") + std::to_string(1 + i % 28) +
               "," + shop + "," + std::to_string(std::sin(0.7 * i)) + "," + (std::sin(0.7 * i) > 0 ? "high" : "low") +
               "\n";
    return out;
  };
  place_.write("t.csv", rows(0, 56));
  project(
      R"("days": {"block": "source/time_series", "params": {"file": "t.csv", "time": "day", "series": "shop", "gaps": "ignore",
      "step": 86400, "targets": ["state"], "features": ["y"], "lookback": 4}},
    "flatten": {"block": "extractor/flatten"}, "mlp": {"block": "extractor/mlp"}, "head": {"block": "classifier/softmax"},
    "answer": {"block": "postprocessor/class_label"})",
      R"("days.windows -> flatten.x", "flatten.y -> mlp.x", "mlp.y -> head.x", "days.target -> head.target",
    "head.scores -> answer.scores")",
      R"("split": "time", "split_column": "day", "learning_rate": 0.02, "epochs": 30)");
  place_.write("new.csv", rows(0, 8));
  const Called called = place_.call({"predict", "latest", "new.csv", "--project", "p"});
  VERIFY_CODE(called, 0);
  VERIFY_HOLDS(called.out, "shop,day,");
  VERIFY_HOLDS(called.out, "a,2024-01-09,");  // the day behind the last one
  VERIFY_HOLDS(called.out, "b,2024-01-05,");
  int right = 0;
  std::istringstream lines(called.out);
  for (std::string line; std::getline(lines, line);) {
    const int day = line.size() > 11 ? std::atoi(line.substr(10, 2).c_str()) : 0;
    right += day > 0 && line.find(std::sin(0.7 * (day - 1)) > 0 ? ",high" : ",low") != std::string::npos ? 1 : 0;
  }
  QVERIFY2(right >= 8, called.out.c_str());
}

void SequencesTest::signals() {
  std::string rows = "state,run,x\n";
  for (int i = 0; i < 800; ++i) {
    const bool fast = i / 100 % 2 == 0;
    rows += std::string(fast ? "fast," : "slow,") + std::to_string(i / 100) + "," +
            std::to_string(std::sin(fast ? i : 0.1 * i)) + "\n";
  }
  place_.write("s.csv", rows);
  project(
      R"("signal": {"block": "source/signal", "params": {"file": "s.csv", "channels": ["x"], "target": "state", "recording": ["run"],
      "window": 20}},
    "spectrum": {"block": "preprocessor/spectrum"}, "flatten": {"block": "extractor/flatten"}, "head": {"block": "classifier/softmax"})",
      R"("signal.signal -> spectrum.x", "spectrum.y -> flatten.x", "flatten.y -> head.x", "signal.target -> head.target")",
      R"("split": "stratified", "epochs": 3)");
  std::string fresh = "x\n";
  for (int i = 0; i < 65; ++i) fresh += std::to_string(std::sin(i)) + "\n";
  place_.write("new.csv", fresh);
  QCOMPARE(answers("new.csv"), size_t{3});
}

void SequencesTest::longText() {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "abc ";
  place_.write("l.txt", text);
  project(R"("text": {"block": "source/long_text", "params": {"file": "l.txt", "length": 6, "stride": 5}},
    "embedding": {"block": "extractor/embedding", "params": {"vocabulary": 6, "features": 4}},
    "gru": {"block": "extractor/gru", "params": {"hidden": 8}}, "head": {"block": "classifier/softmax"},
    "answer": {"block": "postprocessor/class_label"})",
          R"("text.tokens -> embedding.x", "embedding.y -> gru.x", "gru.last -> head.x", "text.target -> head.target",
    "head.scores -> answer.scores")",
          R"("split": "order", "epochs": 3)");
  place_.write("new.txt", "abc ab");
  QCOMPARE(answers("new.txt"), size_t{1});
}

// Learns at every place of a window: the loss is over all of them.
void SequencesTest::language() {
  std::string text;
  for (int i = 0; i < 200; ++i) text += i % 3 == 0 ? "abcd " : "xyz ";
  place_.write("l.txt", text);
  project(
      R"("text": {"block": "source/long_text", "params": {"file": "l.txt", "length": 12}},
    "embedding": {"block": "extractor/embedding", "params": {"vocabulary": 10, "features": 8}},
    "encoder": {"block": "extractor/transformer_encoder", "params": {"layers": 1, "heads": 2, "causal": true, "dropout": 0.0}},
    "head": {"block": "classifier/next_token"}, "answer": {"block": "postprocessor/class_label"})",
      R"("text.tokens -> embedding.x", "embedding.y -> encoder.x", "encoder.y -> head.x", "text.tokens -> head.tokens",
    "text.target -> head.target", "head.scores -> answer.scores")",
      R"("split": "order", "epochs": 60, "batch_size": 16, "learning_rate": 0.01)");
  const Called judged = place_.call({"evaluate", "p.blockyard", "--part", "test", "--json"});
  VERIFY_CODE(judged, 0);
  const auto numbers = judged.json().dump();
  VERIFY_HOLDS(numbers, "\"perplexity\"");
  VERIFY_HOLDS(numbers, "\"bits_per_token\"");
  place_.write("new.txt", "abcd xyz xyz abcd xy");
  const Called next = place_.call({"predict", "latest", "new.txt", "--project", "p"});
  VERIFY_CODE(next, 0);
  VERIFY_HOLDS(next.out, "\nz,");
  place_.write("new.txt", "ab");  // shorter than a window
  VERIFY_HOLDS(place_.call({"predict", "latest", "new.txt", "--project", "p"}).out, "\nc,");
}

// Pieces of words are learned of the training rows: a word that only the test rows have is in none of them.
void SequencesTest::languageInPieces() {
  std::string text;
  for (int i = 0; i < 300; ++i) text += i % 3 == 0 ? "walking " : i < 270 ? "home " : "qqq ";
  place_.write("l.txt", text);
  project(
      R"("text": {"block": "source/text_windows", "params": {"file": "l.txt", "length": 40}},
    "tokens": {"block": "preprocessor/tokenize", "params": {"method": "bpe", "vocabulary": 24, "length": 16, "truncate": "start"}},
    "embedding": {"block": "extractor/embedding", "params": {"vocabulary": 24, "features": 8}},
    "gru": {"block": "extractor/gru", "params": {"hidden": 12}},
    "head": {"block": "classifier/next_token"}, "answer": {"block": "postprocessor/class_label"})",
      R"("text.text -> tokens.x", "text.text_after -> tokens.after", "tokens.tokens -> embedding.x", "embedding.y -> gru.x",
    "gru.y -> head.x", "tokens.tokens -> head.tokens", "tokens.next -> head.target", "head.scores -> answer.scores")",
      R"("split": "order", "epochs": 60, "batch_size": 8, "learning_rate": 0.02)");
  place_.write("new.txt", "walking home home walking");
  const Called next = place_.call({"predict", "latest", "new.txt", "--project", "p"});
  VERIFY_CODE(next, 0);
  VERIFY_HOLDS(next.out, "\n▁home,");
  QVERIFY(next.out.find("q") == std::string::npos);  // a column for every token
  const Called one = place_.call({"predict", "latest", "-", "--project", "p"}, R"([{"text": "walking home"}])");
  VERIFY_CODE(one, 0);
  VERIFY_HOLDS(one.out, "\n▁home,");
}

QTEST_GUILESS_MAIN(SequencesTest)
#include "sequences.moc"
