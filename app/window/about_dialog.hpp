// AboutDialog: versions of all that the window is made of, the licences of what it links, and the full text of its own.
#pragma once
#include <QtWidgets/QDialog>

namespace blockyard {

class AboutDialog final : public QDialog {
  Q_OBJECT

 public:
  // Deletes itself when it is closed.
  explicit AboutDialog(QWidget* parent);
  static QString versions();  // one a line, as the button copies them
};

}  // namespace blockyard
