#include "widgets/study/study_link.hpp"

#include <QtConcurrent/QtConcurrentRun>
#include <QtCore/QCoreApplication>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

#include "base/error.hpp"

namespace blockyard {
namespace {

constexpr int kEndMilliseconds = 5000;  // for a clean end when the window closes

}  // namespace

StudyLink::StudyLink(QObject* parent) : QObject(parent) {
  connect(&starting_, &QFutureWatcherBase::finished, this, [this] {
    const Began result = starting_.result();
    if (!result.failure.isEmpty()) return Q_EMIT failed(result.failure);
    name_ = result.name;
    start();
  });
  connect(&process_, &QProcess::readyReadStandardOutput, this, &StudyLink::hear);
  connect(&process_, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
    hear();
    const QString said = QString::fromUtf8(process_.readAllStandardError()).trimmed();
    constexpr int kStopped = 75;
    if (status != QProcess::NormalExit || (code != 0 && code != kStopped))
      Q_EMIT failed(said.isEmpty() ? tr("The study's process has ended unexpectedly; go on with it.") : said);
    Q_EMIT ended();
  });
  connect(&process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error == QProcess::FailedToStart)
      Q_EMIT failed(tr("Cannot start %1: %2").arg(process_.program(), process_.errorString()));
  });
  connect(&looking_, &QFutureWatcherBase::finished, this, [this] {
    const auto view = looking_.result();
    const auto next = std::exchange(look_next_, {});
    if (!next.second.isEmpty()) look(next.first, next.second);
    Q_EMIT viewed(view);
  });
}

StudyLink::~StudyLink() {
  process_.disconnect(this);
  starting_.disconnect(this), looking_.disconnect(this);
  starting_.waitForFinished(), looking_.waitForFinished();
  if (process_.state() == QProcess::NotRunning) return;
  process_.terminate();
  if (!process_.waitForFinished(kEndMilliseconds)) process_.kill(), process_.waitForFinished();
}

void StudyLink::begin(const Project& project, const StudySpec& spec) {
  folder_ = project.folder();
  starting_.setFuture(QtConcurrent::run([project, spec]() -> Began {
    try {
      return {QString::fromStdString(Study::create(project, spec).name()), {}};
    } catch (const Error& error) {
      return {{}, QString::fromUtf8(error.what())};
    }
  }));
}

void StudyLink::resume(const std::filesystem::path& project_folder, const QString& name) {
  if (busy()) return;
  folder_ = project_folder, name_ = name;
  start();
}

void StudyLink::start() {
  heard_.clear();
  process_.start(QCoreApplication::applicationDirPath() + QStringLiteral("/blockyard"),
                 {QStringLiteral("study"), QStringLiteral("resume"), name_, QStringLiteral("--project"),
                  QString::fromStdString(folder_.string()), QStringLiteral("--json"), QStringLiteral("--quiet")});
  Q_EMIT began(name_);
}

void StudyLink::stop() {
  process_.terminate();
}

void StudyLink::hear() {
  heard_ += process_.readAllStandardOutput();
  bool any = false;
  for (qsizetype end = 0; (end = heard_.indexOf('\n')) >= 0; heard_.remove(0, end + 1)) {
    const QString event = QJsonDocument::fromJson(heard_.left(end)).object()[QStringLiteral("event")].toString();
    any |= event == QLatin1String("ended") || event == QLatin1String("failed");
  }
  if (any) Q_EMIT trained();
}

void StudyLink::look(const std::filesystem::path& project_folder, const QString& name) {
  if (looking_.isRunning()) {
    look_next_ = {project_folder, name};
    return;
  }
  looking_.setFuture(QtConcurrent::run([project_folder, name = name.toStdString()] {
    auto out = std::make_shared<StudyView>();
    try {
      out->study = Study::open(project_folder, name);
      out->results = resultsOf(*out->study, StudyProgress(*out->study));
    } catch (const Error& error) {
      out->failure = QString::fromUtf8(error.what());
    }
    return out;
  }));
}

}  // namespace blockyard
