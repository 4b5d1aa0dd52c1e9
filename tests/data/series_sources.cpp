// The sources of time series and signals: which windows there are, what they hold, and how a split keeps them apart.
#include <ATen/ATen.h>

#include <QTest>
#include <filesystem>

#include "blocks/catalog.hpp"
#include "blocks/source.hpp"
#include "csv_help.hpp"

namespace blockyard {

class SeriesSourcesTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void windows();
  void severalSeries();
  void changes();
  void gaps();
  void missingValues();
  void horizons();
  void predicting();
  void classes();
  void missingClasses();
  void rowNames();
  void timeMistakes();
  void signals();
  void signalTargets();
  void signalMistakes();
  void windowsAreKeptApart();
  void realFiles();

 private:
  std::unique_ptr<Source> open(const std::string& id, const Values& values, const Signatures* expected = nullptr,
                               bool all_files = true) {
    values_ = completeValues(blockType(id).schema.params, values);
    SourceSetup setup{.values = values_, .folder = folder_.path(), .expected = expected};
    setup.all_files = all_files;
    auto source = blockType(id).open(setup);
    if (all_files && blockType(id).peek(setup) != source->outputs()) throw Error({}, "peek differs");
    return source;
  }
  std::unique_ptr<Source> series(const std::string& text, Values values, const Signatures* expected = nullptr,
                                 bool all_files = true) {
    writeText(folder_ / "t.csv", text);
    if (!values.has("file")) values.set("file", "t.csv");
    if (!values.has("time")) values.set("time", "day");
    if (!values.has("targets")) values.set("targets", Texts{"y"});
    return open("source/time_series", values, expected, all_files);
  }
  std::unique_ptr<Source> signal(const std::string& text, Values values, const Signatures* expected = nullptr,
                                 bool all_files = true) {
    writeText(folder_ / "s.csv", text);
    if (!values.has("file")) values.set("file", "s.csv");
    if (!values.has("channels")) values.set("channels", Texts{"x"});
    return open("source/signal", values, expected, all_files);
  }
  // "1,2>3|2,3>4": windows and targets, number by number.
  static std::string shown(Source& source, const std::string& port = "windows") {
    std::string out;
    const Chunk all = source.read(0, source.rows());
    const auto list = [](const at::Tensor& values) {
      std::string text;
      const at::Tensor flat = values.flatten().to(at::kDouble);
      for (int64_t i = 0; i < flat.numel(); ++i) {
        const double value = flat[i].item<double>();
        text += (i > 0 ? "," : "") + (std::isnan(value) ? std::string("?") : numberText(value));
      }
      return text;
    };
    for (int64_t row = 0; row < source.rows(); ++row) {
      out += (row > 0 ? "|" : "") + list(all.batch[port][row]);
      if (all.batch.has("target")) out += ">" + list(all.batch["target"][row]);
    }
    return out;
  }

  TestFolder folder_;
  Values values_;
};

void SeriesSourcesTest::windows() {
  const std::string text = "day,a,y\n1,10,1\n2,20,2\n3,30,3\n4,40,4\n5,50,5\n";
  const auto plain = series(text, {{"lookback", 2}, {"unit", "°C"}});
  COMPARE_TEXT(shown(*plain), "1,2>3|2,3>4|3,4>5");
  QVERIFY((plain->outputs().at("windows") == Signature{.shape = {"N", 2, 1}}));
  QVERIFY((plain->outputs().at("target") == Signature{.kind = Wire::Target, .shape = {"N"}, .unit = "°C"}));
  COMPARE_TEXT(describe(plain->splitColumns({"day"})), "day:number|3|4|5");
  COMPARE_TEXT(shown(*series(text, {{"lookback", 2}, {"features", Texts{"a", "y"}}, {"stride", 2}})),
               "10,1,20,2>3|30,3,40,4>5");
  COMPARE_TEXT(shown(*series(text, {{"lookback", 2}, {"targets", Texts{}}, {"features", Texts{"a"}}})),
               "10,20|20,30|30,40|40,50");
  const Packet middle = plain->readPort("target", 1, 9);
  QVERIFY(middle.tensor().equal(at::tensor({4.0F, 5.0F})) && middle.meaning().columns == Texts{"y"});
}

void SeriesSourcesTest::severalSeries() {
  const std::string text =
      "day,s,y\n2020-01-01,b,1\n2020-01-01,a,10\n2020-01-02,b,2\n2020-01-02,a,20\n2020-01-03,a,30\n";
  const auto source = series(text, {{"lookback", 1}, {"series", "s"}});
  COMPARE_TEXT(shown(*source), "10>20|20>30|1>2");
  COMPARE_TEXT(describe(source->splitColumns({"day", "s"})),
               "day:time s:category|2020-01-02;a|2020-01-03;a|2020-01-02;b");
  QVERIFY(source->notices().empty());
  const auto longer = series(text, {{"lookback", 2}, {"series", "s"}});
  QCOMPARE(longer->notices().size(), size_t{1});
  VERIFY_CONTAINS(longer->notices()[0], "1 of 2 series give no window");
  VERIFY_CONTAINS(longer->notices()[0], "\"b\"");
  const RowSpans spans = source->spans();
  QVERIFY((spans.series == std::vector<int32_t>{0, 0, 1}) && spans.target == spans.last);
}

void SeriesSourcesTest::changes() {
  const std::string text = "day,y\n1,1\n2,2\n3,4\n4,2\n5,3\n";
  Values values{{"lookback", 2}, {"target_as", "difference"}};
  COMPARE_TEXT(shown(*series(text, values)), "1,2>2|2,4>-2|4,2>1");
  values.set("horizon", 2);
  COMPARE_TEXT(shown(*series(text, values)), "1,2>2,0|2,4>-2,-1");
  values.set("horizon", 1), values.set("target_as", "log_return");
  const auto source = series(text, values);
  const at::Tensor expected = at::tensor({2.0F, 0.5F, 1.5F}).log();
  QVERIFY(source->read(0, 3).batch["target"].allclose(expected));
  COMPARE_TEXT(source->readPort("target", 0, 1).meaning().columns.front(), "y log return");
  VERIFY_CONTAINS(errorText([&] { series("day,y\n1,1\n2,0\n3,4\n", values); }),
                  "a log return takes numbers above zero, and \"y\" has another in row 2");
  // The last value of a window is needed even if it is no feature.
  values.set("missing_values", "skip"), values.set("features", Texts{"x"});
  COMPARE_TEXT(std::to_string(series("day,x,y\n1,1,1\n2,1,\n3,1,4\n4,1,2\n5,1,3\n", values)->rows()), "2");
}

void SeriesSourcesTest::gaps() {
  const std::string text = "day,y\n1,1\n2,2\n3,3\n6,6\n7,7\n8,8\n";
  const Values base{{"lookback", 2}};
  const auto with = [&](const std::string& gaps, const std::string& missing = "error") {
    Values values = base;
    values.set("gaps", gaps);
    values.set("missing_values", missing);
    return shown(*series(text, values));
  };
  VERIFY_CONTAINS(errorText([&] { series(text, base); }),
                  "expected a row for every 1, but 6 in row 4 follows 3 (set `gaps` to fill, skip or ignore");
  COMPARE_TEXT(with("ignore"), "1,2>3|2,3>6|3,6>7|6,7>8");
  COMPARE_TEXT(with("skip"), "1,2>3|6,7>8");
  COMPARE_TEXT(with("fill"), "1,2>3|2,3>4|3,4>5|4,5>6|5,6>7|6,7>8");
  COMPARE_TEXT(with("fill", "forward"), "1,2>3|2,3>3|3,3>3|3,3>6|3,6>7|6,7>8");
  COMPARE_TEXT(with("fill", "skip"), "1,2>3|6,7>8");
  Values odd = base;
  odd.set("gaps", "fill"), odd.set("step", 2.0);
  VERIFY_CONTAINS(errorText([&] { series(text, odd); }), "cannot be filled with steps of 2");
}

void SeriesSourcesTest::missingValues() {
  const std::string text = "day,y\n1,\n2,2\n3,NA\n4,4\n5,5\n";
  const Values base{{"lookback", 1}};
  const auto with = [&](const std::string& missing) {
    Values values = base;
    values.set("missing_values", missing);
    return shown(*series(text, values));
  };
  VERIFY_CONTAINS(errorText([&] { series(text, base); }), "the value of \"y\" is missing in row 1");
  COMPARE_TEXT(with("forward"), "2>2|2>4|4>5");
  COMPARE_TEXT(with("interpolate"), "2>3|3>4|4>5");
  COMPARE_TEXT(with("skip"), "4>5");
}

void SeriesSourcesTest::horizons() {
  const std::string text = "day,y,z\n1,1,-1\n2,2,-2\n3,3,-3\n4,4,-4\n";
  const auto source =
      series(text, {{"lookback", 1}, {"horizon", 2}, {"targets", Texts{"y", "z"}}, {"features", Texts{"y"}}});
  COMPARE_TEXT(shown(*source), "1>2,-2,3,-3|2>3,-3,4,-4");
  QVERIFY((source->readPort("target", 0, 1).meaning().columns == Texts{"y +1", "z +1", "y +2", "z +2"}));
  const RowSpans spans = source->spans();
  QVERIFY((spans.target == std::vector<double>{2, 3}) && (spans.last == std::vector<double>{3, 4}));
}

void SeriesSourcesTest::predicting() {
  const std::string text = "day,a,y\n1,10,1\n2,20,2\n3,30,3\n4,40,4\n";
  const Values base{{"lookback", 2}, {"features", Texts{"a"}}, {"stride", 2}};
  const Signatures trained = series(text, base)->outputs();
  COMPARE_TEXT(shown(*series(text, base, &trained, false)), "10,20>3|30,40>?");
  COMPARE_TEXT(shown(*series("day,a\n1,10\n2,20\n3,30\n", base, &trained, false)), "20,30");
  VERIFY_CONTAINS(errorText([&] { series("day,a\n1,10\n", base, &trained, false); }),
                  "it takes 2 rows without gaps or missing values, and the longest stretch has 1");
  COMPARE_TEXT(shown(*series(text, base, &trained)), "10,20>3");  // judged on the files it was trained on
}

void SeriesSourcesTest::classes() {
  const std::string text = "day,x,y\n1,10,up\n2,20,down\n3,30,up\n4,40,flat\n";
  const Values base{{"lookback", 2}, {"features", Texts{"x"}}};
  const auto source = series(text, base);
  COMPARE_TEXT(shown(*source), "10,20>2|20,30>1");
  QVERIFY(
      (source->outputs().at("target") ==
       Signature{.kind = Wire::Label, .element = Element::Int64, .shape = {"N"}, .classes = {"down", "flat", "up"}}));
  QVERIFY((source->readPort("target", 0, 1).meaning().classes == Texts{"down", "flat", "up"}));
  // Predicting, the last window has no class yet, and one that was not trained on counts as none.
  const Signatures trained = source->outputs();
  COMPARE_TEXT(shown(*series(text, base, &trained, false)), "10,20>2|20,30>1|30,40>-1");
  COMPARE_TEXT(shown(*series("day,x,y\n1,1,up\n2,2,new\n3,3,new\n", base, &trained, false)), "1,2>-1|2,3>-1");
  COMPARE_TEXT(shown(*series("day,x\n1,1\n2,2\n3,3\n", base, &trained, false)), "1,2|2,3");
  COMPARE_TEXT(shown(*series(text, base, &trained)), "10,20>2|20,30>1");
  // Numbers are classes where that is said, also if they are looked at.
  Values coded{{"lookback", 1}, {"target_kind", "label"}};
  const auto both = series("day,y\n1,0\n2,10\n3,9\n4,0\n", coded);
  COMPARE_TEXT(shown(*both), "0>2|10>1|9>0");
  QVERIFY((both->outputs().at("target").classes == Texts{"0", "9", "10"}));
  const auto of = [&](const std::string& more, const Value& value) {
    Values values = base;
    values.set(more, value);
    return errorText([&] { series(text, values); });
  };
  VERIFY_CONTAINS(of("horizon", 2), "expected 1 for a class, the next step, got 2");
  VERIFY_CONTAINS(of("target_as", "difference"), "expected \"value\" for a class");
  VERIFY_CONTAINS(of("targets", Texts{"y", "x"}), "a class is one column, got 2");
  VERIFY_CONTAINS(of("target_kind", "target"), "expected numbers in the column \"y\"");
  VERIFY_CONTAINS(errorText([&] { series("day,x,y\n1,1,a\n2,2,a\n3,3,a\n", base); }),
                  "every row is of the class \"a\"");
}

void SeriesSourcesTest::missingClasses() {
  const std::string text = "day,x,y\n1,1,a\n2,2,b\n3,3,\n4,4,a\n6,6,b\n7,7,a\n";
  const auto with = [&](const std::string& gaps, const std::string& missing) {
    return shown(
        *series(text, {{"lookback", 1}, {"features", Texts{"x"}}, {"gaps", gaps}, {"missing_values", missing}}));
  };
  VERIFY_CONTAINS(errorText([&] { with("ignore", "error"); }), "the class in \"y\" is missing in row 3");
  COMPARE_TEXT(with("ignore", "skip"), "1>1|3>0|4>1|6>0");
  COMPARE_TEXT(with("ignore", "forward"), "1>1|2>1|3>0|4>1|6>0");
  COMPARE_TEXT(with("skip", "skip"), "1>1|3>0|6>0");
  COMPARE_TEXT(with("fill", "forward"), "1>1|2>1|3>0|4>0|4>1|6>0");
}

void SeriesSourcesTest::rowNames() {
  const auto of = [&](const std::string& text, Values values) {
    const Signatures trained{{"windows", {}}};
    values.set("lookback", 2);
    const auto source = series(text, values, &trained, false);
    return describe(source->rowNames(0, source->rows()));
  };
  const std::string days = "day,s,y\n2020-01-01,a,1\n2020-01-02,a,2\n2020-01-03,a,3\n";
  COMPARE_TEXT(of(days, {}), "day:time|2020-01-03|2020-01-04");
  COMPARE_TEXT(of(days, {{"horizon", 3}}), "day +1:time day +3:time|2020-01-03;2020-01-05|2020-01-04;2020-01-06");
  COMPARE_TEXT(of(days + "2020-01-01,b,5\n2020-01-02,b,6\n", {{"series", "s"}}),
               "s:category day:time|a;2020-01-03|a;2020-01-04|b;2020-01-03");
  // Nobody knows the next trading day.
  COMPARE_TEXT(of("day,y\n1,1\n2,2\n5,3\n", {{"gaps", "ignore"}}), "day (last seen):number day:number|2;5|5;");
  COMPARE_TEXT(of("day,y\n1,1\n2,2\n5,3\n", {{"gaps", "ignore"}, {"step", 1.0}}), "day:number|5|6");
  COMPARE_TEXT(of("day,y\n1,1\n2,2\n5,3\n6,4\n", {{"gaps", "skip"}}), "day:number|3|7");
}

void SeriesSourcesTest::timeMistakes() {
  const auto of = [&](const std::string& text, const Values& values) {
    return errorText([&] { series(text, values); });
  };
  const std::string good = "day,y\n1,1\n2,2\n";
  VERIFY_CONTAINS(of(good, {{"file", ""}}), "parameter file: no file is named");
  VERIFY_CONTAINS(of("", {}), "t.csv");
  VERIFY_CONTAINS(of(good, {{"time", "dai"}}), "there is no column \"dai\" (did you mean \"day\"?)");
  VERIFY_CONTAINS(of(good, {{"time", ""}}), "expected the column with the time");
  VERIFY_CONTAINS(of("day,y\nx,1\ny,2\nx,3\n", {}), "expected times or numbers in the column \"day\"");
  VERIFY_CONTAINS(of("day,y\n1,a\n2,b\n", {}), "expected numbers in the column \"y\"");
  VERIFY_CONTAINS(of("day,y\n2,1\n1,2\n", {{"lookback", 1}}), "but 1 in row 2 comes after 2 (set `sort`");
  COMPARE_TEXT(shown(*series("day,y\n2,1\n1,2\n", {{"lookback", 1}, {"sort", true}})), "2>1");
  VERIFY_CONTAINS(of("day,y\n2020-01-01,1\n2020-01-01,2\n", {{"lookback", 1}}),
                  "the time 2020-01-01 stands twice, in row 1 and row 2");
  VERIFY_CONTAINS(of("day,y\n1,1\n,2\n", {{"lookback", 1}}), "the time is missing in row 2");
  VERIFY_CONTAINS(of(good, {{"lookback", 2}}), "it takes 3 rows");
  VERIFY_CONTAINS(of(good, {{"targets", Texts{}}}), "or `features` to look at, got none");
}

void SeriesSourcesTest::signals() {
  const std::string text = "r,x,z,c\n1,1,-1,on\n1,2,-2,on\n1,3,-3,off\n2,4,-4,off\n2,5,-5,off\n2,6,-6,off\n2,7,-7,on\n";
  const auto source =
      signal(text, {{"channels", Texts{"x", "z"}}, {"target", "c"}, {"recording", Texts{"r"}}, {"window", 2}});
  COMPARE_TEXT(shown(*source, "signal"), "1,2,-1,-2>1|4,5,-4,-5>0");  // the window of 6 and 7 is both
  QVERIFY((source->outputs().at("signal") == Signature{.shape = {"N", 2, 2}}));
  QVERIFY(source->outputs().at("target").classes == (Texts{"off", "on"}));
  COMPARE_TEXT(describe(source->splitColumns({"r", "recording"})), "r:text recording:text|1;1|2;2");
  const Values most{{"target", "c"}, {"recording", Texts{"r"}}, {"window", 3}, {"hop", 1}, {"mixed", "majority"}};
  COMPARE_TEXT(shown(*signal(text, most), "signal"), "1,2,3>1|4,5,6>0|5,6,7>0");
  const Signatures trained = signal(text, most)->outputs();
  // New samples need neither classes nor the columns that tell recordings apart.
  COMPARE_TEXT(shown(*signal("x\n1\n2\n3\n4\n", most, &trained, false), "signal"), "1,2,3|2,3,4");
  COMPARE_TEXT(shown(*signal("r,x,c\n1,1,on\n1,2,on\n1,3,new\n", most, &trained, false), "signal"), "1,2,3>1");
}

void SeriesSourcesTest::signalTargets() {
  const auto source =
      signal("x,t\n1,2\n2,4\n3,6\n4,8\n", {{"target", "t"}, {"target_kind", "target"}, {"window", 2}, {"unit", "V"}});
  COMPARE_TEXT(shown(*source, "signal"), "1,2>3|3,4>7");
  QVERIFY(source->outputs().at("target").unit == "V" && source->outputs().at("target").kind == Wire::Target);
  COMPARE_TEXT(shown(*signal("x\n1\n2\n", {{"window", 1}}), "signal"), "1|2");
}

void SeriesSourcesTest::signalMistakes() {
  const auto of = [&](const std::string& text, const Values& values) {
    return errorText([&] { signal(text, values); });
  };
  VERIFY_CONTAINS(of("x\n1\n", {{"channels", Texts{}}}), "expected the columns with the signal");
  VERIFY_CONTAINS(of("x\n1\n2\n", {{"window", 3}}), "it takes 3 samples, and the longest recording has 2");
  VERIFY_CONTAINS(of("x\n1\n\"\"\n3\n", {{"window", 1}}), "expected a number in \"x\", row 2, got nothing");
  VERIFY_CONTAINS(of("x,c\n1,a\n2,a\n", {{"window", 1}, {"target", "c"}}), "every sample is of the class \"a\"");
  VERIFY_CONTAINS(of("x,c\n1,a\n2,b\n", {{"window", 2}, {"target", "c"}}), "no window has one class for all");
  VERIFY_CONTAINS(of("x,c\n1,a\n2,b\n", {{"window", 2}, {"target", "d"}}), "there is no column \"d\"");
}

void SeriesSourcesTest::windowsAreKeptApart() {
  using P = Part;
  // Four windows that are each asked for two steps, of which they share one with the next.
  const RowSpans spans{.series = {0, 0, 0, 0}, .first = {0, 1, 2, 3}, .target = {5, 6, 7, 8}, .last = {6, 7, 8, 9}};
  std::vector<P> parts{P::Train, P::Train, P::Validation, P::Test};
  keepWindowsApart(parts, spans, "time");
  QVERIFY((parts == std::vector<P>{P::Train, P::Unused, P::Unused, P::Test}));
  parts = {P::Train, P::Test, P::Train, P::Train};
  VERIFY_CONTAINS(errorText([&] { keepWindowsApart(parts, spans, "random"); }), "windows of this source overlap");
  // Nothing is shared between series, nor by windows that do not overlap.
  RowSpans apart = spans;
  apart.series = {0, 1, 2, 3};
  keepWindowsApart(parts, apart, "random");
  keepWindowsApart(parts, {.series = {0, 0, 0, 0}, .first = {0, 2, 4, 6}, .target = {0, 2, 4, 6}, .last = {1, 3, 5, 7}},
                   "random");
  QVERIFY((parts == std::vector<P>{P::Train, P::Test, P::Train, P::Train}));
  keepWindowsApart(parts, {}, "random");
}

// The real files, where they are at hand.
void SeriesSourcesTest::realFiles() {
  const std::string folder = qgetenv("BLOCKYARD_DATA").toStdString();
  if (!std::filesystem::exists(folder + "/seattle-weather") || !std::filesystem::exists(folder + "/ecb-fx")) return;
  const auto weather = open("source/time_series", {{"file", folder + "/seattle-weather/seattle-weather.csv"},
                                                   {"time", "date"},
                                                   {"targets", Texts{"temp_max"}},
                                                   {"features", Texts{"temp_max", "temp_min", "wind"}},
                                                   {"lookback", 14}});
  QCOMPARE(weather->rows(), 1461 - 14);
  // Trading days, newest first.
  const auto rates = open("source/time_series", {{"file", folder + "/ecb-fx/eurofxref-hist.csv"},
                                                 {"time", "Date"},
                                                 {"targets", Texts{"USD"}},
                                                 {"lookback", 20},
                                                 {"sort", true},
                                                 {"gaps", "ignore"}});
  QCOMPARE(rates->rows(), 7126 - 20);
  const auto fan = open("source/signal", {{"file", folder + "/fan-vibration/accelerometer.csv"},
                                          {"channels", Texts{"x", "y", "z"}},
                                          {"target", "Sensor Configuration"},
                                          {"recording", Texts{"Sensor Configuration", "Rotation Speed Percentage"}},
                                          {"window", 500}});
  QCOMPARE(fan->rows(), 51 * 6);
}

}  // namespace blockyard

using blockyard::SeriesSourcesTest;
QTEST_GUILESS_MAIN(SeriesSourcesTest)
#include "series_sources.moc"
