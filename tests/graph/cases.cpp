// Runs the text cases of tests/graphs: a graph, settings, and every problem that the checks must find. One file per
// case:
//
//   # what it shows
//   graph   FILE.blockyard          the project, beside the case
//   text    {"format": 1, ...}      or the project itself; several lines are put together
//   nested  100000                  or so many opening brackets
//   set     block.parameter=value   as on the command line, any number of them
//   expect  error at PLACE: ...     every problem, in order; a line "expect  fix ..." for each fix that is offered
//
// `test_graph_cases --rebaseline` writes what is found into the cases; read the difference before you keep it.
#include <QDir>
#include <QtTest>
#include <algorithm>
#include <sstream>

#include "base/error.hpp"
#include "base/file.hpp"
#include "graph/check.hpp"
#include "graph/graph_json.hpp"

using namespace blockyard;

namespace {

const std::string kFolder = BLOCKYARD_TEST_DIR "/graphs/";
bool rebaseline = false;

struct Case {
  std::string rest{};  // every line but `expect`
  std::string graph{};
  std::string text{};
  std::vector<std::string> settings{};
  std::vector<std::string> expected{};
};

Case readCase(const std::string& path) {
  Case out;
  std::istringstream lines(readFile(path));
  for (std::string line; std::getline(lines, line);) {
    const size_t space = line.find(' ');
    const std::string word = line.substr(0, space);
    const size_t start = line.find_first_not_of(' ', space);
    const std::string value = start == std::string::npos ? "" : line.substr(start);
    if (word == "expect") {
      out.expected.push_back(value);
      continue;
    }
    out.rest += line + "\n";
    if (word == "graph") out.graph = value;
    if (word == "text") out.text += value + "\n";
    if (word == "nested") out.text += std::string(std::stoul(value), '[');
    if (word == "set") out.settings.push_back(value);
  }
  return out;
}

// The folder of this machine has no place in a case.
std::string portable(std::string text) {
  for (size_t at = text.find(kFolder); at != std::string::npos; at = text.find(kFolder)) text.erase(at, kFolder.size());
  return text;
}

std::string lineOf(const char* kind, const Where& where, const std::string& problem, const std::string& hint) {
  const std::string place = where.text();
  return portable(std::string(kind) + (place.empty() ? "" : " at " + place) + ": " + problem +
                  (hint.empty() ? "" : " (" + hint + ")"));
}

std::vector<std::string> found(const Case& one) {
  std::vector<std::string> out;
  try {
    Project project =
        one.graph.empty() ? projectFromText(one.text, kFolder + "case.blockyard") : loadProject(kFolder + one.graph);
    for (const auto& setting : one.settings) applySet(project, "", setting);
    for (const auto& problem : check(project, "").problems) {
      out.push_back(lineOf(problem.severity == Severity::Error ? "error" : "warning", problem.where, problem.problem,
                           problem.hint));
      for (const auto& fix : problem.fixes) {
        out.push_back("fix " + fix.label);
        Project fixed = project;
        const std::string before = projectText(fixed);
        const Edit undo = fixed.apply("", fix.edit);  // every fix that is offered can be applied and taken back
        fixed.apply("", undo);
        if (projectText(fixed) != before) out.push_back("fix cannot be undone");
      }
    }
  } catch (const Error& error) {
    out.push_back(lineOf("error", error.where(), error.problem(), error.hint()));
  }
  if (out.empty()) out.emplace_back("no problem");
  return out;
}

}  // namespace

class CasesTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void problemsAreFound_data() {
    QTest::addColumn<QString>("file");
    for (const QString& name : QDir(QString::fromStdString(kFolder)).entryList({"*.case"}, QDir::Files, QDir::Name))
      QTest::newRow(qPrintable(name)) << name;
  }

  void problemsAreFound() {
    QFETCH(QString, file);
    const std::string path = kFolder + file.toStdString();
    const Case one = readCase(path);
    QVERIFY2(one.rest.starts_with("# "), "a case begins with a sentence that says what it shows");
    const std::vector<std::string> lines = found(one);
    if (rebaseline) {
      std::string text = one.rest;
      for (const auto& line : lines) text += "expect  " + line + "\n";
      if (text != readFile(path)) writeDurably(path, text);
      return;
    }
    const auto joined = [](const std::vector<std::string>& list) {
      QStringList out;
      for (const auto& line : list) out << QString::fromStdString(line);
      return out.join("\n    ");
    };
    const QString message = "found\n    " + joined(lines) + "\nexpected\n    " + joined(one.expected);
    QVERIFY2(lines == one.expected, qPrintable(message));
  }
};

int main(int count, char** arguments) {
  std::vector<char*> kept;
  for (int i = 0; i < count; ++i) {
    if (std::string(arguments[i]) == "--rebaseline") {
      rebaseline = true;
    } else {
      kept.push_back(arguments[i]);
    }
  }
  CasesTest test;
  return QTest::qExec(&test, static_cast<int>(kept.size()), kept.data());
}
#include "cases.moc"
