// Calls the blockyard command as a user does, in a folder of its own.
#pragma once
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>
#include <cmath>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "base/random.hpp"

namespace blockyard {

struct Called {
  int code = -1;
  std::string out{}, err{};

  nlohmann::json json() const { return nlohmann::json::parse(out, nullptr, false); }
};

class Workplace {
 public:
  explicit Workplace(int timeout_seconds = 300) : timeout_ms_(timeout_seconds * 1000) {}

  std::string path(const std::string& name = {}) const {
    return folder_.filePath(QString::fromStdString(name)).toStdString();
  }
  void write(const std::string& name, const std::string& content) const {
    std::ofstream(path(name), std::ios::binary) << content;
  }
  std::string read(const std::string& name) const {
    std::ostringstream out;
    out << std::ifstream(path(name), std::ios::binary).rdbuf();
    return out.str();
  }

  // A process that has been started; the caller waits for it.
  std::unique_ptr<QProcess> start(const QStringList& arguments) const {
    return start(BLOCKYARD_BIN_DIR "/blockyard", arguments);
  }
  std::unique_ptr<QProcess> start(const QString& program, const QStringList& arguments) const {
    auto process = std::make_unique<QProcess>();
    process->setWorkingDirectory(folder_.path());
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const auto& [name, value] : environment_) environment.insert(name, value);
    process->setProcessEnvironment(environment);
    process->start(program, arguments);
    process->waitForStarted(30000);
    return process;
  }
  Called finish(QProcess& process) const {
    if (!process.waitForFinished(timeout_ms_)) process.kill(), process.waitForFinished();
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            process.readAllStandardOutput().toStdString(), process.readAllStandardError().toStdString()};
  }
  // Calls and waits; `input` goes to standard input.
  Called call(const QStringList& arguments, const std::string& input = {}) const {
    const auto process = start(arguments);
    process->write(input.data(), static_cast<qint64>(input.size()));
    process->closeWriteChannel();
    return finish(*process);
  }
  void setEnvironment(const QString& name, const QString& value) { environment_[name] = value; }

 private:
  QTemporaryDir folder_;
  int timeout_ms_;
  std::map<QString, QString> environment_;
};

// Rows like those of the Palmer penguins: three species, five measures, an island and a sex, with holes. The species
// can be told from the measures with few errors.
inline std::string penguinRows(int rows, bool with_target = true, uint64_t seed = 1) {
  const KeyedRandom random(seed);
  const char* const species[] = {"Adelie", "Chinstrap", "Gentoo"};
  const char* const islands[] = {"Torgersen", "Dream", "Biscoe"};
  const double means[3][4] = {{38.8, 18.3, 190, 3700}, {48.8, 18.4, 196, 3733}, {47.5, 15.0, 217, 5076}};
  const double deviations[4] = {2.0, 0.8, 5, 300};
  std::ostringstream out;
  out << (with_target ? "species," : "") << "island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex\n";
  for (int row = 0; row < rows; ++row) {
    const auto of = random.key(static_cast<uint64_t>(row));
    const uint64_t kind = of.below(0, 3);
    if (with_target) out << species[kind] << ',';
    out << islands[of.uniform(1) < 0.7 ? kind : of.below(2, 3)];
    for (uint64_t k = 0; k < 4; ++k) {
      const double value = means[kind][k] + deviations[k] * of.normal(10 + k);
      out << ',';
      if (of.uniform(20 + k) < 0.02) continue;
      out << (k < 2 ? std::round(value * 10) / 10 : std::round(value));
    }
    out << ',' << (of.uniform(3) < 0.03 ? "" : of.uniform(4) < 0.5 ? "male" : "female") << '\n';
  }
  return out.str();
}

}  // namespace blockyard

#define VERIFY_CODE(called, wanted)   \
  QVERIFY2((called).code == (wanted), \
           ("exit code " + std::to_string((called).code) + "\n" + (called).out + (called).err).c_str())
#define VERIFY_HOLDS(text, part)                              \
  QVERIFY2(std::string(text).find(part) != std::string::npos, \
           ("looked for \"" + std::string(part) + "\" in:\n" + std::string(text)).c_str())
