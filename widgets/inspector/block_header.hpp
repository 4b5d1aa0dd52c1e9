// BlockHeader: what is not a parameter of a block - its kind and doc, title, name, bypass and note.
#pragma once
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QWidget>

#include "blocks/block_type.hpp"
#include "widgets/common/document.hpp"
#include "widgets/inspector/marks.hpp"

namespace blockyard {

class BlockHeader final : public QWidget {
  Q_OBJECT

 public:
  // The block must be there. `type` is null for an unknown block.
  BlockHeader(Document& document, const NodeId& block, const BlockType* type, QWidget* parent);

  void sync();
  void setBlock(const NodeId& block) { block_ = block; }

 Q_SIGNALS:
  void renamed(const QString& name);  // by the person, here
  void helpWanted();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void addHead(QVBoxLayout& layout);
  void addFields(QVBoxLayout& layout);
  void rename();
  void showBadge();
  QString key(const char* what) const;

  Document& document_;
  NodeId block_;
  const BlockType* type_;
  QLabel* badge_;
  QLineEdit* title_;
  QLineEdit* name_;
  ToneLabel* reason_;  // why a name was refused
  QCheckBox* bypass_;
  QPlainTextEdit* note_;
  bool showing_ = false;  // the document is being shown, nobody types
};

}  // namespace blockyard
