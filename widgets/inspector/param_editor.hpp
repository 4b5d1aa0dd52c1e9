// ParamEditor: the field for one parameter, of the kind that suits its type. It speaks text (see param_text.hpp) and
// holds nothing: what it shows comes from the row, what is typed goes there.
#pragma once
#include <QtWidgets/QWidget>
#include <optional>

#include "blocks/schema.hpp"

namespace blockyard {

class ParamEditor : public QWidget {
  Q_OBJECT

 public:
  // Shows the text of a set value, or the default if nothing is set; the cursor stays where it is.
  virtual void showText(const std::optional<QString>& text) = 0;
  // What the person reads there now.
  virtual QString text() const = 0;
  // The widget that has the focus.
  virtual QWidget* field() const = 0;
  // Names to offer while typing; only fields for columns take them.
  virtual void setColumns(const QStringList& names);
  // Folder where a choice of files begins, and to which their paths are relative.
  virtual void setFolder(const QString& folder);
  // Marks the line, counted from 1, in which something is wrong; 0: none. Only fields for code do.
  virtual void markLine(int64_t line);

 Q_SIGNALS:
  void edited(const QString& text);  // by the person, at every change
  void cleared();                    // the field was emptied: back to the default

 protected:
  explicit ParamEditor(QWidget* parent) : QWidget(parent) {}
};

// Any: the best for the parameter. Line: a field that also takes the name of a variable.
enum class EditorFor { Any, Line };
ParamEditor* makeParamEditor(const Param& param, EditorFor what, QWidget* parent);

}  // namespace blockyard
