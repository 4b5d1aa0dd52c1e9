// The window: what it opens - projects, tables, folders of pictures and of sounds - by a dialog or dropped on it.
#include <QtCore/QMimeData>
#include <QtGui/QDropEvent>
#include <QtWidgets/QDockWidget>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QStackedWidget>

#include "blocks/catalog.hpp"
#include "blocks/source_setup.hpp"
#include "data/picture.hpp"
#include "data/sound.hpp"
#include "export/predict_files.hpp"
#include "graph/templates.hpp"
#include "main_window.hpp"
#include "message_bar.hpp"
#include "widgets/common/allowed_paths.hpp"

namespace blockyard {
namespace {

QString projectFileIn(const QString& path) {
  if (!QFileInfo(path).isDir()) return path;
  const QStringList files = QDir(path).entryList({"*.blockyard"}, QDir::Files, QDir::Name);
  return files.isEmpty() ? path : path + QLatin1Char('/') + files.front();
}

}  // namespace

bool MainWindow::open(const QString& path) {
  const QString file = projectFileIn(path);
  try {
    const QString ending = QFileInfo(file).suffix().toLower();
    if (ending == "csv" || ending == "tsv" || ending == "txt" || ending == "parquet" || ending == "arrow" ||
        ending == "feather") {
      openTable(file);
      return true;
    }
    if (QFileInfo(file).isDir() && holdsPictures(file.toStdString())) {
      openPictureFolder(file);
      return true;
    }
    if (const std::string sound = firstSoundBelow(file.toStdString()); !sound.empty()) {
      openSoundFolder(file, sound);
      return true;
    }
    showProject(loadProject(file.toStdString()));
    remember(QFileInfo(file).absoluteFilePath());
    return true;
  } catch (const Error& error) {
    messages_->say(QString::fromUtf8(error.what()), MessageBar::Tone::Problem);
    return false;
  }
}

// A table becomes a project that learns its last column; the user chooses another one in the inspector.
void MainWindow::openTable(const QString& path) {
  const QFileInfo file(path);
  if (!file.isReadable())
    throw Error({.file = path.toStdString()}, "cannot read this file", "is it there, and may you read it?");
  const std::string data = file.absoluteFilePath().toStdString();
  allowForGood(file.absoluteFilePath());
  const BlockType& table = blockType("source/table");
  const Signatures outputs =
      table.peek({.values = completeValues(table.schema.params, {{"file", data}}), .folder = "."});
  const auto& columns = outputs.at("features").columns;
  if (columns.size() < 2)
    throw Error({.file = data}, "expected a table with at least two columns, got " + std::to_string(columns.size()));
  const ColumnInfo& last = columns.back();
  showProject(projectFromTemplate("table", {.name = file.completeBaseName().toStdString(),
                                            .data = data,
                                            .target = {last.name},
                                            .task = last.type == ColumnType::Number ? Task::Number : Task::Label}));
  messages_->say(
      tr("A new project that predicts “%1” from the other %n columns. The block “table” names another target.", "",
         static_cast<int>(columns.size()) - 1)
          .arg(QString::fromStdString(last.name)),
      MessageBar::Tone::Notice);
}

// A folder with a folder of pictures for each class becomes a project that learns the classes.
void MainWindow::openPictureFolder(const QString& path) {
  const QFileInfo folder(path);
  const std::string data = folder.absoluteFilePath().toStdString();
  allowForGood(folder.absoluteFilePath());
  const BlockType& source = blockType("source/image_folder");
  const Signatures outputs =
      source.peek({.values = completeValues(source.schema.params, {{"folder", data}}), .folder = "."});
  const auto target = outputs.find("target");
  if (target == outputs.end() || target->second.classes.size() < 2)
    throw Error({.file = data}, "expected a folder with one folder of pictures for each of two classes or more",
                "to have pictures answered, drop them on the panel Predict");
  showProject(projectFromTemplate("image-folder", {.name = folder.fileName().toStdString(), .data = data}));
  messages_->say(tr("A new project that learns %n classes, one for each folder of pictures.", "",
                    static_cast<int>(target->second.classes.size())),
                 MessageBar::Tone::Notice);
}

// The same with sounds, whose sampling rate is that of one of them.
void MainWindow::openSoundFolder(const QString& path, const std::string& sound) {
  const QFileInfo folder(path);
  const std::string data = folder.absoluteFilePath().toStdString();
  allowForGood(folder.absoluteFilePath());
  const BlockType& source = blockType("source/audio_folder");
  const int64_t rate = SoundFile(sound).rate();
  const Signatures outputs =
      source.peek({.values = completeValues(source.schema.params, {{"folder", data}, {"rate", rate}}), .folder = "."});
  const auto target = outputs.find("target");
  if (target == outputs.end() || target->second.classes.size() < 2)
    throw Error({.file = data}, "expected a folder with one folder of sounds for each of two classes or more",
                "to have sounds answered, drop them on the panel Predict");
  showProject(
      projectFromTemplate("audio-folder", {.name = folder.fileName().toStdString(), .data = data, .rate = rate}));
  messages_->say(tr("A new project that learns %n classes, one for each folder of sounds.", "",
                    static_cast<int>(target->second.classes.size())),
                 MessageBar::Tone::Notice);
}

void MainWindow::openDialog() {
  auto* dialog =
      new QFileDialog(this, tr("Open"), {},
                      tr("Projects and tables (*.blockyard *.csv *.tsv *.parquet *.arrow *.feather);;All files (*)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::open);
  dialog->open();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  QStringList paths;
  for (const QUrl& url : event->mimeData()->urls())
    if (url.isLocalFile()) paths << url.toLocalFile();
  if (paths.isEmpty()) return;
  event->acceptProposedAction();
  openDropped(paths);
}

// A bundle is tried, pictures are answered; of anything else one can be open at a time.
void MainWindow::openDropped(const QStringList& paths) {
  const auto show_predict = [this] {
    pages_->setCurrentWidget(canvas_);
    docks_["predict"]->show();
    docks_["predict"]->raise();
  };
  if (paths.size() == 1 && paths.front().endsWith(QLatin1String(".safetensors"), Qt::CaseInsensitive)) {
    show_predict();
    return predict_->chooseBundle(paths.front());
  }
  const bool to_answer = std::all_of(paths.begin(), paths.end(), [](const QString& path) {
    const std::string file = path.toStdString();
    return !QFileInfo(path).isDir() && (isPictureFile(file) || hasSoundEnding(file));
  });
  if (to_answer) {
    show_predict();
    return predict_->askFiles(paths);
  }
  if (open(paths.front()) && paths.size() > 1)
    messages_->say(tr("Opened %1, the first of %n files: one project or table is open at a time.", "",
                      static_cast<int>(paths.size()))
                       .arg(QFileInfo(paths.front()).fileName()),
                   MessageBar::Tone::Notice);
}

}  // namespace blockyard
