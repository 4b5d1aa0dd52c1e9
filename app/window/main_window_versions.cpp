// Several runs at once, and states of the pipeline to come back to.
#include <QtCore/QDateTime>
#include <QtCore/QLocale>
#include <QtWidgets/QDockWidget>
#include <QtWidgets/QInputDialog>
#include <QtWidgets/QLabel>
#include <QtWidgets/QMenu>

#include "graph/versions.hpp"
#include "main_window.hpp"
#include "message_bar.hpp"

namespace blockyard {

void MainWindow::joinSweeps() {
  connect(inspector_, &Inspector::sweepWanted, this, [this](const SweepWish& wish) {
    try {
      sweep_.start(wish);
      docks_["training"]->raise();
    } catch (const Error& error) {
      messages_->say(QString::fromUtf8(error.what()), MessageBar::Tone::Problem);
    }
  });
  connect(&sweep_, &Sweep::progressed, hint_label_, &QLabel::setText);
  connect(&sweep_, &Sweep::someFailed, this,
          [this](const QString& why) { messages_->say(why, MessageBar::Tone::Problem); });
  connect(&sweep_, &Sweep::ended, this, [this](const QStringList& runs) {
    if (runs.size() > 1) showComparison(runs);
  });
}

void MainWindow::askForVersion() {
  if (document_.project().file.empty()) {
    messages_->say(tr("Save the project first: its versions are kept beside it."), MessageBar::Tone::Notice,
                   {{tr("Save as…"), [this] { saveAs(); }}});
    return;
  }
  auto* dialog = new QInputDialog(this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setObjectName(QStringLiteral("version"));
  dialog->setWindowTitle(tr("Keep a version"));
  dialog->setLabelText(tr("A name for the pipeline as it is now, to come back to it or to compare with it:"));
  connect(dialog, &QInputDialog::textValueSelected, this, &MainWindow::keepVersionNamed);
  dialog->open();
}

void MainWindow::keepVersionNamed(const QString& name) {
  try {
    const Version kept = keepVersion(document_.project(), document_.root(), name.trimmed().toStdString());
    messages_->say(tr("Kept as version “%1”.").arg(QString::fromStdString(kept.name)), MessageBar::Tone::Notice);
  } catch (const Error& error) {
    messages_->say(QString::fromUtf8(error.what()), MessageBar::Tone::Problem);
  }
}

void MainWindow::fillVersions() {
  versions_->clear();
  const bool saved = !document_.project().file.empty();
  for (const Version& version : saved ? versionsOf(document_.project().folder()) : std::vector<Version>()) {
    const QString name = QString::fromStdString(version.name);
    const QString when = QLocale().toString(QDateTime::fromSecsSinceEpoch(version.time), QLocale::ShortFormat);
    QString label = QStringLiteral("%1  (%2)").arg(name, when);
    versions_->addAction(label.replace(u'&', QLatin1String("&&")), this, [this, version, name] {
      try {
        restore(openVersion(version), tr("version “%1”").arg(name));
      } catch (const Error& error) {
        messages_->say(QString::fromUtf8(error.what()), MessageBar::Tone::Problem);
      }
    });
  }
  if (versions_->isEmpty()) versions_->addAction(tr("None was kept yet"))->setEnabled(false);
}

}  // namespace blockyard
