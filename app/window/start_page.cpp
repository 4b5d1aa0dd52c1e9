#include "start_page.hpp"

#include <QtConcurrent/QtConcurrentMap>
#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtWidgets/QGridLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>

#include "base/error.hpp"
#include "graph/project.hpp"
#include "widgets/common/text_size.hpp"

namespace blockyard {
namespace {

// The graph of the pipeline that a project shows first; nothing if the file cannot be read: why is said when it is
// opened.
std::shared_ptr<const Graph> graphOf(const QString& path) {
  try {
    const Project project = loadProject(path.toStdString());
    return std::make_shared<const Graph>(project.graph(project.defaultPipeline()));
  } catch (const Error&) {
    return nullptr;
  }
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
    : QWidget(parent),
      samples_(new ProjectCards(tr("Sample projects"), tr("The sample projects are not installed."))),
      recent_(new ProjectCards(tr("Recent projects"), tr("Projects that you open or save appear here."))) {
  auto* fresh = new QPushButton(tr("New project"));
  auto* open = new QPushButton(tr("Open…"));
  setFocusProxy(fresh);
  constexpr double kTall = 1.5;
  for (QPushButton* button : {fresh, open}) button->setMinimumHeight(qRound(button->sizeHint().height() * kTall));
  auto* hint = new QLabel(tr("Or drop a project, a table (CSV, Parquet, Arrow) or a folder of pictures here."));
  hint->setWordWrap(true);
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(48, 36, 48, 36);
  grid->setHorizontalSpacing(32);
  grid->setVerticalSpacing(14);
  grid->addWidget(heading(QStringLiteral("Blockyard"), 2.0), 0, 0, 1, 2);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(10);
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
      QListWidgetItem* item =
          samples_->add(path, QString::fromStdString(project.name), QString::fromStdString(project.doc));
      samples_->setPicture(*item, std::make_shared<const Graph>(project.graph(project.defaultPipeline())));
    } catch (const Error&) {
      continue;  // a sample that cannot be read is told when it is opened by hand
    }
  }
  for (const ProjectCards* list : {samples_, recent_}) connect(list, &ProjectCards::chosen, this, &StartPage::opened);
  connect(&pictures_, &QFutureWatcherBase::resultReadyAt, this, [this](int index) {
    if (QListWidgetItem* item = recent_->item(index)) recent_->setPicture(*item, pictures_.resultAt(index));
  });
  connect(fresh, &QPushButton::clicked, this, &StartPage::newWanted);
  connect(open, &QPushButton::clicked, this, &StartPage::openWanted);
}

void StartPage::setRecent(const QStringList& paths) {
  recent_->clear();
  for (const QString& path : paths)
    recent_->add(path, QFileInfo(path).completeBaseName(), QDir::toNativeSeparators(path));
  // Read beside: a folder on the network may take its time.
  pictures_.setFuture(QtConcurrent::mapped(paths, &graphOf));
}

}  // namespace blockyard
