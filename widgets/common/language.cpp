#include "widgets/common/language.hpp"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QLibraryInfo>
#include <QtCore/QLocale>
#include <QtCore/QSettings>
#include <QtCore/QTranslator>

namespace blockyard {
namespace {

const char* const kFolder = ":/translations";
const char* const kLanguageKey = "language";

}  // namespace

QStringList languages() {
  QStringList out{QStringLiteral("en")};
  for (const QString& file : QDir(kFolder).entryList({QStringLiteral("blockyard_*.qm")}))
    if (const QString language = file.section('_', 1).section('.', 0, 0); !out.contains(language)) out << language;
  return out;
}

QString nameOfLanguage(const QString& language) {
  const QString name = QLocale(language).nativeLanguageName();
  return language == QLatin1String("en") ? QStringLiteral("English") : name;
}

QString chosenLanguage() {
  return QSettings().value(kLanguageKey).toString();
}

void chooseLanguage(const QString& language) {
  if (language.isEmpty())
    QSettings().remove(kLanguageKey);
  else
    QSettings().setValue(kLanguageKey, language);
}

void installLanguage(const QString& language) {
  const QLocale locale = language.isEmpty() ? QLocale::system() : QLocale(language);
  auto* app = QCoreApplication::instance();
  auto* own = new QTranslator(app);
  const QString name = QStringLiteral("blockyard"), separator = QStringLiteral("_");
  if (!own->load(locale, name, separator, kFolder) || own->language().startsWith(QLatin1String("en"))) {
    // The texts are in English; what is loaded are its singulars. The buttons of Qt itself stay English, too: in two
    // languages at once a window would be worse.
    if (own->load(QLocale(QLocale::English), name, separator, kFolder))
      QCoreApplication::installTranslator(own);
    else
      delete own;
    return;
  }
  // The buttons and dialogs of Qt itself, where they are installed.
  auto* of_qt = new QTranslator(app);
  if (of_qt->load(locale, QStringLiteral("qtbase"), QStringLiteral("_"),
                  QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
    QCoreApplication::installTranslator(of_qt);
  QCoreApplication::installTranslator(own);
}

}  // namespace blockyard
