// PathQuestion: asks, above the canvas, whether a project may read the files outside its folder that it names. Nothing
// of them is read before the answer. GUI thread.
#pragma once
#include <QtCore/QObject>
#include <QtCore/QStringList>

namespace blockyard {

class Document;
class MessageBar;

class PathQuestion final : public QObject {
  Q_OBJECT

 public:
  PathQuestion(Document& document, MessageBar& messages, QObject* parent);

 private:
  void ask();

  Document& document_;
  MessageBar& messages_;
  QStringList asked_{};  // a second check is no second question
};

}  // namespace blockyard
