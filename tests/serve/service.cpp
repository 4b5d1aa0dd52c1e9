// Trained pipelines behind HTTP say what they say without it; whatever else comes in is refused, and the service lives.
#include "serve/service.hpp"

#include <QtTest/QtTest>
#include <nlohmann/json.hpp>

#include "base/random.hpp"
#include "blocks/source.hpp"
#include "http_client.hpp"
#include "training/small_plan.hpp"
#include "training/trainer.hpp"

using namespace blockyard;
using namespace blockyard::testing;
using Json = nlohmann::json;

namespace {

const Headers kJson{{"Content-Type", "application/json"}};
const Headers kCsv{{"Content-Type", "text/csv"}};

int64_t numberFrom(const char* variable, int64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::atoll(text);
}

double residentMegabytes() {
  int64_t all = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return static_cast<double>(resident * sysconf(_SC_PAGESIZE)) / 1e6;
}

}  // namespace

class TestService : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir folder_;
  std::string rows_, first_, second_;
  std::unique_ptr<Service> service_;

  std::string path(const char* name) const { return folder_.filePath(name).toStdString(); }
  uint16_t port() const { return service_->port(); }

  std::string trained(const char* name, int64_t seed) const {
    Trainer trainer(cloudsPlan(rows_, {{"seed", seed}}), {});
    trainer.prepareData();
    trainer.train();
    saveBundle(trainer, name, path(name));
    return path(name);
  }
  std::unique_ptr<Service> serving(ServiceSettings settings = {}) const {
    settings.port = 0;
    settings.predict.threads = 1;
    return std::make_unique<Service>(std::vector<ModelFile>{{.name = "clouds", .file = first_}}, settings);
  }
  static std::string rowOf(double x, double y) { return Json::array({{{"x", x}, {"y", y}, {"side", "left"}}}).dump(); }
  static Table said(const std::string& bundle, const std::string& json) {
    Bundle model(bundle);
    std::vector<Table> parts;
    model.predict(*model.openJson(json, "rows"), [&](const Table& part) { parts.push_back(part); });
    return Table::concat(parts);
  }

 private Q_SLOTS:
  void initTestCase() {
    rows_ = writeClouds(folder_, 300);
    first_ = trained("first.safetensors", 1);
    second_ = trained("second.safetensors", 2);
    service_ = serving();
  }

  // JSON, CSV, MLflow's and the Open Inference Protocol's requests, and the bundle itself.
  void allMannersAgree() {
    const std::string rows =
        R"([{"x": 3.5, "y": 0.5, "side": "left"}, {"x": null, "y": 3.1, "side": "nowhere"}, {"x": -2, "y": -3, "side": ""}])";
    const Table wanted = said(first_, rows);
    const auto check = [&](const Json& labels, const Json& probabilities) {
      for (size_t i = 0; i < 3; ++i) {
        QCOMPARE(labels.at(i).get<std::string>(), wanted.column("label").cell(static_cast<int64_t>(i)));
        QVERIFY(std::abs(probabilities.at(i).get<double>() - wanted.column("probability").numbers[i]) < 1e-6);
      }
    };
    const auto check_rows = [&](const Json& rows_said) {
      QCOMPARE(rows_said.size(), size_t{3});
      Json labels, probabilities;
      for (const auto& row : rows_said)
        labels.push_back(row.at("label")), probabilities.push_back(row.at("probability"));
      check(labels, probabilities);
    };
    const std::string csv = "x,y,side\n3.5,0.5,left\n,3.1,nowhere\n-2,-3,\n";
    const Json split{{"dataframe_split",
                      {{"columns", {"side", "x", "y"}},
                       {"data", {{"left", 3.5, 0.5}, {"nowhere", nullptr, 3.1}, {nullptr, -2, -3}}}}}};
    const Json v2{{"inputs",
                   {{{"name", "x"}, {"shape", {3}}, {"datatype", "FP64"}, {"data", {3.5, nullptr, -2}}},
                    {{"name", "y"}, {"shape", {3, 1}}, {"datatype", "FP32"}, {"data", {{0.5}, {3.1}, {-3}}}},
                    {{"name", "side"}, {"shape", {3}}, {"datatype", "BYTES"}, {"data", {"left", "nowhere", ""}}}}}};
    for (const char* place : {"/predict", "/models/clouds/predict", "/models/clouds/versions/1/predict"})
      check_rows(Json::parse(http(port(), "POST", place, rows, kJson).body));
    check_rows(Json::parse(http(port(), "POST", "/predict", csv, kCsv).body));
    check_rows(Json::parse(http(port(), "POST", "/invocations", split.dump(), kJson).body).at("predictions"));
    check_rows(
        Json::parse(
            http(port(), "POST", "/invocations", Json{{"dataframe_records", Json::parse(rows)}}.dump(), kJson).body)
            .at("predictions"));
    check_rows(Json::parse(http(port(), "POST", "/invocations", csv, kCsv).body).at("predictions"));
    const Json reply = Json::parse(http(port(), "POST", "/v2/models/clouds/infer", v2.dump(), kJson).body);
    QCOMPARE(reply.at("model_name").get<std::string>(), std::string("clouds"));
    const Json outputs = reply.at("outputs");
    QCOMPARE(outputs.at(0).at("datatype").get<std::string>(), std::string("BYTES"));
    QCOMPARE(outputs.at(1).at("shape"), Json({3}));
    check(outputs.at(0).at("data"), outputs.at(1).at("data"));
    const HttpSeen as_csv = http(port(), "POST", "/predict", rows, {{"Accept", "text/csv"}});
    QVERIFY2(as_csv.body.rfind("label,probability\n", 0) == 0, as_csv.body.c_str());
  }

  void tellsWhatItIs() {
    const Json metadata = Json::parse(http(port(), "GET", "/v2/models/clouds").body);
    QCOMPARE(metadata.at("inputs").size(), size_t{3});
    QCOMPARE(metadata.at("inputs").at(0).at("datatype").get<std::string>(), std::string("FP64"));
    QCOMPARE(metadata.at("versions"), Json({"1"}));
    for (const char* place : {"/v2", "/v2/health/live", "/v2/health/ready", "/v2/models/clouds/ready", "/ping", "/",
                              "/page.js", "/page.css", "/models"})
      QCOMPARE(http(port(), "GET", place).status, 200);
    const std::string metrics = http(port(), "GET", "/metrics").body;
    QVERIFY2(metrics.find("blockyard_requests_total{model=\"clouds\",code=\"200\"}") != std::string::npos,
             metrics.c_str());
  }

  void refusals_data() {
    QTest::addColumn<QString>("place");
    QTest::addColumn<QString>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("words");
    QTest::newRow("no JSON") << "/predict"
                             << "{" << 400 << "no valid JSON";
    QTest::newRow("empty list") << "/predict"
                                << "[]" << 400 << "no rows";
    QTest::newRow("missing column") << "/predict"
                                    << R"([{"x": 1, "y": 2}])" << 400 << "side";
    QTest::newRow("nearest column") << "/predict"
                                    << R"([{"x": 1, "y": 2, "sidee": "left"}])" << 400 << "did you mean";
    QTest::newRow("wrong type") << "/predict"
                                << R"([{"x": "a", "y": 2, "side": "left"}])" << 400 << "a number";
    QTest::newRow("unknown input") << "/v2/models/clouds/infer"
                                   << R"({"inputs": [{"name": "z", "shape": [1], "datatype": "FP32", "data": [1]}]})"
                                   << 400 << "no input";
    QTest::newRow("lying shape") << "/v2/models/clouds/infer"
                                 << R"({"inputs": [{"name": "x", "shape": [9], "datatype": "FP32", "data": [1]}]})"
                                 << 400 << "expected 9 values";
    QTest::newRow("huge shape")
        << "/v2/models/clouds/infer"
        << R"({"inputs": [{"name": "x", "shape": [4000000000, 4000000000], "datatype": "FP32", "data": [1]}]})" << 400
        << "too large";
    QTest::newRow("unknown model") << "/models/clods/predict"
                                   << "[]" << 404 << "clods";
    QTest::newRow("unknown version") << "/models/clouds/versions/7/predict"
                                     << "[]" << 404 << "version 7";
    QTest::newRow("no place") << "/models/../../etc/passwd"
                              << "[]" << 404 << "";
    QTest::newRow("deep") << "/predict" << QString(100000, '[') << 400 << "";
  }
  void refusals() {
    QFETCH(const QString, place);
    QFETCH(const QString, body);
    QFETCH(const int, status);
    QFETCH(const QString, words);
    const HttpSeen seen = http(port(), "POST", place.toStdString(), body.toStdString(), kJson);
    QVERIFY2(seen.status == status, seen.body.c_str());
    const std::string problem = Json::parse(seen.body).at("error");
    QVERIFY2(problem.find(words.toStdString()) != std::string::npos, problem.c_str());
  }

  void whoMayAsk() {
    QCOMPARE(http(port(), "GET", "/models", {}, {{"Host", "evil.example"}}).status, 421);
    QCOMPARE(http(port(), "GET", "/models", {}, {{"Origin", "http://evil.example"}}).status, 403);
    QCOMPARE(http(port(), "GET", "/models", {}, {{"Origin", "http://localhost"}}).status, 200);
    QCOMPARE(http(port(), "DELETE", "/models").status, 405);
    QCOMPARE(http(port(), "POST", "/predict", {}, {{"Transfer-Encoding", "chunked"}}).status, 411);
    ServiceSettings open{.host = "0.0.0.0"};
    QVERIFY_EXCEPTION_THROWN(serving(open), Error);
    ServiceSettings guarded{.token = "a-long-secret-token"};
    guarded.http.body_bytes = 1000;
    const auto service = serving(guarded);
    const std::string row = rowOf(1, 2);
    QCOMPARE(http(service->port(), "POST", "/predict", row).status, 401);
    QCOMPARE(http(service->port(), "POST", "/predict", row, {{"Authorization", "Bearer a-long-secret-tokem"}}).status,
             401);
    QCOMPARE(http(service->port(), "POST", "/predict", row, {{"Authorization", "Bearer a-long-secret-token"}}).status,
             200);
    QCOMPARE(http(service->port(), "GET", "/").status, 200);
    QCOMPARE(http(service->port(), "GET", "/metrics").status, 401);
    QCOMPARE(http(service->port(), "GET", "/pages").status, 401);
    QCOMPARE(http(service->port(), "POST", "/predict", std::string(1001, ' '),
                  {{"Authorization", "Bearer a-long-secret-token"}})
                 .status,
             413);
  }

  void manyAtOnce_data() {
    QTest::addColumn<int>("side_by_side");
    QTest::addColumn<double>("wait_ms");
    QTest::newRow("one batch at a time") << 1 << 0.0;
    QTest::newRow("three side by side") << 3 << 0.0;
    QTest::newRow("in company") << 1 << 0.5;
    QTest::newRow("side by side in company") << 3 << 0.5;
  }

  // Everybody gets the answer to their own question, although they are asked together.
  void manyAtOnce() {
    QFETCH(int, side_by_side);
    QFETCH(double, wait_ms);
    const auto service = serving({.lane = {.wait_ms = wait_ms, .side_by_side = side_by_side}});
    constexpr int kClients = 8, kEach = 40;
    std::vector<std::string> wanted(kClients * kEach);
    const auto question = [](int i) { return rowOf(0.05 * (i % 97) - 2.4, 0.05 * (i % 89) - 2.2); };
    for (int i = 0; i < kClients * kEach; ++i)
      wanted[static_cast<size_t>(i)] = said(first_, question(i)).column("label").cell(0);
    std::atomic<int> right = 0;
    std::vector<std::thread> clients;
    for (int c = 0; c < kClients; ++c)
      clients.emplace_back([&, c] {
        for (int i = c * kEach; i < (c + 1) * kEach; ++i) {
          const HttpSeen seen = http(service->port(), "POST", "/predict", question(i), kJson);
          const Json json = Json::parse(seen.body, nullptr, false);
          if (seen.status == 200 && json.at(0).at("label") == wanted[static_cast<size_t>(i)]) ++right;
        }
      });
    for (auto& client : clients) client.join();
    QCOMPARE(right.load(), kClients * kEach);
    QVERIFY(std::set<std::string>(wanted.begin(), wanted.end()).size() > 1);
  }

  void newFileIsTakenAndDamagedOneIsNot() {
    const std::string file = path("changing.safetensors");
    std::filesystem::copy_file(first_, file);
    std::atomic<int> taken = 0, refused = 0;
    ServiceSettings settings{.port = 0, .predict = {.threads = 1}};
    Service service({{.name = "changing", .file = file}}, settings,
                    [&](const ModelFile&, const std::string& problem) { ++(problem.empty() ? taken : refused); });
    const auto probability = [&] {
      const HttpSeen seen = http(service.port(), "POST", "/predict", rowOf(0.3, 0.4), kJson);
      return seen.status == 200 ? Json::parse(seen.body).at(0).at("probability").get<double>() : -1;
    };
    const auto expected = [&](const std::string& bundle) {
      return said(bundle, rowOf(0.3, 0.4)).column("probability").numbers[0];
    };
    QVERIFY(std::abs(probability() - expected(first_)) < 1e-6);
    std::filesystem::copy_file(second_, path("incoming"), std::filesystem::copy_options::overwrite_existing);
    std::filesystem::rename(path("incoming"), file);
    int unanswered = 0;
    for (int i = 0; i < 2000 && taken == 0; ++i) {
      unanswered += probability() < 0 ? 1 : 0;
      QTest::qWait(5);
    }
    QCOMPARE(taken.load(), 1);
    QCOMPARE(unanswered, 0);
    QVERIFY(std::abs(probability() - expected(second_)) < 1e-6);
    std::ofstream(file, std::ios::binary) << "not a bundle";
    QTRY_VERIFY_WITH_TIMEOUT(refused > 0, 10000);
    QVERIFY(std::abs(probability() - expected(second_)) < 1e-6);
  }

  void malformedRequests() {
    const KeyedRandom random(11);
    const std::string good =
        "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Connection: close\r\nContent-Length: " +
        std::to_string(rowOf(1, 2).size()) + "\r\n\r\n" + rowOf(1, 2);
    for (uint64_t i = 0; i < 200; ++i) http(port(), "POST", "/predict", "{", kJson);  // what is kept is kept now
    const double before = residentMegabytes();
    const auto count = static_cast<uint64_t>(numberFrom("BLOCKYARD_MANY", 1000));
    for (uint64_t i = 0; i < count; ++i) {
      std::string bytes = good;
      const KeyedRandom one = random.key(i);
      for (uint64_t k = 0; k <= one.below(0, 6); ++k) {
        const size_t at = one.below(10 + k, bytes.size());
        switch (one.below(20 + k, 4)) {
          case 0:
            bytes[at] = static_cast<char>(one.below(30 + k, 256));
            break;
          case 1:
            bytes.erase(at, one.below(40 + k, 20));
            break;
          case 2:
            bytes.insert(at, std::string(one.below(50 + k, 40), static_cast<char>(one.below(60 + k, 256))));
            break;
          default:
            bytes.resize(at);
            break;
        }
        if (bytes.empty()) bytes = "\r\n";
      }
      const HttpClient client(port(), 5);  // a request without an end gets no answer
      QVERIFY(client.connected());
      client.write(bytes);
      client.endOfWriting();
      client.read();
    }
    QCOMPARE(http(port(), "POST", "/predict", rowOf(1, 2), kJson).status, 200);
    QVERIFY2(residentMegabytes() - before < 20, std::to_string(residentMegabytes() - before).c_str());
  }

  // A client who stops in the middle of a request is let go soon, one who is only slow is not.
  void halfClosed() {
    const HttpClient cut(port(), 10000), slow(port(), 10000);
    const std::string body = rowOf(1, 2);
    const std::string head = "POST /predict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " +
                             std::to_string(body.size()) + "\r\n\r\n";
    cut.write(head + "[");
    cut.endOfWriting();
    slow.write(head);
    QElapsedTimer since;
    since.start();
    QCOMPARE(cut.read().status, 0);
    QVERIFY(since.elapsed() < 5000);  // not the half minute that a request may take
    slow.write(body);
    QCOMPARE(slow.read().status, 200);
  }

  // Clients who send a byte and wait: a good one does not notice.
  void slowClients() {
    const auto count = static_cast<size_t>(numberFrom("BLOCKYARD_SLOW_CLIENTS", 200));
    const double before = residentMegabytes();
    std::vector<std::unique_ptr<HttpClient>> slow;
    for (size_t i = 0; i < count; ++i) {
      slow.push_back(std::make_unique<HttpClient>(port()));
      if (!slow.back()->connected()) QFAIL("a client was not let in");
      slow.back()->write(i % 2 == 0 ? "POST /pre"
                                    : "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n[");
    }
    for (int i = 0; i < 20; ++i) QCOMPARE(http(port(), "POST", "/predict", rowOf(1, 2), kJson).status, 200);
    QVERIFY2(residentMegabytes() - before < 20, std::to_string(residentMegabytes() - before).c_str());
  }
};

QTEST_GUILESS_MAIN(TestService)
#include "service.moc"
