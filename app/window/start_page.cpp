#include "start_page.hpp"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtWidgets/QGridLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QPushButton>

#include "base/error.hpp"
#include "graph/project.hpp"
#include "widgets/common/text_size.hpp"

namespace blockyard {
namespace {

QListWidget* listNamed(const QString& name) {
  auto* list = new QListWidget;
  list->setAccessibleName(name);
  list->setWordWrap(true);
  list->setSpacing(2);
  list->setFrameShape(QFrame::StyledPanel);
  return list;
}

QLabel* heading(const QString& text, double size) {
  auto* label = new QLabel(text);
  setRelativeFont(*label, size, QFont::Bold);
  return label;
}

}  // namespace

QString samplesFolder() {
  const QDir program(QCoreApplication::applicationDirPath());
  for (const char* place : {"../share/blockyard/projects", "../../../projects", "../projects"})
    if (program.exists(place)) return QDir::cleanPath(program.absoluteFilePath(place));
  return {};
}

StartPage::StartPage(QWidget* parent)
    : QWidget(parent), samples_(listNamed(tr("Sample projects"))), recent_(listNamed(tr("Recent projects"))) {
  auto* fresh = new QPushButton(tr("New project"));
  auto* open = new QPushButton(tr("Open…"));
  setFocusProxy(fresh);
  auto* hint = new QLabel(tr("Or drop a project or a table (CSV, Parquet, Arrow) here."));
  hint->setWordWrap(true);
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(48, 36, 48, 36);
  grid->setHorizontalSpacing(32);
  grid->addWidget(heading(QStringLiteral("Blockyard"), 2.0), 0, 0, 1, 2);
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(fresh);
  buttons->addWidget(open);
  buttons->addWidget(hint, 1);
  grid->addLayout(buttons, 1, 0, 1, 2);
  grid->addWidget(heading(tr("Sample projects"), 1.2), 2, 0);
  grid->addWidget(heading(tr("Recent projects"), 1.2), 2, 1);
  grid->addWidget(samples_, 3, 0);
  grid->addWidget(recent_, 3, 1);
  setTabOrder(fresh, open);
  setTabOrder(open, samples_);
  setTabOrder(samples_, recent_);
  grid->setColumnStretch(0, 1);
  grid->setColumnStretch(1, 1);
  const QString folder = samplesFolder();
  for (const QFileInfo& each : QDir(folder).entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name)) {
    const QStringList files = QDir(each.filePath()).entryList({"*.blockyard"}, QDir::Files);
    if (folder.isEmpty() || files.isEmpty()) continue;
    const QString path = each.filePath() + QLatin1Char('/') + files.front();
    try {
      const Project project = loadProject(path.toStdString());
      auto* item = new QListWidgetItem(QString::fromStdString(project.name + "\n" + project.doc), samples_);
      item->setData(Qt::UserRole, path);
    } catch (const Error&) {
      continue;  // a sample that cannot be read is told when it is opened by hand
    }
  }
  const auto openItem = [this](const QListWidgetItem* item) { Q_EMIT opened(item->data(Qt::UserRole).toString()); };
  for (const QListWidget* list : {samples_, recent_}) connect(list, &QListWidget::itemActivated, this, openItem);
  for (const QListWidget* list : {samples_, recent_}) connect(list, &QListWidget::itemClicked, this, openItem);
  connect(fresh, &QPushButton::clicked, this, &StartPage::newWanted);
  connect(open, &QPushButton::clicked, this, &StartPage::openWanted);
}

void StartPage::setRecent(const QStringList& paths) {
  recent_->clear();
  for (const QString& path : paths) {
    const QFileInfo file(path);
    auto* item =
        new QListWidgetItem(file.completeBaseName() + QLatin1Char('\n') + QDir::toNativeSeparators(path), recent_);
    item->setData(Qt::UserRole, path);
  }
}

}  // namespace blockyard
