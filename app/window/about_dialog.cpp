#include "about_dialog.hpp"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtWidgets/QDialogButtonBox>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTabWidget>
#include <QtWidgets/QTableWidget>
#include <QtWidgets/QVBoxLayout>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "widgets/common/text_size.hpp"

namespace blockyard {
namespace {

struct Part {
  const char* name;
  const char* licence;
  const char* place;
};

// What the window and its plug-ins link, with what comes in LibTorch's package.
constexpr Part kParts[] = {
    {"Qt Core, Gui, Widgets, Concurrent, Svg", "LGPL-3.0-only", "https://www.qt.io"},
    {"Qt Charts", "GPL-3.0-only", "https://www.qt.io"},
    {"LibTorch", "BSD-3-Clause", "https://pytorch.org"},
    {"CUDA runtime, CUPTI (with LibTorch)", "NVIDIA CUDA EULA", "https://docs.nvidia.com/cuda/eula"},
    {"Apache Arrow, Parquet", "Apache-2.0", "https://arrow.apache.org"},
    {"nlohmann/json", "MIT", "https://json.nlohmann.me"},
    {"libspng", "BSD-2-Clause", "https://libspng.org"},
    {"libjpeg-turbo", "IJG, BSD-3-Clause, Zlib", "https://libjpeg-turbo.org"},
    {"OpenSSL", "Apache-2.0", "https://www.openssl.org"},
    {"zlib", "Zlib", "https://zlib.net"},
    {"GNU C and C++ libraries, libgomp", "LGPL-2.1-or-later, GPL-3.0 with GCC-exception-3.1", "https://www.gnu.org"},
};

QString compilerText() {
#if defined(__clang__)
  return QStringLiteral("Clang " __clang_version__);
#else
  return QStringLiteral("GCC " __VERSION__);
#endif
}

// By its file: loading it would load all of LibTorch's CUDA libraries.
QString cudaText() {
  const QDir program(QCoreApplication::applicationDirPath());
  for (const char* folder : {"../lib", ".", "../lib/blockyard"})
    if (program.exists(QLatin1String(folder) + QLatin1String("/libblockyard-cuda.so")))
      return AboutDialog::tr("built in");
  return AboutDialog::tr("none in this build");
}

std::vector<std::pair<QString, QString>> parts() {
  return {{QStringLiteral("Blockyard"), QStringLiteral(BLOCKYARD_VERSION)},
          {QStringLiteral("Qt"), QString::fromLatin1(qVersion())},
          {QStringLiteral("LibTorch"), QStringLiteral(LIBTORCH_VERSION)},
          {QStringLiteral("Apache Arrow"), QStringLiteral(ARROW_VERSION)},
          {QStringLiteral("nlohmann/json"), QString::fromStdString(nlohmann::json::meta()["version"]["string"])},
          {AboutDialog::tr("CUDA plug-in"), cudaText()},
          {AboutDialog::tr("Compiler"), compilerText()}};
}

QTableWidget* tableOf(const QStringList& head, int rows, const QString& name) {
  auto* table = new QTableWidget(rows, static_cast<int>(head.size()));
  table->setHorizontalHeaderLabels(head);
  table->verticalHeader()->hide();
  table->horizontalHeader()->setStretchLastSection(true);
  table->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table->setSelectionBehavior(QAbstractItemView::SelectRows);
  table->setTabKeyNavigation(false);
  table->setShowGrid(false);
  table->setAccessibleName(name);
  return table;
}

QPlainTextEdit* licenceText(const QString& file, const QString& name) {
  auto* text = new QPlainTextEdit;
  text->setReadOnly(true);
  text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  text->setTabChangesFocus(true);
  text->setLineWrapMode(QPlainTextEdit::NoWrap);
  text->setAccessibleName(name);
  QFile source(file);
  if (source.open(QIODevice::ReadOnly)) text->setPlainText(QString::fromUtf8(source.readAll()));
  return text;
}

}  // namespace

QString AboutDialog::versions() {
  QString out;
  for (const auto& [name, version] : parts()) out += name + QLatin1Char(' ') + version + QLatin1Char('\n');
  return out;
}

AboutDialog::AboutDialog(QWidget* parent) : QDialog(parent) {
  setWindowTitle(tr("About Blockyard"));
  setAttribute(Qt::WA_DeleteOnClose);
  auto* title = new QLabel(QStringLiteral("Blockyard %1").arg(QStringLiteral(BLOCKYARD_VERSION)));
  constexpr double kLarger = 1.6;
  setRelativeFont(*title, kLarger, QFont::Bold);
  auto* what =
      new QLabel(tr("A workbench for machine-learning pipelines. Free software: GPL-3.0-or-later; the engine "
                    "alone Apache-2.0. It comes without any warranty."));
  what->setWordWrap(true);
  const auto all = parts();
  auto* versions_table = tableOf({tr("Part"), tr("Version")}, static_cast<int>(all.size()), tr("Versions"));
  for (int row = 0; row < versions_table->rowCount(); ++row) {
    versions_table->setItem(row, 0, new QTableWidgetItem(all[static_cast<size_t>(row)].first));
    versions_table->setItem(row, 1, new QTableWidgetItem(all[static_cast<size_t>(row)].second));
  }
  auto* licences = tableOf({tr("Library"), tr("Licence"), tr("Where it comes from")},
                           static_cast<int>(std::size(kParts)), tr("Licences of the libraries"));
  for (int row = 0; row < licences->rowCount(); ++row) {
    int column = 0;
    for (const char* text : {kParts[row].name, kParts[row].licence, kParts[row].place})
      licences->setItem(row, column++, new QTableWidgetItem(QString::fromLatin1(text)));
  }
  for (auto* table : {versions_table, licences}) table->resizeColumnsToContents();
  auto* tabs = new QTabWidget;
  tabs->addTab(versions_table, tr("&Versions"));
  tabs->addTab(licences, tr("&Libraries"));
  tabs->addTab(licenceText(QStringLiteral(":/licences/LICENSE"), tr("Text of the licence of Blockyard")),
               tr("Li&cence (GPL)"));
  tabs->addTab(licenceText(QStringLiteral(":/licences/engine/LICENSE"), tr("Text of the licence of the engine")),
               tr("Licence of the &engine"));
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
  auto* copy = buttons->addButton(tr("C&opy the versions"), QDialogButtonBox::ActionRole);
  connect(copy, &QPushButton::clicked, this, [] { QGuiApplication::clipboard()->setText(versions()); });
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(title);
  layout->addWidget(what);
  layout->addWidget(tabs, 1);
  layout->addWidget(buttons);
  resize(80 * fontMetrics().averageCharWidth() + 60, 28 * fontMetrics().lineSpacing());
}

}  // namespace blockyard
