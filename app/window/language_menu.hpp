// The menu that chooses the language of the window.
#pragma once
#include <QtCore/QString>
#include <functional>

class QMenu;

namespace blockyard {

// An entry for each language there is; `say` tells the user that it holds from the next start on.
void fillLanguageMenu(QMenu& menu, const std::function<void(const QString&)>& say);

}  // namespace blockyard
