#include "widgets/inspector/problem_notes.hpp"

#include <QtCore/QEvent>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QPushButton>
#include <algorithm>

#include "data/file_bytes.hpp"
#include "data/path_guard.hpp"
#include "widgets/common/allowed_paths.hpp"
#include "widgets/inspector/locate_file.hpp"
#include "widgets/inspector/marks.hpp"

namespace blockyard {
namespace {

QString upperFirst(QString text) {
  if (!text.isEmpty()) text[0] = text[0].toUpper();
  return text;
}

bool sameTexts(const std::vector<Problem>& a, const std::vector<Problem>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Problem& x, const Problem& y) {
    return x.severity == y.severity && x.text() == y.text() &&
           std::equal(x.fixes.begin(), x.fixes.end(), y.fixes.begin(), y.fixes.end(),
                      [](const Fix& f, const Fix& g) { return f.label == g.label; });
  });
}

void empty(QLayout* layout) {
  while (QLayoutItem* item = layout->takeAt(0)) {
    if (QWidget* widget = item->widget()) {
      widget->hide();
      widget->deleteLater();  // one of its buttons may be the reason for this
    }
    delete item;
  }
}

}  // namespace

QString problemText(const Problem& problem, NamePlace name_place) {
  const Where& where = problem.where;
  const std::string& place = where.port.empty() ? where.parameter : where.port;
  QString text = QString::fromStdString(problem.problem);
  if (where.line > 0 && where.file.empty()) text = ProblemNotes::tr("line %1: %2").arg(where.line).arg(text);
  return name_place == NamePlace::No || place.empty() ? text : QString::fromStdString(place) + ": " + text;
}

std::vector<ProblemAct> actsFor(Document& document, const Problem& problem, QWidget* parent) {
  std::vector<ProblemAct> out;
  for (const Fix& fix : problem.fixes) {
    const QString label = upperFirst(QString::fromStdString(fix.label));
    out.push_back({label, QStringLiteral("fix"), [&document, fix, label] { document.apply(fix.edit, label); }});
  }
  const std::string& file = problem.where.file;
  const std::string folder = document.project().folder();
  if (!file.empty() && !isPathAllowed(folder, file)) {
    out.push_back(
        {ProblemNotes::tr("Allow reading it"), QStringLiteral("allow"), [&document, path = pathFrom(folder, file)] {
           allowForGood(QString::fromStdString(path));
           document.reread();
         }});
  } else if (namesAMissingFile(document.graph(), problem)) {
    out.push_back({ProblemNotes::tr("Locate the file…"), QStringLiteral("locate"),
                   [&document, problem, parent] { locateFile(document, problem, parent); }});
  }
  return out;
}

ProblemNotes::ProblemNotes(Document& document, NamePlace name_place, QWidget* parent)
    : QWidget(parent), document_(document), name_place_(name_place), layout_(new QVBoxLayout(this)) {
  layout_->setContentsMargins(0, 0, 0, 2);
  layout_->setSpacing(4);
  hide();
}

void ProblemNotes::showProblems(std::vector<Problem> problems) {
  const bool same = sameTexts(problems, problems_);
  problems_ = std::move(problems);  // the edits of the fixes may be others
  if (!same) build();
}

void ProblemNotes::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) build();
}

void ProblemNotes::build() {
  empty(layout_);
  for (size_t i = 0; i < problems_.size(); ++i) addNote(i);
  setVisible(!problems_.empty());
}

void ProblemNotes::addNote(size_t number) {
  const Problem& problem = problems_[number];
  auto* note = new QWidget(this);
  auto* layout = new QHBoxLayout(note);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(6);
  auto* sign = new QLabel(note);
  sign->setPixmap(problemIcon(problem.severity).pixmap(14, 14));
  sign->setToolTip(severityText(problem.severity));
  sign->setAccessibleName(severityText(problem.severity));
  layout->addWidget(sign, 0, Qt::AlignTop);

  auto* column = new QVBoxLayout;
  column->setSpacing(2);
  layout->addLayout(column, 1);
  using Tone = ToneLabel::Tone;
  auto* text = new ToneLabel(problem.severity == Severity::Error ? Tone::Problem : Tone::Warning, note);
  const QString shown = problemText(problem, name_place_);
  // The name of a port or parameter stays as it is.
  text->setText(shown.startsWith(QString::fromStdString(problem.problem)) ? upperFirst(shown) : shown);
  text->setTextFormat(Qt::PlainText);
  column->addWidget(text);
  if (!problem.hint.empty()) {
    auto* hint = new ToneLabel(Tone::Faint, note);
    hint->setTextFormat(Qt::PlainText);
    hint->setText(upperFirst(QString::fromStdString(problem.hint)));
    column->addWidget(hint);
  }
  const std::vector<ProblemAct> acts = actsFor(document_, problem, this);
  for (size_t i = 0; i < acts.size(); ++i) {
    auto* button = new QPushButton(QString(acts[i].label).replace(u'&', QLatin1String("&&")), note);
    button->setObjectName(acts[i].name);
    button->setToolTip(tr("Fix: %1").arg(acts[i].label));
    button->setMinimumWidth(1);  // a long name, of a column perhaps, does not make what is around it wider
    column->addWidget(button, 0, Qt::AlignLeft);
    // The edits of the fixes may be others by then. Acting changes the list.
    connect(button, &QPushButton::clicked, this,
            [this, number, i] { actsFor(document_, Problem(problems_[number]), this).at(i).act(); });
  }
  layout_->addWidget(note);
}

}  // namespace blockyard
