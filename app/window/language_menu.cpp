#include "language_menu.hpp"

#include <QtCore/QCoreApplication>
#include <QtGui/QActionGroup>
#include <QtWidgets/QMenu>

#include "widgets/common/language.hpp"

namespace blockyard {

void fillLanguageMenu(QMenu& menu, const std::function<void(const QString&)>& say) {
  auto* group = new QActionGroup(&menu);
  const auto add = [&](const QString& text, const QString& language) {
    QAction* action = menu.addAction(text);
    action->setObjectName("language." + language);
    action->setCheckable(true);
    action->setChecked(chosenLanguage() == language);
    group->addAction(action);
    QObject::connect(action, &QAction::triggered, &menu, [language, say] {
      chooseLanguage(language);
      say(QCoreApplication::translate("LanguageMenu", "The language changes when Blockyard starts next."));
    });
  };
  add(QCoreApplication::translate("LanguageMenu", "Language of the desktop"), {});
  for (const QString& language : languages()) add(nameOfLanguage(language), language);
}

}  // namespace blockyard
