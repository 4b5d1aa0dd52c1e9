// Small things that the inspector, the list of problems and the help page draw alike: signs of a severity, of a kind,
// of a wire, headings, and labels in a colour that follows the theme.
#pragma once
#include <QtGui/QIcon>
#include <QtWidgets/QLabel>

#include "graph/check.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {

// A disc for errors, a triangle for warnings: told apart by the shape too.
QIcon problemIcon(Severity severity);
QString severityText(Severity severity);  // "Error", translated
// An arrow that goes back.
QIcon resetIcon(const QPalette& palette);
// The letter of a kind on its colour.
QPixmap kindBadge(Kind kind, int size, qreal ratio);
QPixmap wireDot(const QColor& color, int size, qreal ratio);
// What a port's pattern stands for, if it is one kind of wire.
std::optional<Wire> wireOfPattern(const std::string& pattern);

// A word-wrapped label in one of the theme's colours; it follows a change of the theme.
class ToneLabel final : public QLabel {
  Q_OBJECT

 public:
  enum class Tone { Problem, Warning, Faint };
  explicit ToneLabel(Tone tone, QWidget* parent = nullptr);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void color();

  Tone tone_;
};

// Whether the keys ask for undo or redo. A field that leaves them alone leaves them to the window.
bool isUndo(const QEvent& shortcut_override);

// A bold line of text above a group.
QLabel* makeHeading(const QString& text, QWidget* parent);

}  // namespace blockyard
