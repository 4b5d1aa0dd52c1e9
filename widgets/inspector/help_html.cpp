#include "widgets/inspector/help_html.hpp"

#include <QtCore/QCoreApplication>
#include <QtCore/QSize>
#include <algorithm>

#include "widgets/common/theme.hpp"
#include "widgets/inspector/param_text.hpp"

namespace blockyard {
namespace {

constexpr size_t kExampleRows = 12, kExampleCells = 12;  // of an example

struct Help {
  Q_DECLARE_TR_FUNCTIONS(Help)
};

QString escaped(const std::string& text) {
  return QString::fromStdString(text).toHtmlEscaped();
}

QString sentence(const std::string& text) {
  QString out = QString::fromStdString(text);
  // "auto: by the first bytes" begins with a value, which is written as it is.
  const bool value = out.section(u' ', 0, 0).endsWith(u':');
  if (!out.isEmpty() && !value) out[0] = out[0].toUpper();
  return out.toHtmlEscaped();
}

QString row(const QString& tag, const QStringList& cells) {
  QString out = QStringLiteral("<tr>");
  for (const auto& cell : cells) out += u'<' + tag + u'>' + cell + QLatin1String("</") + tag + u'>';
  return out + QLatin1String("</tr>");
}

QString table(const QStringList& head, const std::vector<QStringList>& rows, const QString& width) {
  QString out = QStringLiteral("<table class=\"grid\" cellspacing=\"0\" cellpadding=\"4\"%1>").arg(width);
  if (!head.isEmpty()) out += row(QStringLiteral("th"), head);
  for (const auto& cells : rows) out += row(QStringLiteral("td"), cells);
  return out + QLatin1String("</table>");
}

const QString kFullWidth = QStringLiteral(" width=\"100%\"");

QString wiresText(Wires wires) {
  switch (wires) {
    case Wires::One:
      return {};
    case Wires::Optional:
      return Help::tr(" (may stay unwired)");
    case Wires::Many:
      return Help::tr(" (takes several wires)");
  }
  return {};
}

QString portsHtml(const QString& title, const std::vector<Port>& ports) {
  if (ports.empty()) return {};
  std::vector<QStringList> rows;
  QStringList head{Help::tr("Port"), Help::tr("Carries"), Help::tr("Meaning")};
  bool any_meaning = false;
  for (const auto& port : ports) {
    const QString meaning = sentence(port.doc) + wiresText(port.wires);
    any_meaning = any_meaning || !meaning.isEmpty();
    rows.push_back({QStringLiteral("<b>%1</b>").arg(escaped(port.name)),
                    QStringLiteral("<code>%1</code>").arg(escaped(port.pattern)), meaning});
  }
  if (!any_meaning) {
    head.removeLast();
    for (auto& cells : rows) cells.removeLast();
  }
  return QStringLiteral("<h3>%1</h3>").arg(title) + table(head, rows, any_meaning ? kFullWidth : QString());
}

// Defaults that are program text or long lists would make the table unreadable.
QString fallbackHtml(const Param& param) {
  if (param.role == Role::Code) return Help::tr("see below");
  const QString text = shownText(param.fallback);
  if (text.isEmpty()) return Help::tr("empty");
  return text.toHtmlEscaped();
}

QString paramsHtml(const std::vector<Param>& params) {
  std::vector<QStringList> rows;
  QString code;
  for (const auto& param : params) {
    QString about = sentence(param.doc);
    if (const QString limit = limitText(param); !limit.isEmpty())
      about += QStringLiteral("<br><span class=\"faint\">%1</span>").arg(limit.toHtmlEscaped());
    QString type = typeText(param).toHtmlEscaped();
    if (!param.unit.empty()) type += QStringLiteral(", ") + escaped(param.unit);
    rows.push_back(
        {QStringLiteral("<a name=\"%1\"></a><b>%1</b>").arg(escaped(param.name)), type, fallbackHtml(param), about});
    if (param.role == Role::Code)
      code += QStringLiteral("<p>%1</p><pre>%2</pre>")
                  .arg(Help::tr("The code a new block begins with:"), shownText(param.fallback).toHtmlEscaped());
  }
  return table({Help::tr("Name"), Help::tr("Type"), Help::tr("Default"), Help::tr("Meaning")}, rows, kFullWidth) + code;
}

QString csvHtml(const std::string& csv) {
  std::vector<QStringList> rows = cellsOfCsv(csv);
  if (rows.empty()) return {};
  for (auto& cells : rows)
    for (auto& cell : cells) cell = cell.toHtmlEscaped();
  const QStringList head = rows.front();
  rows.erase(rows.begin());
  if (rows.size() > kExampleRows) {
    rows.resize(kExampleRows);
    rows.push_back({QStringLiteral("…")});
  }
  return table(head, rows, {});
}

// A row of the table for each step of the first size; what lies deeper stands in one line.
QString tensorHtml(const ExampleTensor& tensor) {
  const size_t count = tensor.data.size();
  const size_t steps = tensor.shape.empty() ? 1 : static_cast<size_t>(std::max<int64_t>(tensor.shape.front(), 1));
  const size_t width = std::max<size_t>(1, count / std::max<size_t>(steps, 1));
  std::vector<QStringList> rows;
  for (size_t start = 0; start < count; start += width) {
    if (rows.size() == kExampleRows) {
      rows.push_back({QStringLiteral("…")});
      break;
    }
    QStringList cells;
    for (size_t i = start; i < std::min(start + width, count); ++i) {
      if (i - start == kExampleCells) {
        cells.push_back(QStringLiteral("…"));
        break;
      }
      cells.push_back(QString::number(tensor.data[i], 'g', 6));
    }
    rows.push_back(cells);
  }
  Shape shape(tensor.shape.begin(), tensor.shape.end());
  return QStringLiteral("<span class=\"faint\">%1 %2</span>")
             .arg(QLatin1String(nameOf(tensor.element)), QString::fromStdString(textOf(shape))) +
         table({}, rows, {});
}

QString sideHtml(const std::map<std::string, ExampleTensor>& tensors,
                 const std::map<std::string, std::string>& tables) {
  QString out;
  for (const auto& [port, tensor] : tensors)
    out += QStringLiteral("<p><b>%1</b> %2</p>").arg(escaped(port), tensorHtml(tensor));
  for (const auto& [port, csv] : tables) out += QStringLiteral("<p><b>%1</b> %2</p>").arg(escaped(port), csvHtml(csv));
  return out;
}

QString exampleHtml(const Example& example) {
  QString out;
  for (const auto& [name, value] : example.params.items()) {
    const QString text = QString::fromStdString(value.text()).toHtmlEscaped();
    if (text.contains(u'\n'))
      out += QStringLiteral("<p>%1</p><pre>%2</pre>").arg(escaped(name), text);
    else
      out += QStringLiteral("<p><code>%1 = %2</code></p>").arg(escaped(name), text);
  }
  return out + QStringLiteral(
                   "<table cellspacing=\"0\" cellpadding=\"6\"><tr><td>%1</td><td valign=\"middle\">→</td>"
                   "<td>%2</td></tr></table>")
                   .arg(sideHtml(example.in, example.in_tables), sideHtml(example.out, example.out_tables));
}

}  // namespace

std::vector<QStringList> cellsOfCsv(const std::string& csv) {
  std::vector<QStringList> rows;
  for (const auto& line : QString::fromStdString(csv).split(u'\n', Qt::SkipEmptyParts)) {
    QStringList cells{QString()};
    bool quoted = false;
    for (const QChar c : line) {
      if (c == u'"')
        quoted = !quoted;
      else if (c == u',' && !quoted)
        cells.push_back({});
      else
        cells.back() += c;
    }
    rows.push_back(cells);
  }
  return rows;
}

QString blockHtml(const BlockSchema& schema, const QSize& picture) {
  QString out =
      QStringLiteral("<h2>%1</h2><p class=\"faint\">%2 · <code>%3</code></p><p>%4</p>")
          .arg(escaped(schema.title), titleOf(schema.kind).toHtmlEscaped(), escaped(schema.id), escaped(schema.doc));
  out += QStringLiteral("<p><img src=\"block.png\" width=\"%1\" height=\"%2\"></p>")
             .arg(picture.width())
             .arg(picture.height());
  if (schema.fitted)
    out += QStringLiteral("<p>%1</p>").arg(Help::tr("It learns from the training rows before it works."));
  if (schema.train_only)
    out += QStringLiteral("<p>%1</p>").arg(Help::tr("It works while training only; later it passes its input on."));
  out += portsHtml(Help::tr("Inputs"), schema.inputs) + portsHtml(Help::tr("Outputs"), schema.outputs);
  out += QStringLiteral("<h3>%1</h3>").arg(Help::tr("Parameters"));
  out += schema.params.empty() ? QStringLiteral("<p>%1</p>").arg(Help::tr("None.")) : paramsHtml(schema.params);
  if (!schema.examples.empty()) out += QStringLiteral("<h3>%1</h3>").arg(Help::tr("Examples"));
  for (const auto& example : schema.examples) out += exampleHtml(example);
  return out;
}

QString canvasHtml() {
  const auto keys = [](const std::vector<QStringList>& rows) {
    std::vector<QStringList> out;
    for (const auto& cells : rows) out.push_back({cells[0].toHtmlEscaped(), cells[1].toHtmlEscaped()});
    return table({}, out, QStringLiteral(" width=\"100%\""));
  };
  QString out =
      QStringLiteral("<h2>%1</h2><p>%2</p>")
          .arg(Help::tr("The canvas").toHtmlEscaped(),
               Help::tr("Select a block to read about it here. All shortcuts are in the menu Help, Shortcuts, "
                        "and can be changed there.")
                   .toHtmlEscaped());
  out += QStringLiteral("<h3>%1</h3>").arg(Help::tr("By mouse").toHtmlEscaped());
  out +=
      keys({{Help::tr("Drag from the list of blocks"), Help::tr("adds a block; dropped on a wire, it is put into it")},
            {Help::tr("Drag from port to port"), Help::tr("draws a wire; on the empty canvas, offers what fits")},
            {Help::tr("Click on a wire or port"), Help::tr("shows what flows there")},
            {Help::tr("Double click"), Help::tr("finds a block to add; opens a composite")},
            {Help::tr("Wheel, middle button"), Help::tr("zooms, moves the canvas")}});
  out += QStringLiteral("<h3>%1</h3>").arg(Help::tr("By keyboard").toHtmlEscaped());
  out += keys(
      {{Help::tr("Tab or /"), Help::tr("finds a block to add behind the selected one")},
       {Help::tr("Arrow keys"), Help::tr("select the first block, then move what is selected")},
       {Help::tr("Alt and arrow keys"), Help::tr("go from block to block")},
       {Help::tr("Ctrl+K"), Help::tr("draws a wire from the selected block: Up and Down choose where it leads, Left "
                                     "and Right where it starts, Enter draws it, Escape does not")},
       {Help::tr("Enter"), Help::tr("goes to the settings of the block, or opens the composite")},
       {Help::tr("F2"), Help::tr("edits the title")},
       {Help::tr("Escape"), Help::tr("selects nothing; from a panel, goes back to the canvas")},
       {Help::tr("Ctrl+F6"), Help::tr("goes to the next panel, with Shift to the one before")},
       {Help::tr("F5"), Help::tr("trains")}});
  return out;
}

QString trainingHtml(const std::vector<ParamSection>& sections) {
  QString out = QStringLiteral("<h2>%1</h2>").arg(Help::tr("Training settings"));
  for (const auto& section : sections)
    out += QStringLiteral("<h3>%1</h3>").arg(section.title.toHtmlEscaped()) + paramsHtml(section.params);
  return out;
}

}  // namespace blockyard
