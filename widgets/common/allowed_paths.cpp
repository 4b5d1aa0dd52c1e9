#include "widgets/common/allowed_paths.hpp"

#include <QtCore/QSettings>
#include <QtCore/QStringList>

#include "data/path_guard.hpp"
#include "graph/variables.hpp"

namespace blockyard {
namespace {

constexpr auto kAllowed = "allowed_paths";

}  // namespace

void guardProjects() {
  guardPaths();
  for (const std::string& folder : dataFolders()) allowPath(folder);
  for (const QString& path : QSettings().value(kAllowed).toStringList()) allowPath(path.toStdString());
}

void allowForGood(const QString& path) {
  if (isPathAllowed({}, path.toStdString())) return;
  allowPath(path.toStdString());
  constexpr qsizetype kMost = 1000;  // the oldest are asked for again
  QStringList allowed = QSettings().value(kAllowed).toStringList();
  allowed << path;
  QSettings().setValue(kAllowed, allowed.mid(std::max<qsizetype>(0, allowed.size() - kMost)));
}

}  // namespace blockyard
