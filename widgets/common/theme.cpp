#include "widgets/common/theme.hpp"

#include <QtGui/QPainter>
#include <QtWidgets/QApplication>
#include <QtWidgets/QProxyStyle>
#include <QtWidgets/QStyleOption>
#include <array>
#include <cmath>

namespace blockyard {
namespace {

// Fusion outlines a check box with a darker shade of the window, which cannot be seen on a dark one.
class Style final : public QProxyStyle {
 public:
  Style() : QProxyStyle(QStringLiteral("Fusion")) {}
  void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override {
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    const bool box = element == PE_IndicatorCheckBox || element == PE_IndicatorItemViewItemCheck;
    if (!box || !darkTheme()) return;
    painter->setPen(option->palette.color(QPalette::PlaceholderText));
    painter->setBrush(Qt::NoBrush);
    painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
  }
};

QPalette darkPalette() {
  QPalette out;
  const QColor window(0x24, 0x27, 0x2b), base(0x1b, 0x1e, 0x21), text(0xe6, 0xe8, 0xea), faint(0x8a, 0x90, 0x96),
      button(0x31, 0x35, 0x3a), accent(0x4c, 0x9a, 0xe0);
  out.setColor(QPalette::Window, window);
  out.setColor(QPalette::WindowText, text);
  out.setColor(QPalette::Base, base);
  out.setColor(QPalette::AlternateBase, QColor(0x21, 0x24, 0x28));
  out.setColor(QPalette::ToolTipBase, button);
  out.setColor(QPalette::ToolTipText, text);
  out.setColor(QPalette::PlaceholderText, faint);
  out.setColor(QPalette::Text, text);
  out.setColor(QPalette::Button, button);
  out.setColor(QPalette::ButtonText, text);
  out.setColor(QPalette::BrightText, Qt::white);
  out.setColor(QPalette::Link, accent);
  out.setColor(QPalette::Highlight, accent);
  out.setColor(QPalette::HighlightedText, Qt::white);
  out.setColor(QPalette::Light, QColor(0x45, 0x4a, 0x50));
  out.setColor(QPalette::Midlight, QColor(0x3a, 0x3f, 0x44));
  out.setColor(QPalette::Mid, QColor(0x4a, 0x50, 0x56));
  out.setColor(QPalette::Dark, QColor(0x16, 0x18, 0x1a));
  out.setColor(QPalette::Shadow, Qt::black);
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
    out.setColor(QPalette::Disabled, role, faint);
  return out;
}

QPalette lightPalette() {
  QPalette out(QColor(0xf3, 0xf4, 0xf6));
  out.setColor(QPalette::Base, Qt::white);
  out.setColor(QPalette::AlternateBase, QColor(0xf7, 0xf8, 0xfa));
  out.setColor(QPalette::Highlight, QColor(0x1f, 0x6f, 0xc4));
  out.setColor(QPalette::HighlightedText, Qt::white);
  out.setColor(QPalette::Link, QColor(0x1f, 0x6f, 0xc4));
  out.setColor(QPalette::PlaceholderText, QColor(0x75, 0x7b, 0x82));
  return out;
}

QColor either(const char* light, const char* dark) {
  return QColor::fromString(QLatin1String(darkTheme() ? dark : light));
}

}  // namespace

void applyTheme(ThemeName name) {
  // Fusion draws every colour from the palette, so that both themes look the same on every desktop.
  QApplication::setStyle(new Style);
  static const QPalette kSystem = QApplication::palette();
  const bool dark =
      name == ThemeName::Dark || (name == ThemeName::System && kSystem.color(QPalette::Window).lightness() < 128);
  QApplication::setPalette(dark ? darkPalette() : lightPalette());
}

bool darkTheme() {
  return QGuiApplication::palette().color(QPalette::Window).lightness() < 128;
}

// After Okabe and Ito, "Color Universal Design" (2008), and Tol's qualitative schemes, darkened or lightened for the
// ground they stand on.
QColor colorOf(Kind kind) {
  switch (kind) {
    case Kind::Source:
      return either("#0072b2", "#56a8dc");
    case Kind::Preprocessor:
      return either("#008763", "#3fc49a");
    case Kind::Extractor:
      return either("#7a57b5", "#b194e6");
    case Kind::Classifier:
      return either("#c04a00", "#f08a4b");
    case Kind::Regressor:
      return either("#a86f00", "#e5b23c");
    case Kind::Generator:
      return either("#b03a7a", "#e884b8");
    case Kind::Agent:
      return either("#59636e", "#a9b4bf");
    case Kind::Postprocessor:
      return either("#1b7f8c", "#55c1cf");
  }
  return {};
}

QColor colorOf(Wire wire) {
  switch (wire) {
    case Wire::Table:
      return either("#0072b2", "#56a8dc");
    case Wire::Image:
      return either("#b03a7a", "#e884b8");
    case Wire::Text:
      return either("#59636e", "#a9b4bf");
    case Wire::Tensor:
      return either("#7a57b5", "#b194e6");
    case Wire::Label:
      return either("#c04a00", "#f08a4b");
    case Wire::Target:
      return either("#a86f00", "#e5b23c");
    default:
      return either("#59636e", "#a9b4bf");
  }
}

QChar letterOf(Kind kind) {
  constexpr std::array kLetters = {u'S', u'P', u'E', u'C', u'R', u'G', u'A', u'O'};
  return kLetters[static_cast<size_t>(kind)];
}

QString titleOf(Kind kind) {
  switch (kind) {
    case Kind::Source:
      return QCoreApplication::translate("Kind", "Source");
    case Kind::Preprocessor:
      return QCoreApplication::translate("Kind", "Preprocessor");
    case Kind::Extractor:
      return QCoreApplication::translate("Kind", "Feature extractor");
    case Kind::Classifier:
      return QCoreApplication::translate("Kind", "Classifier");
    case Kind::Regressor:
      return QCoreApplication::translate("Kind", "Regressor");
    case Kind::Generator:
      return QCoreApplication::translate("Kind", "Generator");
    case Kind::Agent:
      return QCoreApplication::translate("Kind", "Agent");
    case Kind::Postprocessor:
      return QCoreApplication::translate("Kind", "Postprocessor");
  }
  return {};
}

QColor problemColor() {
  return either("#c4233b", "#ff6b7f");
}
QColor warningColor() {
  return either("#a86f00", "#e5b23c");
}
QColor goodColor() {
  return either("#008763", "#3fc49a");
}
QColor busyColor() {
  return either("#1f6fc4", "#4c9ae0");
}
QColor canvasColor() {
  return either("#fbfbfc", "#1b1e21");
}
QColor gridColor() {
  return either("#e6e8eb", "#2a2e32");
}

QColor mixedColor(const QColor& from, const QColor& to, double share) {
  const auto part = [share](int a, int b) { return static_cast<int>(std::lround(a + (b - a) * share)); };
  return {part(from.red(), to.red()), part(from.green(), to.green()), part(from.blue(), to.blue())};
}

QColor seriesColor(int index) {
  constexpr std::array kLight = {"#1f6fc4", "#c04a00", "#008763", "#b03a7a", "#a86f00",
                                 "#7a57b5", "#1b7f8c", "#59636e", "#c4233b", "#4d7a1f"};
  constexpr std::array kDark = {"#4c9ae0", "#f08a4b", "#3fc49a", "#e884b8", "#e5b23c",
                                "#b194e6", "#55c1cf", "#a9b4bf", "#ff6b7f", "#9ccc65"};
  const auto at = static_cast<size_t>(index) % kLight.size();
  return QColor::fromString(QLatin1String(darkTheme() ? kDark[at] : kLight[at]));
}

}  // namespace blockyard
