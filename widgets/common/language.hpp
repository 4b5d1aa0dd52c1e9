// The language of the window: that of the desktop, or the one the user has chosen. Texts of the engine (what blocks say
// of themselves, errors) are English in every language. GUI thread.
#pragma once
#include <QtCore/QString>
#include <QtCore/QStringList>

namespace blockyard {

// "en", and those that this program was built with: "de".
QStringList languages();
QString nameOfLanguage(const QString& language);  // in itself: "Deutsch"
// What the user has chosen; empty: that of the desktop. It holds from the next start on.
QString chosenLanguage();
void chooseLanguage(const QString& language);
// Makes tr() speak the language, which is English where it is not known: once, before the first widget.
void installLanguage(const QString& language = chosenLanguage());

}  // namespace blockyard
