#include "widgets/charts/number_text.hpp"

#include <QtCore/QCoreApplication>
#include <QtCore/QLocale>
#include <algorithm>
#include <cmath>
#include <limits>

namespace blockyard {
QString shortNumber(double value) {
  constexpr int kDigits = 4;
  if (std::isnan(value)) return QStringLiteral("-");
  if (std::isinf(value)) return value > 0 ? QStringLiteral("∞") : QStringLiteral("-∞");
  if (value == std::floor(value) && std::abs(value) < 1e7) return QString::number(value, 'f', 0);
  return QString::number(value, 'g', kDigits);
}

QString deltaText(double value) {
  return (value >= 0 ? QStringLiteral("+") : QString()) + shortNumber(value);
}

int pluralOf(qint64 value) {
  return static_cast<int>(std::min<qint64>(value, std::numeric_limits<int>::max()));
}

QString countText(qint64 value) {
  return QLocale(QLocale::English).toString(value);
}

QString bytesText(double bytes) {
  return QLocale::c().formattedDataSize(static_cast<qint64>(bytes), 1, QLocale::DataSizeSIFormat);
}

QString durationText(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) return QStringLiteral("-");
  if (seconds < 1) return QCoreApplication::translate("Numbers", "%1 ms").arg(std::round(seconds * 1000));
  if (seconds < 9.95) return QCoreApplication::translate("Numbers", "%1 s").arg(seconds, 0, 'f', 1);
  const auto whole = static_cast<qint64>(std::round(seconds));
  if (whole < 60) return QCoreApplication::translate("Numbers", "%1 s").arg(whole);
  if (whole < 3600) return QCoreApplication::translate("Numbers", "%1 min %2 s").arg(whole / 60).arg(whole % 60);
  if (whole < 48 * 3600)
    return QCoreApplication::translate("Numbers", "%1 h %2 min").arg(whole / 3600).arg(whole / 60 % 60);
  return QCoreApplication::translate("Numbers", "%1 d %2 h").arg(whole / 86400).arg(whole / 3600 % 24);
}

QString settingText(const QString& path) {
  QString out = path;
  if (out.startsWith(QLatin1String("nodes."))) out.remove(0, 6);
  out.replace(QLatin1String(".values."), QLatin1String("."));
  return out;
}

}  // namespace blockyard
