// Numbers as a person reads them, in charts, tables and panels. Pure.
#pragma once
#include <QtCore/QString>

namespace blockyard {

QString shortNumber(double value);     // "0.0123", "1.2e-05"; four digits that count
QString deltaText(double value);       // the same with its sign, also "+"
QString countText(qint64 value);       // "1,234,567"
QString bytesText(double bytes);       // "1.2 GB"
QString durationText(double seconds);  // "850 ms", "12 s", "3 min 20 s", "2 h 5 min"; "-" if unknown
int pluralOf(qint64 value);            // the number that chooses the plural of a text: tr("%1 rows", "", pluralOf(n))
QString settingText(const QString& path);  // "nodes.conv1.values.channels" is "conv1.channels" to a person

}  // namespace blockyard
