#include "path_question.hpp"

#include "data/path_guard.hpp"
#include "message_bar.hpp"
#include "training/data_change.hpp"
#include "widgets/common/allowed_paths.hpp"
#include "widgets/common/document.hpp"

namespace blockyard {

PathQuestion::PathQuestion(Document& document, MessageBar& messages, QObject* parent)
    : QObject(parent), document_(document), messages_(messages) {
  connect(&document_, &Document::replaced, this, [this] { asked_.clear(); });
  connect(&document_, &Document::checked, this, &PathQuestion::ask);
}

void PathQuestion::ask() {
  QStringList outside;
  for (const auto& file : dataFilesOf(document_.project(), document_.root(), document_.rootResult()))
    if (!isPathAllowed(document_.project().folder(), file)) outside << QString::fromStdString(file);
  if (outside.isEmpty() || outside == asked_) return;
  asked_ = outside;
  messages_.say(
      tr("This project wants to read what lies outside its folder: %1").arg(outside.join(QStringLiteral(", "))),
      MessageBar::Tone::Problem,
      {{tr("Allow"),
        [this, outside] {
          for (const QString& path : outside) allowForGood(path);
          document_.reread();
        }},
       {tr("Do not read"), [] {}}});
}

}  // namespace blockyard
