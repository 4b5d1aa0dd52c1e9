// The window in other languages: every text is translated, and the window speaks it.
#include <QtTest/QtTest>
#include <QtWidgets/QMenu>
#include <QtWidgets/QMenuBar>

#include "app/window/main_window.hpp"
#include "app/window/message_bar.hpp"
#include "checks.hpp"
#include "widgets/common/language.hpp"

using namespace blockyard;

class LanguageTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void nothingIsUnfinished_data();
  void nothingIsUnfinished();
  void sourcesHaveNothingNew_data() { nothingIsUnfinished_data(); }
  void sourcesHaveNothingNew();
  void oneIsSingular();
  void isChosenInTheMenu();
  void windowSpeaksGerman();  // last: the language stays

 private:
  TestFolder folder_;
};

namespace {

struct Text {
  QString context{}, source{}, type{};
  QStringList translations{};
};

std::vector<Text> textsIn(const QString& path) {
  QFile file(path);
  std::vector<Text> out;
  if (!file.open(QIODevice::ReadOnly)) return out;
  QXmlStreamReader xml(&file);
  QString context;
  while (!xml.atEnd()) {
    if (xml.readNext() != QXmlStreamReader::StartElement) continue;
    if (xml.name() == QLatin1String("name")) {
      context = xml.readElementText();
    } else if (xml.name() == QLatin1String("message")) {
      out.push_back({.context = context});
    } else if (xml.name() == QLatin1String("source")) {
      out.back().source = xml.readElementText();
    } else if (xml.name() == QLatin1String("translation")) {
      out.back().type = xml.attributes().value("type").toString();
      const QString text = xml.readElementText(QXmlStreamReader::IncludeChildElements);
      out.back().translations << text;
    }
  }
  return out;
}

QSet<QString> marksIn(const QString& text) {
  static const QRegularExpression kMark(QStringLiteral("%[0-9pn]"));
  QSet<QString> out;
  for (auto it = kMark.globalMatch(text); it.hasNext();) out << it.next().captured();
  return out;
}

}  // namespace

void LanguageTest::initTestCase() {
  QStandardPaths::setTestModeEnabled(true);
  QCoreApplication::setOrganizationName("blockyard-test");
  QSettings().clear();
  if (languages().size() < 2) QSKIP("this build has no translations: no lrelease");
}

void LanguageTest::nothingIsUnfinished_data() {
  QTest::addColumn<QString>("path");
  const QDir dir(BLOCKYARD_SOURCE_DIR "/resources/translations");
  for (const QString& file : dir.entryList({"*.ts"})) QTest::newRow(qPrintable(file)) << dir.filePath(file);
}

void LanguageTest::nothingIsUnfinished() {
  QFETCH(QString, path);
  const std::vector<Text> texts = textsIn(path);
  const bool english = path.endsWith("_en.ts");  // only what has a singular of its own
  QVERIFY(texts.size() > (english ? 10 : 300));
  QStringList wrong;
  for (const Text& text : texts) {
    const QString translation = text.translations.join(QString());
    if (!text.type.isEmpty() || translation.trimmed().isEmpty())
      wrong << text.context + ": not translated: " + text.source;
    else if (marksIn(translation) != marksIn(text.source))
      wrong << text.context + ": other marks than in: " + text.source;
    else if (translation.contains('&') != text.source.contains('&'))
      wrong << text.context + ": a key to reach it by (&) in one of both: " + text.source;
  }
  QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join('\n')));
}

// What `ninja translations` would add.
void LanguageTest::sourcesHaveNothingNew() {
  QFETCH(QString, path);
  if (QString(BLOCKYARD_LUPDATE).isEmpty()) QSKIP("there is no lupdate here");
  const QString copy = QString::fromStdString(folder_ / "copy.ts");
  QFile::remove(copy);
  QVERIFY(QFile::copy(path, copy));
  QProcess update;
  QStringList arguments = QString(BLOCKYARD_LUPDATE_ARGUMENTS).split('|') + QStringList{"-ts", copy};
  if (path.endsWith("_en.ts"))
    arguments << "-pluralonly"
              << "-target-language"
              << "en";
  update.start(BLOCKYARD_LUPDATE, arguments);
  QVERIFY(update.waitForFinished(120000));
  // Such a text is looked up under another name than it is kept by.
  const QString said = QString::fromLocal8Bit(update.readAllStandardError());
  QVERIFY2(!said.contains("lacks Q_OBJECT"), qPrintable(said));
  QSet<QString> known;
  for (const Text& text : textsIn(path)) known << text.context + '\n' + text.source;
  QStringList missing;
  for (const Text& text : textsIn(copy))
    if (!known.contains(text.context + '\n' + text.source)) missing << text.context + ": " + text.source;
  QVERIFY2(missing.isEmpty(), qPrintable("run `ninja translations`, then translate:\n" + missing.join('\n')));
}

// In English as well, and where the language of the desktop is none that the window speaks.
void LanguageTest::oneIsSingular() {
  for (const QString& language : {QString("en"), QString("en_GB"), QString("fr")}) {
    installLanguage(language);
    QCOMPARE(SweepDialog::tr("&Train %n runs", "", 1), QString("&Train 1 run"));
    QCOMPARE(SweepDialog::tr("&Train %n runs", "", 2), QString("&Train 2 runs"));
    QCOMPARE(PeekPanel::tr("all %1 rows", "", 1), QString("the only row (%1)"));
    const auto installed = QCoreApplication::instance()->findChildren<QTranslator*>();
    QCOMPARE(installed.size(), 1);
    qDeleteAll(installed);
  }
  QCOMPARE(languages().count("en"), 1);
}

void LanguageTest::isChosenInTheMenu() {
  MainWindow window;
  auto* german = window.findChild<QAction*>("language.de");
  QVERIFY(german != nullptr && !german->isChecked());
  QCOMPARE(german->text(), QString("Deutsch"));
  QVERIFY(window.findChild<QAction*>("language.")->isChecked());
  german->trigger();
  QCOMPARE(chosenLanguage(), QString("de"));
  QVERIFY(window.messages().text().contains("next"));
  window.findChild<QAction*>("language.")->trigger();
  QVERIFY(chosenLanguage().isEmpty());
}

void LanguageTest::windowSpeaksGerman() {
  installLanguage("de");
  MainWindow window;
  QStringList menus;
  for (const QAction* action : window.menuBar()->actions()) menus << action->text().remove('&');
  QVERIFY2(menus.contains("Datei") && menus.contains("Ansicht"), qPrintable(menus.join(' ')));
  // A class of widgets/, whose texts are found by its namespace.
  QVERIFY(window.findChild<TrainingPanel*>()->findChild<QAbstractButton*>("train")->text().contains("Trainieren"));
}

QTEST_MAIN(LanguageTest)
#include "language.moc"
